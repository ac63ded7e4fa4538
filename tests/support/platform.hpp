// A platform for tests of slices: a real store in a place of its own, a clock that the test moves, seeded randomness.
#pragma once

#include "app/collections.hpp"
#include "booking/records.hpp"
#include "identity/call.hpp"
#include "identity/limits.hpp"
#include "identity/live.hpp"
#include "identity/passwords.hpp"
#include "meetings/records.hpp"
#include "notifications/records.hpp"
#include "payments/records.hpp"
#include "reviews/records.hpp"
#include "store/idempotency.hpp"
#include "store/outbox.hpp"
#include "support/store.hpp"
#include "work/processes.hpp"

#include <gtest/gtest.h>

#include <array>

namespace visavis::support {

// Slices below payments get no gateway: a stand-in that nobody may touch takes its place.
class TestPlatform {
public:
    explicit TestPlatform(payments::Gateway* gateway = nullptr)
        : store(place.open(app::allCollections())), platform{*store,
                                                             clock,
                                                             rng,
                                                             ids,
                                                             publicUrl,
                                                             limits,
                                                             auth,
                                                             payments,
                                                             passwords,
                                                             limiter,
                                                             gateway ? *gateway : nobody<payments::Gateway>(),
                                                             memory} {
        limits.enabled = false;
    }
    // No query of a slice may read a whole table.
    ~TestPlatform() {
        for (auto const& scan : scansOf(*store)) ADD_FAILURE() << "reads all: " << scan;
    }
    TestPlatform(TestPlatform const&) = delete;
    TestPlatform& operator=(TestPlatform const&) = delete;

    identity::Call call(identity::Caller who = {}) {
        if (who.ip.empty()) who.ip = "192.0.2.1";
        return {platform, std::move(who), clock.now()};
    }
    template <class T> std::vector<T> all(Collection<T> const& from) {
        return visavis::read(*store, [&](Reader& reader) { return reader.find(from, from->id >= Ref<T>{}).sort(from->id).all(); });
    }
    template <class T> std::optional<T> get(Collection<T> const& from, Ref<T> id) {
        return visavis::read(*store, [&](Reader& reader) { return reader.get(from, id); });
    }
    // The events of one kind that wait in the outbox, oldest first.
    template <class Event> std::vector<Event> emitted() {
        std::vector<Event> events;
        for (auto const& entry : visavis::read(*store, [&](Reader& reader) {
                 return reader.find(outbox, outbox->status == OutboxStatus::waiting).sort(outbox->nextAt, outbox->id).all();
             }))
            if (entry.topic == recordName(std::type_identity<Event>{})) events.push_back(*fromJson<Event>(*parseJson(entry.payload)));
        return events;
    }

    TempDirectory directory;
    StorePlace place{directory.path(), Database::emptied};
    ManualClock clock{*parseRfc3339("2026-03-02T09:00:00.000Z")};
    SeededRng rng{7};
    IdSource ids{rng};
    std::string publicUrl = "http://localhost:8080";
    identity::LimitSettings limits;
    identity::AuthSettings auth;
    identity::PaymentRules payments;
    identity::Passwords passwords{rng, 4, 4, 64};
    identity::RateLimiter limiter;
    identity::Memory memory;
    std::unique_ptr<Engine> store;
    identity::Platform platform;

private:
    template <class T> T& nobody() { return reinterpret_cast<T&>(nothing_); }
    alignas(std::max_align_t) std::array<std::byte, 64> nothing_{};
};

// The fault at a path: its code, or "-" when there is none; of an error without members its own key.
inline std::string faultAt(Error const& error, std::string_view path) {
    for (auto const& field : error.fields)
        if (field.path == path) return field.code;
    return "-";
}

template <class T> std::string keyOf(Result<T> const& outcome) { return outcome ? "ok" : outcome.error().key; }

} // namespace visavis::support
