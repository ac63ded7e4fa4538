// Where the collections of records.hpp and their indexes are made: once, not in every file that names them.
#include "identity/records.hpp"

namespace visavis::identity {

DEFINE_COLLECTION(User, users) {
    auto const& user = paths<User>();
    return collection<User>("users")
        .unique("email_taken", user.email)
        .unique("token_taken", user.verificationToken)
        .index(user.createdAt, user.id)
        .index(user.roles)
        .index(user.userType, user.createdAt, user.id)
        .index(user.isActive, user.createdAt, user.id)
        .ownedBy(user.id);
}

DEFINE_COLLECTION(AuthSession, authSessions) {
    auto const& session = paths<AuthSession>();
    return collection<AuthSession>("authSessions")
        .unique("token_taken", session.tokenHash)
        .index(session.userId, session.id)
        .index(session.expiresAt)
        .ownedBy(session.userId);
}

DEFINE_COLLECTION(OneTimeToken, oneTimeTokens) {
    auto const& token = paths<OneTimeToken>();
    return collection<OneTimeToken>("oneTimeTokens")
        .unique("token_taken", token.tokenHash)
        .index(token.userId, token.purpose)
        .index(token.expiresAt);
}

DEFINE_COLLECTION(AuditEntry, auditEntries) {
    auto const& entry = paths<AuditEntry>();
    return collection<AuditEntry>("auditEntries")
        .index(entry.at, entry.id)
        .index(entry.action, entry.at, entry.id)
        .index(entry.userId, entry.at, entry.id);
}

} // namespace visavis::identity
