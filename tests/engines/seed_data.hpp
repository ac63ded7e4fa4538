// A database as other software writes it in the seed's shape, and a hand that reaches into one with the driver alone.
#pragma once

#include "record/extended_json.hpp"
#include "store/mongo/test_database.hpp"
#include "support/world.hpp"

#include <map>

namespace visavis {

// Where a test's store is, as its command line says.
inline std::string uriOf(support::StorePlace const& place) { return place.flags().back(); }

class Driver {
public:
    explicit Driver(std::string const& uri) : pool_(settings(uri)) {}

    Bson run(std::string const& command) { return mongo::Client(pool_).run(*fromExtendedJson(command)); }
    void insert(std::string const& collection, std::string const& document) {
        run(R"({"insert":")" + collection + R"(","documents":[)" + document + "]}");
    }
    // What an operator says to the whole server.
    void administer(std::string const& command) { mongo::Client(pool_).run(*fromExtendedJson(command), "admin"); }
    // The primary gives up for a second; `command` is replSetStepDown, or the stand-in's own.
    void stepDown(std::string const& command) { administer("{\"" + command + R"(":1,"secondaryCatchUpPeriodSecs":0,"force":true})"); }
    // The rows of find or aggregate.
    std::vector<Bson> rows(std::string const& command) { return mongo::documentsAt(run(command), "cursor.firstBatch"); }
    // All documents, in canonical extended JSON.
    std::vector<std::string> texts(std::string const& collection) {
        std::vector<std::string> list;
        for (auto const& row : rows(R"({"find":")" + collection + R"(","sort":{"_id":1},"batchSize":1000})"))
            list.push_back(toExtendedJson(row));
        return list;
    }

private:
    static MongoSettings settings(std::string const& uri) {
        MongoSettings settings;
        settings.uri = uri;
        return settings;
    }

    mongo::Pool pool_;
};

// ObjectId number n, made in the spring of 2025.
inline std::string hex(int n) {
    auto const digits = std::to_string(n);
    return std::string("680000000000000000000000").substr(0, 24 - digits.size()) + digits;
}
inline std::string oid(int n) { return R"({"$oid":")" + hex(n) + "\"}"; }

// Names of the documents in SeedData, and their numbers.
enum SeedIds {
    userSara = 11,
    userKiran,
    userOlga,
    sara = 21,
    kiran = 31,
    olga,
    slotFree = 41,
    slotBooked,
    slotPast,
    bookingAhead = 51,
    bookingPast,
    paymentAhead = 61,
    paymentPast,
    review = 71,
    session = 81,
    note = 91
};

// A specialist with a free slot, a paid booking ahead of us and a completed one behind; money in dollars, types as Node's driver sends them.
class SeedData {
public:
    static constexpr char const* password = "correct horse 1";

    SeedData() {
        SystemClock clock;
        auto const today = Zone{}.dateAt(clock.now());
        ahead = today + 10;
        past = today + -30;
        makePeople();
        makeSlots();
        makeMoney();
        makeRest();
    }

    // Replaces text in one document; it must be there.
    void edit(int id, std::string const& from, std::string const& to) {
        auto& text = documents.at(id).second;
        auto const at = text.find(from);
        if (at == text.npos) throw std::logic_error("no " + from + " in " + text);
        text.replace(at, from.size(), to);
    }
    void add(int id, std::string const& collection, std::string const& text) { documents[id] = {collection, text}; }

    void fill(Driver& driver) const {
        for (auto const& [id, document] : documents) driver.insert(document.first, document.second);
    }

    static std::string at(LocalDate day, int hour) { return R"({"$date":")" + toRfc3339(day.midnightUtc() + Hours(hour)) + "\"}"; }

    LocalDate ahead, past;
    std::map<int, std::pair<std::string, std::string>> documents; // collection and relaxed extended JSON, by number

