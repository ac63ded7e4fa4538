// A server with one of everything, and for every row of the routes table a request that it takes.
#pragma once

#include "api/route.hpp"
#include "scenarios/wire.hpp"

namespace visavis::scenarios {

struct Stage {
    Stage();

    World world{{"--set", "limits.enabled=false"}};
    Person specialist, customer;
    Person unverified; // a customer whose address is not confirmed
    Person admin, support;
    std::string outboxId;             // of something that was carried out
    std::string slotId;               // still free
    std::string bookingId, paymentId; // paid
    std::string scheduleId;           // not active
    std::string sessionId;            // another log-in of the customer
    std::string notificationId;       // of the customer

    Wire wire() { return Wire(world.server().url()); }
};

struct Example {
    std::string method;
    std::string target;
    boost::json::value body;     // null: none
    Person const* who = nullptr; // null: a stranger
};

std::string targetOf(api::Route const& route); // with its captures as in the table
bool takesBody(api::Route const& route);
std::string nameOf(api::Route const& route); // "POST /auth/login"
Example exampleOf(api::Route const& route, Stage const& stage);
// The answer to an example, with another target or body if wanted.
Reply ask(Wire& wire, Example const& example, std::string const& body);
Reply ask(Wire& wire, Example const& example);
// A target whose captures are all `value`.
std::string withCaptures(api::Route const& route, std::string const& value);

// Every stored document that users own, as text, by collection; what the clock or a request's trace changes is left out.
std::map<std::string, std::string> contents(Stage const& stage);

} // namespace visavis::scenarios
