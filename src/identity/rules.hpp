// What a password must be; pure.
#pragma once

#include "core/result.hpp"

#include <string_view>

namespace visavis::identity {

// weak_password: fewer than 8 characters or a common one; password_too_long: more than the 72 bytes that bcrypt reads. `member` is
// the JSON Pointer of the input's member.
Result<void> checkPassword(std::string_view password, char const* member = "/password");

}  // namespace visavis::identity
