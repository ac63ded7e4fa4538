// A primary that steps down again and again under an open-loop load of bookings: what becomes of p99, and whether anything is lost or doubled.
//
// The load is half of the saturation that was measured just before. A booking's latency counts from the moment at which it was due, however
// late a thread was free for it, and ends with its acknowledgement: a refused one is asked again, as a client with an Idempotency-Key does.
#include "deals.hpp"
#include "percentile.hpp"
#include "store/mongo/connection.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <atomic>
#include <map>
#include <set>
#include <thread>

namespace visavis::bench {
namespace {

using Steady = std::chrono::steady_clock;
using Span = std::chrono::duration<double>; // seconds

struct Plan {
    std::string uri;
    int clients = 40; // fewer than the pool has connections
    int stepDowns = 5;
    double saturation = 10, before = 60, every = 5, down = 1, settle = 15, after = 60; // seconds

    double downAt(int n) const { return before + every * n; }
    double lastDown() const { return downAt(stepDowns - 1); }
    double length() const { return lastDown() + settle + after; }
};

template <class F> void inThreads(int count, F const& work) {
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) threads.emplace_back(work);
    for (auto& thread : threads) thread.join();
}

// Asks until it is acknowledged; how often in vain. What an earlier try may have done without our knowing counts as its acknowledgement.
int bookAtLast(MongoEngine& engine, Deal const& deal) {
    for (int refused = 0;; ++refused) try {
            auto const done = book(engine, deal);
            if (done || (refused > 0 && done.error().code == Code::conflict)) return refused;
            if (done.error().code != Code::unavailable) throw std::runtime_error(done.error().key + ": " + done.error().detail);
        } catch (StoreUnavailable const&) {
            continue;
        }
}

// Bookings per second of all clients at once, each asking again as soon as it is answered.
double saturate(MongoEngine& engine, Plan const& plan, IdSource& ids) {
    auto const list = deals(static_cast<int>(400 * plan.saturation), ids, SystemClock().now());
    stock(engine, list);
    std::atomic<std::size_t> next{0};
    auto const start = Steady::now();
    auto const ends = start + Span(plan.saturation);
    inThreads(plan.clients, [&] {
        while (Steady::now() < ends) {
            auto const n = next++;
            if (n >= list.size()) break;
            bookAtLast(engine, list[n]);
        }
    });
    return static_cast<double>(std::min(next.load(), list.size())) / Span(Steady::now() - start).count();
}

struct Sample {
    double due = 0, latency = 0; // seconds
};

struct Outcome {
    std::vector<Sample> samples;
    int refused = 0;

