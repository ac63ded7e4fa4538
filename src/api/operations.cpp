// Health, readiness, metrics and the API's own description.
#include "api/operations.hpp"

#include "api/openapi.hpp"
#include "availability/service.hpp"
#include "identity/live.hpp"
#include "record/schema.hpp"

namespace visavis::api {

Result<Health> health(Call&) { return Health{}; }

Result<Health> ready(Call& call) {
    auto const reason = call.platform.notReady ? call.platform.notReady() : std::string();
    if (!reason.empty()) return unavailable(reason, 5);
    return Health{};
}

Result<identity::Raw> metrics(Call& call) {
    auto text = call.platform.metrics ? call.platform.metrics() : std::string();
    return identity::Raw{"text/plain; version=0.0.4; charset=utf-8", std::make_shared<std::string const>(std::move(text)), {}};
}

Result<identity::Raw> openApi(Call&) {
    static auto const text = std::make_shared<std::string const>(prettyJson(openApiDocument()));
    return identity::Raw{"application/json", text, {}};
}

Result<identity::Raw> docs(Call&) {
    static auto const page = std::make_shared<std::string const>(docsPage());
    return identity::Raw{
        "text/html; charset=utf-8", page, {{"Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-ancestors 'none'"}}};
}

Result<identity::EventStream> events(Call& call) {
    if (call.platform.live == nullptr) return unavailable("Live updates are not served here.");
    TRY(auto begin, call.platform.live->open(call.user(), *call.who.logIn, call.lastEventId));
    return identity::EventStream{std::move(begin)};
}

Result<profiles::OwnProfile> patchSpecialist(Call& call, profiles::SpecialistPatch const& patch) {
    return call.transact([&](Tx& tx) -> Result<profiles::OwnProfile> {
        auto const before = tx.get(profiles::specialists, call.specialist());
        TRY(auto patched, profiles::patchSpecialistIn(call, tx, patch));
        if (before && before->availabilityVersion != patched.availabilityVersion) {
            CHECK(availability::checkWindowPrices(call.platform, tx, patched));
            if (before->consulting.currency != patched.consulting.currency)
                CHECK(availability::checkOwnPrices(call.platform, tx, patched, call.now));
            CHECK(availability::regenerate(call.platform, tx, patched.id, call.now));
            patched = *tx.get(profiles::specialists, patched.id);
        }
        return project<profiles::OwnProfile>(patched);
    });
}

} // namespace visavis::api
