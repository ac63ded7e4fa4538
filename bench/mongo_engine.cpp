// What the MongoDB engine costs above libmongoc: the same bookings through the store port, and as bare commands that were encoded before.
#include "deals.hpp"
#include "store/mongo/engine.hpp"

#include <fmt/format.h>
#include <mongoc/mongoc.h>
#include <CLI/CLI.hpp>

#include <deque>

namespace visavis::bench {
namespace {

using Steady = std::chrono::steady_clock;

void must(bool went, bson_error_t const& error) {
    if (!went) throw std::runtime_error(error.message);
}

double throughThePort(MongoEngine& engine, std::vector<Deal> const& list) {
    auto const start = Steady::now();
    for (auto const& deal : list)
        if (auto const done = book(engine, deal); !done) throw std::runtime_error(done.error().key + ": " + done.error().detail);
    return static_cast<double>(list.size()) / std::chrono::duration<double>(Steady::now() - start).count();
}

// The commands of a booking, ready to be sent.
struct Prepared {
    bson_t* commands[4] = {};

    explicit Prepared(Deal const& deal) {
        bson_oid_t slot, booked;
        std::memcpy(slot.bytes, deal.slot.id.id.bytes.data(), sizeof slot.bytes);
        std::memcpy(booked.bytes, deal.booking.id.id.bytes.data(), sizeof booked.bytes);
        commands[0] = BCON_NEW("findAndModify", "availabilitySlots", "query", "{", "_id", BCON_OID(&slot), "status", "available", "}",
                               "update", "{", "$set", "{", "status", "booked", "bookingId", BCON_OID(&booked), "}", "$inc", "{", "version",
                               BCON_INT64(1), "}", "}", "new", BCON_BOOL(true));
        add(1, "claims", toBson(deal.claim));
        add(2, "bookings", toBson(deal.booking));
        add(3, "outbox", toBson(deal.event));
    }
    Prepared(Prepared const&) = delete;
    Prepared& operator=(Prepared const&) = delete;
    ~Prepared() {
        for (auto* command : commands) bson_destroy(command);
    }

private:
    void add(int at, char const* collection, Bson const& document) {
        bson_t view;
        bson_init_static(&view, reinterpret_cast<std::uint8_t const*>(document.bytes.data()), document.bytes.size());
        commands[at] = BCON_NEW("insert", collection, "documents", "[", BCON_DOCUMENT(&view), "]");
    }
};

double bare(mongoc_client_t* client, std::string const& database, std::vector<Deal> const& list) {
    std::deque<Prepared> prepared;
    for (auto const& deal : list) prepared.emplace_back(deal);
    bson_error_t error;
    auto* const options = mongoc_transaction_opts_new();
    auto* const snapshot = mongoc_read_concern_new();
    auto* const majority = mongoc_write_concern_new();
    mongoc_read_concern_set_level(snapshot, MONGOC_READ_CONCERN_LEVEL_SNAPSHOT);
    mongoc_write_concern_set_w(majority, MONGOC_WRITE_CONCERN_W_MAJORITY);
    mongoc_transaction_opts_set_read_concern(options, snapshot);
    mongoc_transaction_opts_set_write_concern(options, majority);
    auto* const session = mongoc_client_start_session(client, nullptr, &error);
    auto const start = Steady::now();
    for (auto const& one : prepared) {
        must(mongoc_client_session_start_transaction(session, options, &error), error);
        bson_t with = BSON_INITIALIZER;
        must(mongoc_client_session_append(session, &with, &error), error);
        for (auto const* command : one.commands)
            must(mongoc_client_command_with_opts(client, database.c_str(), command, nullptr, &with, nullptr, &error), error);
        must(mongoc_client_session_commit_transaction(session, nullptr, &error), error);
        bson_destroy(&with);
    }
    auto const seconds = std::chrono::duration<double>(Steady::now() - start).count();
    mongoc_client_session_destroy(session);
    mongoc_transaction_opts_destroy(options);
    mongoc_read_concern_destroy(snapshot);
    mongoc_write_concern_destroy(majority);
    return static_cast<double>(list.size()) / seconds;
}

int run(int argc, char** argv) {
    CLI::App app{"Bookings per second through the MongoDB engine, and by bare commands, in turns."};
    std::string uri;
    int count = 200, rounds = 5;
    app.add_option("--uri", uri, "mongodb://host:port/DATABASE?…; the database is dropped")->required();
    app.add_option("--bookings", count, "per round and side");
    app.add_option("--rounds", rounds, "of both sides");
    CLI11_PARSE(app, argc, argv);
    MongoSettings settings;
    settings.uri = uri;
    auto const engine = openMongo(settings, dealCollections);
    engine->migrate(dealCollections, false);
    auto* const parsed = mongoc_uri_new(uri.c_str());
    std::string const database = mongoc_uri_get_database(parsed);
    auto* const client = mongoc_client_new_from_uri(parsed);
    SystemRng rng;
    IdSource ids(rng);
    for (int round = 0; round < rounds; ++round) {
        auto const mine = deals(count, ids, SystemClock().now()), theirs = deals(count, ids, SystemClock().now());
        stock(*engine, mine);
        stock(*engine, theirs);
        auto const before = engine->statistics();
        auto const ours = throughThePort(*engine, mine);
        auto const after = engine->statistics();
        auto const floor = bare(client, database, theirs);
        fmt::print("{:.1f} {:.1f} {:.2f}\n", ours, floor, static_cast<double>(after.commands - before.commands) / count);
        std::fflush(stdout);
    }
    auto* const handle = mongoc_client_get_database(client, database.c_str());
    mongoc_database_drop(handle, nullptr);
    mongoc_database_destroy(handle);
    mongoc_client_destroy(client);
    mongoc_uri_destroy(parsed);
    return 0;
}

} // namespace
} // namespace visavis::bench

int main(int argc, char** argv) { return visavis::bench::run(argc, argv); }