    // Milliseconds, of what was due in that time.
    double share(double from, double to, double part) const {
        std::vector<double> found;
        for (auto const& sample : samples)
            if (sample.due >= from && sample.due < to) found.push_back(sample.latency * 1e3);
        return percentile(found, part);
    }
};

void drop(std::string const& uri) {
    MongoSettings settings;
    settings.uri = uri;
    mongo::Pool pool(settings);
    mongo::Client(pool).run(mongo::oneInt("dropDatabase", 1));
}

void stepDown(mongo::Pool& pool, double seconds) {
    mongo::Client client(pool);
    client.run(mongo::Builder()
                   .putInt("replSetStepDown", static_cast<int>(seconds))
                   .putInt("secondaryCatchUpPeriodSecs", 0)
                   .put("force", true)
                   .take(),
               "admin");
}

Outcome openLoop(MongoEngine& engine, Plan const& plan, double rate, std::vector<Deal> const& list) {
    Outcome outcome;
    outcome.samples.resize(list.size());
    std::atomic<std::size_t> next{0};
    std::atomic<int> refused{0};
    auto const start = Steady::now();
    auto const at = [&](double seconds) { return start + std::chrono::duration_cast<Steady::duration>(Span(seconds)); };
    std::thread operating([&] {
        MongoSettings settings;
        settings.uri = plan.uri;
        mongo::Pool pool(settings);
        for (int n = 0; n < plan.stepDowns; ++n) {
            std::this_thread::sleep_until(at(plan.downAt(n)));
            stepDown(pool, plan.down);
        }
    });
    inThreads(plan.clients, [&] {
        for (auto n = next++; n < list.size(); n = next++) {
            auto const due = static_cast<double>(n) / rate;
            std::this_thread::sleep_until(at(due));
            refused += bookAtLast(engine, list[n]);
            outcome.samples[n] = {due, Span(Steady::now() - at(due)).count()};
        }
    });
    operating.join();
    outcome.refused = refused;
    return outcome;
}

struct Audit {
    std::size_t missing = 0; // acknowledged, and some of it is not there
    std::size_t doubled = 0; // there more than once
};

// All of these were acknowledged: each has its slot, claim, booking and event, once.
Audit audit(Engine& engine, std::vector<Deal> const& list) {
    Audit found;
    constexpr std::size_t atOnce = 500;
    for (std::size_t from = 0; from < list.size(); from += atOnce) {
        std::vector<Ref<availability::Slot>> slotIds;
        std::vector<std::string> effects;
        auto const to = std::min(list.size(), from + atOnce);
        for (auto i = from; i < to; ++i) slotIds.push_back(list[i].slot.id), effects.push_back(list[i].event.effectKey);
        std::multiset<ObjectId> booked, claimed;
        std::map<ObjectId, availability::Slot> stored;
        std::multiset<std::string> events;
        visavis::read(engine, [&](Reader& reader) {
            using availability::claims, availability::slots, booking::bookings;
            for (auto const& one : reader.find(bookings, in(bookings->slotId, slotIds)).all()) booked.insert(one.slotId.id);
            for (auto const& one : reader.find(claims, in(claims->slotId, slotIds)).all()) claimed.insert(one.slotId.id);
            for (auto& one : reader.find(slots, in(slots->id, slotIds)).all()) stored.emplace(one.id.id, std::move(one));
            for (auto const& one : reader.find(outbox, in(outbox->effectKey, effects)).all()) events.insert(one.effectKey);
            return true;
        });
        for (auto i = from; i < to; ++i) {
            auto const& [slot, claim, made, event] = list[i];
            auto const& now = stored[slot.id.id];
            auto const changes = now.bookingId == made.id ? static_cast<std::size_t>(now.version - slot.version) : 0;
            auto const [least, most] =
                std::minmax({booked.count(slot.id.id), claimed.count(slot.id.id), events.count(event.effectKey), changes});
            found.missing += least < 1;
            found.doubled += most > 1;
        }
    }
    return found;
}

int run(int argc, char** argv) {
    CLI::App app{"Bookings at half of saturation while the primary steps down; one line of JSON"};
    Plan plan;
    app.add_option("--uri", plan.uri, "mongodb://host:port/DATABASE?…; the database is dropped")->required();
    app.add_option("--clients", plan.clients, "threads that book");
    app.add_option("--step-downs", plan.stepDowns, "how many");
    app.add_option("--before", plan.before, "seconds before the first");
    app.add_option("--every", plan.every, "seconds from one to the next");
    app.add_option("--after", plan.after, "seconds that are measured, from 15 s after the last");
    CLI11_PARSE(app, argc, argv);
    MongoSettings settings;
    settings.uri = plan.uri;
    auto const engine = openMongo(settings, dealCollections);
    engine->migrate(dealCollections, false);
    SystemRng rng;
    IdSource ids(rng);
    auto const most = saturate(*engine, plan, ids);
    auto const list = deals(static_cast<int>(most / 2 * plan.length()), ids, SystemClock().now());
    stock(*engine, list);
    auto const before = engine->statistics();
    auto const seen = openLoop(*engine, plan, most / 2, list);
    auto const after = engine->statistics();
    auto const whole = audit(*engine, list);
    drop(plan.uri);
    auto const settled = plan.lastDown() + plan.settle;
    fmt::print(R"({{"saturation":{:.1f},"rate":{:.1f},"bookings":{},"before":{:.1f},"during":{:.1f},"after":{:.1f},"worst":{:.1f},)", most,
               most / 2, list.size(), seen.share(0, plan.before, 0.99), seen.share(plan.before, settled, 0.99),
               seen.share(settled, plan.length(), 0.99), seen.share(0, plan.length(), 1));
    fmt::print(R"("retries":{},"repeats":{},"refused":{},"missing":{},"doubled":{}}})"
               "\n",
               after.retries - before.retries, after.commitRepeats - before.commitRepeats, seen.refused, whole.missing, whole.doubled);
    return whole.missing + whole.doubled == 0 ? 0 : 1;
}

} // namespace
} // namespace visavis::bench

int main(int argc, char** argv) { return visavis::bench::run(argc, argv); }
