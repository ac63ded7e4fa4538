// Requests of the company's people: the stage's examples, made good for whoever sends them.
#include "scenarios/company.hpp"

namespace visavis::scenarios {

namespace json = boost::json;

// What a row's id names, as the company's stock has it.
std::string kindOf(std::string const& route) {
    static std::vector<std::pair<std::string, std::string>> const kinds{
        {"POST /bookings/{id}/cancellation", "upcoming"},
        {"POST /bookings/{id}/reschedule", "upcoming"},
        {"POST /bookings/{id}/completion", "begun"},
        {"POST /bookings/{id}/no-show", "completed"},
        {"POST /bookings/{id}/feedback", "completed"},
        {"POST /bookings/{id}/review", "completed"},
        {"POST /bookings/{id}/payment", "held"},
        {"/bookings/{", "kept"},
        {"/payments/{", "payments"},
        {"/reviews/{", "reviews"},
        {"/schedules/{", "schedules"},
        {"/slots/{", "slots"},
        {"/auth/sessions/{", "sessions"},
        {"/notifications/{", "notifications"},
        {"/-/images/{", "images"},
        {"/admin/users/{", "users"},
        {"/admin/specialists/{", "badges"},
        {"/specialists/{", "specialists"},
        {"/admin/jobs/{", "jobs"},
        {"/admin/outbox/{", "outbox"},
    };
    for (auto const& [part, kind] : kinds)
        if (route.find(part) != route.npos) return kind;
    ADD_FAILURE() << "no kind of id for " << route;
    return {};
}

namespace {

std::string quoted(std::string const& text) { return json::serialize(json::string(text)); }

} // namespace

// Where the example of the stage is not for everybody, or works only once.
std::string Company::bodyOf(std::string const& route, Who who, Stock const& stock) {
    bool const isCustomer = who == Who::customer || who == Who::otherCustomer;
    if (route == "POST /auth/register")
        return R"({"email":"fresh)" + std::to_string(++fresh_) + R"(@example.test","password":"correct horse 99","name":"Fresh",
                   "userType":"customer"})";
    if (route == "POST /auth/change-password" && who != Who::stranger)
        return R"({"currentPassword":)" + quoted(person(who)->password) + R"(,"newPassword":)" + quoted(person(who)->password) + "}";
    if (route == "PATCH /specialists/me") return R"({"headline":"Coach"})";
    if (route == "POST /slots") {
        auto const start = Instant{(now().ms / 86'400'000 + 400) * 86'400'000} + Hours(++fresh_);
        return R"({"startsAt":")" + toRfc3339(start) + R"(","duration":60})";
    }
    if (route == "POST /bookings" || route == "POST /bookings/{id}/reschedule") return R"({"slotId":")" + stock.at("open").front() + "\"}";
    if (route == "POST /bookings/{id}/no-show") return isCustomer ? R"({"party":"specialist"})" : R"({"party":"customer"})";
    if (route == "PATCH /bookings/{id}") return isCustomer ? R"({"customerNotes":"Mine"})" : R"({"specialistNotes":"Mine"})";
    if (route == "POST /payments/{id}/refunds") return R"({"amount":1})";
    return {};
}

Example Company::request(api::Route const& route, Who who, Stock const& stock, std::string const& id) {
    auto example = exampleOf(route, stage);
    if (auto const body = bodyOf(nameOf(route), who, stock); !body.empty()) example.body = json::parse(body);
    if (!id.empty()) example.target = withCaptures(route, id);
    example.who = person(who);
    return example;
}

} // namespace visavis::scenarios
