// A world for scenarios: the real server with its sandbox, and people who act on it over HTTP alone.
#pragma once

#include "outbound/client.hpp"
#include "support/platform.hpp"
#include "support/server_process.hpp"

#include <gtest/gtest.h>
#include <boost/json.hpp>

#include <memory>

namespace visavis::support {

struct Reply {
    int status = 0;
    boost::json::value body;
    std::string text;
    std::vector<outbound::Header> headers;

    std::string header(std::string_view name) const;
    // The member at a JSON Pointer as text ("" when absent), e.g. at("/user/id").
    std::string at(std::string_view pointer) const;
    std::int64_t number(std::string_view pointer) const;
    std::string code() const { return at("/code"); }
};

// Somebody who is logged in.
struct Person {
    std::string email, password, token, userId;
    std::string specialistId, customerId;
};

class World {
public:
    // `before` sees the store's place before the server does, and nobody before it.
    explicit World(std::vector<std::string> further = {}, std::vector<std::string> environment = {},
                   std::function<void(StorePlace const&)> const& before = {});

    Reply send(std::string method, std::string path, std::string body = "", Person const* who = nullptr,
               std::vector<outbound::Header> headers = {});
    Reply get(std::string path, Person const* who = nullptr) { return send("GET", std::move(path), "", who); }
    Reply post(std::string path, std::string body, Person const* who = nullptr, std::vector<outbound::Header> headers = {}) {
        return send("POST", std::move(path), std::move(body), who, std::move(headers));
    }
    Reply patch(std::string path, std::string body, Person const* who) { return send("PATCH", std::move(path), std::move(body), who); }
    Reply sandbox(std::string method, std::string path, std::string body = "");

    // Registers and confirms the address with the token of the mail that arrived.
    Person join(std::string const& name, std::string const& userType, std::string const& timezone);
    // A published specialist in New York, Monday to Friday nine to five with a break, an unavailable date and a schedule with exceptions.
    Person specialist(std::string const& name = "Sara Specialist", std::int64_t price = 10'000);
    Person customer(std::string const& name = "Kiran Customer") { return join(name, "customer", "Asia/Kolkata"); }

    // Made on the command line beside the running server, and logged in.
    Person staff(std::string const& role);

    // The newest mail to an address; waits for it by looking (the outbox sends within moments).
    boost::json::value mail(std::string const& to, std::string const& subjectPart = "");
    std::vector<boost::json::value> slots(Person const& specialist);
    // Books the n-th bookable slot.
    Reply book(Person const& customer, Person const& specialist, std::size_t index = 0);
    Reply confirmCard(std::string const& clientSecret, std::string const& card);
    Reply booking(std::string const& id, Person const& who) { return get("/bookings/" + id, &who); }
    // Looks until the booking has this status; the reply that said so.
    Reply awaitStatus(std::string const& bookingId, Person const& who, std::string const& status);
    void advance(std::string const& duration);

    // `visavis verify` on the running store; the test fails on any violation.
    void verifyClean();
    void killAndRestart();
    // The same, but it may end in peace; a crash point that it was started with is forgotten.
    void restart();
    // After a request without an answer: waits until the server is dead, and starts it again, or turns out to live.
    void restartIfDead();
    // Ends it in peace and starts it with these environment variables.
    void restartWith(std::vector<std::string> environment);

    std::string data() const { return directory_.path().string(); }
    StorePlace const& place() const { return place_; }
    // `visavis <command>` on this world's store.
    std::vector<std::string> commandLine(std::string const& command) const { return place_.commandLine(command); }
    ServerProcess& server() { return *server_; }

private:
    void endLeases();
    void awaitBurial();

    TempDirectory directory_;
    StorePlace place_;
    std::vector<std::string> further_;
    std::unique_ptr<ServerProcess> server_;
    outbound::CurlClient client_;
    int people_ = 0;
};

// The points of a commit on this engine, behind further ones; and one's name as a test's.
std::vector<std::string> crashPoints(std::vector<std::string> further = {});
std::string nameOfPoint(std::string point);

// How many rounds a repeated test runs: VISAVIS_TEST_ROUNDS, else `usual`.
int rounds(int usual);

// Looks at something until it holds; false after half a minute.
bool eventually(std::function<bool()> const& holds);

} // namespace visavis::support
