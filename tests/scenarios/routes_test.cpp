// Every row of the routes table, walked as a stranger, as each wrong role, and with requests that no row takes.
#include "scenarios/stage.hpp"

#include <set>

namespace visavis::scenarios {
namespace {

namespace json = boost::json;
using api::Auth;
using api::Route;

class Routes : public testing::Test {
protected:
    static void SetUpTestSuite() { stage_ = std::make_unique<Stage>(); }
    static void TearDownTestSuite() {
        stage_->world.verifyClean();
        stage_.reset();
    }
    Stage& stage() { return *stage_; }
    Example example(Route const& route) { return exampleOf(route, *stage_); }

    Wire wire = stage_->wire();

private:
    static inline std::unique_ptr<Stage> stage_;
};

bool hasCapture(Route const& route) { return route.pattern.find('{') != route.pattern.npos; }
bool isPublic(Route const& route) { return route.auth == Auth::open || route.auth == Auth::signature; }

// Specialists and customers may call it.
bool isForBoth(Route const& route) {
    return route.auth == Auth::user || route.auth == Auth::party || route.auth == Auth::side || route.auth == Auth::sideOrAdmin;
}

// What an example is sent with.
Headers jsonOf(Example const& example) {
    auto headers = example.who == nullptr ? Headers{} : as(*example.who);
    if (!example.body.is_null()) headers.emplace_back("Content-Type", "application/json");
    return headers;
}

std::string textOf(Example const& example) { return example.body.is_null() ? "" : json::serialize(example.body); }

TEST_F(Routes, AStrangerGetsOnlyWhatIsOpen) {
    for (auto const& route : api::routes()) {
        auto asked = example(route);
        asked.who = nullptr;
        auto const reply = ask(wire, asked);
        EXPECT_NE(reply.header("x-request-id"), "") << nameOf(route);
        if (isPublic(route)) {
            EXPECT_NE(reply.status, 401) << nameOf(route);
            EXPECT_NE(reply.status, 0) << nameOf(route);
            EXPECT_LT(reply.status, 500) << nameOf(route);
            continue;
        }
        expectProblem(reply, 401, "unauthenticated", nameOf(route));
        EXPECT_EQ(reply.header("www-authenticate"), "Bearer") << nameOf(route);
        for (auto const* token : {"x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}) {
            Headers headers{{"Authorization", std::string("Bearer ") + token}};
            if (!asked.body.is_null()) headers.emplace_back("Content-Type", "application/json");
            expectProblem(wire.send(asked.method, asked.target, headers, textOf(asked)), 401, "unauthenticated",
                          nameOf(route) + " with a wrong token");
        }
    }
}

TEST_F(Routes, AWrongRoleIsDenied) {
    int walked = 0;
    for (auto const& route : api::routes()) {
        auto asked = example(route);
        std::vector<Person const*> wrong;
        if (isPublic(route) || isForBoth(route)) continue;
        if (route.auth != Auth::specialist && route.auth != Auth::specialistOrAdmin && route.auth != Auth::specialistOrStaff)
            wrong.push_back(&stage().specialist);
        if (route.auth != Auth::customer) wrong.push_back(&stage().customer);
        if (route.auth == Auth::admin) wrong.push_back(&stage().support);
        for (auto const* person : wrong) {
            asked.who = person;
            expectProblem(ask(wire, asked), 403, "denied", nameOf(route));
            expectProblem(ask(wire, asked, takesBody(route) ? "{" : ""), 403, "denied", nameOf(route) + " before its body is looked at");
            ++walked;
        }
    }
    EXPECT_GE(walked, 14);
}

TEST_F(Routes, AnotherMethodIs405WithAllow) {
    std::map<std::string, std::set<std::string>> methods;
    for (auto const& route : api::routes()) methods[route.pattern].insert(std::string(http::word(route.method)));
    for (auto& [pattern, known] : methods) {
        if (known.contains("GET")) known.insert("HEAD");
        Route row;
        row.pattern = pattern;
        auto const target = withCaptures(row, "0123456789abcdef01234567");
        for (std::string const method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"}) {
            if (known.contains(method)) continue;
            auto const about = method + " " + pattern;
            auto const reply = wire.send(method, target, {{"Content-Type", "text/plain"}}, method == "HEAD" ? "" : "not JSON");
            if (method == "HEAD") {
                EXPECT_EQ(reply.status, 405) << about;
            } else {
                expectProblem(reply, 405, "method_not_allowed", about);
            }
            std::set<std::string> allowed;
            auto text = reply.header("allow");
            for (std::size_t at = 0; at < text.size();) {
                auto const end = std::min(text.find(", ", at), text.size());
                allowed.insert(text.substr(at, end - at));
                at = end + 2;
            }
            EXPECT_EQ(allowed, known) << about << ": " << text;
        }
    }
}

TEST_F(Routes, AnUnknownPathIs404) {
    for (std::string const target :
         {"/nothing", "/api", "/api/v1", "/api/v1/", "/api/v2/bookings", "/api/v1/nothing", "/api/v1/bookings/", "/api/v1//bookings",
          "//api/v1/bookings", "/api/v1/Bookings", "/api/v1/bookings/0123456789abcdef01234567/nothing", "/api/v1/auth",
          "/api/v1/auth/login/x", "/healthz/", "/-/healthz", "/api/v1/specialists/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s"})
        for (std::string const method : {"GET", "POST", "DELETE"})
            expectProblem(wire.send(method, target), 404, "not_found", method + " " + target);
}

TEST_F(Routes, AMalformedOrAbsentIdIs404) {
    std::vector<std::string> const ids{"x",
                                       "0123456789abcdef0123456",
                                       "0123456789abcdef012345678",
                                       "zzzzzzzzzzzzzzzzzzzzzzzz",
                                       "%00",
                                       "%ff%fe",
                                       "0123456789abcdef0123456%20",
                                       "%2e%2e",
                                       "null",
                                       std::string(300, 'a'),
                                       "0123456789abcdef01234567",
                                       "ffffffffffffffffffffffff",
                                       "000000000000000000000000",
                                       "%E2%80%AE"};
    int walked = 0;
    for (auto const& route : api::routes()) {
        if (!hasCapture(route)) continue;
        auto asked = example(route);
        for (auto const& id : ids) {
            asked.target = withCaptures(route, id);
            expectProblem(ask(wire, asked), 404, "not_found", nameOf(route) + " of " + id);
            ++walked;
        }
    }
    EXPECT_GT(walked, 100);
}

TEST_F(Routes, AForeignResourceIs404) {
    auto const other = stage().world.customer("Olga Other");
    auto const rival = stage().world.specialist("Rita Rival");
    for (auto const& route : api::routes()) {
        if (!hasCapture(route) || isPublic(route)) continue;
        if (route.auth == Auth::staff || route.auth == Auth::admin) continue;          // nothing is foreign to them
        if (nameOf(route) == "POST /specialists/{id}/availability-requests") continue; // everybody may ask
        auto asked = example(route);
        asked.who = asked.who == &stage().specialist ? &rival : &other;
        expectProblem(ask(wire, asked), 404, "not_found", nameOf(route));
    }
}

TEST_F(Routes, OnlyJsonIsTaken) {
    for (auto const& route : api::routes()) {
        if (!takesBody(route)) continue;
        auto const asked = example(route);
        auto const body = asked.body.is_null() ? "{}" : textOf(asked);
        for (std::string const type : {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                                       "application/jsonx", "application/merge-patch+json", ";"}) {
            Headers headers;
            if (!type.empty()) headers.emplace_back("Content-Type", type);
            expectProblem(wire.send(asked.method, asked.target, headers, body), 415, "unsupported_media_type",
                          nameOf(route) + " as a stranger with " + type);
            if (asked.who == nullptr) continue;
            headers.emplace_back("Authorization", "Bearer " + asked.who->token);
            expectProblem(wire.send(asked.method, asked.target, headers, body), 415, "unsupported_media_type",
                          nameOf(route) + " with " + type);
        }
        for (std::string const type : {"application/json; charset=utf-8", "Application/JSON"}) {
            auto headers = asked.who == nullptr ? Headers{} : as(*asked.who);
            headers.emplace_back("Content-Type", type);
            expectProblem(wire.send(asked.method, asked.target, headers, "["), 400, "malformed_json", nameOf(route) + " with " + type);
        }
    }
}

TEST_F(Routes, TooLargeABodyIs413) {
    std::string const large(1024 * 1024 + 1, ' ');
    std::string const chunks = "100001\r\n" + large + "\r\n0\r\n\r\n";
    for (auto const& route : api::routes()) {
        if (!takesBody(route) && route.auth != Auth::signature) continue;
        auto const target = hasCapture(route) ? withCaptures(route, "0123456789abcdef01234567") : targetOf(route);
        auto const method = std::string(http::word(route.method));
        expectProblem(wire.send(method, target, {{"Content-Type", "application/json"}}, large), 413, "too_large", nameOf(route));
        expectProblem(
            wire.sendBytes(Wire::bytesOf(method, target, {{"Content-Type", "application/json"}, {"Transfer-Encoding", "chunked"}}, "") +
                           chunks),
            413, "too_large", nameOf(route) + " in chunks");
    }
    EXPECT_EQ(stage().world.get("/-/healthz").status, 200);
}

std::string nested(int depth) {
    return std::string(static_cast<std::size_t>(depth), '[') + std::string(static_cast<std::size_t>(depth), ']');
}

TEST_F(Routes, ABodyThatIsNoJsonIs400) {
    std::vector<std::string> const malformed{"{",
                                             "}",
                                             "[",
                                             "{\"a\":}",
                                             "{\"a\":1,}",
                                             "{'a':1}",
                                             "{a:1}",
                                             "{\"a\":NaN}",
                                             "{\"a\":Infinity}",
                                             "{\"a\":01}",
                                             "{\"a\":.5}",
                                             "{\"a\":+1}",
                                             "{\"a\":1}x",
                                             "{}{}",
                                             "nul",
                                             "\"",
                                             "\"\\x\"",
                                             "\"\\ud800\"",
                                             "{\"\\udc00\":1}",
                                             "{\"a\":\"\xff\"}",
                                             "{\"\xc0\xaf\":1}",
                                             "{\"a\":\"\xed\xa0\x80\"}",
                                             "{\"a\":\"\n\"}",
                                             std::string("{}\0", 3),
                                             "\xEF\xBB\xBF{}",
                                             "// x\n{}",
                                             "   ",
                                             "{\"a\":" + nested(40) + "}",
                                             nested(5000),
                                             R"({"a":1,"a":2})",
                                             R"({"a":{"b":1,"b":1}})",
                                             R"({"a":1,"\u0061":2})",
                                             R"([{"x":1,"x":1}])"};
    for (auto const& route : api::routes()) {
        if (!takesBody(route)) continue;
        for (auto const& body : malformed)
            expectProblem(ask(wire, example(route), body), 400, "malformed_json", nameOf(route) + " with " + body.substr(0, 60));
        for (auto const* body : {"[]", "\"x\"", "5", "null", "true", "[{}]", "-0.0"}) {
            auto const reply = ask(wire, example(route), body);
            expectProblem(reply, 422, "invalid", nameOf(route) + " with " + body);
            EXPECT_EQ(errorAt(reply, ""), "type") << nameOf(route) << ": " << reply.text;
        }
    }
}

TEST_F(Routes, AnUnknownMemberIs422ByItsPointer) {
    for (auto const& route : api::routes()) {
        if (route.auth == Auth::signature) continue;
        auto asked = example(route);
        for (auto const& [name, pointer] :
             {std::pair("nothing", "/nothing"), std::pair("a/b~c", "/a~1b~0c"), std::pair("__proto__", "/__proto__"), std::pair("", "/")}) {
            if (takesBody(route)) {
                auto body = asked.body.is_null() ? json::object() : asked.body.as_object();
                body[name] = 1;
                auto const reply = ask(wire, asked, json::serialize(body));
                expectProblem(reply, 422, "invalid", nameOf(route) + " with " + name);
                EXPECT_EQ(errorAt(reply, pointer), "unknown") << nameOf(route) << ": " << reply.text;
            }
        }
        for (auto const& [query, pointer] : {std::pair("nothing=1", "/nothing"), std::pair("a%2Fb~c=", "/a~1b~0c")}) {
            auto reply = wire.send(asked.method, asked.target + "?" + query, jsonOf(asked), textOf(asked));
            expectProblem(reply, 422, "invalid", nameOf(route) + " with ?" + query);
            EXPECT_EQ(errorAt(reply, pointer), "unknown") << nameOf(route) << ": " << reply.text;
        }
        for (auto const* query : {"%zz=1", "a=%f", "%ff=1", "a%00b=1"})
            expectProblem(wire.send(asked.method, asked.target + "?" + query, jsonOf(asked), textOf(asked)), 400, "bad_query",
                          nameOf(route) + " with ?" + query);
        if (!hasCapture(route) || !takesBody(route)) continue;
        auto const reply = ask(wire, asked, R"({"id":"0123456789abcdef01234567"})");
        // Of a PATCH it is a member of the resource, but not one to be written.
        expectProblem(reply, 422, route.isPatch ? "read_only" : "invalid", nameOf(route) + " with its own id");
        EXPECT_EQ(errorAt(reply, "/id"), route.isPatch ? "read_only" : "unknown") << nameOf(route) << ": " << reply.text;
    }
}

// What is wrong in two ways is refused for the earlier one (API.md, order of checks).
TEST_F(Routes, ChecksComeInTheirOrder) {
    auto const& customer = stage().customer;
    auto const& specialist = stage().specialist;
    std::string const absent = "0123456789abcdef01234567";
    std::string const large(2 * 1024 * 1024, 'x');
    auto const typed = [](Headers headers, std::string const& type) {
        headers.emplace_back("Content-Type", type);
        return headers;
    };
    auto const matching = [](Headers headers, std::string const& version) {
        headers.emplace_back("If-Match", version);
        return headers;
    };
    auto const profile = as(specialist);
    struct Row {
        char const* name;
        std::string method, target;
        Headers headers;
        std::string body;
        int status;
        std::string code;
    };
    auto const schedule = textOf(exampleOf(
        *std::find_if(api::routes().begin(), api::routes().end(), [](Route const& r) { return nameOf(r) == "POST /schedules"; }), stage()));
    std::vector<Row> const rows{
        {"404 before 413", "POST", "/api/v1/nothing", {}, large, 404, "not_found"},
        {"405 before 413", "PATCH", "/api/v1/bookings", {}, large, 405, "method_not_allowed"},
        {"404 before 415", "POST", "/api/v1/nothing", {{"Content-Type", "text/plain"}}, "x", 404, "not_found"},
        {"413 before 401", "POST", "/api/v1/bookings", {{"Content-Type", "application/json"}}, large, 413, "too_large"},
        {"415 before 401", "POST", "/api/v1/bookings", {{"Content-Type", "text/plain"}}, "x", 415, "unsupported_media_type"},
        {"401 before 400", "POST", "/api/v1/bookings", asJson(), "{", 401, "unauthenticated"},
        {"401 before 404", "GET", "/api/v1/bookings/x", {}, "", 401, "unauthenticated"},
        {"403 before 400", "POST", "/api/v1/bookings", asJson(as(specialist)), "{", 403, "denied"},
        {"400 before email_unverified", "POST", "/api/v1/bookings", asJson(as(stage().unverified)), "{", 400, "malformed_json"},
        {"422 before email_unverified", "POST", "/api/v1/bookings", asJson(as(stage().unverified)), "{}", 422, "invalid"},
        {"email_unverified before 404", "POST", "/api/v1/bookings", asJson(as(stage().unverified)), R"({"slotId":")" + absent + "\"}", 403,
         "email_unverified"},
        {"422 before 404", "PUT", "/api/v1/schedules/" + absent, asJson(profile), "{}", 422, "invalid"},
        {"422 of a rule before 404", "PUT", "/api/v1/schedules/" + absent, asJson(profile),
         R"({"type":"custom","appliedFrom":"2027-02-01","appliedTo":"2027-01-01"})", 422, "invalid"},
        {"404 before 412", "PUT", "/api/v1/schedules/" + absent, asJson(matching(profile, "\"999\"")), schedule, 404, "not_found"},
        {"422 before 412", "PUT", "/api/v1/schedules/" + stage().scheduleId, asJson(matching(profile, "\"999\"")), "{}", 422, "invalid"},
        {"422 before a malformed If-Match", "PATCH", "/api/v1/specialists/me", asJson(matching(profile, "abc")), R"({"nothing":1})", 422,
         "invalid"},
        {"400 before a malformed If-Match", "PATCH", "/api/v1/specialists/me", asJson(matching(profile, "abc")), "{", 400,
         "malformed_json"},
        {"412", "PATCH", "/api/v1/specialists/me", asJson(matching(profile, "\"999\"")), R"({"headline":"x"})", 412, "version_mismatch"},
        {"422 of the key before 404", "POST", "/api/v1/bookings",
         asJson({{"Authorization", "Bearer " + customer.token}, {"Idempotency-Key", "a b"}}), R"({"slotId":")" + absent + "\"}", 422,
         "invalid"},
        {"415 with an empty body is none", "POST", "/api/v1/slots/generation", typed(as(specialist), "text/plain"), "", 200, ""},
    };
    for (auto const& row : rows) {
        auto const reply = wire.send(row.method, row.target, row.headers, row.body);
        if (row.status >= 400) {
            expectProblem(reply, row.status, row.code, row.name);
        } else {
            EXPECT_EQ(reply.status, row.status) << row.name << ": " << reply.text;
        }
    }
}

TEST_F(Routes, TheServersOwnRefusalsAreProblemsToo) {
    struct Row {
        char const* name;
        std::string bytes;
        int status;
        std::string code;
    };
    for (auto const& row : std::vector<Row>{
             {"no Host", "GET /healthz HTTP/1.1\r\n\r\n", 400, "bad_request"},
             {"two lengths", "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
              "bad_request"},
             {"another version", "GET /healthz HTTP/3.0\r\nHost: x\r\n\r\n", 505, "version_not_supported"},
             {"a head that is too large", "GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n", 431,
              "headers_too_large"},
             {"no HTTP at all", "hello\r\n\r\n", 400, "bad_request"},
             {"a control character", "GET /healthz HTTP/1.1\r\nHost: x\r\nX: a\x01z\r\n\r\n", 400, "bad_request"},
         })
        expectProblem(wire.sendBytes(row.bytes), row.status, row.code, row.name);
}

} // namespace
} // namespace visavis::scenarios
