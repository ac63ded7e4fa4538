// GET /bookings/{id}/pay: Stripe's form in our page. The server alone says when a session is paid; this page waits for its word.
#include "notifications/templates.hpp"
#include "web/handlers.hpp"
#include "web/pages.hpp"
#include "web/people.hpp"
#include "web/sessions.hpp"

#include <boost/json/serialize.hpp>

namespace visavis::web {
namespace {

constexpr std::string_view stripeScript = "https://js.stripe.com/v3/";

std::string declinesOf(Language language) {
    boost::json::object sentences;
    for (auto const& [code, sentence] : notifications::tableOf(language).declines) sentences[code] = sentence;
    return boost::json::serialize(sentences);
}

} // namespace

Result<Answer> pay(Visit& visit) {
    TRY(auto const id, bookingIdOf(visit));
    TRY(auto const view, booking::getBooking(visit.call, {id, {}}));
    auto const path = "/bookings/" + id.hex();
    using enum booking::BookingStatus;
    if (view.status == confirmed) return redirect(path + "?done=paid");
    if (view.status != pending) return redirect(path);
    PayPage content;
    content.id = id.hex();
    if (auto const* other = otherSide(visit, view)) content.name = other->name;
    content.minutes = visit.t.minutes(view.sessionDuration);
    content.price = money(visit.language(), view.sessionPrice, view.currency);
    content.policy = notifications::policySentence(visit.language(), view.policy);
    content.when = whenOf(visit, view);
    if (view.holdExpiresAt) {
        content.expiresAt = toRfc3339(*view.holdExpiresAt);
        content.holdUntil = moment(visit, view, *view.holdExpiresAt);
    }
    content.returnUrl = visit.call.platform.publicUrl + path + "/pay";
    content.declines = declinesOf(visit.language());
    auto frame = visit.frame(std::string(visit.t.pay_title()));
    frame.scripts = {visit.settings.sandbox.empty() ? std::string(stripeScript) : visit.settings.sandbox + "/js/v3/",
                     std::string(assetAddress("pay.js"))};
    auto answer = VISAVIS_PAGE(visit, pay, frame, content);
    answer.policy = Policy::payment;
    answer.isSecret = true; // a payment's secret is in the address when a bank sends the payer back
    return answer;
}

} // namespace visavis::web
