// Slots as API.md says: listed by days or instants, previewed to the minute.
#include "scenarios/contract.hpp"

#include <set>

namespace visavis::scenarios {
namespace {

TEST_F(Contract, SlotsAreListedByDaysOrInstants) {
    auto const base = "/specialists/" + specialist.specialistId + "/slots";
    auto const all = world.slots(specialist);
    auto const& middle = all.at(100);
    auto const day = member(middle, "date"), startsAt = member(middle, "startsAt"), endsAt = member(middle, "endsAt");
    auto const ids = [](Reply const& reply) {
        std::set<std::string> list;
        EXPECT_EQ(reply.status, 200) << reply.text;
        if (reply.status == 200)
            for (auto const& item : reply.body.at("items").as_array()) list.insert(member(item, "id"));
        return list;
    };
    std::set<std::string> ofDay;
    for (auto const& slot : all)
        if (member(slot, "date") == day) ofDay.insert(member(slot, "id"));
    EXPECT_EQ(ids(world.get(base + "?from=" + day + "&to=" + day)), ofDay) << "days are both included";
    EXPECT_EQ(ids(world.get(base + "?from=" + startsAt + "&to=" + endsAt)), std::set{member(middle, "id")}) << "instants are [from, to)";
    EXPECT_TRUE(ids(world.get(base + "?from=" + startsAt + "&to=" + startsAt)).empty());
    EXPECT_EQ(ids(world.get(base + "?duration=60")).size(), all.size());
    EXPECT_TRUE(ids(world.get(base + "?duration=30")).empty());
    EXPECT_EQ(ids(world.get(base + "?limit=2000")).size(), all.size());
    auto const dayBefore = toText(*parseDate(day) + -1);
    for (auto const& query :
         {"?from=" + endsAt + "&to=" + startsAt, "?from=" + day + "&to=2026-01-01", "?from=" + day + "&to=" + dayBefore}) {
        auto const reply = world.get(base + query);
        expectProblem(reply, 422, "invalid", query);
        EXPECT_EQ(errorAt(reply, "/to"), "order") << reply.text;
    }
    auto const local = world.get(base + "?timezone=Asia/Kolkata&from=" + startsAt + "&to=" + endsAt);
    EXPECT_EQ(local.at("/items/0/local/utcOffset"), "+05:30") << local.text;
    EXPECT_NE(local.at("/items/0/local/startTime"), local.at("/items/0/startTime"));
    EXPECT_EQ(world.get(base + "?limit=1").at("/items/0/local"), "") << "only with a time zone";
    auto const own = world.get("/specialists/me", &specialist);
    EXPECT_EQ(ids(world.get("/specialists/" + own.at("/slug") + "/slots")).size(), all.size());
    auto const hidden = world.join("Hidden Hanna", "specialist", "Europe/Berlin");
    expectProblem(world.get("/specialists/" + hidden.specialistId + "/slots"), 404, "not_found", "unpublished");
    expectProblem(world.get("/specialists/" + hidden.specialistId), 404, "not_found", "unpublished");
    expectProblem(world.get("/specialists/no-such-slug/slots"), 404, "not_found", "a slug of nobody");
    for (auto const* path : {"/bookings", "/slots"}) {
        auto const reply = world.get(path + std::string("?from=2026-12-02T00:00:00Z&to=2026-12-01T00:00:00Z"), &specialist);
        expectProblem(reply, 422, "invalid", path);
        EXPECT_EQ(errorAt(reply, "/to"), "order") << reply.text;
    }
}

// The second answer may come from memory: nothing about it but the request's id tells so, and what is refused is refused as before.
TEST_F(Contract, AnswersFromMemoryAreTheSame) {
    auto const customer = this->customer();
    auto const parts = [](Reply const& reply) {
        std::set<std::string> all{std::to_string(reply.status), reply.text};
        for (auto const& header : reply.headers)
            if (!equalIgnoringCase(header.name, "x-request-id") && !equalIgnoringCase(header.name, "date"))
                all.insert(header.name + ": " + header.value);
        return all;
    };
    auto const slots = "/specialists/" + specialist.specialistId + "/slots";
    struct Row {
        std::string path;
        Person const* who;
        int status;
    };
    Person const nobody{.token = std::string(43, 'x')};
    std::vector<Row> const rows{{slots, nullptr, 200},
                                {slots, &customer, 200},
                                {slots + "?duration=60&timezone=Asia/Kolkata", nullptr, 200},
                                {slots + "?duration=0", nullptr, 422},
                                {slots + "?wrong=1", nullptr, 422},
                                {"/specialists/me/earnings", &specialist, 200},
                                {"/specialists/me/earnings?from=2026-01-01", &specialist, 200},
                                {"/specialists/me/earnings?from=never", &specialist, 422},
                                {"/specialists/me/earnings", &customer, 403},
                                {"/notifications/unread-count", &customer, 200},
                                {"/notifications/unread-count?wrong=1", &customer, 422},
                                {"/notifications/unread-count", nullptr, 401},
                                {"/notifications/unread-count", &nobody, 401}};
    for (auto const& row : rows) {
        auto const first = world.get(row.path, row.who);
        EXPECT_EQ(first.status, row.status) << row.path << first.text;
        if (row.status == 200)
            for (int again = 0; again < 2; ++again) EXPECT_EQ(parts(world.get(row.path, row.who)), parts(first)) << row.path;
        else
            EXPECT_EQ(world.get(row.path, row.who).code(), first.code()) << row.path;
    }
    ASSERT_EQ(world.post("/auth/logout", "", &customer).status, 204);
    EXPECT_EQ(world.get("/notifications/unread-count", &customer).status, 401) << "nobody is remembered after the log-out";
}

TEST_F(Contract, PreviewsStoreNothingAndTakeAnyMinute) {
    auto const ask = [&](std::string const& availability, std::string const& more) {
        return world.post("/slots/preview",
                          R"({"availability":)" + availability +
                              R"(,"duration":60,"from":"2026-12-07","to":"2026-12-07","now":"2026-12-01T00:00:00Z")" + more + "}",
                          &specialist);
    };
    struct Row {
        char const* name;
        std::string availability, more;
        std::size_t slots;
    };
    auto const day = [](std::string const& start, std::string const& end, std::string const& more = "") {
        return R"({"timezone":"Europe/Berlin","workingHours":{"monday":{"startTime":")" + start + R"(","endTime":")" + end + "\"}}" + more +
               "}";
    };
    for (auto const& row : std::vector<Row>{
             {"no hours", R"({"timezone":"UTC"})", "", 0},
             {"odd minutes", day("09:07", "11:07"), "", 2},
             {"to midnight", day("22:00", "24:00"), "", 2},
             {"an end before its start gives nothing", day("17:00", "09:00"), "", 0},
             {"an unavailable date", day("09:00", "17:00", R"(,"unavailableDates":["2026-12-07"])"), "", 0},
             {"a break of that date",
              day("09:00", "12:00", R"(,"breakTimes":[{"day":"2026-12-07","startTime":"10:00","endTime":"11:00","recurring":false}])"), "",
              2},
             {"a busy block and its buffer", day("09:00", "13:00", R"(,"bufferTime":30)"),
              R"(,"busy":[{"startsAt":"2026-12-07T10:00:00+01:00","endsAt":"2026-12-07T11:00:00+01:00"}])", 1},
             {"inside the notice", day("09:00", "12:00", R"(,"minBookingNotice":8760)"), "", 0},
             {"behind the horizon", day("09:00", "12:00", R"(,"maxAdvanceBooking":5)"), "", 0},
             {"a closed exception", day("09:00", "12:00"), R"(,"schedule":{"dateExceptions":[{"date":"2026-12-07","isAvailable":false}]})",
              0},
         }) {
        auto const reply = ask(row.availability, row.more);
        ASSERT_EQ(reply.status, 200) << row.name << ": " << reply.text;
        EXPECT_EQ(reply.body.at("slots").as_array().size(), row.slots) << row.name << ": " << reply.text;
    }
}

} // namespace
} // namespace visavis::scenarios
