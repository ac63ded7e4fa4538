// Accounts and log-ins. Tokens are random, kept as hashes, and compared by looking the hash up.
#include "identity/service.hpp"

#include "core/log.hpp"
#include "identity/limits.hpp"
#include "identity/live.hpp"
#include "identity/passwords.hpp"
#include "store/outbox.hpp"

namespace visavis::identity {
namespace {

constexpr Hours slideAfter{1};

Error expired() { return failure(Code::gone, "token_expired", "This link has been used or is no longer valid. Ask for a new one."); }

AuditEntry entryOf(Platform& platform, std::string action, Caller const& who, std::string subject, Instant now) {
    AuditEntry entry;
    entry.id = platform.ids.make<AuditEntry>(now);
    entry.at = now;
    entry.action = std::move(action);
    entry.userId = who.userId;
    entry.subject = std::move(subject);
    if (!who.ip.empty()) entry.ip = who.ip;
    return entry;
}

Error badCredentials() { return failure(Code::unauthenticated, "bad_credentials", "E-mail address or password is wrong."); }

Ref<AuditEntry> onlyEntry(std::string const& action, std::string const& subject) {
    return {ObjectId::derived("audit:" + action + ":" + subject)};
}

} // namespace

Result<User> createUser(Call& call, Tx& tx, NewUser const& input) {
    User user;
    user.id = call.newId<User>();
    user.email = input.email;
    user.password = {input.passwordHash};
    user.name = input.name;
    user.userType = input.userType;
    user.roles = input.roles;
    user.isVerified = input.isVerified;
    user.createdAt = user.updatedAt = call.now;
    CHECK(tx.insert(users, user));
    return user;
}

Result<void> describeUser(Tx& tx, User user, Text<1, 100> const& name, std::optional<Text<1, 2048>> const& profileImage, Instant now) {
    user.name = name;
    user.profileImage = profileImage;
    user.updatedAt = now;
    return tx.replace(users, user);
}

Error accountSuspended() { return denied("account_suspended", "This account is suspended."); }

Result<void> checkStillProven(Reader& reader, User const& proven) {
    auto const user = reader.get(users, proven.id);
    if (!user || user->password != proven.password) return badCredentials();
    if (!user->isActive) return accountSuspended(); // since its password was checked
    return ok;
}

Result<LogIn> openSession(Call& call, Tx& tx, User const& proven) {
    CHECK(checkStillProven(tx, proven));
    auto const userId = proven.id;
    auto const& rules = call.platform.auth;
    LogIn logIn;
    logIn.token = call.platform.rng.token();
    auto& session = logIn.session;
    session.id = call.newId<AuthSession>();
    session.userId = userId;
    session.tokenHash = {sha256Hex(logIn.token)};
    session.createdAt = session.lastSeenAt = call.now;
    session.absoluteExpiresAt = call.now + Days(rules.session_absolute_days);
    session.expiresAt = std::min(call.now + Days(rules.session_days), session.absoluteExpiresAt);
    session.userAgent = call.who.userAgent;
    session.ip = call.who.ip;
    CHECK(tx.erase(authSessions, authSessions->userId == userId && authSessions->expiresAt <= call.now));
    CHECK(tx.insert(authSessions, session));
    // Whoever changes the password or suspends the account writes it too: one of the two sees the other, on any engine.
    CHECK(tx.update(users, users->id == userId, set(users->lastLogin, call.now)));
    return logIn;
}

Result<User> checkCredentials(Call& call, Email const& email, std::string const& password) {
    auto const& limits = call.platform.limits;
    CHECK(limited(call, "login_ip", call.who.ip, limits.login_per_ip, Minutes(1)));
    CHECK(limited(call, "login", email.value + '\n' + call.who.ip, limits.login_per_account, Minutes(1)));
    auto const user = visavis::read(call.store, [&](Reader& reader) { return userByEmail(reader, email); });
    TRY(bool const matches, call.platform.passwords.matches(password, user ? user->password.value : ""));
    if (!matches) {
        audit(call.platform, "login.failed", call.who, email.value, call.now);
        return badCredentials();
    }
    if (!user->isActive) return accountSuspended();
    return *user;
}

std::optional<Recognised> recognise(Reader& reader, std::string_view token, Instant now) {
    if (token.size() != 43) return std::nullopt;
    auto session = reader.find(authSessions, authSessions->tokenHash == Secret{sha256Hex(token)}).first();
    if (!session || session->expiresAt <= now || session->absoluteExpiresAt <= now) return std::nullopt;
    auto user = reader.get(users, session->userId);
    if (!user || !user->isActive) return std::nullopt;
    return Recognised{std::move(*user), std::move(*session)};
}

std::optional<Ref<User>> userOfToken(Reader& reader, std::string_view token) {
    auto const session = reader.find(authSessions, authSessions->tokenHash == Secret{sha256Hex(token)}).first();
    return session ? std::optional(session->userId) : std::nullopt;
}

bool wantsSliding(AuthSession const& session, Instant now) { return now - session.lastSeenAt >= slideAfter; }

Instant unchangedUntil(AuthSession const& session) {
    return std::min({session.expiresAt, session.absoluteExpiresAt, session.lastSeenAt + slideAfter}) - Millis(1);
}

Result<void> slide(Platform& platform, AuthSession const& session, Instant now) {
    return visavis::transact(platform.store, [&](Tx& tx) -> Result<void> {
        auto const ends = std::min(now + Days(platform.auth.session_days), session.absoluteExpiresAt);
        TRY(bool changed,
            tx.update(authSessions, authSessions->id == session.id, set(authSessions->lastSeenAt, now).set(authSessions->expiresAt, ends)));
        (void)changed; // it may have ended meanwhile
        return ok;
    });
}

Result<void> endSession(Tx& tx, Ref<User> userId, Ref<AuthSession> session) {
    TRY(auto const ended, tx.erase(authSessions, authSessions->id == session && authSessions->userId == userId));
    if (ended == 0) return notFound();
    wakeStreams(tx, userId);
    return ok;
}

Result<void> endSessions(Tx& tx, Ref<User> userId, std::optional<Ref<AuthSession>> except) {
    auto const all = tx.find(authSessions, authSessions->userId == userId).all();
    for (auto const& session : all)
        if (session.id != except) CHECK(tx.erase(authSessions, authSessions->id == session.id && authSessions->userId == userId));
    wakeStreams(tx, userId);
    return ok;
}

Result<std::string> newVerificationToken(Platform& platform, Tx& tx, Ref<User> userId, Instant now) {
    auto token = platform.rng.token();
    auto const ends = now + Hours(platform.auth.verification_hours);
    auto const user = tx.get(users, userId);
    if (!user || user->isVerified) return notFound();
    CHECK(tx.update(users, users->id == userId,
                    set(users->verificationToken, Secret{sha256Hex(token)}).set(users->verificationExpires, ends)));
    return token;
}

Result<User> verifyEmail(Tx& tx, std::string const& token, Instant now) {
    auto user = tx.find(users, users->verificationToken == Secret{sha256Hex(token)}).first();
    if (!user || !user->verificationExpires || *user->verificationExpires <= now) return expired();
    user->isVerified = true;
    user->verificationToken.reset();
    user->verificationExpires.reset();
    user->updatedAt = now;
    CHECK(tx.replace(users, *user));
    return *user;
}

Result<void> requestVerification(Tx& tx, User const& user, Instant now) {
    return visavis::emit(tx, VerificationRequested{user.id}, user.id.hex() + ":" + std::to_string(now.ms), now);
}

Result<void> requestReset(Tx& tx, User const& user, Instant now) {
    return visavis::emit(tx, PasswordResetRequested{user.id}, user.id.hex() + ":" + std::to_string(now.ms), now);
}

Result<std::string> newResetToken(Platform& platform, Tx& tx, Ref<User> userId, Instant now) {
    CHECK(tx.erase(oneTimeTokens, oneTimeTokens->userId == userId && oneTimeTokens->purpose == TokenPurpose::reset));
    auto text = platform.rng.token();
    OneTimeToken token;
    token.id = platform.ids.make<OneTimeToken>(now);
    token.userId = userId;
    token.purpose = TokenPurpose::reset;
    token.tokenHash = {sha256Hex(text)};
    token.createdAt = now;
    token.expiresAt = now + Minutes(platform.auth.reset_minutes);
    CHECK(tx.insert(oneTimeTokens, token));
    return text;
}

Result<void> resetPassword(Tx& tx, std::string const& token, std::string const& passwordHash, Instant now) {
    auto const found = tx.find(oneTimeTokens, oneTimeTokens->tokenHash == Secret{sha256Hex(token)}).first();
    if (!found || found->purpose != TokenPurpose::reset || found->expiresAt <= now) return expired();
    return changePassword(tx, found->userId, passwordHash, {}, now);
}

bool isResetToken(Reader& reader, std::string const& token, Instant now) {
    auto const found = reader.find(oneTimeTokens, oneTimeTokens->tokenHash == Secret{sha256Hex(token)}).first();
    return found && found->purpose == TokenPurpose::reset && found->expiresAt > now;
}

Result<void> changePassword(Tx& tx, Ref<User> userId, std::string const& passwordHash, std::optional<Ref<AuthSession>> except,
                            Instant now) {
    TRY(bool const changed, tx.update(users, users->id == userId, set(users->password, Secret{passwordHash}).set(users->updatedAt, now)));
    if (!changed) return expired();
    CHECK(tx.erase(oneTimeTokens, oneTimeTokens->userId == userId && oneTimeTokens->purpose == TokenPurpose::reset));
    return endSessions(tx, userId, except);
}

std::optional<User> userByEmail(Reader& reader, Email const& email) { return reader.find(users, users->email == email).first(); }

void audit(Platform& platform, std::string action, Caller const& who, std::string subject, Instant now) {
    auto const entry = entryOf(platform, std::move(action), who, std::move(subject), now);
    auto const written = visavis::transact(platform.store, [&](Tx& tx) -> Result<void> { return tx.insert(auditEntries, entry); });
    if (!written) log::error("audit_failed", {{"action", entry.action}});
}

bool isAudited(Reader& reader, std::string const& action, std::string const& subject) {
    return reader.get(auditEntries, onlyEntry(action, subject)).has_value();
}

Result<void> auditOnce(Tx& tx, std::string action, std::string subject, std::string detail, Instant now) {
    AuditEntry entry;
    entry.id = onlyEntry(action, subject);
    entry.at = now;
    entry.action = std::move(action);
    entry.subject = std::move(subject);
    entry.detail = std::move(detail);
    CHECK(tx.insertIfAbsent(auditEntries, entry));
    return ok;
}

Result<void> auditIn(Call& call, Tx& tx, std::string action, std::string subject, std::string detail) {
    auto entry = entryOf(call.platform, std::move(action), call.who, std::move(subject), call.now);
    if (!detail.empty()) entry.detail = std::move(detail);
    return tx.insert(auditEntries, entry);
}

Result<void> suspendUser(Tx& tx, User& user, Instant now) {
    user.isActive = false;
    user.updatedAt = now;
    CHECK(tx.replace(users, user));
    CHECK(meetPublishers(tx, user.id)); // who books for or with this account right now does so before this, or sees it
    CHECK(endSessions(tx, user.id, {}));
    CHECK(tx.erase(oneTimeTokens, oneTimeTokens->userId == user.id && oneTimeTokens->purpose == TokenPurpose::reset));
    return visavis::emit(tx, UserSuspended{user.id}, user.id.hex() + ":" + std::to_string(user.version), now);
}

Result<void> restoreUser(Tx& tx, User& user, Instant now) {
    user.isActive = true;
    user.updatedAt = now;
    return tx.replace(users, user);
}

std::string cookieName(bool secure) { return secure ? "__Host-sid" : "sid"; }

http::Header sessionCookie(std::string const& publicUrl, std::string const& token, Instant now, Instant expiresAt) {
    bool const secure = publicUrl.starts_with("https://");
    auto const age = std::to_string((expiresAt - now).count() / 1000);
    return {"Set-Cookie",
            cookieName(secure) + "=" + token + "; Path=/; Max-Age=" + age + "; HttpOnly; SameSite=Lax" + (secure ? "; Secure" : "")};
}

std::string openScope(boost::json::object const& input) {
    auto const* email = input.if_contains("email");
    if (email == nullptr || !email->is_string()) return "open";
    return lowered(trimmed(std::string_view(email->get_string())));
}

} // namespace visavis::identity
