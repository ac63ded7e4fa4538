// Log-in, registration, confirmation of the address, and passwords. What these functions do is what the API's do.
#include "profiles/accounts.hpp"

#include "profiles/api.hpp"
#include "web/handlers.hpp"
#include "web/pages.hpp"

namespace visavis::web {
namespace {

constexpr std::int64_t day = 86'400;

// Where one begins who has not come from anywhere.
std::string startOf(identity::Caller const& who) { return who.customerId ? "/bookings" : "/app/"; }

Answer loginPage(Visit const& visit, Form form, int status = 200) {
    AccountPage content;
    content.form = std::move(form);
    content.next = visit.next("");
    content.expired = visit.given("expired") == "1";
    auto answer = VISAVIS_PAGE(visit, login, visit.frame(std::string(visit.t.login_title())), content);
    answer.status = status;
    return answer;
}

Answer registerPage(Visit const& visit, Form form, int status = 200) {
    AccountPage content;
    content.form = std::move(form);
    content.next = visit.next("");
    auto const type = visit.request.method == http::Method::post ? visit.sent("userType") : visit.given("as");
    content.asSpecialist = type == "specialist";
    auto frame = visit.frame(std::string(visit.t.register_title()));
    frame.canonical = visit.call.platform.publicUrl + "/register";
    frame.description = visit.t.home_description();
    auto answer = VISAVIS_PAGE(visit, registration, frame, content);
    answer.status = status;
    return answer;
}

// The form again, with what is wrong about it; faults that are nobody's to mend go on to the error page.
bool isForForm(Error const& error) {
    return error.code == Code::invalid || error.code == Code::conflict || error.code == Code::unauthenticated ||
           error.code == Code::denied || error.code == Code::rateLimited || error.code == Code::gone;
}

int statusOf(Error const& error) {
    if (error.code == Code::invalid) return 422;
    if (error.code == Code::conflict) return 409;
    if (error.code == Code::rateLimited) return 429;
    if (error.code == Code::gone) return 410;
    return 403;
}

struct Failed {
    Form form;
    int status;
};
Failed failed(Visit const& visit, Error const& error) {
    Failed out{formOf(visit.form), statusOf(error)};
    explain(out.form, visit.t, error);
    return out;
}

// A German reader gets German mails from the first one on, and times are theirs from the first page on.
Result<void> introduce(Visit& visit) {
    if (!visit.isCustomer() || visit.language() == Language::en) return ok;
    profiles::CustomerPatch patch;
    patch.body["language"] = visit.t.code();
    CHECK(profiles::patchCustomer(visit.call, patch));
    return ok;
}

Answer tokenPage(Visit const& visit, Form form, bool isReset, int status = 200) {
    AccountPage content;
    content.form = std::move(form);
    content.token = visit.request.method == http::Method::post ? visit.sent("token") : visit.given("token");
    auto frame = visit.frame(std::string(isReset ? visit.t.reset_title() : visit.t.verify_title()));
    frame.here = std::string(visit.request.path()); // the token is nobody else's
    frame.otherLanguage = {};
    auto answer = isReset ? VISAVIS_PAGE(visit, reset, frame, content) : VISAVIS_PAGE(visit, verify, frame, content);
    answer.status = status;
    answer.isSecret = true;
    return answer;
}

Answer checkMailPage(Visit const& visit, Form form, int status = 200) {
    AccountPage content;
    content.form = std::move(form);
    content.next = visit.next("");
    auto answer = VISAVIS_PAGE(visit, check_mail, visit.frame(std::string(visit.t.check_mail_title())), content);
    answer.status = status;
    return answer;
}

} // namespace

Result<Answer> login(Visit& visit) {
    if (visit.call.who.userId) return redirect(visit.next(startOf(visit.call.who)));
    return loginPage(visit, formOf(visit.query));
}

Result<Answer> logIn(Visit& visit) {
    auto const outcome = [&]() -> Result<profiles::LoggedIn> {
        TRY(auto const input, recordOf<profiles::Credentials>(visit.form));
        return profiles::logIn(visit.call, input);
    }();
    if (outcome) return redirect(visit.next(outcome->user.customerId ? "/bookings" : "/app/"));
    if (!isForForm(outcome.error())) return outcome.error();
    auto const [form, status] = failed(visit, outcome.error());
    return loginPage(visit, form, status);
}

Result<Answer> registration(Visit& visit) {
    if (visit.call.who.userId) return redirect(visit.next(startOf(visit.call.who)));
    return registerPage(visit, formOf(visit.query));
}

Result<Answer> registerAccount(Visit& visit) {
    auto const outcome = [&]() -> Result<identity::Created<profiles::LoggedIn>> {
        std::vector<http::Query::Pair> further;
        if (auto const zone = Zone::load(visit.cookie("tz"))) further.emplace_back("timezone", zone->name());
        TRY(auto const input, recordOf<profiles::Registration>(visit.form, further));
        return profiles::registerAccount(visit.call, input);
    }();
    if (!outcome) {
        if (!isForForm(outcome.error())) return outcome.error();
        auto [form, status] = failed(visit, outcome.error());
        if (outcome.error().key == "email_taken") form.errors["email"] = std::exchange(form.problem, {});
        return registerPage(visit, std::move(form), status);
    }
    auto& who = visit.call.who;
    who.userId = outcome->value.user.id;
    who.userType = outcome->value.user.userType;
    who.customerId = outcome->value.user.customerId;
    CHECK(introduce(visit));
    auto const next = visit.next(startOf(who));
    visit.setCookie("next", http::percentEncode(next), day);
    return redirect(withParameter("/verify-email", "next", next));
}

// With a token: the button that consumes it, since programs that look into mails follow links. Without: what to do now.
Result<Answer> verifyEmail(Visit& visit) {
    if (!visit.given("token").empty()) return tokenPage(visit, {}, false);
    if (!visit.call.who.userId) return redirect("/login");
    if (visit.call.who.isVerified) return redirect(visit.next("/bookings"));
    return checkMailPage(visit, {});
}

Result<Answer> consumeToken(Visit& visit) {
    auto const outcome = [&]() -> Result<profiles::CurrentUser> {
        TRY(auto const input, recordOf<profiles::MailedToken>(visit.form));
        return profiles::verifyEmail(visit.call, input);
    }();
    if (!outcome) {
        if (!isForForm(outcome.error())) return outcome.error();
        auto const [form, status] = failed(visit, outcome.error());
        return tokenPage(visit, form, false, status);
    }
    auto next = http::percentDecode(visit.cookie("next")).value_or("");
    visit.setCookie("next", "", 0);
    if (!isLocalPath(next)) next = outcome->user.specialistId ? "/app" : "/bookings";
    if (visit.call.who.userId == outcome->user.id) return redirect(withParameter(next, "done", "verified"));
    return redirect(withParameter(withParameter("/login", "next", next), "done", "verified"));
}

Result<Answer> resendVerification(Visit& visit) {
    auto const outcome = profiles::resendVerification(visit.call);
    auto const back = withParameter("/verify-email", "next", visit.next("/bookings"));
    if (outcome) return redirect(withParameter(back, "done", "mail_sent"));
    if (!isForForm(outcome.error())) return outcome.error();
    auto const [form, status] = failed(visit, outcome.error());
    return checkMailPage(visit, form, status);
}

Result<Answer> forgotPassword(Visit& visit) {
    AccountPage content;
    content.form = formOf(visit.query);
    return VISAVIS_PAGE(visit, forgot, visit.frame(std::string(visit.t.forgot_title())), content);
}

Result<Answer> askReset(Visit& visit) {
    auto const outcome = [&]() -> Result<profiles::Accepted> {
        TRY(auto const input, recordOf<profiles::ForgottenPassword>(visit.form));
        return profiles::forgotPassword(visit.call, input);
    }();
    if (outcome) return redirect("/forgot-password?done=reset_sent");
    if (!isForForm(outcome.error())) return outcome.error();
    AccountPage content;
    auto const [form, status] = failed(visit, outcome.error());
    content.form = form;
    auto answer = VISAVIS_PAGE(visit, forgot, visit.frame(std::string(visit.t.forgot_title())), content);
    answer.status = status;
    return answer;
}

Result<Answer> resetPassword(Visit& visit) {
    if (visit.given("token").empty()) return redirect("/forgot-password");
    return tokenPage(visit, {}, true);
}

Result<Answer> setPassword(Visit& visit) {
    auto const outcome = [&]() -> Result<profiles::NoContent> {
        TRY(auto const input, recordOf<profiles::PasswordReset>(visit.form));
        return profiles::resetPassword(visit.call, input);
    }();
    if (outcome) return redirect("/login?done=password_changed");
    if (!isForForm(outcome.error())) return outcome.error();
    auto const [form, status] = failed(visit, outcome.error());
    return tokenPage(visit, form, true, status);
}

Result<Answer> logOut(Visit& visit) {
    if (visit.call.who.userId) CHECK(profiles::logOut(visit.call));
    return redirect("/?done=logged_out");
}

} // namespace visavis::web
