// A platform for tests of slices: a real SQLite store in a directory of its own, a clock that the test moves, seeded randomness.
#pragma once

#include "availability/records.hpp"
#include "booking/records.hpp"
#include "identity/call.hpp"
#include "identity/limits.hpp"
#include "identity/passwords.hpp"
#include "meetings/records.hpp"
#include "notifications/records.hpp"
#include "payments/records.hpp"
#include "profiles/records.hpp"
#include "reviews/records.hpp"
#include "store/idempotency.hpp"
#include "store/outbox.hpp"
#include "store/sqlite/engine.hpp"

#include <gtest/gtest.h>

#include <stdlib.h>

#include <array>
#include <filesystem>

namespace visavis::support {

class TempDirectory {
public:
    TempDirectory() {
        auto pattern = (std::filesystem::temp_directory_path() / "visavis-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
        path_ = pattern;
    }
    TempDirectory(TempDirectory const&) = delete;
    TempDirectory& operator=(TempDirectory const&) = delete;
    ~TempDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::filesystem::path const& path() const { return path_; }

private:
    std::filesystem::path path_;
};

// Of every slice, so that no test needs a list of its own.
inline std::vector<CollectionSpec const*> const& everyCollection() {
    static std::vector<CollectionSpec const*> const all{
        &identity::users.spec(),
        &identity::authSessions.spec(),
        &identity::oneTimeTokens.spec(),
        &identity::auditEntries.spec(),
        &profiles::specialists.spec(),
        &profiles::customers.spec(),
        &availability::schedules.spec(),
        &availability::slots.spec(),
        &availability::claims.spec(),
        &booking::bookings.spec(),
        &booking::messages.spec(),
        &availability::availabilityRequests.spec(),
        &payments::payments.spec(),
        &payments::refunds.spec(),
        &payments::ledgerEntries.spec(),
        &payments::webhookInbox.spec(),
        &meetings::sessions.spec(),
        &notifications::notifications.spec(),
        &reviews::reviews.spec(),
        &outbox.spec(),
        &keptAnswers.spec(),
    };
    return all;
}

// Slices below payments and availability get no gateway and no slot cache: a stand-in that nobody may touch takes their place.
class TestPlatform {
public:
    explicit TestPlatform(payments::Gateway* gateway = nullptr, availability::SlotCache* slotCache = nullptr)
        : store(openSqlite({.file = directory.path() / "store.db", .readers = 2}, everyCollection())),
          platform{*store,
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
                   slotCache ? *slotCache : nobody<availability::SlotCache>()} {
        store->migrate(everyCollection(), false);
        limits.enabled = false;
    }
    // No query of a slice may read a whole table.
    ~TestPlatform() {
        for (auto const& scan : store->scans()) ADD_FAILURE() << "reads all: " << scan;
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
    ManualClock clock{*parseRfc3339("2026-03-02T09:00:00.000Z")};
    SeededRng rng{7};
    IdSource ids{rng};
    std::string publicUrl = "http://localhost:8080";
    identity::LimitSettings limits;
    identity::AuthSettings auth;
    identity::PaymentRules payments;
    identity::Passwords passwords{rng, 4, 4, 64};
    identity::RateLimiter limiter;
    std::unique_ptr<SqliteEngine> store;
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
