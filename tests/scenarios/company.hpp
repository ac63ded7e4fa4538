// Two pairs of a customer and a specialist, each with one of everything, staff, and log-ins of all of them that have run out.
#pragma once

#include "scenarios/stage.hpp"

#include <array>
#include <deque>

namespace visavis::scenarios {

// The columns of the safety table.
enum class Who { stranger, customer, specialist, otherCustomer, otherSpecialist, support, admin };
inline constexpr std::array everybody{Who::stranger,        Who::customer, Who::specialist, Who::otherCustomer,
                                      Who::otherSpecialist, Who::support,  Who::admin};
std::string nameOf(Who who);

// What a pair has, by what it is good for: "upcoming", "begun", "completed", "held" and "reviewed" bookings, "reviews", "open" slots, …
using Stock = std::map<std::string, std::deque<std::string>>;

// The kind of what the id of a row names, as the stock has it.
std::string kindOf(std::string const& route);

struct Company {
    Company();

    Stage stage;
    World& world = stage.world;
    Person customer, specialist, otherCustomer, otherSpecialist, support, admin;
    std::map<Who, std::string> expired; // tokens
    Stock ours, theirs;
    std::map<std::string, std::string> gone; // of resources that were there once, by kind

    Person const* person(Who who) const; // null: the stranger
    // A session of five minutes without a price, booked or not.
    std::string openSlot(Person const& host, Instant start);
    std::string freeBooking(Person const& host, Person const& guest, Instant start);
    // Of a slot with a price, so many places ahead; and paid.
    Reply hold(Person const& host, Person const& guest, std::size_t index);
    Reply paidBooking(Person const& host, Person const& guest, std::size_t index);
    std::string picture(Person const& host, std::uint32_t width); // uploads one; its id
    Instant now();
    void logIn(Person& person);
    // What a row takes from this caller; of the stock that its body names something of.
    Example request(api::Route const& route, Who who, Stock const& stock, std::string const& id);

private:
    std::string bodyOf(std::string const& route, Who who, Stock const& stock);
    void prepare(Person const& host, Person const& guest, Stock& stock);
    void runSessions(); // those that are to be completed, and those that have begun
    void removeSomething();

    int fresh_ = 0;
};

} // namespace visavis::scenarios
