// Strings that betray where they come from, in everything that one pair of people writes: each is seen by exactly whom it is meant for, over
// every GET of the routes table and in mails.
#include "scenarios/company.hpp"
#include "scenarios/safety_table.hpp"
#include "support/event_source.hpp"

#include <set>

namespace visavis::scenarios {
namespace {

namespace json = boost::json;
using api::Route;

using Audience = std::set<Who>;

Audience const nobody{};
Audience const guest{Who::customer};
Audience const host{Who::specialist};
Audience const sides{Who::customer, Who::specialist};
Audience const guestAndStaff{Who::customer, Who::support, Who::admin};
Audience const hostAndStaff{Who::specialist, Who::support, Who::admin};
Audience const sidesAndStaff{Who::customer, Who::specialist, Who::support, Who::admin};
Audience const admins{Who::admin};

class Canaries : public testing::Test {
protected:
    Canaries() {
        for (auto const who : everybody)
            if (auto const* person = company.person(who)) eventsBefore_[who] = eventsOf(*person);
        plantPeople();
        plantBooking();
        plantRest();
        world.advance("PT1S");
        plantSecrets();
    }

    std::string canary(std::string const& name, Audience const& audience) {
        auto text = "canary-" + name + "-tweet";
        canaries_[text] = audience;
        return text;
    }
    void done(Reply const& reply, int status = 200) { EXPECT_EQ(reply.status, status) << reply.text; }
    std::string member(char const* name, std::string const& value) { return "\"" + std::string(name) + "\":\"" + value + "\""; }
    std::string bookingPath(char const* kind, char const* more) { return "/bookings/" + company.ours.at(kind).front() + more; }

    void plantPeople();
    void plantBooking();
    void plantRest();
    void plantSecrets();
    std::vector<std::string> questions() const;  // every target of every GET
    std::string seenBy(Who who);                 // all that they can read
    std::int64_t eventsOf(Person const& person); // how many there were so far
    std::string streamOf(Who who);               // what GET /events tells them of the planting

