// The verbs of identity: accounts, log-ins, one-time tokens, the audit log.
#pragma once

#include "identity/call.hpp"
#include "identity/events.hpp"

namespace visavis::identity {

struct NewUser {
    Email email;
    std::string passwordHash;
    Text<1, 100> name;
    std::optional<UserType> userType;
    std::vector<Role> roles;
    bool isVerified = false;
};

// conflict email_taken.
Result<User> createUser(Call& call, Tx& tx, NewUser const& input);

// The user's own copies of what a profile says.
Result<void> describeUser(Tx& tx, User user, Text<1, 100> const& name, std::optional<Text<1, 2048>> const& profileImage, Instant now);

// A log-in and the token that proves it; only this once.
struct LogIn {
    AuthSession session;
    std::string token;
};
Error accountSuspended();
// `proven` is the account as it was when its password was checked, which took a while: bad_credentials if it has another one by now, account_suspended.
Result<LogIn> openSession(Call& call, Tx& tx, User const& proven);
// The same of the account alone, for whatever else a password allows.
Result<void> checkStillProven(Reader& reader, User const& proven);
// unauthenticated bad_credentials, denied account_suspended; limited per account and address. Takes as long for unknown addresses.
Result<User> checkCredentials(Call& call, Email const& email, std::string const& password);

// The user behind a token, if the log-in lives; slides its end. Fills `caller`.
struct Recognised {
    User user;
    AuthSession session;
};
std::optional<Recognised> recognise(Reader& reader, std::string_view token, Instant now);
// Whose log-in a token is, whether or not it still lives.
std::optional<Ref<User>> userOfToken(Reader& reader, std::string_view token);
// True when the session's end should move (at most once an hour).
bool wantsSliding(AuthSession const& session, Instant now);
// Until then it neither ends nor wants to slide by itself.
Instant unchangedUntil(AuthSession const& session);
Result<void> slide(Platform& platform, AuthSession const& session, Instant now);

Result<void> endSession(Tx& tx, Ref<User> userId, Ref<AuthSession> session);
// All log-ins of a user but `except`.
Result<void> endSessions(Tx& tx, Ref<User> userId, std::optional<Ref<AuthSession>> except);

// Replaces the verification token by a new one (24 h) and returns it in clear.
Result<std::string> newVerificationToken(Platform& platform, Tx& tx, Ref<User> userId, Instant now);
// gone token_expired: unknown, used, outdated or expired.
Result<User> verifyEmail(Tx& tx, std::string const& token, Instant now);
Result<void> requestVerification(Tx& tx, User const& user, Instant now);

Result<void> requestReset(Tx& tx, User const& user, Instant now);
Result<std::string> newResetToken(Platform& platform, Tx& tx, Ref<User> userId, Instant now);
// gone token_expired. All log-ins of the user end.
Result<void> resetPassword(Tx& tx, std::string const& token, std::string const& passwordHash, Instant now);
// Whether resetPassword would know the token: asked before a password is hashed for it.
bool isResetToken(Reader& reader, std::string const& token, Instant now);
// All log-ins of the user but `except` end, and mailed reset links are void.
Result<void> changePassword(Tx& tx, Ref<User> userId, std::string const& passwordHash, std::optional<Ref<AuthSession>> except, Instant now);

std::optional<User> userByEmail(Reader& reader, Email const& email);

// Audit is never in the way: a failure to write it is logged.
void audit(Platform& platform, std::string action, Caller const& who, std::string subject, Instant now);

// The same inside a transaction, for what must not go unnoticed; a subject is written about once per action.
Result<void> auditOnce(Tx& tx, std::string action, std::string subject, std::string detail, Instant now);
// Whether auditOnce has written of it.
bool isAudited(Reader& reader, std::string const& action, std::string const& subject);
// The same within a transaction: the entry is there if what it tells of is.
Result<void> auditIn(Call& call, Tx& tx, std::string action, std::string subject, std::string detail = {});

// Suspension (DESIGN §6): log-ins end, and nobody can log in. UserSuspended tells the slices above. Lifting restores access only.
Result<void> suspendUser(Tx& tx, User& user, Instant now);
Result<void> restoreUser(Tx& tx, User& user, Instant now);

// "__Host-sid" on https, "sid" else.
std::string cookieName(bool secure);
http::Header sessionCookie(std::string const& publicUrl, std::string const& token, Instant now, Instant expiresAt);

// The scope of an idempotency key where nobody is logged in: the e-mail of the input.
std::string openScope(boost::json::object const& input);

} // namespace visavis::identity
