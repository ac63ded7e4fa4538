// users and their log-ins: the documents of identity (seed: users; authSessions is ours, the seed's sessions are meetings).
#pragma once

#include "record/record.hpp"
#include "store/collection.hpp"

namespace visavis::identity {

WORDS(UserType, specialist, customer)

// Staff have roles and no userType (DESIGN §6).
WORDS(Role, admin, support)

struct User {
    Ref<User> id;
    Email email;     // trimmed and lower-cased: the truth of which profiles hold copies
    Secret password; // bcrypt $2b$
    Text<1, 100> name;
    std::optional<UserType> userType;

    std::optional<Text<1, 2048>> profileImage;
    std::optional<Lines<0, 5000>> bio;
    std::optional<Text<1, 40>> phone;

    bool isVerified = false;
    std::optional<Secret> verificationToken; // SHA-256 of the newest token that was mailed
    std::optional<Instant> verificationExpires;

    std::optional<Secret> googleAccessToken; // sealed (DESIGN §6), as is Zoom's
    std::optional<Secret> zoomAccessToken;

    std::optional<Instant> lastLogin;
    std::vector<Role> roles;
    bool isActive = true;

    Instant createdAt;
    Instant updatedAt;
    std::int64_t version = 0;
};
RECORD(User, id, email, password, name, userType, profileImage, bio, phone, isVerified, verificationToken, verificationExpires,
       googleAccessToken, zoomAccessToken, lastLogin, roles, isActive, createdAt, updatedAt, version)

COLLECTION(User, users)

// A log-in. Its token is 256 random bits, of which only the hash is kept.
struct AuthSession {
    Ref<AuthSession> id;
    Ref<User> userId;
    Secret tokenHash;
    Instant createdAt;
    Instant lastSeenAt;
    Instant expiresAt;         // slides with use
    Instant absoluteExpiresAt; // does not
    std::optional<std::string> userAgent;
    std::optional<std::string> ip;
    std::int64_t version = 0;
};
RECORD(AuthSession, id, userId, tokenHash, createdAt, lastSeenAt, expiresAt, absoluteExpiresAt, userAgent, ip, version)

COLLECTION(AuthSession, authSessions)

// A single-use token that a mail carries: password resets now, changed addresses later. Verification uses the seed's members of users.
WORDS(TokenPurpose, reset)

struct OneTimeToken {
    Ref<OneTimeToken> id;
    Ref<User> userId;
    TokenPurpose purpose{};
    Secret tokenHash;
    Instant createdAt;
    Instant expiresAt;
    std::int64_t version = 0;
};
RECORD(OneTimeToken, id, userId, purpose, tokenHash, createdAt, expiresAt, version)

COLLECTION(OneTimeToken, oneTimeTokens)

// Security events, append-only.
struct AuditEntry {
    Ref<AuditEntry> id;
    Instant at;
    std::string action; // "login.failed", "webhook.bad_signature", …
    std::optional<Ref<User>> userId;
    std::optional<std::string> subject; // what it was about: an address, an id
    std::optional<std::string> ip;
    std::optional<std::string> detail;
};
RECORD(AuditEntry, id, at, action, userId, subject, ip, detail)

COLLECTION(AuditEntry, auditEntries)

} // namespace visavis::identity
