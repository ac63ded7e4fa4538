// Staff over accounts: every act is in the audit log, in the same transaction.
#include "profiles/admin.hpp"

namespace visavis::profiles {
namespace {

AdminUser viewOf(Reader& reader, User const& user) {
    auto view = project<AdminUser>(user);
    if (auto const specialist = specialistOf(reader, user.id)) {
        view.specialistId = specialist->id;
        view.hasBadge = specialist->isVerified;
        view.published = specialist->published;
        view.slug = specialist->slug;
    }
    if (auto const customer = customerOf(reader, user.id)) view.customerId = customer->id;
    return view;
}

// The caller is an active administrator when this commits. It writes the caller's own account: two administrators who suspend each other at the
// same moment meet there, and one of them stays. Since nobody suspends themselves, the last one always does.
Result<void> staysAdmin(Call& call, Tx& tx) {
    auto const& users = identity::users;
    TRY(auto const self, tx.take(users, users->id == call.user() && users->isActive == true, set(users->updatedAt, call.now)));
    bool const isAdmin = self && std::find(self->roles.begin(), self->roles.end(), identity::Role::admin) != self->roles.end();
    if (!isAdmin) return denied("denied", "Your account may not do this.");
    return ok;
}

Result<User> otherUser(Call& call, Tx& tx, Ref<User> id) {
    auto user = tx.get(identity::users, id);
    if (!user) return notFound();
    if (id == call.user()) return conflict("own_account", "Nobody suspends themselves.");
    CHECK(staysAdmin(call, tx));
    return std::move(*user);
}

Result<OwnProfile> setBadge(Call& call, Ref<Specialist> id, bool verified) {
    return call.transact([&](Tx& tx) -> Result<OwnProfile> {
        auto const now = set(specialists->isVerified, verified).set(specialists->updatedAt, call.now);
        TRY(auto const changed, tx.take(specialists, specialists->id == id, now));
        if (!changed) return notFound();
        CHECK(identity::auditIn(call, tx, verified ? "specialist.verified" : "specialist.unverified", id.hex()));
        return project<OwnProfile>(*changed);
    });
}

} // namespace

Result<Page<AdminUser>> listUsers(Call& call, UserQuestion const& input) {
    auto const& users = identity::users;
    auto where = users->createdAt <= call.now;
    if (input.email) where = std::move(where) && users->email == *input.email;
    if (input.userType) where = std::move(where) && users->userType == *input.userType;
    if (input.isActive) where = std::move(where) && users->isActive == *input.isActive;
    return visavis::read(call.store, [&](Reader& reader) -> Result<Page<AdminUser>> {
        TRY(auto const page, reader.find(users, std::move(where))
                                 .sort(desc(users->createdAt), desc(users->id))
                                 .limit(identity::pageSize(input.limit))
                                 .page(input.cursor.value_or("")));
        Page<AdminUser> shown{{}, page.nextCursor};
        for (auto const& user : page.items) shown.items.push_back(viewOf(reader, user));
        return shown;
    });
}

Result<AdminUser> suspend(Call& call, Suspension const& input) {
    return call.transact([&](Tx& tx) -> Result<AdminUser> {
        TRY(auto user, otherUser(call, tx, input.id));
        if (!user.isActive) return wrongState("suspended");
        CHECK(identity::suspendUser(tx, user, call.now));
        CHECK(accountChanged(tx, user, call.now));
        CHECK(identity::auditIn(call, tx, "user.suspended", user.id.hex(), input.reason ? input.reason->value : ""));
        return viewOf(tx, user);
    });
}

Result<AdminUser> liftSuspension(Call& call, UserPath const& path) {
    return call.transact([&](Tx& tx) -> Result<AdminUser> {
        TRY(auto user, otherUser(call, tx, path.id));
        if (user.isActive) return wrongState("active");
        CHECK(identity::restoreUser(tx, user, call.now));
        CHECK(accountChanged(tx, user, call.now));
        CHECK(identity::auditIn(call, tx, "user.restored", user.id.hex()));
        return viewOf(tx, user);
    });
}

Result<OwnProfile> verifySpecialist(Call& call, VerificationPath const& path) { return setBadge(call, path.id, true); }
Result<OwnProfile> unverifySpecialist(Call& call, VerificationPath const& path) { return setBadge(call, path.id, false); }

} // namespace visavis::profiles
