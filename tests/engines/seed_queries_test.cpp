// The example queries of the data model, as they are written there, on a database that people have filled through the API.
#include "engines/seed_data.hpp"

namespace visavis {
namespace {

using support::Person;
using support::Reply;
using support::World;

class SeedQueries : public testing::Test {
protected:
    static void SetUpTestSuite() {
        world_ = std::make_unique<World>(std::vector<std::string>{"--set", "limits.enabled=false"});
        sara_ = world_->specialist();
        kiran_ = world_->customer();
    }
    static void TearDownTestSuite() {
        world_->verifyClean();
        world_.reset();
    }

    Reply paid(std::size_t index) {
        auto const booked = world.book(kiran, sara, index);
        EXPECT_EQ(booked.status, 201) << booked.text;
        auto const asked = world.post("/bookings/" + booked.at("/id") + "/payment", "", &kiran);
        EXPECT_EQ(asked.status, 201) << asked.text;
        EXPECT_EQ(world.confirmCard(asked.at("/clientSecret"), "4242424242424242").status, 200);
        return world.awaitStatus(booked.at("/id"), kiran, "confirmed");
    }
    Instant now() { return *parseRfc3339(world.sandbox("GET", "/sandbox/clock").at("/now")); }
    static std::string id(std::string const& hex) { return R"({"$oid":")" + hex + "\"}"; }
    static std::string date(Instant at) { return R"({"$date":")" + toRfc3339(at) + "\"}"; }
    static std::string idAt(Bson const& row, std::string const& path) {
        auto const found = bsonAt(row.bytes, path);
        return found.empty() ? std::string() : std::get<ObjectId>(found.front()).hex();
    }

    static std::unique_ptr<World> world_;
    static Person sara_, kiran_;
    World& world = *world_;
    Person const& sara = sara_;
    Person const& kiran = kiran_;
    Driver driver{uriOf(world.place())};
};

std::unique_ptr<World> SeedQueries::world_;
Person SeedQueries::sara_, SeedQueries::kiran_;

TEST_F(SeedQueries, AvailableSlotsOfASpecialist) {
    auto const taken = world.book(kiran, sara, 2);
    ASSERT_EQ(taken.status, 201) << taken.text;
    auto const rows = driver.rows(R"({"find":"availabilitySlots","filter":{"specialistId":)" + id(sara.specialistId) +
                                  R"(,"date":{"$gte":)" + date(now()) + R"(,"$lte":)" + date(now() + Days(90)) +
                                  R"(},"status":"available"},"sort":{"date":1,"startTime":1},"batchSize":5000})");
    std::vector<std::string> found;
    std::set<std::string> ids;
    for (auto const& row : rows) {
        found.push_back(std::to_string(std::get<Instant>(bsonAt(row.bytes, "date").front()).ms) + mongo::textAt(row, "startTime"));
        ids.insert(idAt(row, "_id"));
    }
    EXPECT_TRUE(std::is_sorted(found.begin(), found.end()));
    auto const offered = world.slots(sara);
    ASSERT_FALSE(offered.empty());
    for (auto const& slot : offered) EXPECT_TRUE(ids.contains(std::string(slot.at("id").as_string())));
    EXPECT_FALSE(ids.contains(taken.at("/slotId")));
    EXPECT_EQ(world.post("/bookings/" + taken.at("/id") + "/cancellation", "", &kiran).status, 200);
}

