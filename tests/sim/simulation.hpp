// A small town of specialists and customers who do what people do, at random but from a seed, against the real server and its sandbox.
#pragma once

#include "core/rng.hpp"
#include "support/world.hpp"

#include <deque>
#include <set>

namespace visavis::sim {

using support::Person;
using support::Reply;
using support::World;

class Simulation {
public:
    explicit Simulation(std::uint64_t seed);

    // Twenty-four hours of acts, faults and jobs; at its end the faults are over and what was left undone is caught up with.
    void day();
    // Everything that `visavis verify` finds and the town's own books say, a line each; empty when all is in order.
    std::vector<std::string> faults();
    std::vector<std::string> const& log() const { return log_; } // what was done, oldest first

private:
    // A booking as its customer was last told of it.
    struct Known {
        std::string id, clientSecret, paymentId;
        std::size_t host = 0, guest = 0;
    };
    struct Act {
        int weight;
        char const* name;
        void (Simulation::*run)();
    };
    static std::vector<Act> const& acts();

    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(rng_.below(bound)); }
    bool chance(std::size_t percent) { return below(100) < percent; }
    template <class T> T& anyOf(std::vector<T>& list) { return list.at(below(list.size())); }
    std::string note(std::string text); // into the log
    // Sends, notes, and counts what no server may answer as a fault.
    Reply send(std::string const& method, std::string const& path, std::string const& body = "", Person const* who = nullptr);
    Reply sandbox(std::string const& method, std::string const& path, std::string const& body);
    Known* someBooking();
    bool isPaid(Known const& booking);
    void forgetIfOver(std::string const& id, Reply const& reply);
    Person const& someParty(Known const& booking); // a side of it, or an admin
    Person const& customerOf(Known const& booking) const { return customers_[booking.guest]; }
    Person const& specialistOf(Known const& booking) const { return specialists_[booking.host]; }
    std::vector<std::string> openSlots(std::size_t host);
    void advance(Seconds by);
    void logIn(Person& person);
    void lift(std::string const& user);
    void confirm(Known const& booking);

    // acts
    void book();
    void pay();
    void giveUpOrCancel();
    void move();
    void completeOrReport();
    void write();
    void rate();
    void refund();
    void changeHours();
    void changeOffer();
    void closeAndOpen();
    void addSlot();
    void changeSchedule();
    void meet();
    void suspendOrLift();
    void runSomeJob();
    void breakSomething();
    void loseAnswersOfRefunds();
    void readAround();

    // books.cpp
    std::vector<boost::json::value> bankList(std::string const& path);
    std::vector<boost::json::value> allPayments();
    void compareWithBank(std::vector<std::string>& found);
    void checkRefundFollowsPreview(Known& booking, Reply const& preview, Reply const& cancelled);

    World world_;
    SeededRng rng_;
    std::vector<Person> specialists_, customers_;
    Person admin_;
    std::deque<Known> bookings_;
    std::vector<std::string> log_;
    std::vector<std::string> wrong_;  // answers that no server may give
    std::set<std::string> suspended_; // users
    bool broken_ = false;             // the providers fail now
    int days_ = 0;
};

} // namespace visavis::sim
