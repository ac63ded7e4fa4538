// A booking's life over HTTP: cancelled, moved, completed, missed; what both sides are told, and many hands at the same time.
#include "support/world.hpp"

#include <atomic>
#include <barrier>
#include <set>
#include <thread>

namespace visavis {
namespace {

namespace json = boost::json;
using support::Person;
using support::Reply;
using support::World;

std::string pathOf(Reply const& booking, std::string const& more = "") { return "/bookings/" + booking.at("/id") + more; }

std::string idOf(json::value const& slot) { return std::string(slot.at("id").as_string()); }

class BookingLife : public testing::Test {
protected:
    static void SetUpTestSuite() {
        world_ = std::make_unique<World>(std::vector<std::string>{"--set", "limits.enabled=false"});
        sara_ = world_->specialist();
        kiran_ = world_->customer();
        olga_ = world_->customer("Olga Other");
    }
    static void TearDownTestSuite() {
        world_->verifyClean();
        world_.reset();
    }
    void TearDown() override { world.verifyClean(); }

    // Booked and paid; the slot is so many places ahead.
    Reply paid(Person const& who, std::size_t index) {
        auto const booked = world.book(who, sara, index);
        EXPECT_EQ(booked.status, 201) << booked.text;
        auto const asked = world.post(pathOf(booked, "/payment"), "", &who);
        EXPECT_EQ(asked.status, 201) << asked.text;
        EXPECT_EQ(world.confirmCard(asked.at("/clientSecret"), "4242424242424242").status, 200);
        return world.awaitStatus(booked.at("/id"), who, "confirmed");
    }
    // As far as the clock must go to be `after` the booking's start.
    void advanceTo(Reply const& booking, Millis after) {
        auto const now = *parseRfc3339(world.sandbox("GET", "/sandbox/clock").at("/now"));
        auto const ahead = *parseRfc3339(booking.at("/startsAt")) + after - now;
        ASSERT_GT(ahead.count(), 0);
        world.advance("PT" + std::to_string(ahead.count() / 1000 + 1) + "S");
    }
    // The place of a slot that is followed by another one at once.
    std::size_t firstOfTwoHours() {
        auto const open = world.slots(sara);
        for (std::size_t i = 0; i + 1 < open.size(); ++i)
            if (open[i].at("endsAt") == open[i + 1].at("startsAt")) return i;
        throw std::logic_error("no two hours in a row");
    }
    bool isOffered(std::string const& slotId) {
        auto const open = world.slots(sara);
        return std::any_of(open.begin(), open.end(), [&](auto const& slot) { return idOf(slot) == slotId; });
    }
    // The calendar of the newest mail about something.
    std::string invitation(Person const& to, std::string const& subject) {
        auto const letter = world.mail(to.email, subject);
        if (!letter.is_object() || letter.at("attachments").as_array().empty()) return {};
        return std::string(letter.at("attachments").as_array().front().at("content").as_string());
    }
    bool isTold(Person const& who, std::string const& type, Reply const& booking) {
        return support::eventually([&] {
            auto const notes = world.get("/notifications?limit=100", &who);
            for (auto const& note : notes.body.at("items").as_array())
                if (note.at("type").as_string() == type && note.as_object().contains("bookingId") &&
                    note.at("bookingId").as_string() == booking.at("/id"))
                    return true;
            return false;
        });
    }

