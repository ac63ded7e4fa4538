// A whole platform whose database is slow or steps down again and again: what was acknowledged is there, once, and the books are right.
#include "engines/beside.hpp"
#include "engines/seed_data.hpp"

#include <atomic>
#include <thread>

namespace visavis {
namespace {

using support::eventually;
using support::Person;
using support::Reply;
using support::World;

constexpr int customers = 4, stepDowns = 4;

class Load {
public:
    explicit Load(World& world) : world_(world), second_(beside(world)), specialist_(world.specialist()), open_(world.slots(specialist_)) {
        for (int i = 0; i < customers; ++i) people_.push_back(world.customer("Customer " + std::to_string(i)));
        for (int i = 0; i < customers; ++i) threads_.emplace_back([this, i] { live(static_cast<std::size_t>(i)); });
    }
    ~Load() { end(); }
    Load(Load const&) = delete;
    Load& operator=(Load const&) = delete;

    void end() {
        over_ = true;
        for (auto& thread : threads_) thread.join();
        threads_.clear();
    }
    int done() const { return done_; }
    int refused() const { return refused_; }
    Person const& person(int i) const { return people_[static_cast<std::size_t>(i)]; }
    std::set<std::string> const& bookings(int i) const { return bookings_[static_cast<std::size_t>(i)]; }

private:
    // Books and pays, one session after the other, through both processes in turn.
    void live(std::size_t self) {
        for (auto n = self; n < open_.size() && !over_; n += customers) {
            auto const& url = n / customers % 2 == 0 ? world_.server().url() : second_->url();
            auto const body = R"({"slotId":)" + boost::json::serialize(open_[n].at("id")) + "}";
            auto const booked = insist(url + "/api/v1/bookings", body, people_[self], "book-" + std::to_string(n));
            EXPECT_EQ(booked.status, 201) << booked.text;
            EXPECT_TRUE(bookings_[self].insert(booked.at("/id")).second) << "twice the same";
            auto const asked =
                insist(url + "/api/v1/bookings/" + booked.at("/id") + "/payment", "", people_[self], "pay-" + std::to_string(n));
            EXPECT_EQ(asked.status, 201) << asked.text;
            EXPECT_EQ(world_.confirmCard(asked.at("/clientSecret"), "4242424242424242").status, 200);
            ++done_;
        }
    }
    // As a client does that was told to try again, which the key makes harmless.
    Reply insist(std::string const& url, std::string const& body, Person const& who, std::string const& key) {
        while (true) {
            auto reply = world_.send("POST", url, body, &who, {{"Idempotency-Key", key}});
            if (reply.status != 503) return reply;
            EXPECT_NE(reply.header("Retry-After"), "") << reply.text;
            ++refused_;
        }
    }

    World& world_;
    std::unique_ptr<support::ServerProcess> const second_;
    Person const specialist_;
    std::vector<boost::json::value> const open_;
    std::vector<Person> people_;
    std::array<std::set<std::string>, customers> bookings_;
    std::atomic<int> done_{0}, refused_{0};
    std::atomic<bool> over_{false};
    std::vector<std::thread> threads_;
};

TEST(StepDowns, UnderLoadLoseAndDoubleNothing) {
    World world({"--set", "limits.enabled=false"});
    Load load(world);
    Driver operating(uriOf(world.place()));
    for (int n = 0; n < stepDowns; ++n) {
        auto const before = load.done();
        EXPECT_TRUE(eventually([&] { return load.done() >= before + customers; })) << "nothing goes on behind step-down " << n;
        operating.stepDown(n % 2 == 0 ? "replSetStepDown" : "visavisStepDown"); // the latter also closes connections, as old servers did
    }
    EXPECT_TRUE(eventually([&, before = load.done()] { return load.done() >= before + customers; }));
    load.end();
    std::cout << load.done() << " sessions, " << load.refused() << " requests told to try again\n";
    for (int i = 0; i < customers; ++i) {
        for (auto const& id : load.bookings(i))
            EXPECT_TRUE(eventually([&] { // a webhook that was refused comes again later
                if (world.booking(id, load.person(i)).at("/status") == "confirmed") return true;
                world.sandbox("PUT", "/sandbox/clock", R"({"advance":"PT10S"})");
                return false;
            }));
        std::set<std::string> listed;
        auto const mine = world.get("/bookings?limit=100", &load.person(i));
        ASSERT_EQ(mine.status, 200) << mine.text;
        for (auto const& item : mine.body.at("items").as_array()) listed.insert(std::string(item.at("id").as_string()));
        EXPECT_EQ(listed, load.bookings(i));
    }
    world.advance("PT1M");
    world.verifyClean();
}

// While the database takes longer for each read than a request may wait for a connection, requests are told to come again; then all is as before.
TEST(SlowDatabase, RequestsDoNotWaitForAConnectionForEver) {
    World world({"--set", "store.connections=1"});
    Driver operating(uriOf(world.place()));
    operating.administer(R"({"configureFailPoint":"failCommand","mode":"alwaysOn",
        "data":{"failCommands":["find"],"blockConnection":true,"blockTimeMS":2500}})");
    Reply reply;
    EXPECT_TRUE(eventually([&] {
        reply = world.get("/specialists");
        return reply.status == 503;
    }));
    EXPECT_EQ(reply.code(), "unavailable") << reply.text;
    EXPECT_NE(reply.header("Retry-After"), "");
    operating.administer(R"({"configureFailPoint":"failCommand","mode":"off"})");
    EXPECT_TRUE(eventually([&] { return world.get("/specialists").status == 200; }));
    world.verifyClean();
}

} // namespace
} // namespace visavis