    Company company;
    World& world = company.world;
    std::map<std::string, Audience> canaries_;
    std::map<Who, std::int64_t> eventsBefore_;
};

void Canaries::plantPeople() {
    done(world.patch("/customers/me",
                     "{" + member("name", canary("name", sidesAndStaff)) + "," + member("phone", canary("phone", guestAndStaff)) + "," +
                         member("company", canary("company", guestAndStaff)) + "," + member("role", canary("role", guestAndStaff)) +
                         R"(,"address":{)" + member("street", canary("street", guest)) + "}}",
                     &company.customer));
    done(world.patch("/specialists/me", "{" + member("phone", canary("host-phone", host)) + "}", &company.specialist));
    canaries_[company.customer.email] = guestAndStaff;
    canaries_[company.specialist.email] = hostAndStaff;
    for (auto const* person : {&company.customer, &company.specialist}) {
        canaries_[person->password] = nobody;
        canaries_[person->token] = nobody;
    }
}

void Canaries::plantBooking() {
    done(world.patch(bookingPath("kept", ""), "{" + member("customerNotes", canary("notes", sidesAndStaff)) + "}", &company.customer));
    done(world.patch(bookingPath("kept", ""), "{" + member("specialistNotes", canary("private-notes", hostAndStaff)) + "}",
                     &company.specialist));
    done(world.post(bookingPath("kept", "/messages"), "{" + member("text", canary("message", sides)) + "}", &company.customer), 201);
    done(world.post(bookingPath("kept", "/messages"), "{" + member("text", canary("reply", sides)) + "}", &company.specialist), 201);
    done(world.post(bookingPath("kept", "/reschedule"),
                    "{" + member("slotId", company.ours.at("open").front()) + "," + member("reason", canary("move", sidesAndStaff)) + "}",
                    &company.customer));
    done(world.post(bookingPath("upcoming", "/cancellation"), "{" + member("reason", canary("cancel", sidesAndStaff)) + "}",
                    &company.customer));
    done(world.post(bookingPath("completed", "/feedback"), R"({"rating":1,)" + member("review", canary("feedback", hostAndStaff)) + "}",
                    &company.specialist));
    auto const review = R"({"rating":1,"isPublic":false,)" + member("reviewText", canary("review", sidesAndStaff)) + "}";
    done(world.post(bookingPath("completed", "/review"), review, &company.customer), 201);
}

void Canaries::plantRest() {
    done(world.post("/slots/" + company.ours.at("slots").front() + "/block", "{" + member("reason", canary("block", host)) + "}",
                    &company.specialist));
    done(world.post(
             "/specialists/" + company.specialist.specialistId + "/availability-requests",
             R"({"from":"2030-02-01T09:00:00.000Z","to":"2030-02-02T09:00:00.000Z",)" + member("message", canary("wish", sides)) + "}",
             &company.customer),
         201);
    done(world.post("/payments/" + company.stage.paymentId + "/refunds",
                    R"({"amount":100,)" + member("reason", canary("refund", sidesAndStaff)) + "}", &company.specialist),
         201);
    done(world.post("/admin/users/" + company.ours.at("users").front() + "/suspension",
                    "{" + member("reason", canary("suspended", admins)) + "}", &company.admin));
}

// What providers give us no route writes yet; it is put where it will be.
void Canaries::plantSecrets() {
    EXPECT_EQ(world.server().terminate(), 0);
    {
        auto const store = world.place().open(app::allCollections());
        auto const& users = identity::users;
        auto const& bookings = booking::bookings;
        auto const planted = visavis::transact(*store, [&](Tx& tx) -> Result<void> {
            for (auto const* person : {&company.customer, &company.specialist})
                CHECK(tx.update(users, users->id == Ref<identity::User>{*ObjectId::parse(person->userId)},
                                set(users->googleAccessToken, Secret{canary("google", nobody)})
                                    .set(users->zoomAccessToken, Secret{canary("zoom", nobody)})));
            auto kept = tx.get(bookings, {*ObjectId::parse(company.ours.at("kept").front())});
            kept->meeting.zoomStartUrl = Secret{canary("start-url", nobody)};
            kept->meeting.zoomJoinUrl = canary("join-url", sidesAndStaff);
            return tx.replace(bookings, *kept);
        });
        EXPECT_TRUE(planted);
    }
    world.killAndRestart();
}

std::vector<std::string> Canaries::questions() const {
    std::vector<std::string> all{"/api/v1/bookings?limit=100&expand=customer", "/api/v1/specialists?q=canary"};
    for (auto const& route : api::routes()) {
        bool const isAboutUs = route.pattern == "/openapi.json" || route.pattern == "/-/api/docs"; // they name every member
        if (route.method != http::Method::get || route.isStream || isAboutUs) continue;
        auto const name = nameOf(route);
        if (name.find('{') == name.npos) {
            bool const isSlots = route.pattern == "/slots";
            all.push_back(targetOf(route) + (!route.isList ? "" : isSlots ? "?limit=2000" : "?limit=100"));
            continue;
        }
        std::set<std::string> ids;
        bool const isBooking = route.pattern.starts_with("/bookings/");
        for (auto const* stock : {&company.ours, &company.theirs})
            for (auto const* kind : {"kept", "upcoming", "completed"})
                for (auto const& id : stock->at(isBooking ? kind : kindOf(name))) ids.insert(id);
        for (auto const& id : ids) all.push_back(withCaptures(route, id));
    }
    return all;
}

std::string Canaries::seenBy(Who who) {
    auto wire = company.stage.wire();
    auto const* person = company.person(who);
    std::string seen;
    for (auto const& target : questions())
        for (auto const* accept : {"application/json", "text/csv"}) {
            auto headers = person == nullptr ? Headers{} : as(*person);
            headers.emplace_back("Accept", accept);
            auto const reply = wire.send("GET", target, headers);
            EXPECT_LT(reply.status, 500) << target;
            EXPECT_EQ(reply.at("/nextCursor").size() > 4, false) << target << " has another page";
            seen += target + "\n" + reply.text + "\n";
        }
    if (person == nullptr) return seen;
    return seen + world.sandbox("GET", "/sandbox/mail?to=" + person->email).text + streamOf(who);
}

std::int64_t Canaries::eventsOf(Person const& person) {
    support::EventSource idle(world, &person);
    EXPECT_EQ(idle.status(), 200);
    idle.begin(); // it says where one stands
    return std::stoll(idle.lastId());
}

// From where they stood before, and from the numbers that everybody else has reached, which are no key to anything.
std::string Canaries::streamOf(Who who) {
    auto const& person = *company.person(who);
    auto const last = eventsOf(person);
    std::set<std::int64_t> starts{eventsBefore_.at(who), 0};
    for (auto const other : everybody)
        if (auto const* somebody = company.person(other)) starts.insert(eventsOf(*somebody));
    starts.erase(last); // nothing comes behind it
    std::string told;
    for (auto const start : starts) {
        support::EventSource stream(world, &person, std::to_string(start));
        for (std::string at; at != std::to_string(last);) {
            auto const event = stream.next();
            if (!event) {
                ADD_FAILURE() << nameOf(who) << "'s stream from " << start << " ends before " << last;
                break;
            }
            at = event->id;
            told += "/events from " + std::to_string(start) + ": " + event->name + " " + event->data + "\n";
        }
    }
    return told;
}

std::string around(std::string const& text, std::string const& part) {
    auto const at = text.find(part);
    return at == text.npos ? "" : text.substr(at < 300 ? 0 : at - 300, 400);
}

// Streams are not silent: each of the two is told of the planting, and the others of nothing that is not theirs.
TEST_F(Canaries, FlyOnTheStreamsOfThoseWhomTheyAreMeantForAlone) {
    auto const booking = company.ours.at("kept").front();
    for (auto const who : everybody) {
        if (company.person(who) == nullptr) continue;
        auto const told = streamOf(who);
        bool const isSide = sides.contains(who);
        EXPECT_EQ(told.find(booking) != told.npos, isSide) << nameOf(who) << ": " << told;
        for (auto const& [text, audience] : canaries_)
            EXPECT_TRUE(audience.contains(who) || told.find(text) == told.npos) << nameOf(who) << " is told " << around(told, text);
    }
    auto const hosts = streamOf(Who::specialist);
    EXPECT_NE(hosts.find("canary-name-tweet"), hosts.npos) << "who has moved the session: " << hosts;
}

TEST_F(Canaries, AreSeenByWhomTheyAreMeantForAndByNobodyElse) {
    std::map<std::string, Audience> heard;
    for (auto const& [text, audience] : canaries_) heard[text];
    for (auto const who : everybody) {
        auto const seen = seenBy(who);

        for (auto const& [text, audience] : canaries_)
            if (seen.find(text) != seen.npos) {
                heard[text].insert(who);
                EXPECT_TRUE(audience.contains(who)) << nameOf(who) << " sees " << text << ": " << around(seen, text);
            }
        // Neither do customers see how their money is split, nor anybody a password's hash or a token's.
        bool const mayKnowSplit = who != Who::stranger && who != Who::customer && who != Who::otherCustomer;
        for (auto const* name : {"\"platformFee\"", "\"platformFeePercentage\"", "\"specialistPayout\"", "\"specialistShare\""})
            EXPECT_TRUE(mayKnowSplit || seen.find(name) == seen.npos) << nameOf(who) << " sees " << around(seen, name);
        for (auto const* name : {"$2b$", "tokenHash", "idempotencyKey", "clientSecret\"", "sk_test_", "whsec_"})
            EXPECT_EQ(seen.find(name), seen.npos) << nameOf(who) << " sees " << around(seen, name);
    }
    for (auto const& [text, audience] : canaries_)
        for (auto const who : audience) EXPECT_TRUE(heard[text].contains(who)) << text << " is not seen by " << nameOf(who);
    world.verifyClean();
}

} // namespace
} // namespace visavis::scenarios
