// The handlers for operators, and of PATCHes that cross slices.
#pragma once

#include "api/route.hpp"
#include "profiles/api.hpp"

namespace visavis::api {

struct Health {
    std::string status = "ok";
};
RECORD(Health, status)

Result<Health> health(Call& call);
Result<Health> ready(Call& call);
Result<identity::Raw> metrics(Call& call);
Result<identity::Raw> openApi(Call& call);
Result<identity::Raw> docs(Call& call);

// GET /events: what concerns the caller, from the Last-Event-ID on.
Result<identity::EventStream> events(Call& call);

// PATCH /specialists/me: the profile, and in the same transaction the slots that its rules make.
Result<profiles::OwnProfile> patchSpecialist(Call& call, profiles::SpecialistPatch const& patch);

} // namespace visavis::api
