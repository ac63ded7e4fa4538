// Accounts over HTTP. bcrypt runs before the transaction, which may be repeated and holds up everybody else.
#include "profiles/accounts.hpp"

#include "identity/limits.hpp"
#include "identity/passwords.hpp"

namespace visavis::profiles {
namespace {

using identity::limited;

Result<void> mailLimited(Call& call, Email const& address) {
    return limited(call, "mail", address.value, call.platform.limits.mail_per_address, Hours(1));
}

UserView viewOf(Reader& reader, User const& user) {
    auto view = project<UserView>(user);
    if (auto const specialist = specialistOf(reader, user.id)) view.specialistId = specialist->id;
    if (auto const customer = customerOf(reader, user.id)) view.customerId = customer->id;
    return view;
}

// Opens a log-in for somebody who has just proved who they are. The answer holds its token; the caller sets the cookie.
Result<LoggedIn> admit(Call& call, Tx& tx, User const& proven) {
    TRY(auto opened, identity::openSession(call, tx, proven));
    auto const user = tx.get(identity::users, proven.id);
    if (!user) return notFound();
    return LoggedIn{viewOf(tx, *user), std::move(opened.token), opened.session.expiresAt};
}

void setCookie(Call& call, LoggedIn const& loggedIn) {
    call.headers.push_back(identity::sessionCookie(call.platform.publicUrl, loggedIn.token, call.now, loggedIn.expiresAt));
}

void clearCookie(Call& call) { call.headers.push_back(identity::sessionCookie(call.platform.publicUrl, "", call.now, call.now)); }

// What was kept under the caller's key, if it came with one that was used before; another body under it is refused.
Result<std::optional<KeptAnswer>> keptBefore(Call& call, Reader& reader) {
    if (!call.key) return std::optional<KeptAnswer>{};
    auto const kept = reader.get(keptAnswers, Ref<KeptAnswer>{call.key->id});
    if (kept && kept->bodyHash != call.key->bodyHash)
        return failure(Code::invalid, "idempotency_mismatch", "This Idempotency-Key was used with another body.");
    return kept;
}

Result<LoggedIn> create(Call& call, Tx& tx, Registration const& input, std::string const& passwordHash) {
    TRY(auto const user, identity::createUser(call, tx, {input.email, passwordHash, input.name, input.userType, {}, false}));
    if (call.key) CHECK(keepAnswer(tx, *call.key, 201, "", call.now, user.id.hex()));
    if (input.userType == identity::UserType::specialist)
        CHECK(createSpecialist(call, tx, user, input.timezone));
    else
        CHECK(createCustomer(call, tx, user, input.timezone));
    CHECK(identity::requestVerification(tx, user, call.now));
    return admit(call, tx, user);
}

// The same registration again under its key: whoever knows the password gets a log-in, as the first time.
Result<LoggedIn> registerAgain(Call& call, Registration const& input, KeptAnswer const& kept) {
    TRY(auto const user, identity::checkCredentials(call, input.email, input.password.value));
    if (kept.subject != user.id.hex()) return conflict("email_taken", "There is an account with this e-mail address.");
    call.headers.push_back({"Idempotency-Replayed", "true"});
    return visavis::transact(call.store, [&](Tx& tx) -> Result<LoggedIn> { return admit(call, tx, user); });
}

Result<LoggedIn> registerOrReplay(Call& call, Registration const& input) {
    bool taken = false;
    TRY(auto const kept, visavis::read(call.store, [&](Reader& reader) {
            taken = identity::userByEmail(reader, input.email).has_value();
            return keptBefore(call, reader);
        }));
    if (kept) return registerAgain(call, input, *kept);
    if (taken) return conflict("email_taken", "There is an account with this e-mail address.");
    TRY(auto const hash, call.platform.passwords.hash(input.password.value));
    return visavis::transact(call.store, [&](Tx& tx) { return create(call, tx, input, hash); });
}

// Lost against another process that was faster: with the same key, the same name, or both. Trying again sees what it did.
bool mayTryAgain(Error const& error) { return error.key == "idempotency_race" || error.key == "slug_taken"; }

} // namespace

Result<Created<LoggedIn>> registerAccount(Call& call, Registration const& input) {
    CHECK(limited(call, "register", call.who.ip, call.platform.limits.register_per_ip, Minutes(1)));
    CHECK(identity::checkPassword(input.password.value));
    auto outcome = registerOrReplay(call, input);
    for (int again = 0; again < 3 && !outcome && mayTryAgain(outcome.error()); ++again) outcome = registerOrReplay(call, input);
    if (!outcome) return outcome.error();
    setCookie(call, *outcome);
    return Created<LoggedIn>{std::move(*outcome)};
}

Result<LoggedIn> logIn(Call& call, Credentials const& input) {
    TRY(auto const kept, visavis::read(call.store, [&](Reader& reader) { return keptBefore(call, reader); }));
    TRY(auto const user, identity::checkCredentials(call, input.email, input.password.value));
    TRY(auto const loggedIn, visavis::transact(call.store, [&](Tx& tx) -> Result<LoggedIn> {
            if (call.key && !kept) CHECK(keepAnswer(tx, *call.key, 200, "", call.now, user.id.hex()));
            return admit(call, tx, user);
        }));
    if (kept) call.headers.push_back({"Idempotency-Replayed", "true"});
    setCookie(call, loggedIn);
    return loggedIn;
}

Result<NoContent> logOut(Call& call) {
    clearCookie(call);
    return call.transact([&](Tx& tx) -> Result<NoContent> {
        auto const ended = identity::endSession(tx, call.user(), *call.who.logIn);
        if (!ended && ended.error().code != Code::notFound) return ended.error(); // ended meanwhile is as good
        return NoContent{};
    });
}

Result<CurrentUser> me(Call& call) {
    return visavis::read(call.store, [&](Reader& reader) -> Result<CurrentUser> {
        auto const user = reader.get(identity::users, call.user());
        if (!user) return notFound();
        return CurrentUser{viewOf(reader, *user)};
    });
}

Result<CurrentUser> verifyEmail(Call& call, MailedToken const& input) {
    return call.transact([&](Tx& tx) -> Result<CurrentUser> {
        TRY(auto const user, identity::verifyEmail(tx, input.token, call.now));
        CHECK(emailVerified(tx, user, call.now));
        return CurrentUser{viewOf(tx, user)};
    });
}

Result<Accepted> resendVerification(Call& call) {
    auto const user = visavis::read(call.store, [&](Reader& reader) { return reader.get(identity::users, call.user()); });
    if (!user) return notFound();
    CHECK(mailLimited(call, user->email));
    return call.transact([&](Tx& tx) -> Result<Accepted> {
        if (!user->isVerified) CHECK(identity::requestVerification(tx, *user, call.now));
        return Accepted{};
    });
}

// Whether there is such an account shows neither in the answer nor in its duration: both ways write once.
Result<Accepted> forgotPassword(Call& call, ForgottenPassword const& input) {
    CHECK(limited(call, "forgot", call.who.ip, call.platform.limits.register_per_ip, Minutes(1)));
    CHECK(mailLimited(call, input.email));
    TRY(auto const accepted, call.transact([&](Tx& tx) -> Result<Accepted> {
        auto const user = identity::userByEmail(tx, input.email);
        if (user && user->isActive) CHECK(identity::requestReset(tx, *user, call.now));
        return Accepted{};
    }));
    identity::audit(call.platform, "password.reset_requested", call.who, input.email.value, call.now);
    return accepted;
}

Result<NoContent> resetPassword(Call& call, PasswordReset const& input) {
    CHECK(identity::checkPassword(input.password.value));
    bool const known = visavis::read(call.store, [&](Reader& reader) { return identity::isResetToken(reader, input.token, call.now); });
    std::string hash; // of nothing for a token that the transaction will refuse: guessing tokens must not cost us bcrypt
    if (known) {
        TRY(hash, call.platform.passwords.hash(input.password.value));
    }
    TRY(auto const done, call.transact([&](Tx& tx) -> Result<NoContent> {
        CHECK(identity::resetPassword(tx, known ? input.token : "", hash, call.now));
        return NoContent{};
    }));
    identity::audit(call.platform, "password.reset", call.who, "", call.now);
    return done;
}

Result<NoContent> changePassword(Call& call, PasswordChange const& input) {
    CHECK(identity::checkPassword(input.newPassword.value, "/newPassword"));
    auto const user = visavis::read(call.store, [&](Reader& reader) { return reader.get(identity::users, call.user()); });
    if (!user) return notFound();
    TRY(auto const proven, identity::checkCredentials(call, user->email, input.currentPassword.value));
    TRY(auto const hash, call.platform.passwords.hash(input.newPassword.value));
    TRY(auto const done, call.transact([&](Tx& tx) -> Result<NoContent> {
        CHECK(identity::checkStillProven(tx, proven));
        CHECK(identity::changePassword(tx, call.user(), hash, call.who.logIn, call.now));
        return NoContent{};
    }));
    identity::audit(call.platform, "password.changed", call.who, user->email.value, call.now);
    return done;
}

Result<Page<LogInView>> listSessions(Call& call, identity::PageQuery const& query) {
    auto const& sessions = identity::authSessions;
    TRY(auto const found, visavis::read(call.store, [&](Reader& reader) {
            return reader.find(sessions, sessions->userId == call.user() && sessions->expiresAt > call.now)
                .sort(desc(sessions->id))
                .limit(identity::pageSize(query.limit))
                .page(query.cursor.value_or(""));
        }));
    Page<LogInView> page{{}, found.nextCursor};
    for (auto const& session : found.items) {
        page.items.push_back(project<LogInView>(session));
        page.items.back().current = session.id == call.who.logIn;
    }
    return page;
}

Result<NoContent> deleteSession(Call& call, LogInPath const& path) {
    if (path.id == call.who.logIn) clearCookie(call);
    return call.transact([&](Tx& tx) -> Result<NoContent> {
        CHECK(identity::endSession(tx, call.user(), path.id));
        return NoContent{};
    });
}

} // namespace visavis::profiles
