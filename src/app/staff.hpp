// `visavis admin create`: staff accounts are made on the machine itself, never over HTTP.
#pragma once

#include "identity/call.hpp"

namespace visavis::app {

struct NewStaff {
    Email email;
    Text<1, 100> name;
    identity::Role role{};
    Password password;
};
RECORD(NewStaff, email, name, role, password)

// invalid, weak_password, password_too_long; conflict email_taken. The address counts as confirmed.
Result<Ref<identity::User>> createStaff(identity::Platform& platform, NewStaff const& wanted);

// The command as it comes over the control socket.
inline constexpr auto createStaffCommand = "admin create";
Result<boost::json::object> control(identity::Platform& platform, boost::json::object const& request);

} // namespace visavis::app
