// The public pages without a script: what a browser sends by following links and filling in forms, against the real server.
#include "http/gzip.hpp"
#include "http/query.hpp"
#include "scenarios/wire.hpp"

#include <regex>

namespace visavis::scenarios {
namespace {

using Fields = std::vector<http::Query::Pair>;

// Keeps cookies and follows redirects, as a browser does.
class Browser {
public:
    explicit Browser(World& world) : world_(world), wire_(world.server().url()) {}

    Reply get(std::string const& path) { return follow(ask("GET", path, "", {})); }
    Reply post(std::string const& path, Fields const& fields) {
        return follow(ask("POST", path, http::formatQuery(fields), {{"Origin", world_.server().url()}}));
    }
    Reply ask(std::string const& method, std::string const& path, std::string const& body, Headers headers) {
        headers.emplace_back("Accept", "text/html,*/*;q=0.8");
        std::string cookies;
        for (auto const& [name, value] : cookies_) cookies += (cookies.empty() ? "" : "; ") + name + "=" + value;
        if (!cookies.empty()) headers.emplace_back("Cookie", cookies);
        if (method == "POST") headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        auto reply = wire_.send(method, path, headers, body);
        for (auto const& header : reply.headers)
            if (equalIgnoringCase(header.name, "set-cookie")) keep(header.value);
        return reply;
    }
    void forget() { cookies_.clear(); }

    std::string at; // the path of the page that is shown

private:
    void keep(std::string const& cookie) {
        auto const equals = cookie.find('=');
        cookies_[cookie.substr(0, equals)] = cookie.substr(equals + 1, cookie.find(';') - equals - 1);
    }
    Reply follow(Reply reply) {
        for (int hops = 0; reply.status == 303 && hops < 5; ++hops) {
            at = reply.header("location");
            reply = ask("GET", at, "", {});
        }
        return reply;
    }

    World& world_;
    Wire wire_;
    std::map<std::string, std::string> cookies_;
};

std::string found(Reply const& reply, std::string const& pattern) {
    std::smatch match;
    return std::regex_search(reply.text, match, std::regex(pattern)) ? match[1].str() : std::string();
}

std::string hidden(Reply const& page, std::string const& name) { return found(page, "name=\"" + name + "\" value=\"([^\"]*)\""); }

bool says(Reply const& reply, std::string const& text) { return reply.text.find(text) != std::string::npos; }

class Web : public testing::Test {
protected:
    World world;
    Browser browser{world};

    std::string slugOf(Person const& who) { return world.get("/specialists/me", &who).at("/slug"); }