private:
    void makePeople() {
        SystemRng rng;
        identity::Passwords passwords(rng, 4, 1, 8);
        auto const hash = *passwords.hash(password);
        auto const user = [&](int id, std::string const& email, std::string const& name, std::string const& type, std::string const& more) {
            add(id, "users",
                R"({"_id":)" + oid(id) + R"(,"email":")" + email + R"(","password":")" + hash + R"(","name":")" + name +
                    R"(","userType":")" + type + R"(","isVerified":true,"roles":[")" + type + R"("],"createdAt":)" + at(past, 1) +
                    R"(,"__v":0)" + more + "}");
        };
        user(userSara, " Sara@Example.test", "Sara Specialist", "specialist",
             R"(,"googleAccessToken":"ya29.plain","zoomAccessToken":"zoom.plain")");
        user(userKiran, "kiran@example.test", "Kiran Customer", "customer", "");
        user(userOlga, "olga@example.test", "Olga Other", "customer", R"(,"verificationToken":"mailed-to-olga")");
        add(sara, "creatorProfiles",
            R"({"_id":)" + oid(sara) + R"(,"userId":)" + oid(userSara) +
                R"(,"email":"sara@example.test","creatorName":"Sara Specialist","bio":"Ten years of it.","website":"not a link","specialties":["leadership",""],
                "availability":{"timezone":"America/New_York","isAvailable":true,"breakTimes":[{"day":"Monday","startTime":"9:00","endTime":"10:00","recurring":true}],
                "minBookingNotice":24,"maxAdvanceBooking":90.0,"bufferTime":0},
                "consulting":{"sessionDurations":[60],"defaultDuration":60,"basePrice":150.5,"currency":"usd","cancellationPolicy":{"refundableBefore":24,"refundPercentage":100}},
                "totalBookings":7,"totalEarnings":1200.75,"averageRating":4.2,"reviewCount":9,"responseTime":3.5,"subscriptionPlan":"pro","isVerified":true,
                "legacyScore":{"points":12}})");
        for (auto const& [id, userId, email] :
             {std::tuple(kiran, userKiran, "kiran@example.test"), std::tuple(olga, userOlga, "olga@example.test")})
            add(id, "customers",
                R"({"_id":)" + oid(id) + R"(,"userId":)" + oid(userId) + R"(,"email":")" + email +
                    R"(","name":"Somebody","phone":"","timezone":"Asia/Kolkata","totalBookings":3,"totalSpent":99.99,"averageSpentPerSession":33.33,"status":"active"})");
    }

    void slot(int id, LocalDate day, std::string const& start, std::string const& end, std::string const& more) {
        add(id, "availabilitySlots",
            R"({"_id":)" + oid(id) + R"(,"specialistId":)" + oid(sara) + R"(,"date":)" + at(day, 0) + R"(,"startTime":")" + start +
                R"(","endTime":")" + end +
                R"(","duration":60,"timezone":"America/New_York","price":150.5,"currency":"USD","isRecurring":true,)" + more +
                R"(,"createdAt":)" + at(past + -5, 0) + "}");
    }

    void makeSlots() {
        slot(slotFree, ahead, "09:00", "10:00", R"("status":"available")");
        slot(slotBooked, ahead, "10:00", "11:00",
             R"("status":"booked","bookingId":)" + oid(bookingAhead) + R"(,"customerId":)" + oid(kiran));
        slot(slotPast, past, "23:00", "00:00", R"("status":"booked","bookingId":)" + oid(bookingPast) + R"(,"customerId":)" + oid(kiran));
    }

    void makeMoney() {
        auto const booking = [&](int id, int slotId, std::string const& more) {
            add(id, "bookings",
                R"({"_id":)" + oid(id) + R"(,"slotId":)" + oid(slotId) + R"(,"specialistId":)" + oid(sara) + R"(,"customerId":)" +
                    oid(kiran) + R"(,"sessionDuration":60,"sessionPrice":150.5,"currency":"USD","createdAt":)" + at(past + -2, 0) + "," +
                    more + "}");
        };
        booking(bookingAhead, slotBooked, R"("status":"confirmed")");
        booking(bookingPast, slotPast,
                R"("status":"completed","statusHistory":[{"status":"confirmed","changedAt":)" + at(past + -1, 0) + R"(,"changedBy":)" +
                    oid(kiran) + R"(,"_id":)" + oid(1001) + R"(}],"feedback":{"customerRating":4})");
        for (auto const& [id, bookingId] : {std::pair(paymentAhead, bookingAhead), std::pair(paymentPast, bookingPast)})
            add(id, "payments",
                R"({"_id":)" + oid(id) + R"(,"bookingId":)" + oid(bookingId) + R"(,"specialistId":)" + oid(sara) + R"(,"customerId":)" +
                    oid(kiran) +
                    R"(,"amount":150.5,"currency":"USD","platformFee":30.1,"platformFeePercentage":20,"specialistPayout":120.4,"stripePaymentIntentId":"pi_)" +
                    std::to_string(id) + R"(","status":"succeeded","paymentMethod":"card","createdAt":)" + at(past + -2, 1) +
                    R"(,"succeededAt":)" + at(past + -2, 2) + R"(,"idempotencyKey":"key-)" + std::to_string(id) + R"("})");
    }

    void makeRest() {
        add(review, "reviews",
            R"({"_id":)" + oid(review) + R"(,"bookingId":)" + oid(bookingPast) + R"(,"specialistId":)" + oid(sara) + R"(,"customerId":)" +
                oid(kiran) + R"(,"rating":4.0,"reviewText":"Good.","isPublic":true,"createdAt":)" + at(past + 1, 0) + "}");
        add(session, "sessions",
            R"({"_id":)" + oid(session) + R"(,"bookingId":)" + oid(bookingPast) + R"(,"zoomMeetingId":85746065,"specialistId":)" +
                oid(sara) + R"(,"customerId":)" + oid(kiran) + R"(,"scheduledStartTime":")" + toRfc3339((past + 1).midnightUtc()) +
                R"(","duration":58})");
        add(note, "notifications",
            R"({"_id":)" + oid(note) + R"(,"recipientId":)" + oid(userKiran) +
                R"(,"type":"booking_confirmation","title":"Booked","message":"See you.","isRead":false,"channels":["in-app"],"bookingId":)" +
                oid(bookingAhead) + R"(,"createdAt":)" + at(ahead + -12, 0) + "}");
    }
};

} // namespace visavis
