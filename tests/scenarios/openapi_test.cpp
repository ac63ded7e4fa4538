// The routes table against API.md, and the OpenAPI document against the routes table.
#include "scenarios/stage.hpp"

#include "api/openapi.hpp"

#include <set>

namespace visavis::scenarios {
namespace {

namespace json = boost::json;
using api::Auth;
using api::Route;

class OpenApi : public testing::Test {
protected:
    Example example(Route const& route) { return exampleOf(route, stage); }

    Stage stage;
};

bool hasCapture(Route const& route) { return route.pattern.find('{') != route.pattern.npos; }

// The rows of API.md marked 1 that exist now, with who may call them.
std::vector<std::pair<std::string, Auth>> const contract{
    {"GET /-/healthz", Auth::open},
    {"GET /-/readyz", Auth::open},
    {"GET /-/metrics", Auth::open},
    {"GET /openapi.json", Auth::open},
    {"GET /-/api/docs", Auth::open},
    {"POST /auth/register", Auth::open},
    {"POST /auth/login", Auth::open},
    {"POST /auth/logout", Auth::user},
    {"GET /auth/me", Auth::user},
    {"POST /auth/verify-email", Auth::open},
    {"POST /auth/resend-verification", Auth::user},
    {"POST /auth/forgot-password", Auth::open},
    {"POST /auth/reset-password", Auth::open},
    {"POST /auth/change-password", Auth::user},
    {"GET /auth/sessions", Auth::user},
    {"DELETE /auth/sessions/{id}", Auth::user},
    {"GET /connections", Auth::user},
    {"GET /specialists", Auth::open},
    {"GET /specialists/{idOrSlug}", Auth::open},
    {"GET /specialists/me", Auth::specialist},
    {"PATCH /specialists/me", Auth::specialist},
    {"GET /customers/me", Auth::customer},
    {"PATCH /customers/me", Auth::customer},
    {"GET /schedules", Auth::specialist},
    {"POST /schedules", Auth::specialist},
    {"GET /schedules/{id}", Auth::specialist},
    {"PUT /schedules/{id}", Auth::specialist},
    {"DELETE /schedules/{id}", Auth::specialist},
    {"POST /slots/generation", Auth::specialist},
    {"GET /specialists/{id}/slots", Auth::open},
    {"GET /slots", Auth::specialist},
    {"POST /slots/preview", Auth::specialist},
    {"POST /bookings", Auth::customer},
    {"GET /bookings", Auth::party},
    {"GET /bookings/{id}", Auth::party},
    {"POST /bookings/{id}/payment", Auth::customer},
    {"POST /slots", Auth::specialist},
    {"PATCH /slots/{id}", Auth::specialist},
    {"POST /slots/{id}/block", Auth::specialist},
    {"DELETE /slots/{id}/block", Auth::specialist},
    {"PUT /specialists/me/image", Auth::specialist},
    {"DELETE /specialists/me/image", Auth::specialist},
    {"PUT /customers/me/image", Auth::customer},
    {"DELETE /customers/me/image", Auth::customer},
    {"POST /bookings/{id}/review", Auth::customer},
    {"GET /specialists/{id}/reviews", Auth::open},
    {"POST /reviews/{id}/response", Auth::specialist},
    {"GET /bookings/{id}/cancellation", Auth::party},
    {"POST /bookings/{id}/cancellation", Auth::sideOrAdmin},
    {"POST /bookings/{id}/reschedule", Auth::sideOrAdmin},
    {"POST /bookings/{id}/completion", Auth::specialistOrAdmin},
    {"POST /bookings/{id}/no-show", Auth::sideOrAdmin},
    {"POST /bookings/{id}/feedback", Auth::specialist},
    {"PATCH /bookings/{id}", Auth::side},
    {"GET /bookings/{id}/messages", Auth::side},
    {"POST /bookings/{id}/messages", Auth::side},
    {"GET /bookings/{id}/calendar.ics", Auth::side},
    {"GET /payments", Auth::party},
    {"GET /payments/{id}", Auth::party},
    {"POST /payments/{id}/refunds", Auth::specialistOrAdmin},
    {"GET /payments/{id}/refunds", Auth::specialistOrStaff},
    {"GET /specialists/me/earnings", Auth::specialist},
    {"GET /admin/payments", Auth::staff},
    {"POST /webhooks/stripe", Auth::signature},
    {"GET /notifications", Auth::user},
    {"GET /notifications/unread-count", Auth::user},
    {"PUT /notifications/{id}/read", Auth::user},
    {"DELETE /notifications/{id}/read", Auth::user},
    {"POST /notifications/read-all", Auth::user},
    {"PUT /notifications/{id}/archive", Auth::user},
    {"GET /events", Auth::user},
    {"POST /specialists/{id}/availability-requests", Auth::customer},
    {"GET /availability-requests", Auth::user},
    {"GET /admin/users", Auth::staff},
    {"POST /admin/users/{id}/suspension", Auth::admin},
    {"DELETE /admin/users/{id}/suspension", Auth::admin},
    {"PUT /admin/specialists/{id}/verification", Auth::admin},
    {"DELETE /admin/specialists/{id}/verification", Auth::admin},
    {"GET /admin/jobs", Auth::staff},
    {"POST /admin/jobs/{name}/runs", Auth::admin},
    {"GET /admin/outbox", Auth::staff},
    {"POST /admin/outbox/{id}/retry", Auth::admin},
    {"GET /admin/audit", Auth::admin},
};

TEST_F(OpenApi, AreThoseOfTheContract) {
    std::map<std::string, Auth> table;
    for (auto const& route : api::routes()) table.emplace(nameOf(route), route.auth);
    for (auto const& [name, auth] : contract) {
        EXPECT_TRUE(table.contains(name)) << name;
        if (table.contains(name)) {
            EXPECT_EQ(static_cast<int>(table[name]), static_cast<int>(auth)) << name;
        }
        if (name == "POST /bookings") continue;
        for (auto const& route : api::routes())
            EXPECT_FALSE(nameOf(route) == name && route.options.verified) << name << " asks for a confirmed address";
    }
}

void everyReference(json::value const& value, json::value const& document, int& count) {
    if (value.is_array())
        for (auto const& element : value.get_array()) everyReference(element, document, count);
    if (!value.is_object()) return;
    for (auto const& member : value.get_object()) {
        if (member.key() == "$ref") {
            std::string const to(member.value().as_string());
            json::error_code ec;
            EXPECT_TRUE(to.starts_with("#/") && document.find_pointer(to.substr(1), ec) != nullptr) << to;
            ++count;
        }
        everyReference(member.value(), document, count);
    }
}

// A schema's types are JSON Schema's words, and what it requires are properties of its own.
void everySchema(json::value const& value, std::string const& at) {
    static std::set<std::string> const types{"string", "integer", "number", "boolean", "object", "array", "null"};
    if (value.is_array())
        for (auto const& element : value.get_array()) everySchema(element, at);
    if (!value.is_object()) return;
    auto const& object = value.get_object();
    auto const* type = object.if_contains("type");
    bool const isSchema =
        type != nullptr && (type->is_string() || type->is_array()) && !object.contains("in") && !object.contains("scheme");
    EXPECT_TRUE(!isSchema || !type->is_string() || types.contains(std::string(type->get_string()))) << at;
    if (auto const* required = object.if_contains("required");
        required != nullptr && required->is_array() && object.contains("properties")) {
        for (auto const& name : required->get_array())
            EXPECT_TRUE(object.at("properties").as_object().contains(name.as_string())) << at << " requires " << json::serialize(name);
    }
    for (auto const& member : object) everySchema(member.value(), at + "/" + std::string(member.key()));
}

TEST_F(OpenApi, AreAllInTheOpenApiDocument) {
    auto const reply = stage.world.get("/openapi.json");
    ASSERT_EQ(reply.status, 200);
    auto const& document = reply.body;
    EXPECT_EQ(reply.at("/openapi"), "3.1.0");
    EXPECT_NE(reply.at("/info/title"), "");
    EXPECT_NE(reply.at("/info/version"), "");
    std::size_t operations = 0;
    for (auto const& path : document.at("paths").as_object()) operations += path.value().as_object().size();
    EXPECT_EQ(operations, api::routes().size());
    for (auto const& route : api::routes()) {
        auto const* path = document.at("paths").as_object().if_contains(targetOf(route));
        ASSERT_NE(path, nullptr) << nameOf(route);
        auto const* operation = path->as_object().if_contains(lowered(http::word(route.method)));
        ASSERT_NE(operation, nullptr) << nameOf(route);
        auto const& responses = operation->at("responses").as_object();
        EXPECT_TRUE(responses.contains(std::to_string(route.status)) && responses.contains("default")) << nameOf(route);
        std::set<std::string> captures;
        for (auto const& parameter : operation->at("parameters").as_array()) {
            EXPECT_TRUE(parameter.as_object().contains("schema")) << nameOf(route);
            if (parameter.at("in") == "path") {
                captures.insert(std::string(parameter.at("name").as_string()));
                EXPECT_TRUE(parameter.at("required").as_bool()) << nameOf(route);
            }
        }
        for (auto const& name : captures) EXPECT_NE(route.pattern.find("{" + name + "}"), std::string::npos) << nameOf(route);
        EXPECT_EQ(captures.empty(), !hasCapture(route)) << nameOf(route);
        if (takesBody(route) && !example(route).body.is_null()) {
            EXPECT_TRUE(operation->as_object().contains("requestBody")) << nameOf(route);
        }
        if (route.isPatch) {
            auto const* schema = &operation->at("requestBody").at("content").at("application/json").at("schema");
            if (auto const* ref = schema->as_object().if_contains("$ref")) {
                json::error_code ec;
                schema = document.find_pointer(std::string(ref->as_string()).substr(1), ec);
            }
            ASSERT_NE(schema, nullptr);
            EXPECT_FALSE(schema->as_object().contains("required")) << nameOf(route) << ": a PATCH may leave out any member";
        }
    }
    int references = 0;
    everyReference(document, document, references);
    EXPECT_GT(references, 50);
    everySchema(document.at("components"), "components");
    EXPECT_EQ(stage.world.get("/-/api/docs").status, 200);
}
} // namespace
} // namespace visavis::scenarios
