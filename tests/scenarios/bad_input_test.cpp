// Every member of every input broken in turn, as its Shape says it can be broken: the answer names the member, and nothing is half-written.
#include "scenarios/stage.hpp"

#include "http/query.hpp"
#include "record/json.hpp"

#include <set>

namespace visavis::scenarios {
namespace {

namespace json = boost::json;
using api::Route;

class BadInput : public testing::Test {
protected:
    static void SetUpTestSuite() { stage_ = std::make_unique<Stage>(); }
    static void TearDownTestSuite() { stage_.reset(); }
    void SetUp() override { before_ = contents(stage()); }
    // Nothing half-written: what users own is to the letter what it was.
    void TearDown() override {
        auto const after = contents(stage());
        for (auto const& [collection, text] : before_) EXPECT_EQ(after.at(collection), text) << collection << " has changed";
        stage().world.verifyClean();
    }
    Stage& stage() { return *stage_; }
    Example example(Route const& route) { return exampleOf(route, *stage_); }

    Wire wire = stage_->wire();

private:
    static inline std::unique_ptr<Stage> stage_;
    std::map<std::string, std::string> before_;
};

Shape const& unwrapped(Shape const& shape) { return shape.kind == Kind::optional ? *shape.inner : shape; }

std::string jsonText(std::string const& text) { return json::serialize(json::string(text)); }

// A raw JSON text in the place of a member, and what the answer must be: 422 that names it, or 400.
struct Broken {
    std::string text;
    bool malformed = false;
};

std::string repeated(std::string const& text, std::int64_t count) {
    std::string all;
    for (std::int64_t i = 0; i < count; ++i) all += text;
    return all;
}

void breakNumber(Shape const& shape, std::vector<Broken>& list) {
    for (auto const* text : {"\"5\"", "5.5", "true", "[]", "{}", "1e300", "-1e300", "1e999", "99999999999999999999",
                             "-99999999999999999999", "9007199254740993.5"})
        list.push_back({text});
    if (shape.least) list.push_back({std::to_string(*shape.least - 1)});
    if (shape.most) list.push_back({std::to_string(*shape.most + 1)});
    for (auto const* text : {"NaN", "-Infinity", "05", "5.", "--5", "0x5"}) list.push_back({text, true});
}

// Texts that no text with limits takes.
void breakTyped(Shape const& shape, std::vector<Broken>& list) {
    if (*shape.least > 0) list.insert(list.end(), {{"\"\""}, {"\"  \\t \""}});
    for (auto const* character : {"x", "é", "😀"}) list.push_back({jsonText(repeated(character, *shape.most + 1))});
    for (auto const* control : {"\\u0000", "\\u0007", "\\u001b", "\\u007f", "\\u0085", "\\u202e", "\\u2066", "\\u2069", "\\u2028"})
        list.push_back({std::string("\"ab") + control + "cd\""});
}

std::vector<std::string> wrongTexts(Shape const& shape) {
    if (shape.kind == Kind::objectId)
        return {"", "x", "0123456789abcdef0123456", "0123456789abcdef012345678", "zzzzzzzzzzzzzzzzzzzzzzzz", " 0123456789abcdef01234567"};
    if (shape.kind == Kind::instant)
        return {"",
                "now",
                "2026-12-01",
                "2026-12-01T09:00:00",
                "2026-02-30T09:00:00Z",
                "2026-12-01T24:00:00Z",
                "2026-12-01T09:00:60Z",
                "0000-01-01T00:00:00Z",
                "0001-01-01T00:00:00+01:00",
                "2026-12-01T09:00:00+25:00",
                "2026-12-01T09:00:00.Z",
                "2026-12-01T09:00Z",
                "12026-12-01T09:00:00Z",
                "2026-12-01T09:00:00Zz",
                "1764579600"};
    if (shape.kind == Kind::day)
        return {"",           "today",       "2026-02-30",  "2026-13-01", "2026-1-1", "2026-12-01T00:00:00Z",
                "0000-01-01", "12026-01-01", "-2026-01-01", "2026/12/01"};
    if (!shape.words.empty()) return {"", "nonsense", " " + shape.words.front(), "WEEKLY", "specialist,customer"};
    if (shape.format == "email")
        return {"",
                "a",
                "a@b",
                "@b.example",
                "a b@c.example",
                "a@b..example",
                "a@-b.example",
                "a@b.example.",
                ".a@b.example",
                "a@b.example\nBcc: c@d.example",
                std::string("a\0@b.example", 12),
                "a@" + repeated("b", 250) + ".example",
                "ä@b.example",
                "a@b@c.example",
                "<a@b.example>"};
    if (shape.format == "uri")
        return {"",
                "x",
                "javascript:alert(1)",
                "data:text/html,x",
                "ftp://a.example",
                "//a.example",
                "https://",
                "https://u:p@a.example",
                "https://a.example/" + repeated("x", 2048),
                "https://a.example/ b",
                "https://a.example/\nb",
                "https://a.example/\"><script>",
                "http:a"};
    if (shape.format == "HH:MM") return {"", "9:00", "25:00", "24:01", "09:60", "09:00:00", "-1:00", "09.00", "٠٩:٠٠", " 09:00", "noon"};
    if (shape.format == "iana-time-zone")
        return {"",       "Mars/Phobos",      "../../etc/passwd", "/etc/localtime", "America/", "localtime\n", std::string("UTC\0x", 5),
                "+05:30", repeated("A", 5000)};
    if (shape.format == "iso-4217") return {"", "US", "USDX", "usd", "ZZZ", "$", "U$D"};
    return {};
}

std::vector<Broken> breaksOf(Shape const& whole) {
    auto const& shape = unwrapped(whole);
    std::vector<Broken> list;
    if (whole.kind != Kind::optional && !whole.mayBeAbsent()) list.push_back({"null"});
    switch (shape.kind) {
        case Kind::boolean:
            for (auto const* text : {"\"true\"", "1", "0", "[]", "{}", "\"\""}) list.push_back({text});
            break;
        case Kind::integer:
        case Kind::number:
            breakNumber(shape, list);
            break;
        case Kind::array:
        case Kind::map:
        case Kind::record:
            for (auto const* text : {"\"x\"", "5", "true"}) list.push_back({text});
            list.push_back({shape.kind == Kind::array ? "{}" : "[]"});
            if (shape.kind == Kind::array) list.push_back({"[" + repeated("0,", 1000) + "0]"});
            break;
        default:
            for (auto const* text : {"5", "5.5", "true", "[]", "{}", "[\"x\"]"}) list.push_back({text});
            for (auto const& text : wrongTexts(shape)) list.push_back({jsonText(text)});
            if (shape.least && shape.most) breakTyped(shape, list);
            for (auto const* text :
                 {"\"\\ud800\"", "\"\\udfff\\ud800\"", "\"a\xff\"", "\"\xc3\"", "\"\xed\xa0\x80\"", "\"\x01\"", "\"\\u12\"", "'x'"})
                list.push_back({text, true});
            break;
    }
    return list;
}

// A walk over an example beside its Shape; `visit` gets each member's pointer, its shape and whether it may be left out.
using Visit = std::function<void(std::string const& pointer, Shape const& shape)>;

void walk(Shape const& whole, json::value const& value, std::string const& at, Visit const& visit) {
    auto const& shape = unwrapped(whole);
    if (shape.kind == Kind::record) {
        for (auto const& field : shape.fields) {
            auto const here = at + "/" + field.name;
            auto const* member = value.as_object().if_contains(field.name);
            if (member == nullptr) continue;
            visit(here, *field.shape);
            walk(*field.shape, *member, here, visit);
        }
    } else if (shape.kind == Kind::array && !value.as_array().empty()) {
        visit(at + "/0", *shape.inner);
        walk(*shape.inner, value.as_array().front(), at + "/0", visit);
    }
}

// The members that an example does not have: they would go untested. A list is looked at in all its elements together.
void absentMembers(Shape const& whole, std::vector<json::value const*> const& values, std::string const& at,
                   std::vector<std::string>& absent) {
    auto const& shape = unwrapped(whole);
    if (values.empty()) return absent.push_back(at);
    if (shape.kind == Kind::array) {
        std::vector<json::value const*> elements;
        for (auto const* value : values)
            for (auto const& element : value->as_array()) elements.push_back(&element);
        return absentMembers(*shape.inner, elements, at + "/0", absent);
    }
    if (shape.kind != Kind::record) return;
    for (auto const& field : shape.fields) {
        std::vector<json::value const*> members;
        for (auto const* value : values)
            if (auto const* member = value->as_object().if_contains(field.name)) members.push_back(member);
        absentMembers(*field.shape, members, at + "/" + field.name, absent);
    }
}

constexpr auto mark = "@@here@@";

// The example as text, with `raw` instead of the member.
std::string replaced(json::value example, std::string const& pointer, std::string const& raw) {
    json::error_code ec;
    *example.find_pointer(pointer, ec) = mark;
    auto text = json::serialize(example);
    auto const place = std::string("\"") + mark + "\"";
    return text.replace(text.find(place), place.size(), raw);
}

std::string without(json::value example, std::string const& pointer) {
    json::error_code ec;
    auto const slash = pointer.rfind('/');
    auto* parent = slash == 0 ? &example : example.find_pointer(pointer.substr(0, slash), ec);
    parent->as_object().erase(pointer.substr(slash + 1));
    return json::serialize(example);
}

std::string shortened(std::string const& text) { return text.size() < 200 ? text : text.substr(0, 100) + "…"; }

// Named itself, or in a list of wrong elements one of these.
bool names(Reply const& reply, std::string const& pointer) {
    auto const* errors = reply.body.is_object() ? reply.body.get_object().if_contains("errors") : nullptr;
    if (errors == nullptr || !errors->is_array() || errors->get_array().empty()) return false;
    for (auto const& error : errors->get_array())
        if (std::string_view(error.at("path").as_string()) == pointer && !error.at("message").as_string().empty() &&
            !error.at("code").as_string().empty())
            return true;
    return false;
}

bool hasBody(Route const& route) { return takesBody(route) && route.input != nullptr; }

// What a path gives is not part of the body.
Shape bodyShape(Route const& route) {
    auto shape = *route.input;
    std::erase_if(shape.fields, [&](Field const& field) { return route.pattern.find("{" + field.name + "}") != route.pattern.npos; });
    return shape;
}

TEST_F(BadInput, ExamplesNameEveryMember) {
    int bodies = 0;
    for (auto const& route : api::routes()) {
        if (!hasBody(route) || bodyShape(route).fields.empty()) continue;
        ++bodies;
        auto const asked = example(route);
        std::vector<std::string> absent;
        ASSERT_FALSE(asked.body.is_null()) << nameOf(route) << " has no example";
        absentMembers(bodyShape(route), {&asked.body}, "", absent);
        for (auto const& pointer : absent) ADD_FAILURE() << "the example of " << nameOf(route) << " lacks " << pointer;
    }
    EXPECT_GE(bodies, 12);
}

TEST_F(BadInput, EveryMemberOfEveryBody) {
    int asked = 0;
    for (auto const& route : api::routes()) {
        if (!hasBody(route)) continue;
        auto const good = example(route);
        if (good.body.is_null()) continue;
        auto const send = [&](std::string const& body, std::string const& pointer, bool malformed, std::string const& what) {
            auto const reply = ask(wire, good, body);
            auto const about = nameOf(route) + " " + pointer + " " + shortened(what);
            ++asked;
            if (malformed) return expectProblem(reply, 400, "malformed_json", about);
            EXPECT_EQ(reply.status, 422) << about << ": " << reply.text;
            EXPECT_TRUE(names(reply, pointer)) << about << ": " << reply.text;
            EXPECT_EQ(reply.at("/requestId"), reply.header("x-request-id")) << about;
        };
        walk(bodyShape(route), good.body, "", [&](std::string const& pointer, Shape const& shape) {
            for (auto const& broken : breaksOf(shape))
                send(replaced(good.body, pointer, broken.text), pointer, broken.malformed, broken.text);
            bool const inList = pointer.ends_with("/0");
            bool const merged = route.isPatch && pointer.find("/0/") == pointer.npos;
            if (!shape.mayBeAbsent() && !inList && !merged) send(without(good.body, pointer), pointer, false, "left out");
            if (unwrapped(shape).kind == Kind::record) {
                json::error_code ec;
                auto more = good.body;
                more.find_pointer(pointer, ec)->as_object()["nothing"] = 1;
                send(json::serialize(more), pointer + "/nothing", false, "with an unknown member");
                send(replaced(good.body, pointer, R"({"x":1,"x":2})"), pointer, true, "with a name twice");
            }
        });
    }
    EXPECT_GT(asked, 5'000);
    std::cout << asked << " broken bodies\n";
}

// Passwords have codes of their own.
TEST_F(BadInput, Passwords) {
    struct Row {
        std::string password;
        std::string code;
    };
    std::vector<Row> const rows{{"", "weak_password"},
                                {"seven77", "weak_password"},
                                {"password1", "weak_password"},
                                {"12345678", "weak_password"},
                                {"aaaaaaaaaa", "weak_password"},
                                {"Passw0rd!", "weak_password"},
                                {"ééééééé", "weak_password"},
                                {repeated("x", 73), "password_too_long"},
                                {repeated("é", 37), "password_too_long"},
                                {std::string("horse\0horse", 11), "invalid"},
                                {"horse\nhorse", "invalid"}};
    std::vector<std::pair<std::string, std::string>> const places{
        {"POST /auth/register", "/password"}, {"POST /auth/reset-password", "/password"}, {"POST /auth/change-password", "/newPassword"}};
    for (auto const& [name, pointer] : places)
        for (auto const& route : api::routes()) {
            if (nameOf(route) != name) continue;
            for (auto const& row : rows) {
                auto const good = example(route);
                auto const reply = ask(wire, good, replaced(good.body, pointer, jsonText(row.password)));
                expectProblem(reply, 422, row.code, name + " " + row.password);
                EXPECT_TRUE(names(reply, pointer)) << reply.text;
            }
        }
}

// Rules that no type can say: each row breaks one, in an example that is otherwise good.
TEST_F(BadInput, RulesBetweenMembers) {
    struct Row {
        char const* route;
        char const* member;
        char const* text;
        char const* named;
        char const* code = "invalid";
    };
    std::vector<Row> const rows{
        {"PATCH /specialists/me", "/slug", R"("Upper")", "/slug"},
        {"PATCH /specialists/me", "/slug", R"("a--b")", "/slug"},
        {"PATCH /specialists/me", "/slug", R"("admin")", "/slug"},
        {"PATCH /specialists/me", "/slug", R"("0123456789abcdef01234567")", "/slug"},
        {"PATCH /specialists/me", "/availability/timezone", "null", "/availability/timezone", "incomplete"},
        {"PATCH /specialists/me", "/consulting/basePrice", "null", "/consulting/basePrice", "incomplete"},
        {"PATCH /specialists/me", "/consulting/basePrice", "49", "/consulting/basePrice"},
        {"PATCH /specialists/me", "/consulting/defaultDuration", "30", "/consulting/defaultDuration"},
        {"PATCH /specialists/me", "/consulting/sessionDurations", "[]", "/consulting/sessionDurations"},
        {"PATCH /specialists/me", "/consulting/sessionDurations", "[60,60]", "/consulting/sessionDurations/1"},
        {"PATCH /specialists/me", "/consulting/sessionDurations", "[60,61]", "/consulting/sessionDurations/1"},
        {"PATCH /specialists/me", "/consulting/sessionDurations", "[60,5,10,15,20,25,30,35,40,45,50,55,65]",
         "/consulting/sessionDurations"},
        {"PATCH /specialists/me", "/availability/bufferTime", "7", "/availability/bufferTime"},
        {"PATCH /specialists/me", "/availability/workingHours/monday/endTime", R"("09:00")", "/availability/workingHours/monday/endTime"},
        {"PATCH /specialists/me", "/availability/workingHours/monday/startTime", R"("09:01")",
         "/availability/workingHours/monday/startTime"},
        {"PATCH /specialists/me", "/availability/workingHours/monday/startTime", "null", "/availability/workingHours/monday/startTime"},
        {"PATCH /specialists/me", "/availability/breakTimes/0/day", R"("moonday")", "/availability/breakTimes/0/day"},
        {"PATCH /specialists/me", "/availability/breakTimes/0/recurring", "false", "/availability/breakTimes/0/day"},
        {"PATCH /specialists/me", "/availability/breakTimes/0/endTime", R"("12:00")", "/availability/breakTimes/0/endTime"},
        {"PATCH /specialists/me", "/consulting/cancellationPolicy/tiers",
         R"([{"hoursBefore":48,"refundPercentage":10},{"hoursBefore":24,"refundPercentage":20}])",
         "/consulting/cancellationPolicy/tiers/1/refundPercentage"},
        {"PATCH /customers/me", "/language", R"("x")", "/language"},
        {"PATCH /customers/me", "/language", R"("en_IN")", "/language"},
        {"PATCH /customers/me", "/name", "null", "/name"},
        {"POST /schedules", "/weeklyPattern/monday/slots/0/startTime", R"("09:02")", "/weeklyPattern/monday/slots/0/startTime"},
        {"POST /schedules", "/weeklyPattern/monday/slots/0/endTime", R"("08:00")", "/weeklyPattern/monday/slots/0/endTime"},
        {"POST /schedules", "/weeklyPattern/monday/slots/0/slotDuration", "61", "/weeklyPattern/monday/slots/0/slotDuration"},
        {"POST /schedules", "/weeklyPattern/monday/slots/0/price", "49", "/weeklyPattern/monday/slots/0/price"},
        {"POST /schedules", "/dateExceptions/0/slots/0/price", "1", "/dateExceptions/0/slots/0/price"},
        {"POST /schedules", "/monthlyPattern/0/slots/0/price", "1", "/monthlyPattern/0/slots/0/price"},
        {"POST /schedules", "/monthlyPattern/0/week", "0", "/monthlyPattern/0/week"},
        {"POST /schedules", "/monthlyPattern/0/day", R"("someday")", "/monthlyPattern/0/day"},
        {"POST /schedules", "/monthlyPattern/0/week", "null", "/monthlyPattern/0"},
        {"POST /schedules", "/monthlyPattern/1/dayOfMonth", "0", "/monthlyPattern/1/dayOfMonth"},
        {"POST /schedules", "/appliedTo", R"("2026-12-31")", "/appliedTo"},
        {"PUT /schedules/{id}", "/appliedTo", R"("2026-12-31")", "/appliedTo"},
        {"PUT /schedules/{id}", "/weeklyPattern/sunday/slots/0/price", "49", "/weeklyPattern/sunday/slots/0/price"},
        {"POST /slots", "/startsAt", R"("2027-06-05T10:01:00Z")", "/startsAt"},
        {"POST /slots", "/duration", "61", "/duration"},
        {"POST /slots", "/price", "49", "/price"},
        {"POST /slots", "/currency", R"("EUR")", "/currency"},
        {"PATCH /slots/{id}", "/price", "49", "/price"},
        {"POST /slots/preview", "/to", R"("2026-12-06")", "/to"},
        {"POST /slots/preview", "/to", R"("2028-12-06")", "/to"},
        {"POST /slots/preview", "/availability/breakTimes/0/day", R"("moonday")", "/availability/breakTimes/0/day"},
        {"POST /slots/preview", "/availability/breakTimes/0/recurring", "false", "/availability/breakTimes/0/day"},
        {"POST /slots/preview", "/busy/0/endsAt", R"("2026-12-07T14:00:00Z")", "/busy/0/endsAt"},
    };
    for (auto const& row : rows)
        for (auto const& route : api::routes()) {
            if (nameOf(route) != row.route) continue;
            auto const good = example(route);
            auto const reply = ask(wire, good, replaced(good.body, row.member, row.text));
            auto const about = std::string(row.route) + " " + row.member + " " + row.text;
            expectProblem(reply, 422, row.code, about);
            EXPECT_TRUE(names(reply, row.named)) << about << ": " << reply.text;
        }
}

// Of a PATCH: what can be read but not written is read_only, by its own pointer.
TEST_F(BadInput, ReadOnlyMembersOfAPatch) {
    int asked = 0;
    for (auto const& route : api::routes()) {
        if (!route.isPatch) continue;
        auto const good = example(route);
        auto const got = wire.send("GET", good.target, as(*good.who));
        auto const whole = got.status == 200 ? got.body.as_object() : json::object(); // single slots are only listed
        std::set<std::string> members{"id", "_id"};
        for (auto const& member : whole) members.insert(std::string(member.key()));
        for (auto const& field : route.output->fields) members.insert(field.name);
        for (auto const& name : members) {
            if (route.input->find(name) != nullptr) continue;
            auto const* current = whole.if_contains(name);
            for (auto const& value : {current == nullptr ? json::value(1) : *current, json::value("x"), json::value(nullptr)}) {
                json::object body{{name, value}};
                auto const reply = ask(wire, good, json::serialize(body));
                bool const known = name != "_id";
                expectProblem(reply, 422, known ? "read_only" : "invalid", nameOf(route) + " " + name);
                EXPECT_EQ(errorAt(reply, "/" + name), known ? "read_only" : "unknown") << name << ": " << reply.text;
                ++asked;
            }
        }
    }
    EXPECT_GT(asked, 60);
}

// What is wrong in several places is told at once.
TEST_F(BadInput, AllFaultsAreTold) {
    auto const reply = wire.send("POST", "/api/v1/auth/register", asJson(),
                                 R"({"email":"x","password":5,"name":"","userType":"admin","timezone":"Mars","more":1})");
    expectProblem(reply, 422, "invalid", "register");
    for (auto const* pointer : {"/email", "/password", "/name", "/userType", "/timezone", "/more"})
        EXPECT_TRUE(names(reply, pointer)) << pointer << " " << reply.text;
}

std::vector<std::string> wrongQueries(Shape const& whole) {
    auto const& shape = unwrapped(whole);
    std::vector<std::string> list;
    if (shape.kind == Kind::integer || shape.kind == Kind::number)
        list = {"", "abc", "+5", "%205", "0x5", "99999999999999999999", "NaN", "inf", "--5", "5,5", "%00"};
    if (shape.kind == Kind::integer) list.insert(list.end(), {"5.5", "1e3"});
    if (shape.kind == Kind::number) list.insert(list.end(), {"1e999", "-0.1", "5.1"});
    if (shape.least && shape.kind == Kind::integer) list.push_back(std::to_string(*shape.least - 1));
    if (shape.most && shape.kind == Kind::integer) list.push_back(std::to_string(*shape.most + 1));
    if (shape.kind == Kind::boolean) list = {"", "1", "yes", "TRUE", "null"};
    for (auto const& text : wrongTexts(shape)) list.push_back(http::percentEncode(text));
    if (shape.kind == Kind::string && shape.most) {
        list.push_back(repeated("x", *shape.most + 1));
        list.insert(list.end(), {"%ff", "a%00b", "%E2%80%AEab", "%ED%A0%80"});
    }
    return list;
}

TEST_F(BadInput, EveryMemberOfEveryQuery) {
    int asked = 0;
    for (auto const& route : api::routes()) {
        if (takesBody(route) || route.input == nullptr) continue;
        auto const good = example(route);
        auto const headers = good.who == nullptr ? Headers{} : as(*good.who);
        for (auto const& field : bodyShape(route).fields) {
            auto values = wrongQueries(*field.shape);
            if (field.name == "cursor") values = {"x", "AAAA", "%00", "%ff", repeated("A", 3000), "e30", "bm90aGluZw"};
            if (field.name == "from" || field.name == "to")
                values = {"yesterday", "", "2026-02-30", "2026-12-01T09:00:00", "%ff", "0000-01-01"};
            EXPECT_FALSE(values.empty()) << nameOf(route) << " " << field.name;
            for (auto const& value : values) {
                auto const about = nameOf(route) + "?" + field.name + "=" + shortened(value);
                auto const reply = wire.send(good.method, good.target + "?" + field.name + "=" + value, headers);
                expectProblem(reply, 422, "invalid", about);
                EXPECT_TRUE(names(reply, "/" + field.name)) << about << ": " << reply.text;
                ++asked;
            }
            if (unwrapped(*field.shape).kind == Kind::array) continue;
            auto const reply = wire.send(good.method, good.target + "?" + field.name + "=1&" + field.name + "=1", headers);
            expectProblem(reply, 422, "invalid", nameOf(route) + " twice " + field.name);
            EXPECT_EQ(errorAt(reply, "/" + field.name), "duplicate") << reply.text;
        }
    }
    EXPECT_GT(asked, 200);
    std::cout << asked << " broken queries\n";
}

// Edges of the calendar are answered, whatever the zone does there.
TEST_F(BadInput, EdgesOfTheCalendar) {
    auto const good = example(*std::find_if(api::routes().begin(), api::routes().end(),
                                            [](Route const& route) { return nameOf(route) == "POST /slots/preview"; }));
    for (auto const* zone : {"UTC", "Pacific/Kiritimati", "Pacific/Niue", "Africa/Monrovia", "Europe/Dublin", "Australia/Lord_Howe"})
        for (auto const& [from, to] : {std::pair("0001-01-01", "0001-01-03"), std::pair("9999-12-29", "9999-12-31"),
                                       std::pair("1900-01-01", "1900-01-02"), std::pair("1970-01-01", "1970-01-01")})
            for (auto const* now : {"0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"}) {
                auto body = good.body;
                body.at("availability").at("timezone") = zone;
                body.at("from") = from;
                body.at("to") = to;
                body.at("now") = now;
                body.at("availability").as_object().erase("maxAdvanceBooking");
                auto const reply = ask(wire, good, json::serialize(body));
                EXPECT_TRUE(reply.status == 200 || reply.status == 422) << zone << " " << from << " " << now << ": " << reply.text;
                EXPECT_EQ(reply.text.find("\"0000-"), std::string::npos) << zone << " " << from << ": an instant that no answer can write";
            }
    for (auto const* query : {"?from=9999-12-31", "?to=9999-12-31", "?from=0001-01-01&to=9999-12-31", "?from=0001-01-01T00:00:00%2B23:59",
                              "?to=9999-12-31T23:59:59-23:59", "?from=9999-12-31&timezone=Pacific/Niue"})
        EXPECT_EQ(wire.send("GET", "/api/v1/specialists/" + stage().specialist.specialistId + "/slots" + query).status, 200) << query;
}

} // namespace
} // namespace visavis::scenarios
