// The ways in of accounts (API: Identity). They stand here and not in identity because an account has a profile from its first moment on.
#pragma once

#include "profiles/service.hpp"

namespace visavis::profiles {

using identity::Accepted;
using identity::AuthSession;
using identity::Created;
using identity::NoContent;

// An account as its owner sees it.
struct UserView {
    Ref<User> id;
    Email email;
    Text<1, 100> name;
    std::optional<identity::UserType> userType;
    std::optional<Text<1, 2048>> profileImage;
    bool isVerified = false;
    std::vector<identity::Role> roles;
    std::optional<Ref<Specialist>> specialistId;
    std::optional<Ref<Customer>> customerId;
    std::optional<Instant> lastLogin;
    Instant createdAt;
};
RECORD(UserView, id, email, name, userType, profileImage, isVerified, roles, specialistId, customerId, lastLogin, createdAt)

struct CurrentUser {
    UserView user;
};
RECORD(CurrentUser, user)

struct LoggedIn {
    UserView user;
    std::string token;
    Instant expiresAt;
};
RECORD(LoggedIn, user, token, expiresAt)

struct Registration {
    Email email;
    Password password;
    Text<1, 100> name;
    identity::UserType userType{};
    std::optional<Zone> timezone;
};
RECORD(Registration, email, password, name, userType, timezone)

struct Credentials {
    Email email;
    Password password;
};
RECORD(Credentials, email, password)

struct MailedToken {
    std::string token;
};
RECORD(MailedToken, token)

struct ForgottenPassword {
    Email email;
};
RECORD(ForgottenPassword, email)

struct PasswordReset {
    std::string token;
    Password password;
};
RECORD(PasswordReset, token, password)

struct PasswordChange {
    Password currentPassword;
    Password newPassword;
};
RECORD(PasswordChange, currentPassword, newPassword)

// One of the caller's log-ins; `current` is the one of this request.
struct LogInView {
    Ref<AuthSession> id;
    Instant createdAt;
    Instant lastSeenAt;
    Instant expiresAt;
    std::optional<std::string> userAgent;
    std::optional<std::string> ip;
    bool current = false;
};
RECORD(LogInView, id, createdAt, lastSeenAt, expiresAt, userAgent, ip, current)

struct LogInPath {
    Ref<AuthSession> id;
};
RECORD(LogInPath, id)

// Both look after the Idempotency-Key themselves (Keys::own): their answers hold tokens, which are never stored.
Result<Created<LoggedIn>> registerAccount(Call& call, Registration const& input);
Result<LoggedIn> logIn(Call& call, Credentials const& input);

Result<NoContent> logOut(Call& call);
Result<CurrentUser> me(Call& call);
Result<CurrentUser> verifyEmail(Call& call, MailedToken const& input);
Result<Accepted> resendVerification(Call& call);
Result<Accepted> forgotPassword(Call& call, ForgottenPassword const& input);
Result<NoContent> resetPassword(Call& call, PasswordReset const& input);
Result<NoContent> changePassword(Call& call, PasswordChange const& input);
Result<Page<LogInView>> listSessions(Call& call, identity::PageQuery const& query);
Result<NoContent> deleteSession(Call& call, LogInPath const& path);

} // namespace visavis::profiles