    World& world = *world_;
    Person const& sara = sara_;
    Person const& kiran = kiran_;
    Person const& olga = olga_;

private:
    static inline std::unique_ptr<World> world_;
    static inline Person sara_, kiran_, olga_;
};

TEST_F(BookingLife, CancelledWithItsMoneyAndItsInvitation) {
    auto const booking = paid(kiran, 30);
    auto const slotId = booking.at("/slotId");
    auto const first = invitation(kiran, "onfirmed");
    EXPECT_NE(first.find("SEQUENCE:0"), std::string::npos) << first;
    EXPECT_FALSE(isOffered(slotId));
    auto const preview = world.get(pathOf(booking, "/cancellation"), &kiran);
    ASSERT_EQ(preview.status, 200) << preview.text;
    EXPECT_EQ(preview.at("/allowed"), "true");
    EXPECT_EQ(preview.number("/refundAmount"), 10'000);
    EXPECT_EQ(preview.number("/refundPercentage"), 100);
    EXPECT_EQ(preview.at("/currency"), "USD");
    EXPECT_EQ(preview.number("/policy/refundableBefore"), 24);
    EXPECT_EQ(*parseRfc3339(preview.at("/changesAt")), *parseRfc3339(booking.at("/startsAt")) - Hours(24));
    EXPECT_EQ(world.get(pathOf(booking, "/cancellation"), &olga).status, 404);
    EXPECT_EQ(world.post(pathOf(booking, "/cancellation"), "", &olga).status, 404);

    auto const cancelled = world.post(pathOf(booking, "/cancellation"), R"({"reason":"Flu"})", &kiran, {{"Idempotency-Key", "cancel-1"}});
    ASSERT_EQ(cancelled.status, 200) << cancelled.text;
    EXPECT_EQ(cancelled.at("/id"), booking.at("/id"));
    EXPECT_EQ(cancelled.at("/status"), "cancelled");
    EXPECT_EQ(cancelled.at("/cancelReason"), "by_customer");
    EXPECT_EQ(cancelled.at("/cancellation/status"), "cancelled-by-customer");
    EXPECT_EQ(cancelled.at("/cancellation/reason"), "Flu");
    EXPECT_NE(cancelled.at("/cancellation/cancelledAt"), "");
    auto const again = world.post(pathOf(booking, "/cancellation"), R"({"reason":"Flu"})", &kiran, {{"Idempotency-Key", "cancel-1"}});
    EXPECT_EQ(again.header("Idempotency-Replayed"), "true");
    EXPECT_EQ(again.text, cancelled.text);
    auto const twice = world.post(pathOf(booking, "/cancellation"), "", &kiran);
    EXPECT_EQ(twice.code(), "wrong_state");
    EXPECT_EQ(twice.at("/current"), "cancelled");
    EXPECT_EQ(world.get(pathOf(booking, "/cancellation"), &kiran).at("/allowed"), "false");

    EXPECT_TRUE(isOffered(slotId));
    world.advance("PT5S");
    auto const payment = world.get("/payments/" + booking.at("/paymentId"), &kiran);
    EXPECT_EQ(payment.at("/status"), "refunded");
    EXPECT_EQ(payment.number("/refund/refundAmount"), 10'000);
    EXPECT_EQ(world.get("/customers/me", &kiran).number("/totalSpent"), 0);
    for (auto const* person : {&kiran, &sara}) {
        EXPECT_TRUE(isTold(*person, "booking_cancelled", booking));
        auto const end = invitation(*person, "ancelled");
        for (auto const* line : {"METHOD:CANCEL", "SEQUENCE:1", "STATUS:CANCELLED"}) EXPECT_NE(end.find(line), std::string::npos) << end;
        EXPECT_NE(end.find("UID:" + booking.at("/id")), std::string::npos) << end;
    }
    EXPECT_TRUE(isTold(kiran, "refund_processed", booking));
}

TEST_F(BookingLife, MovedWithTheSameInvitation) {
    auto const booking = paid(kiran, 30);
    auto const before = booking.at("/slotId");
    auto const open = world.slots(sara);
    auto const to = idOf(open[40]);
    auto const rita = world.specialist("Rita Rival");
    EXPECT_EQ(world.post(pathOf(booking, "/reschedule"), R"({"slotId":")" + idOf(world.slots(rita)[40]) + "\"}", &kiran).status, 404);
    auto const moved = world.post(pathOf(booking, "/reschedule"), R"({"slotId":")" + to + R"(","reason":"A clash"})", &kiran);
    ASSERT_EQ(moved.status, 200) << moved.text;
    EXPECT_EQ(moved.at("/id"), booking.at("/id"));
    EXPECT_EQ(moved.at("/status"), "confirmed");
    EXPECT_EQ(moved.at("/slotId"), to);
    EXPECT_EQ(moved.at("/rescheduleHistory/0/fromSlotId"), before);
    EXPECT_EQ(moved.at("/rescheduleHistory/0/toSlotId"), to);
    EXPECT_EQ(moved.at("/rescheduleHistory/0/rescheduledBy"), kiran.userId);
    EXPECT_EQ(moved.at("/rescheduleHistory/0/reason"), "A clash");
    EXPECT_TRUE(isOffered(before));
    EXPECT_FALSE(isOffered(to));
    for (auto const* person : {&kiran, &sara}) {
        EXPECT_TRUE(isTold(*person, "booking_rescheduled", booking));
        auto const update = invitation(*person, "New time");
        for (auto const* line : {"METHOD:REQUEST", "SEQUENCE:1", "STATUS:CONFIRMED"}) EXPECT_NE(update.find(line), std::string::npos);
        EXPECT_NE(update.find("UID:" + booking.at("/id")), std::string::npos) << update;
        auto const calendar = world.get(pathOf(booking, "/calendar.ics"), person);
        EXPECT_EQ(calendar.status, 200);
        EXPECT_EQ(calendar.header("content-type"), "text/calendar; charset=utf-8");
        for (auto const* line : {"METHOD:PUBLISH", "SEQUENCE:1", "BEGIN:VEVENT"}) EXPECT_NE(calendar.text.find(line), std::string::npos);
        EXPECT_NE(calendar.text.find("UID:" + booking.at("/id")), std::string::npos) << calendar.text;
    }
    EXPECT_EQ(world.get(pathOf(booking, "/calendar.ics"), &olga).status, 404);
    auto const held = world.book(olga, sara, 45);
    EXPECT_EQ(world.get(pathOf(held, "/calendar.ics"), &olga).code(), "wrong_state");
    EXPECT_EQ(world.post(pathOf(booking, "/reschedule"), R"({"slotId":")" + held.at("/slotId") + "\"}", &kiran).code(), "slot_taken");
    EXPECT_EQ(world.post(pathOf(held, "/reschedule"), R"({"slotId":")" + to + "\"}", &olga).at("/current"), "pending");
    EXPECT_EQ(world.post(pathOf(held, "/cancellation"), "", &olga).at("/status"), "cancelled");
}

TEST_F(BookingLife, CompletedRatedAndMissed) {
    auto const first = firstOfTwoHours();
    auto const early = paid(kiran, first);
    auto const later = paid(olga, first); // the next one, now that this one is taken
    for (auto const* what : {"/completion", "/no-show"})
        EXPECT_EQ(world.post(pathOf(early, what), what == std::string("/no-show") ? R"({"party":"customer"})" : "", &sara).code(),
                  "too_early");
    EXPECT_EQ(world.post(pathOf(early, "/completion"), "", &kiran).code(), "denied");
    EXPECT_EQ(world.post(pathOf(early, "/feedback"), R"({"rating":5})", &sara).at("/current"), "confirmed");
    advanceTo(early, Minutes(1));
    EXPECT_EQ(world.get(pathOf(early, "/cancellation"), &kiran).at("/allowed"), "false");
    EXPECT_EQ(world.post(pathOf(early, "/cancellation"), "", &kiran).code(), "too_late");
    auto const done = world.post(pathOf(early, "/completion"), "", &sara);
    EXPECT_EQ(done.at("/status"), "completed") << done.text;
    auto const rated = world.post(pathOf(early, "/feedback"), R"({"rating":5,"review":"A pleasure"})", &sara);
    EXPECT_EQ(rated.number("/feedback/specialistRating"), 5) << rated.text;
    EXPECT_EQ(world.booking(early.at("/id"), kiran).text.find("A pleasure"), std::string::npos);
    EXPECT_TRUE(isTold(kiran, "session_completed", early));

    advanceTo(later, Minutes(60 + 16));
    EXPECT_EQ(world.booking(later.at("/id"), olga).at("/status"), "completed") << "by the job";
    EXPECT_EQ(world.post(pathOf(later, "/no-show"), R"({"party":"customer"})", &olga).code(), "invalid");
    auto const missed = world.post(pathOf(later, "/no-show"), R"({"party":"specialist"})", &olga);
    EXPECT_EQ(missed.at("/status"), "no-show") << missed.text;
    EXPECT_EQ(missed.at("/noShowParty"), "specialist");
    EXPECT_TRUE(isTold(sara, "session_completed", later));
    world.advance("PT5S");
    EXPECT_EQ(world.get("/payments/" + later.at("/paymentId"), &olga).at("/status"), "refunded");
    EXPECT_EQ(world.get("/payments/" + early.at("/paymentId"), &kiran).at("/status"), "succeeded");
    auto const contested = world.post(pathOf(later, "/no-show"), R"({"party":"customer"})", &sara);
    EXPECT_EQ(contested.status, 200) << contested.text;
    EXPECT_EQ(contested.at("/noShowContest/party"), "customer");
    advanceTo(early, Hours(49) + Minutes(1));
    EXPECT_EQ(world.post(pathOf(early, "/no-show"), R"({"party":"specialist"})", &kiran).code(), "too_late");
}

TEST_F(BookingLife, NotesMessagesAndTables) {
    auto const booking = paid(kiran, 30);
    auto const path = pathOf(booking);
    EXPECT_EQ(world.patch(path, R"({"customerNotes":"=HYPERLINK(\"x\"), \"quoted\""})", &kiran).status, 200);
    EXPECT_EQ(world.patch(path, R"({"specialistNotes":"@secret"})", &sara).at("/specialistNotes"), "@secret");
    EXPECT_EQ(world.patch(path, R"({"specialistNotes":"x"})", &kiran).code(), "read_only");
    auto const stale = world.send("PATCH", path, R"({"customerNotes":"x"})", &kiran, {{"If-Match", "\"0\""}});
    EXPECT_EQ(stale.status, 412) << stale.text;

    auto const said = world.post(path + "/messages", R"({"text":"Hello <b>there</b>\nSee you"})", &kiran);
    ASSERT_EQ(said.status, 201) << said.text;
    EXPECT_EQ(said.at("/from"), "customer");
    auto const thread = world.get(path + "/messages", &sara);
    EXPECT_EQ(thread.at("/items/0/text"), "Hello <b>there</b>\nSee you");
    EXPECT_TRUE(thread.body.at("nextCursor").is_null());
    EXPECT_EQ(world.get(path + "/messages", &olga).status, 404);
    EXPECT_TRUE(isTold(sara, "message_received", booking));
    EXPECT_FALSE(world.mail(sara.email, "Message from").is_null());

    auto const joined = world.get("/bookings?expand=customer&limit=1", &sara);
    EXPECT_EQ(joined.at("/items/0/customerDetails/0/name"), "Kiran Customer") << joined.text;
    EXPECT_EQ(joined.text.find(kiran.email), std::string::npos) << "not the specialist's to see";
    EXPECT_EQ(world.get("/bookings?limit=1", &sara).at("/items/0/customerDetails"), "");
    EXPECT_EQ(world.get(path + "?expand=customer", &sara).at("/customerDetails/0/name"), "Kiran Customer");
    EXPECT_EQ(world.get(path, &sara).at("/customerDetails"), "");
    EXPECT_EQ(world.get("/bookings?expand=customer&limit=1", &kiran).at("/items/0/customerDetails/0/email"), kiran.email);

    auto const table = world.send("GET", "/bookings", "", &sara, {{"Accept", "text/csv"}});
    EXPECT_EQ(table.header("content-type"), "text/csv; charset=utf-8");
    EXPECT_TRUE(table.text.starts_with("id,status,startsAt,")) << table.text;
    EXPECT_NE(table.text.find("\"'=HYPERLINK(\"\"x\"\"), \"\"quoted\"\"\",'@secret,"), std::string::npos) << table.text;
    auto const all = world.get("/bookings?limit=100", &sara).body.at("items").as_array().size();
    EXPECT_EQ(static_cast<std::size_t>(std::count(table.text.begin(), table.text.end(), '\n')), all + 1);
    EXPECT_EQ(world.send("GET", "/bookings", "", &kiran, {{"Accept", "text/csv"}}).text.find("@secret"), std::string::npos);
    auto const one = world.send("GET", "/bookings?limit=1", "", &sara, {{"Accept", "text/csv"}});
    EXPECT_EQ(std::count(one.text.begin(), one.text.end(), '\n'), 2);
    EXPECT_NE(one.header("x-next-cursor"), "");
    auto const next = world.send("GET", "/bookings?limit=1&cursor=" + one.header("x-next-cursor"), "", &sara, {{"Accept", "text/csv"}});
    EXPECT_EQ(next.text.find(booking.at("/id")), std::string::npos);
    EXPECT_TRUE(world.get("/bookings", &sara).body.is_object()) << "JSON is what one gets without asking";
}

// Days are of whoever asks: the evening of New York is the next morning of Kolkata.
TEST_F(BookingLife, ListsBySpansOfInstantsAndOfDays) {
    auto const host = world.specialist("Dana Days", 0);
    auto const guest = world.customer("Gita Guest"), other = world.customer("Otto Other");
    auto const booking = world.book(guest, host, 30);
    ASSERT_EQ(booking.status, 201) << booking.text;
    auto const startsAt = booking.at("/startsAt"), endsAt = booking.at("/endsAt");
    auto const dayIn = [&](char const* zone, int further) { return toText(Zone::load(zone)->dateAt(*parseRfc3339(startsAt)) + further); };
    auto const here = dayIn("America/New_York", 0), there = dayIn("Asia/Kolkata", 0);
    struct Row {
        Person const& who;
        std::string query;
        std::size_t found;
    };
    for (auto const& row : std::vector<Row>{{host, "?from=" + startsAt + "&to=" + endsAt, 1},
                                            {host, "?from=" + endsAt, 0},
                                            {host, "?to=" + startsAt, 0},
                                            {host, "?from=" + here + "&to=" + here, 1},
                                            {host, "?from=" + dayIn("America/New_York", 1), 0},
                                            {host, "?to=" + dayIn("America/New_York", -1), 0},
                                            {guest, "?from=" + there + "&to=" + there, 1},
                                            {guest, "?from=" + dayIn("Asia/Kolkata", 1), 0},
                                            {guest, "?to=" + dayIn("Asia/Kolkata", -1), 0},
                                            {other, "?from=" + here + "&to=" + there, 0}}) {
        auto const reply = world.get("/bookings" + row.query, &row.who);
        ASSERT_EQ(reply.status, 200) << row.query << " " << reply.text;
        EXPECT_EQ(reply.body.at("items").as_array().size(), row.found) << row.query << " " << reply.text;
    }
    for (auto const* query : {"?from=tomorrow", "?to=2027-02-30", "?from=2027-01-02&to=2027-01-01"})
        EXPECT_EQ(world.get(std::string("/bookings") + query, &host).code(), "invalid") << query;
}

// Everybody at once: as many threads as there are calls.
std::vector<Reply> atOnce(std::vector<std::function<Reply()>> const& calls) {
    std::vector<Reply> replies(calls.size());
    std::barrier start(static_cast<std::ptrdiff_t>(calls.size()));
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < calls.size(); ++i)
        threads.emplace_back([&, i] {
            start.arrive_and_wait();
            replies[i] = calls[i]();
        });
    for (auto& thread : threads) thread.join();
    return replies;
}

std::multiset<int> statuses(std::vector<Reply> const& replies) {
    std::multiset<int> all;
    for (auto const& reply : replies) all.insert(reply.status);
    return all;
}

TEST_F(BookingLife, ManyCancelAndOneRefundGoesOut) {
    auto const booking = paid(kiran, 30);
    std::vector<std::function<Reply()>> calls;
    for (int i = 0; i < 12; ++i)
        calls.push_back([&, i] { return world.post(pathOf(booking, "/cancellation"), "", i % 2 == 0 ? &kiran : &sara); });
    auto const replies = atOnce(calls);
    EXPECT_EQ(statuses(replies).count(200), 1U);
    EXPECT_EQ(statuses(replies).count(409), 11U);
    world.advance("PT5S");
    EXPECT_EQ(world.get("/payments/" + booking.at("/paymentId"), &kiran).number("/refund/refundAmount"), 10'000);
}

TEST_F(BookingLife, OneOfMoversAndBookersGetsTheTime) {
    auto const mine = paid(kiran, 30);
    auto const hers = paid(olga, 34);
    for (int round = 0; round < support::rounds(3); ++round) {
        auto const open = world.slots(sara);
        auto const body = R"({"slotId":")" + idOf(open[50]) + "\"}";
        auto const newcomer = world.customer("Newcomer " + std::to_string(round));
        auto const replies = atOnce({[&] { return world.post(pathOf(mine, "/reschedule"), body, &sara); },
                                     [&] { return world.post(pathOf(hers, "/reschedule"), body, &sara); },
                                     [&] { return world.post("/bookings", body, &newcomer); }});
        EXPECT_EQ(statuses(replies).count(409), 2U) << replies[0].text << replies[1].text << replies[2].text;
        for (auto const& reply : replies)
            if (reply.status == 409) {
                EXPECT_EQ(reply.code(), "slot_taken");
                EXPECT_EQ(reply.at("/current"), "booked") << reply.text;
            }
        world.verifyClean();
    }
}

// The bank says yes while the customer gives up the hold: whatever comes first, no money stays without a session.
TEST_F(BookingLife, PayingAndGivingUpAtOnce) {
    for (int round = 0; round < support::rounds(4); ++round) {
        auto const held = world.book(kiran, sara, 40);
        auto const asked = world.post(pathOf(held, "/payment"), "", &kiran);
        atOnce({[&] { return world.confirmCard(asked.at("/clientSecret"), "4242424242424242"); },
                [&] { return world.post(pathOf(held, "/cancellation"), "", &kiran); }});
        EXPECT_EQ(world.awaitStatus(held.at("/id"), kiran, "cancelled").at("/cancelReason"), "by_customer");
        world.advance("PT5S");
        auto const payment = world.get("/payments/" + asked.at("/paymentId"), &kiran);
        auto const status = payment.at("/status");
        EXPECT_TRUE(status == "failed" || status == "refunded") << payment.text;
        world.verifyClean();
    }
}

} // namespace
} // namespace visavis
