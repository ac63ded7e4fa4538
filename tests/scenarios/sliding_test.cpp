// A browser's log-in lasts as long as the server's: the cookie is set again when the log-in slides, and then only.
#include "scenarios/wire.hpp"

namespace visavis::scenarios {
namespace {

constexpr std::int64_t hour = 3'600, day = 24 * hour;

class Sliding : public testing::Test {
protected:
    std::string logIn() {
        auto const reply = world.post("/auth/login", R"({"email":")" + who.email + R"(","password":")" + who.password + "\"}");
        EXPECT_EQ(reply.status, 200) << reply.text;
        return reply.at("/token");
    }
    Reply byCookie(std::string const& token, std::string const& path, std::string const& method = "GET") {
        return wire.send(method, path, {{"Cookie", "sid=" + token}, {"Origin", world.server().url()}});
    }
    static int cookies(Reply const& reply) {
        return static_cast<int>(std::count_if(reply.headers.begin(), reply.headers.end(),
                                              [](auto const& header) { return equalIgnoringCase(header.name, "set-cookie"); }));
    }
    // Of a cookie that renews this log-in and is otherwise as the first; -1 where there is none.
    static std::int64_t maxAge(Reply const& reply, std::string const& token) {
        auto const cookie = reply.header("set-cookie");
        std::string const begin = "sid=" + token + "; Path=/; Max-Age=", end = "; HttpOnly; SameSite=Lax";
        if (!cookie.starts_with(begin) || !cookie.ends_with(end)) return -1;
        return std::stoll(cookie.substr(begin.size(), cookie.size() - begin.size() - end.size()));
    }

    World world;
    Person const who = world.customer();
    Wire wire{world.server().url()};
};

TEST_F(Sliding, ACookieIsSetAgainOncePerHour) {
    auto const api = logIn(), page = logIn(), bearer = logIn(), refused = logIn(), leaving = logIn();
    EXPECT_EQ(cookies(byCookie(api, "/api/v1/auth/me")), 0) << "it is new";
    world.advance("PT480H"); // 20 days
    struct Row {
        char const* name;
        std::string token;
        std::string path;
        int status;
    };
    for (auto const& row : std::vector<Row>{{"API", api, "/api/v1/auth/me", 200},
                                            {"page", page, "/bookings", 200},
                                            {"not found", refused, "/api/v1/bookings/0123456789abcdef01234567", 404},
                                            {"denied", who.token, "/api/v1/specialists/me", 403}}) {
        auto const slid = byCookie(row.token, row.path);
        EXPECT_EQ(slid.status, row.status) << row.name << ": " << slid.text;
        EXPECT_EQ(cookies(slid), 1) << row.name;
        EXPECT_GT(maxAge(slid, row.token), 30 * day - hour) << row.name << ": " << slid.header("set-cookie");
        EXPECT_LE(maxAge(slid, row.token), 30 * day) << row.name;
    }
    auto const asked = wire.send("GET", "/api/v1/auth/me", {{"Authorization", "Bearer " + bearer}});
    EXPECT_EQ(asked.status, 200);
    EXPECT_EQ(cookies(asked), 0) << "no browser";
    auto const left = byCookie(leaving, "/api/v1/auth/logout", "POST");
    EXPECT_EQ(left.status, 204) << left.text;
    EXPECT_EQ(cookies(left), 1);
    EXPECT_EQ(maxAge(left, ""), 0) << "who leaves is out";

    world.advance("PT1M");
    for (auto const* path : {"/api/v1/auth/me", "/bookings"})
        for (auto const& token : {api, page}) EXPECT_EQ(cookies(byCookie(token, path)), 0) << path;
}

TEST_F(Sliding, NeverBeyondNinetyDays) {
    auto const token = logIn();
    for (int days : {25, 50, 75}) {
        world.advance("PT600H"); // 25 days
        auto const age = maxAge(byCookie(token, "/api/v1/auth/me"), token);
        EXPECT_LE(age, std::min(30, 90 - days) * day) << days;
        EXPECT_GT(age, std::min(30, 90 - days) * day - hour) << days;
    }
    world.advance("PT336H"); // day 89
    auto const last = byCookie(token, "/bookings");
    EXPECT_EQ(last.status, 200);
    EXPECT_LE(maxAge(last, token), day);
    EXPECT_GT(maxAge(last, token), day - hour);
    world.advance("PT24H");
    auto const gone = byCookie(token, "/api/v1/auth/me");
    EXPECT_EQ(gone.status, 401);
    EXPECT_EQ(cookies(gone), 0);
}

} // namespace
} // namespace visavis::scenarios
