// The account, and its entry in the audit log.
#include "app/staff.hpp"

#include "identity/passwords.hpp"
#include "identity/service.hpp"

namespace visavis::app {

Result<Ref<identity::User>> createStaff(identity::Platform& platform, NewStaff const& wanted) {
    CHECK(identity::checkPassword(wanted.password.value));
    TRY(auto const hash, platform.passwords.hash(wanted.password.value));
    identity::Call call(platform, {}, platform.clock.now());
    return visavis::transact(platform.store, [&](Tx& tx) -> Result<Ref<identity::User>> {
        if (identity::userByEmail(tx, wanted.email)) return conflict("email_taken", "There is an account with this e-mail address.");
        TRY(auto const user, identity::createUser(call, tx, {wanted.email, hash, wanted.name, {}, {wanted.role}, true}));
        CHECK(identity::auditIn(call, tx, "staff.created", user.id.hex(), wordOf(wanted.role)));
        return user.id;
    });
}

Result<boost::json::object> control(identity::Platform& platform, boost::json::object const& request) {
    auto input = request;
    auto const* command = input.if_contains("command");
    if (command == nullptr || *command != boost::json::value(createStaffCommand)) return notFound("There is no such command.");
    input.erase("command");
    TRY(auto const wanted, fromJson<NewStaff>(input));
    TRY(auto const id, createStaff(platform, wanted));
    return boost::json::object{{"id", id.hex()}};
}

} // namespace visavis::app
