// What group commit is worth: the same bookings through the SQLite engine one commit each and in groups, on this disk and on a slower one.
#include "core/clock.hpp"
#include "percentile.hpp"
#include "store/sqlite/engine.hpp"
#include "store/sqlite/sync_vfs.hpp"
#include "store/tx.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <mutex>
#include <thread>

namespace visavis::bench {
namespace {

using Steady = std::chrono::steady_clock;
using Micros = std::chrono::microseconds;

WORDS(State, available, booked)

// What a booking touches, as large as the seed's documents: a slot, a claim, the booking, an outbox row, an idempotency row.
struct Slot {
    Ref<Slot> id;
    std::int64_t version = 1;
    ObjectId specialistId;
    State status = State::available;
    Instant startsAt, endsAt;
    std::string startTime = "09:00", endTime = "10:00", timezone = "Europe/Berlin";
    std::int64_t duration = 60, price = 12'000;
    std::string currency = "USD";
    std::optional<ObjectId> bookingId, customerId;
    std::optional<Instant> bookedAt;
};
RECORD(Slot, id, version, specialistId, status, startsAt, endsAt, startTime, endTime, timezone, duration, price, currency, bookingId,
       customerId, bookedAt)

struct Claim {
    Ref<Claim> id;
    std::int64_t version = 1;
    ObjectId specialistId, customerId;
    std::vector<std::int64_t> specialistCells, customerCells;
    bool active = true;
};
RECORD(Claim, id, version, specialistId, customerId, specialistCells, customerCells, active)

struct Step {
    std::string status = "pending";
    Instant changedAt;
    ObjectId changedBy;
};
RECORD(Step, status, changedAt, changedBy)

struct Meeting {
    std::optional<std::string> zoomMeetingId, joinUrl;
    std::string kind = "zoom", topic = "One hour about strategy with a specialist";
    bool recording = false;
};
RECORD(Meeting, zoomMeetingId, joinUrl, kind, topic, recording)

struct Booking {
    Ref<Booking> id;
    std::int64_t version = 1;
    ObjectId slotId, specialistId, customerId;
    std::string status = "pending";
    std::vector<Step> statusHistory;
    std::string consultationType = "strategy-session";
    std::int64_t sessionDuration = 60, sessionPrice = 12'000;
    std::string currency = "USD";
    std::int64_t feePercentage = 20, bufferMinutes = 5, refundableBefore = 24, refundPercentage = 100;
    std::string customerNotes =
        "I would like to talk about the roadmap of the next quarter and about hiring two people for the platform team.";
    std::string specialistNotes, timezone = "Europe/Berlin", customerTimezone = "America/New_York", startTime = "09:00", endTime = "10:00";
    Instant date, startsAt, endsAt;
    std::optional<Instant> holdExpiresAt;
    Meeting meeting;
    std::string cancellationStatus = "not-cancelled";
    std::int64_t rescheduleCount = 0, reminders = 0;
    std::string customerName = "Augusta Example", customerEmail = "augusta.example@example.org", specialistName = "Charles Example";
    Instant createdAt, updatedAt;
};
RECORD(Booking, id, version, slotId, specialistId, customerId, status, statusHistory, consultationType, sessionDuration, sessionPrice,
       currency, feePercentage, bufferMinutes, refundableBefore, refundPercentage, customerNotes, specialistNotes, timezone,
       customerTimezone, startTime, endTime, date, startsAt, endsAt, holdExpiresAt, meeting, cancellationStatus, rescheduleCount, reminders,
       customerName, customerEmail, specialistName, createdAt, updatedAt)

struct Outbox {
    Ref<Outbox> id;
    std::int64_t version = 1;
    std::string kind = "BookingRequested", payload;
    std::optional<Instant> due;
};
RECORD(Outbox, id, version, kind, payload, due)

struct Answered {
    Ref<Answered> id;
    std::int64_t version = 1;
    std::string key, bodyHash = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae", answer;
    Instant createdAt;
};
RECORD(Answered, id, version, key, bodyHash, answer, createdAt)

// clang-format off
auto const slots = collection<Slot>("slots").index(paths<Slot>().specialistId, paths<Slot>().status, paths<Slot>().startsAt);
auto const claims = collection<Claim>("claims")
    .unique("time_taken", paths<Claim>().specialistId, paths<Claim>().specialistCells).where(paths<Claim>().active)
    .unique("customer_busy", paths<Claim>().customerId, paths<Claim>().customerCells).where(paths<Claim>().active);
auto const bookings = collection<Booking>("bookings")
    .index(paths<Booking>().specialistId, paths<Booking>().status, paths<Booking>().startsAt)
    .index(paths<Booking>().customerId, paths<Booking>().createdAt)
    .index(paths<Booking>().holdExpiresAt).whereSet(paths<Booking>().holdExpiresAt);
auto const outbox = collection<Outbox>("outbox").index(paths<Outbox>().due).whereSet(paths<Outbox>().due);
auto const answered = collection<Answered>("idempotency").unique("key_taken", paths<Answered>().key);
// clang-format on

std::vector<CollectionSpec const*> const all{&slots.spec(), &claims.spec(), &bookings.spec(), &outbox.spec(), &answered.spec()};

constexpr std::int64_t specialists = 200;
constexpr int cells = 13; // an hour and a buffer of five minutes

ObjectId named(std::string_view kind, std::int64_t n) { return ObjectId::derived(fmt::format("{} {}", kind, n)); }

Slot slotOf(std::int64_t n) {
    Slot slot;
    slot.id = {named("slot", n)};
    slot.specialistId = named("specialist", n % specialists);
    slot.startsAt = {1'760'000'000'000 + n / specialists * 3'900'000};
    slot.endsAt = slot.startsAt + Minutes(60);
    return slot;
}

Result<void> book(Tx& tx, std::int64_t n, ObjectId id, Instant now) {
    auto const customer = named("customer", n % 5'000);
    auto const holds = slots->id == Ref<Slot>{named("slot", n)} && slots->status == State::available;
    TRY(auto const slot, tx.take(slots, holds, set(slots->status, State::booked).set(slots->bookingId, id).set(slots->bookedAt, now)));
    if (!slot) return conflict("slot_taken");

    Claim claim{{id}, 1, slot->specialistId, customer, {}, {}, true};
    for (int i = 0; i < cells; ++i) claim.specialistCells.push_back(slot->startsAt.ms / 300'000 + i);
    claim.customerCells = claim.specialistCells;
    CHECK(tx.insert(claims, claim));

    Booking booking;
    booking.id = {id};
    booking.slotId = slot->id.id, booking.specialistId = slot->specialistId, booking.customerId = customer;
    booking.statusHistory.push_back({"pending", now, customer});
    booking.startsAt = slot->startsAt, booking.endsAt = slot->endsAt;
    booking.holdExpiresAt = now + Minutes(15);
    booking.createdAt = booking.updatedAt = now;
    CHECK(tx.insert(bookings, booking));
    CHECK(tx.insert(outbox, {{id}, 1, "BookingRequested", R"({"bookingId":")" + id.hex() + R"("})", now}));
    return tx.insert(answered,
                     {{id}, 1, fmt::format("key-{}", n), Answered{}.bodyHash, R"({"id":")" + id.hex() + R"(","status":"pending"})", now});
}

struct Outcome {
    double seconds = 0;
    std::int64_t done = 0;
    SqliteStatistics statistics;
    std::vector<double> latencies, syncs; // microseconds
    double perSecond() const { return static_cast<double>(done) / seconds; }
};

void waitFor(Micros delay) {
    if (delay.count() > 0) std::this_thread::sleep_for(delay);
}

struct Plan {
    std::filesystem::path place;
    std::int64_t bookings = 20'000;
    int clients = 64;
    Micros syncDelay{0}, linger{0};
    std::size_t batch = 256;
    int checkpointPages = SqliteSettings{}.checkpointPages;
};

SqliteStatistics operator-(SqliteStatistics a, SqliteStatistics const& b) {
    a.transactions -= b.transactions, a.commits -= b.commits, a.redone -= b.redone, a.walSyncs -= b.walSyncs;
    a.checkpoints -= b.checkpoints, a.checkpointSyncs -= b.checkpointSyncs, a.writerCpu -= b.writerCpu;
    return a;
}

void fillSlots(Engine& engine, std::int64_t count) {
    for (std::int64_t n = 0; n < count;) {
        auto const end = std::min(n + 1'000, count);
        auto const done = transact(engine, [&](Tx& tx) -> Result<void> {
            for (auto i = n; i < end; ++i) CHECK(tx.insert(slots, slotOf(i)));
            return ok;
        });
        if (!done) throw std::runtime_error("slots: " + done.error().key);
        n = end;
    }
}

// `clients` threads book distinct slots until all are booked.
std::vector<double> drive(Engine& engine, Plan const& plan) {
    std::atomic<std::int64_t> next{0}, failed{0};
    std::vector<std::vector<double>> latencies(static_cast<std::size_t>(plan.clients));
    std::vector<std::thread> threads;
    SystemClock const clock;
    SystemRng random;
    IdSource ids(random);
    for (auto& mine : latencies)
        threads.emplace_back([&] {
            for (auto n = next++; n < plan.bookings; n = next++) {
                auto const start = Steady::now();
                auto const now = clock.now();
                auto const id = ids.next(now);
                if (!transact(engine, [&](Tx& tx) { return book(tx, n, id, now); })) ++failed;
                mine.push_back(std::chrono::duration<double, std::micro>(Steady::now() - start).count());
            }
        });
    for (auto& thread : threads) thread.join();
    if (failed > 0) throw std::runtime_error(fmt::format("{} bookings failed", failed.load()));
    std::vector<double> joined;
    for (auto const& mine : latencies) joined.insert(joined.end(), mine.begin(), mine.end());
    return joined;
}

Outcome run(Plan const& plan) {
    auto const file = plan.place / "bench-store.db";
    for (auto const* suffix : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(file.string() + suffix);
    Outcome outcome;
    std::atomic<bool> measuring{false};
    std::mutex mutex;
    store::sqlite::SyncVfs vfs({}, [&](store::sqlite::SyncVfs::File kind, std::function<int()> const& sync) {
        auto const start = Steady::now();
        auto const code = sync();
        if (measuring && kind == store::sqlite::SyncVfs::File::wal) {
            waitFor(plan.syncDelay);
            std::lock_guard const lock(mutex);
            outcome.syncs.push_back(std::chrono::duration<double, std::micro>(Steady::now() - start).count());
        }
        return code;
    });
    {
        SqliteSettings settings;
        settings.file = file;
        settings.vfs = vfs.name();
        settings.batch = plan.batch;
        settings.linger = plan.linger;
        settings.checkpointPages = plan.checkpointPages;
        auto const engine = openSqlite(settings, all);
        engine->migrate(all, false);
        fillSlots(*engine, plan.bookings);
        auto const before = engine->statistics();
        measuring = true;
        auto const start = Steady::now();
        outcome.latencies = drive(*engine, plan);
        outcome.seconds = std::chrono::duration<double>(Steady::now() - start).count();
        measuring = false;
        outcome.statistics = engine->statistics() - before;
        outcome.done = plan.bookings;
    }
    for (auto const* suffix : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(file.string() + suffix);
    return outcome;
}

void print(std::string const& name, Outcome& outcome, double floor) {
    auto const& s = outcome.statistics;
    auto const done = static_cast<double>(outcome.done);
    fmt::print("{:<26}{:>9.0f}{:>9.2f}x{:>10.1f}{:>10.0f}{:>10.1f}{:>9.1f}{:>9.1f}{:>7}{:>7}\n", name, outcome.perSecond(),
               floor > 0 ? outcome.perSecond() / floor : 1.0, done / static_cast<double>(std::max<std::uint64_t>(1, s.walSyncs)),
               percentile(outcome.syncs, 0.5), static_cast<double>(s.writerCpu.count()) / 1'000 / done,
               percentile(outcome.latencies, 0.5) / 1'000, percentile(outcome.latencies, 0.99) / 1'000, s.checkpointSyncs, s.redone);
}

// The run in the middle by speed.
Outcome& median(std::vector<Outcome>& runs) {
    auto const middle = runs.begin() + static_cast<std::ptrdiff_t>(runs.size() / 2);
    std::nth_element(runs.begin(), middle, runs.end(), [](Outcome const& a, Outcome const& b) { return a.perSecond() < b.perSecond(); });
    return *middle;
}

int benchmark(int argc, char** argv) {
    Plan plan;
    plan.place = std::filesystem::temp_directory_path();
    std::int64_t linger = plan.linger.count();
    bool groupOnly = false;
    int rounds = 3;
    CLI::App app{"Group commit against one commit per booking"};
    app.add_option("--place", plan.place, "directory of the store file");
    app.add_option("--bookings", plan.bookings, "bookings per run in groups; a quarter of it one by one");
    app.add_option("--clients", plan.clients, "threads that book");
    app.add_option("--linger", linger, "microseconds that an open batch waits for one more");
    app.add_option("--checkpoint-pages", plan.checkpointPages, "WAL pages between checkpoints");
    app.add_option("--rounds", rounds, "runs of each kind, of which the median counts");
    app.add_flag("--group-only", groupOnly, "leave out the one-by-one runs");
    CLI11_PARSE(app, argc, argv);
    plan.linger = Micros(linger);

    fmt::print("{} clients, {} bookings, store in {}\n", plan.clients, plan.bookings, plan.place.string());
    fmt::print("{:<26}{:>9}{:>10}{:>10}{:>10}{:>10}{:>9}{:>9}{:>7}{:>7}\n", "", "book./s", "ratio", "per sync", "sync p50us", "CPU us/b.",
               "p50 ms", "p99 ms", "ckpt", "redone");
    for (auto const delay : {Micros(0), Micros(1'000)}) {
        std::string const disk = delay.count() == 0 ? "as is" : "+1 ms per sync";
        auto one = plan, group = plan;
        one.syncDelay = group.syncDelay = delay;
        one.batch = 1, one.bookings = plan.bookings / (delay.count() == 0 ? 4 : 8);
        std::vector<Outcome> ones, groups;
        for (int round = 0; round < rounds; ++round) { // in turns, so that other load on the machine meets both
            if (!groupOnly) ones.push_back(run(one));
            groups.push_back(run(group));
        }
        if (!groupOnly) print("one by one, " + disk, median(ones), 0);
        print("in groups, " + disk, median(groups), groupOnly ? 0 : median(ones).perSecond());
    }
    return 0;
}

} // namespace
} // namespace visavis::bench

int main(int argc, char** argv) { return visavis::bench::benchmark(argc, argv); }
