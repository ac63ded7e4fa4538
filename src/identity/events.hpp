// News of identity.
#pragma once

#include "identity/records.hpp"

namespace visavis::identity {

// A mail with a fresh verification link is due. The token is made when the mail is, so that it is never stored in clear.
struct VerificationRequested {
    Ref<User> userId;
};
RECORD(VerificationRequested, userId)

struct PasswordResetRequested {
    Ref<User> userId;
};
RECORD(PasswordResetRequested, userId)

// An account was suspended: whoever has to do with it acts on it (booking cancels what is ahead).
struct UserSuspended {
    Ref<User> userId;
};
RECORD(UserSuspended, userId)

} // namespace visavis::identity
