// The whole database in memory as an adoption sees it: every document as it is and as it shall be. Private to adopt*.cpp.
#pragma once

#include "app/adopt.hpp"
#include "meetings/records.hpp"
#include "notifications/records.hpp"
#include "reviews/records.hpp"

#include <map>
#include <set>

namespace visavis::app {

using availability::Claim;
using availability::Schedule;
using availability::Slot;
using booking::Booking;
using identity::User;
using meetings::Session;
using notifications::Notification;
using payments::EarningsDay;
using payments::LedgerEntry;
using payments::Payment;
using payments::Refund;
using profiles::Customer;
using profiles::Specialist;
using reviews::Review;
using reviews::ReviewSummary;

// What stands in the way, by name of collection and document.
class Findings {
public:
    void add(CollectionSpec const& in, ObjectId const& id, std::string const& what) {
        list_.push_back(in.name + " " + id.hex() + " " + what);
    }
    void add(std::string what) { list_.push_back(std::move(what)); }
    bool empty() const { return list_.empty(); }
    Error error() const;

private:
    std::vector<std::string> list_;
};

// A document. `record` begins as what was read and ends as what shall be stored.
template <class T> struct Entry {
    T record;
    std::optional<Bson> before; // nothing: it is new
    bool isOurs = false;        // adopted already, or never anybody else's
    bool isAltered = false;     // of ours: changes although it is
    std::set<std::string> seen; // members that the document of other software had a value for; through arrays, without numbers

    bool has(std::string const& path) const { return seen.contains(path); }
};

template <class T> using Table = std::map<Ref<T>, Entry<T>>; // in the order of ids

template <class T> T* recordOf(Table<T>& table, Ref<T> id) {
    auto const found = table.find(id);
    return found == table.end() ? nullptr : &found->second.record;
}

struct Image {
    Table<User> users;
    Table<Specialist> specialists;
    Table<Customer> customers;
    Table<Schedule> schedules;
    Table<Slot> slots;
    Table<Booking> bookings;
    Table<Payment> payments;
    Table<Review> reviews;
    Table<Session> sessions;
    Table<Notification> notifications;
    // Ours alone, and derived from those.
    Table<Claim> claims;
    Table<Refund> refunds;
    Table<LedgerEntry> ledgerEntries;
    Table<EarningsDay> earningsDays;
    Table<ReviewSummary> reviewSummaries;

    std::map<std::string, std::int64_t> unknown; // "payments __v": members that nobody here reads, and how often

    // Calls with each collection and its table.
    template <class Each> void each(Each const& each) {
        each(identity::users, users);
        each(profiles::specialists, specialists);
        each(profiles::customers, customers);
        each(availability::schedules, schedules);
        each(availability::slots, slots);
        each(booking::bookings, bookings);
        each(payments::payments, payments);
        each(reviews::reviews, reviews);
        each(meetings::sessions, sessions);
        each(notifications::notifications, notifications);
        each(availability::claims, claims);
        each(payments::refunds, refunds);
        each(payments::ledgerEntries, ledgerEntries);
        each(payments::earningsDays, earningsDays);
        each(reviews::reviewSummaries, reviewSummaries);
    }
};

// One run: what is asked, what is known, and what was found.
struct Adoptee {
    MongoEngine& engine;
    Rng& rng;
    Adopting const& how;
    Image image;
    Findings findings;
    std::set<Ref<User>> tokensLeft; // users whose tokens are plain while there is no key
};

// Steps, in this order; each completes what it can and finds what it cannot.
void loadImage(Adoptee& adoptee, bool besideOurs, std::set<ObjectId> const& adopted); // adopt_load.cpp
void settleUsers(Adoptee& adoptee);                                                   // adopt_people.cpp
void settleProfiles(Adoptee& adoptee);
void settleSlotTimes(Adoptee& adoptee); // adopt_slots.cpp
void settlePayments(Adoptee& adoptee);  // adopt_payments.cpp
void settleBookings(Adoptee& adoptee);  // adopt_bookings.cpp
void settleClaims(Adoptee& adoptee);    // adopt_claims.cpp
void settleSlots(Adoptee& adoptee);
void settleReviews(Adoptee& adoptee); // adopt_others.cpp
void settleNotifications(Adoptee& adoptee);
void settleSessions(Adoptee& adoptee);
void settleStatistics(Adoptee& adoptee); // adopt_statistics.cpp
void settleBooks(Adoptee& adoptee);
void checkReferences(Adoptee& adoptee); // adopt_check.cpp
void checkUnique(Adoptee& adoptee);

// Makes a derived row what it shall be: new, or other than it was.
template <class T> void derive(Table<T>& table, T row) {
    auto const [place, isNew] = table.try_emplace(row.id);
    auto& entry = place->second;
    entry.isOurs = true;
    if (!isNew) {
        row.version = entry.record.version;
        if (toBson(row) == toBson(entry.record)) return;
    }
    entry.record = std::move(row);
    entry.isAltered = true;
}

// The user behind an id of a user, or of the profile of one: other software names either.
std::optional<Ref<User>> userBehind(Image& image, ObjectId const& id);

// The changes between two documents, a line for each member: "collection id member: old → new". Secrets show as such only.
std::vector<std::string> changeLines(CollectionSpec const& in, ObjectId const& id, Bson const& before,
                                     Bson const& after); // adopt_lines.cpp

} // namespace visavis::app
