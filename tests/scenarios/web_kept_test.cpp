// Pages that the server keeps for whoever has no log-in are never stale: after every change that a page shows, and when time takes one away.
#include "scenarios/wire.hpp"

namespace visavis::scenarios {
namespace {

class KeptPages : public testing::Test {
protected:
    World world{{"--set", "limits.enabled=false"}};
    Wire wire{world.server().url()};
    Person sara = world.specialist("Sara Specialist", 0); // free: confirmed at once
    std::string slug = world.get("/specialists/me", &sara).at("/slug");

    std::string page(std::string const& path, Headers headers = {}) {
        headers.emplace_back("Accept", "text/html");
        return wire.send("GET", path, headers).text;
    }
    // As somebody who has been here and left: the same page, and made anew each time.
    std::string made(std::string const& path) { return page(path, {{"Cookie", "sid=nobody"}}); }

    // Every page of hers, looked at so that it is kept; then `change`, which has to be seen on the profile, as it would be were nothing kept.
    void expectSeen(std::string const& what, std::function<void()> const& change) {
        std::vector<std::string> const paths{"/s/" + slug, "/embed/" + slug, "/s/" + slug + "?from=2026-01-01"};
        for (auto const& path : paths) EXPECT_EQ(page(path), made(path)) << what << ", before: " << path;
        auto const before = page(paths.front());
        change();
        EXPECT_NE(page(paths.front()), before) << what;
        for (auto const& path : paths) EXPECT_EQ(page(path), made(path)) << what << ": " << path;
    }
    void expectStatus(Reply const& reply, int status) { EXPECT_EQ(reply.status, status) << reply.text; }
    Instant now() { return *parseRfc3339(world.sandbox("GET", "/sandbox/clock").at("/now")); }
    Instant startOf(boost::json::value const& slot) { return *parseRfc3339(slot.at("startsAt").as_string()); }
    void advanceBy(Millis span) { world.advance("PT" + std::to_string(span.count() / 1000) + "S"); }
};

TEST_F(KeptPages, AreMadeAnewAfterEveryChange) {
    auto const kiran = world.customer();
    auto const changed = [&](std::string const& body) { expectStatus(world.patch("/specialists/me", body, &sara), 200); };
    expectSeen("headline", [&] { changed(R"({"headline":"Something else"})"); });
    expectSeen("biography", [&] { changed(R"({"bio":"Twelve years."})"); });
    expectSeen("price", [&] { changed(R"({"consulting":{"basePrice":7000}})"); });
    expectSeen("price again", [&] { changed(R"({"consulting":{"basePrice":0}})"); });
    auto const id = [&](std::size_t index) { return std::string(world.slots(sara).at(index).at("id").as_string()); };
    expectSeen("block", [&] { expectStatus(world.post("/slots/" + id(1) + "/block", "{}", &sara), 200); });
    std::string booking;
    expectSeen("booking", [&] { booking = world.book(kiran, sara).at("/id"); });
    advanceBy(*parseRfc3339(world.booking(booking, kiran).at("/endsAt")) - now() + Hours(1));
    world.awaitStatus(booking, kiran, "completed");
    std::string review;
    expectSeen("review", [&] { review = world.post("/bookings/" + booking + "/review", R"({"rating":4})", &kiran).at("/id"); });
    expectSeen("response",
               [&] { expectStatus(world.post("/reviews/" + review + "/response", R"({"specialistResponse":"Thank you"})", &sara), 201); });
    expectSeen("hidden", [&] { changed(R"({"availability":{"isAvailable":false}})"); });
    EXPECT_EQ(wire.send("GET", "/s/" + slug, {{"Accept", "text/html"}}).status, 404);
    expectSeen("shown again", [&] { changed(R"({"availability":{"isAvailable":true}})"); });
}

TEST_F(KeptPages, LoseTimesThatTheNoticePassesAndDaysThatEnd) {
    auto const notice = Hours(static_cast<std::int64_t>(world.get("/specialists/me", &sara).number("/availability/minBookingNotice")));
    expectSeen("notice", [&] { advanceBy(startOf(world.slots(sara).front()) - notice - now() + Seconds(2)); });
    expectSeen("three days", [&] { advanceBy(Hours(72)); });
}

TEST_F(KeptPages, AreTheReadersOwnInLanguageZoneAndLogIn) {
    auto const path = "/s/" + slug;
    auto const english = page(path);
    EXPECT_NE(page(path, {{"Accept-Language", "de"}}), english);
    EXPECT_NE(page(path, {{"Cookie", "tz=Asia/Tokyo"}}), english);
    EXPECT_NE(page(path, {{"Cookie", "sid=" + sara.token}}), english);
    EXPECT_EQ(page(path), english);
    auto const tokyo = page(path, {{"Cookie", "sid=nobody; tz=Asia/Tokyo"}, {"Accept-Encoding", "gzip"}});
    page(path, {{"Cookie", "tz=gzip Asia/Tokyo"}}); // nothing that one reader sends reaches another
    EXPECT_EQ(page(path, {{"Cookie", "tz=Asia/Tokyo"}, {"Accept-Encoding", "gzip"}}), tokyo);
    auto const choice = wire.send("GET", path + "?lang=de", {{"Accept", "text/html"}});
    EXPECT_FALSE(choice.header("set-cookie").empty());
    EXPECT_FALSE(wire.send("GET", path + "?lang=de", {{"Accept", "text/html"}}).header("set-cookie").empty())
        << "a choice is remembered each time";
}

} // namespace
} // namespace visavis::scenarios