TEST_F(SeedQueries, HistoryEarningsAndUnread) {
    auto const first = paid(0), second = paid(1);
    world.advance("PT" + std::to_string((*parseRfc3339(second.at("/startsAt")) - now()).count() / 1000 + 60) + "S");
    for (auto const* booking : {&first, &second}) {
        auto const done = world.post("/bookings/" + booking->at("/id") + "/completion", "", &sara);
        EXPECT_TRUE(done.status == 200 || done.code() == "wrong_state") << done.text; // the first may have been completed by the job
    }
    world.awaitStatus(second.at("/id"), kiran, "completed");

    auto const history = driver.rows(R"({"aggregate":"bookings","pipeline":[{"$match":{"specialistId":)" + id(sara.specialistId) +
                                     R"(,"status":"completed"}},{"$sort":{"createdAt":-1}},
        {"$lookup":{"from":"customers","localField":"customerId","foreignField":"_id","as":"customerDetails"}}],"cursor":{}})");
    ASSERT_EQ(history.size(), 2u);
    EXPECT_EQ(idAt(history[0], "_id"), second.at("/id"));
    EXPECT_EQ(idAt(history[1], "_id"), first.at("/id"));
    for (auto const& row : history) {
        auto const customers = mongo::documentsAt(row, "customerDetails");
        ASSERT_EQ(customers.size(), 1u);
        EXPECT_EQ(mongo::textAt(customers.front(), "name"), "Kiran Customer");
    }

    auto const earnings = driver.rows(R"({"aggregate":"payments","pipeline":[{"$match":{"specialistId":)" + id(sara.specialistId) +
                                      R"(,"status":"succeeded","succeededAt":{"$gte":{"$date":"2024-01-01T00:00:00Z"}}}},
        {"$group":{"_id":"$specialistId","totalEarnings":{"$sum":"$specialistPayout"},"transactionCount":{"$sum":1}}}],"cursor":{}})");
    ASSERT_EQ(earnings.size(), 1u);
    EXPECT_EQ(idAt(earnings[0], "_id"), sara.specialistId);
    EXPECT_EQ(mongo::numberAt(earnings[0], "totalEarnings"), 2 * 8'000);
    EXPECT_EQ(mongo::numberAt(earnings[0], "transactionCount"), 2);

    auto const shown = world.get("/notifications/unread-count", &kiran);
    auto const unread =
        mongo::numberAt(driver.run(R"({"count":"notifications","query":{"recipientId":)" + id(kiran.userId) + R"(,"isRead":false}})"), "n");
    EXPECT_GT(unread, 0);
    EXPECT_EQ(unread, shown.number("/count")) << shown.text;
}

// Other software finds the types that it knows: ids are ObjectIds, times Dates, money whole numbers of 64 bits.
TEST_F(SeedQueries, DocumentsHaveTheSeedsTypes) {
    auto const booking = paid(6);
    ASSERT_EQ(booking.at("/status"), "confirmed");
    struct Row {
        char const* collection;
        std::vector<char const*> ids, dates, money;
    };
    for (auto const& row : {
             Row{"users", {"_id"}, {"createdAt", "updatedAt"}, {}},
             Row{"creatorProfiles", {"_id", "userId"}, {"createdAt", "updatedAt"}, {"basePrice", "totalEarnings"}},
             Row{"customers", {"_id", "userId"}, {"createdAt", "updatedAt"}, {"totalSpent", "averageSpentPerSession"}},
             Row{"availabilitySlots", {"_id", "specialistId"}, {"date", "startsAt", "endsAt", "createdAt"}, {"price"}},
             Row{"bookings", {"_id", "slotId", "specialistId", "customerId"}, {"startsAt", "createdAt", "updatedAt"}, {"sessionPrice"}},
             Row{"payments",
                 {"_id", "bookingId", "specialistId", "customerId"},
                 {"createdAt", "updatedAt"},
                 {"amount", "platformFee", "specialistPayout"}},
             Row{"notifications", {"_id", "recipientId"}, {"createdAt", "expiresAt"}, {}},
         }) {
        auto const documents = driver.texts(row.collection);
        EXPECT_FALSE(documents.empty()) << row.collection;
        auto const expectType = [&](std::vector<char const*> const& members, std::string const& type) {
            for (auto const* member : members)
                for (auto const& document : documents)
                    EXPECT_NE(document.find('"' + std::string(member) + R"(" : { ")" + type + '"'), document.npos)
                        << row.collection << "." << member << " is no " << type << " in " << document;
        };
        expectType(row.ids, "$oid");
        expectType(row.dates, "$date");
        expectType(row.money, "$numberLong");
    }
}

} // namespace
} // namespace visavis