    // Registers by the form, and confirms by the link of the mail.
    void join(std::string const& email, std::string const& next = "/bookings") {
        auto const sent = browser.post(
            "/register",
            {{"name", "Eve <b>"}, {"email", email}, {"password", "monsoon evening"}, {"userType", "customer"}, {"next", next}});
        EXPECT_TRUE(says(sent, "Look into your mailbox")) << sent.text;
        auto const mail = world.mail(email);
        std::string const text(mail.at("text").as_string());
        auto const token = text.substr(text.find("token=") + 6, 43);
        auto const shown = browser.get("/verify-email?token=" + token);
        EXPECT_EQ(shown.header("referrer-policy"), "no-referrer");
        EXPECT_EQ(hidden(shown, "token"), token);
        EXPECT_TRUE(says(browser.post("/verify-email", {{"token", token}}), "your e-mail address is confirmed"));
    }
};

TEST_F(Web, ACustomerBooksPaysMovesAndCancelsByFormsAlone) {
    auto const sara = world.specialist();
    auto const slug = slugOf(sara);
    EXPECT_TRUE(says(browser.get("/?q=executive"), "/s/" + slug));
    join("eve@example.test", "/s/" + slug);
    EXPECT_EQ(browser.at, "/s/" + slug + "?done=verified");

    auto const day = std::string(world.slots(sara).at(60).at("date").as_string()); // so far ahead that all of the price comes back
    auto const profile = browser.get("/s/" + slug + "?tz=Asia/Kolkata&from=" + day);
    auto const form = browser.get(found(profile, "href=\"(/s/[^\"]*/book/[0-9a-f]{24})\""));
    EXPECT_TRUE(says(form, "Asia/Kolkata (UTC+05:30)")) << form.text;
    auto const pay =
        browser.post(found(form, "<form method=\"post\" action=\"(/s/[^\"]*)\""),
                     {{"price", hidden(form, "price")}, {"currency", hidden(form, "currency")}, {"customerNotes", "one\r\ntwo"}});
    EXPECT_TRUE(says(pay, "data-booking=")) << pay.text;
    auto const id = found(pay, "data-booking=\"([0-9a-f]{24})\"");

    auto const asked = browser.ask("POST", "/api/v1/bookings/" + id + "/payment", "", {{"Origin", world.server().url()}});
    ASSERT_EQ(asked.status, 201) << asked.text;
    EXPECT_EQ(world.confirmCard(asked.at("/clientSecret"), "4242424242424242").status, 200);
    Reply manage;
    EXPECT_TRUE(support::eventually([&] { return says(manage = browser.get("/bookings/" + id), "Confirmed"); }));
    EXPECT_TRUE(says(manage, "$100.00 paid."));
    EXPECT_TRUE(says(manage, "you get back $100.00 (100%)")) << manage.text;
    EXPECT_TRUE(browser.get("/bookings/" + id + "/calendar.ics").text.starts_with("BEGIN:VCALENDAR"));

    auto const times = browser.get("/bookings/" + id + "/reschedule");
    auto const move = found(times, "href=\"(/bookings/[0-9a-f]{24}/reschedule/[0-9a-f]{24})\"");
    EXPECT_TRUE(says(browser.get(move), "Move to this time"));
    EXPECT_TRUE(says(browser.post(move, {}), "The session is moved."));

    auto const less = browser.post("/bookings/" + id + "/cancel", {{"refund", "1"}});
    EXPECT_EQ(less.status, 409);
    EXPECT_TRUE(says(less, "The refund has changed meanwhile"));
    EXPECT_TRUE(says(browser.post("/bookings/" + id + "/cancel", {{"refund", hidden(manage, "refund")}}), "The session is cancelled."));
    world.advance("PT1S");
    EXPECT_TRUE(says(browser.get("/bookings/" + id), "$100.00 refunded"));
    world.verifyClean();
}

TEST_F(Web, FormsSayWhatIsWrongAtTheFieldAndKeepWhatWasTyped) {
    auto const sent = browser.post(
        "/register", {{"name", "<script>x</script>"}, {"email", "no address"}, {"password", "secret"}, {"userType", "customer"}});
    EXPECT_EQ(sent.status, 422);
    EXPECT_TRUE(says(sent, "id=\"email-error\"")) << sent.text;
    EXPECT_TRUE(says(sent, "value=\"no address\""));
    EXPECT_TRUE(says(sent, "value=\"&lt;script&gt;x&lt;/script&gt;\""));
    EXPECT_FALSE(says(sent, "<script>x"));
    EXPECT_FALSE(says(sent, "secret"));
    EXPECT_EQ(browser.post("/login", {{"email", "nobody@example.test"}, {"password", "wrong horse 99"}}).status, 403);
}

TEST_F(Web, ATimeThatWasTakenBringsTheNearestFreeOnes) {
    auto const sara = world.specialist();
    auto const slug = slugOf(sara);
    join("eve@example.test");
    auto const slot = std::string(world.slots(sara).front().at("id").as_string());
    auto const path = "/s/" + slug + "/book/" + slot;
    auto const form = browser.get(path);
    auto const other = world.customer();
    EXPECT_EQ(world.post("/bookings", "{\"slotId\":\"" + slot + "\"}", &other).status, 201);
    auto const late = browser.post(path, {{"price", hidden(form, "price")}, {"currency", hidden(form, "currency")}});
    EXPECT_EQ(late.status, 409);
    EXPECT_TRUE(says(late, "This time is no longer free."));
    auto const free = found(late, "class=\"time\" href=\"(/s/[^\"]*/book/[0-9a-f]{24})\"");
    EXPECT_NE(free, path);
    EXPECT_TRUE(says(browser.get(free), "Book and go to payment")) << late.text;
}

TEST_F(Web, ALogInLeadsBackToWhereItWasMissing) {
    auto const kiran = world.customer();
    browser.get("/bookings?show=past");
    EXPECT_EQ(browser.at, "/login?next=%2Fbookings%3Fshow%3Dpast&expired=0");
    browser.post("/login", {{"email", kiran.email}, {"password", kiran.password}, {"next", "/bookings?show=past"}});
    EXPECT_EQ(browser.at, "/bookings?show=past");
    for (auto const* elsewhere : {"//evil.test", "/\\evil.test", "https://evil.test", "javascript:alert(1)", "/\t/evil.test"}) {
        browser.forget();
        browser.post("/login", {{"email", kiran.email}, {"password", kiran.password}, {"next", elsewhere}});
        EXPECT_EQ(browser.at, "/bookings") << elsewhere;
    }
}

// A paid booking and who takes part in it.
struct Arranged {
    Person sara, kiran;
    std::string id;
};
Arranged arrange(World& world) {
    Arranged made{world.specialist(), world.customer(), {}};
    made.id = world.book(made.kiran, made.sara).at("/id");
    auto const asked = world.post("/bookings/" + made.id + "/payment", "", &made.kiran);
    EXPECT_EQ(world.confirmCard(asked.at("/clientSecret"), "4242424242424242").status, 200);
    world.awaitStatus(made.id, made.kiran, "confirmed");
    return made;
}

TEST_F(Web, SupportReadsABookingAndChangesNothing) {
    auto const [sara, kiran, id] = arrange(world);
    auto const support = world.staff("support");
    browser.post("/login", {{"email", support.email}, {"password", support.password}});
    EXPECT_EQ(browser.at, "/app/");
    auto const page = browser.get("/bookings/" + id);
    EXPECT_TRUE(says(page, "Confirmed")) << page.text;
    EXPECT_FALSE(says(page, "/cancel\"")) << page.text;
    auto const slot = std::string(world.slots(sara).at(20).at("id").as_string());
    for (std::string const path : {"/cancel", "/no-show", "/completion", "/messages", "/reschedule/"})
        EXPECT_EQ(
            browser.post("/bookings/" + id + path + (path.ends_with('/') ? slot : ""), {{"refund", "10000"}, {"text", "Hello"}}).status,
            403)
            << path;
    EXPECT_EQ(browser.get("/bookings/" + id + "/reschedule").status, 403);
    EXPECT_EQ(world.booking(id, kiran).at("/status"), "confirmed");
    EXPECT_EQ(world.booking(id, kiran).at("/startsAt"), world.booking(id, sara).at("/startsAt"));
    world.verifyClean();
}

TEST_F(Web, ACustomerNotesAndReportsAnAbsence) {
    auto const [sara, kiran, id] = arrange(world);
    browser.post("/login", {{"email", kiran.email}, {"password", kiran.password}});
    EXPECT_EQ(browser.at, "/bookings");
    auto const noted = browser.post("/bookings/" + id + "/notes", {{"customerNotes", "About\r\n<b>prices</b>"}});
    EXPECT_TRUE(says(noted, "Your notes are saved."));
    EXPECT_TRUE(says(noted, "About\n&lt;b&gt;prices&lt;/b&gt;</textarea>")) << noted.text;
    EXPECT_EQ(browser.post("/bookings/" + id + "/notes", {{"customerNotes", std::string(2001, 'x')}}).status, 422);
    browser.post("/bookings/" + id + "/notes", {{"customerNotes", ""}});
    EXPECT_EQ(world.booking(id, kiran).at("/customerNotes"), "");

    EXPECT_FALSE(says(browser.get("/bookings/" + id), "/no-show"));
    EXPECT_EQ(browser.post("/bookings/" + id + "/no-show", {}).status, 409);
    auto const start = *parseRfc3339(world.booking(id, kiran).at("/startsAt"));
    EXPECT_EQ(world.sandbox("PUT", "/sandbox/clock", R"({"now":")" + toRfc3339(start + Minutes(15)) + "\"}").status, 200);
    EXPECT_TRUE(says(browser.get("/bookings/" + id), "/no-show"));
    EXPECT_TRUE(says(browser.post("/bookings/" + id + "/no-show", {}), "The specialist did not come."));
    world.advance("PT1S");
    EXPECT_TRUE(says(browser.get("/bookings/" + id), "$100.00 refunded"));
    world.verifyClean();
}

TEST_F(Web, ASpecialistsBookingsAreInTheDashboard) {
    auto const [sara, kiran, id] = arrange(world);
    browser.post("/login", {{"email", sara.email}, {"password", sara.password}});
    EXPECT_EQ(browser.at, "/app/");
    browser.get("/bookings");
    EXPECT_EQ(browser.at, "/app/bookings");
    EXPECT_TRUE(says(browser.get("/bookings/" + id), "href=\"/app/bookings/" + id)); // where mails lead
}

TEST_F(Web, FormsOfOtherSitesAreRefused) {
    auto const kiran = world.customer();
    auto const body = http::formatQuery({{"email", kiran.email}, {"password", kiran.password}});
    for (Headers const& headers : {Headers{}, Headers{{"Origin", "https://evil.test"}}, Headers{{"Sec-Fetch-Site", "cross-site"}}}) {
        auto const reply = browser.ask("POST", "/login", body, headers);
        EXPECT_EQ(reply.status, 403);
        EXPECT_TRUE(reply.header("set-cookie").empty());
    }
    EXPECT_EQ(browser.ask("POST", "/login", body, {{"Sec-Fetch-Site", "same-origin"}}).status, 303);
}

TEST_F(Web, PagesHaveTheirHeadersAndFitIntoFewBytes) {
    auto const sara = world.specialist("Eve </script><img src=x onerror=alert(1)>");
    auto const slug = slugOf(sara);
    for (auto const& path : {std::string("/"), "/s/" + slug, "/embed/" + slug, std::string("/login")}) {
        auto const page = browser.ask("GET", path, "", {{"Accept-Encoding", "gzip"}});
        ASSERT_EQ(page.status, 200) << path;
        auto const policy = page.header("content-security-policy");
        EXPECT_NE(policy.find("default-src 'none'"), policy.npos) << path;
        EXPECT_EQ(policy.find("unsafe"), policy.npos) << path;
        EXPECT_EQ(policy.find("frame-ancestors *") != policy.npos, path.starts_with("/embed/")) << path;
        EXPECT_EQ(page.header("x-content-type-options"), "nosniff") << path;
        EXPECT_EQ(page.header("content-encoding"), "gzip") << path;
        auto const html = http::gunzipped(page.text);
        EXPECT_EQ(html.find("<img src=x"), html.npos) << path;
        EXPECT_EQ(html.find("Eve </script>"), html.npos) << path;
        auto bytes = page.text.size();
        std::regex const asset("(/assets/[a-z0-9.]+)\"");
        int requests = 1;
        for (std::sregex_iterator it(html.begin(), html.end(), asset), end; it != end; ++it, ++requests) {
            auto const file = browser.ask("GET", (*it)[1].str(), "", {{"Accept-Encoding", "gzip"}});
            EXPECT_EQ(file.status, 200) << (*it)[1].str();
            EXPECT_NE(file.header("cache-control").find("immutable"), std::string::npos);
            bytes += file.text.size();
        }
        EXPECT_LE(requests, 3) << path;
        EXPECT_LE(bytes, 40U * 1024) << path;
    }
}

TEST_F(Web, SpeaksGermanToWhoReadsIt) {
    EXPECT_TRUE(says(browser.ask("GET", "/login", "", {{"Accept-Language", "de-AT,de;q=0.9,en;q=0.5"}}), "<html lang=\"de\">"));
    EXPECT_TRUE(says(browser.get("/login?lang=de"), "Anmelden"));
    EXPECT_TRUE(says(browser.get("/login"), "Anmelden")); // remembered
}

TEST_F(Web, LeavesTheApiItsAnswers) {
    Wire wire(world.server().url());
    expectProblem(wire.send("GET", "/login", {{"Accept", "application/json"}}), 404, "not_found", "a page for whom wants JSON");
    expectProblem(wire.send("GET", "/nowhere"), 404, "not_found", "no page");
    expectProblem(wire.send("DELETE", "/login"), 404, "not_found", "a method of no page");
    expectProblem(wire.send("GET", "/api/v1/nowhere", {{"Accept", "text/html"}}), 404, "not_found", "below the API");
    auto const page = wire.send("GET", "/nowhere", {{"Accept", "text/html"}});
    EXPECT_EQ(page.status, 404);
    EXPECT_TRUE(says(page, "There is nothing here"));
}

} // namespace
} // namespace visavis::scenarios
