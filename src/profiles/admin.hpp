// The ways in of staff to accounts (API: Admin and operations). Support reads, administrators act.
#pragma once

#include "profiles/api.hpp"

namespace visavis::profiles {

// An account as staff see it.
struct AdminUser {
    Ref<User> id;
    Email email;
    Text<1, 100> name;
    std::optional<identity::UserType> userType;
    std::optional<Text<1, 2048>> profileImage;
    bool isVerified = false;
    bool isActive = true; // false: suspended
    std::vector<identity::Role> roles;
    std::optional<Ref<Specialist>> specialistId;
    std::optional<Ref<Customer>> customerId;
    // Of specialists: the platform's badge, whether the directory shows them, and under which address.
    std::optional<bool> hasBadge;
    std::optional<bool> published;
    std::optional<Text<3, 60>> slug;
    std::optional<Instant> lastLogin;
    Instant createdAt;
    std::int64_t version = 0;
};
RECORD(AdminUser, id, email, name, userType, profileImage, isVerified, isActive, roles, specialistId, customerId, hasBadge, published, slug,
       lastLogin, createdAt, version)

struct UserQuestion {
    std::optional<Email> email; // exactly this one
    std::optional<identity::UserType> userType;
    std::optional<bool> isActive;
    std::optional<Bounded<1, 100>> limit;
    std::optional<std::string> cursor;
};
RECORD(UserQuestion, email, userType, isActive, limit, cursor)

struct Suspension {
    Ref<User> id;
    std::optional<Lines<0, 500>> reason;
};
RECORD(Suspension, id, reason)

struct UserPath {
    Ref<User> id;
};
RECORD(UserPath, id)

struct VerificationPath {
    Ref<Specialist> id;
};
RECORD(VerificationPath, id)

// GET /admin/users: newest first.
Result<Page<AdminUser>> listUsers(Call& call, UserQuestion const& input);
// POST and DELETE /admin/users/{id}/suspension: the account as it is then. conflict own_account; wrong_state.
Result<AdminUser> suspend(Call& call, Suspension const& input);
Result<AdminUser> liftSuspension(Call& call, UserPath const& path);
// PUT and DELETE /admin/specialists/{id}/verification: the platform's badge.
Result<OwnProfile> verifySpecialist(Call& call, VerificationPath const& path);
Result<OwnProfile> unverifySpecialist(Call& call, VerificationPath const& path);

} // namespace visavis::profiles
