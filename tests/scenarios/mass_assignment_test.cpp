// Whatever can be read of a resource, but not be written: sent along with a good request, it refuses all of it, and nothing has changed.
#include "booking/api.hpp"
#include "identity/jobs.hpp"
#include "scenarios/company.hpp"
#include "scenarios/safety_table.hpp"

#include <set>

namespace visavis::scenarios {
namespace {

namespace json = boost::json;
using api::Route;

// What is stored of a row's subject, besides what its answer shows.
std::vector<Shape const*> storedFor(std::string const& pattern) {
    static std::vector<std::pair<std::string, std::vector<Shape const*>>> const table{
        {"/auth/", {&shapeOf<identity::User>(), &shapeOf<identity::AuthSession>()}},
        {"/specialists/me", {&shapeOf<profiles::Specialist>(), &shapeOf<identity::User>()}},
        {"/specialists/{id}/availability-requests", {&shapeOf<availability::AvailabilityRequest>()}},
        {"/customers/me", {&shapeOf<profiles::Customer>(), &shapeOf<identity::User>()}},
        {"/schedules", {&shapeOf<availability::Schedule>()}},
        {"/slots", {&shapeOf<availability::Slot>()}},
        {"/bookings/{id}/messages", {&shapeOf<booking::Message>()}},
        {"/bookings/{id}/review", {&shapeOf<reviews::Review>(), &shapeOf<booking::Booking>()}},
        {"/bookings", {&shapeOf<booking::Booking>(), &shapeOf<payments::Payment>(), &shapeOf<payments::Refund>()}},
        {"/payments", {&shapeOf<payments::Refund>(), &shapeOf<payments::Payment>(), &shapeOf<payments::LedgerEntry>()}},
        {"/reviews", {&shapeOf<reviews::Review>()}},
        {"/notifications", {&shapeOf<notifications::Notification>()}},
        {"/admin/users", {&shapeOf<identity::User>()}},
        {"/admin/specialists", {&shapeOf<profiles::Specialist>()}},
        {"/admin/jobs", {&shapeOf<identity::JobState>()}},
        {"/admin/outbox", {&shapeOf<OutboxEntry>()}},
    };
    for (auto const& [prefix, shapes] : table)
        if (pattern.starts_with(prefix)) return shapes;
    ADD_FAILURE() << "nothing is known of what " << pattern << " writes";
    return {};
}

// What can be read by a PATCH's caller: these members are known, and refused as read-only. Of other rows they are unknown.
Shape const* readableOf(std::string const& route) {
    static std::map<std::string, Shape const*> const table{{"PATCH /specialists/me", &shapeOf<profiles::Specialist>()},
                                                           {"PATCH /customers/me", &shapeOf<profiles::Customer>()},
                                                           {"PATCH /slots/{id}", &shapeOf<availability::Slot>()},
                                                           {"PATCH /bookings/{id}", &shapeOf<booking::BookingView>()}};
    auto const found = table.find(route);
    return found == table.end() ? nullptr : found->second;
}

Shape const& unwrapped(Shape const& shape) { return shape.kind == Kind::optional ? *shape.inner : shape; }

// A value that the member could have.
json::value valueOf(Shape const& whole) {
    auto const& shape = unwrapped(whole);
    switch (shape.kind) {
        case Kind::boolean:
            return true;
        case Kind::integer:
        case Kind::number:
            return shape.least.value_or(1);
        case Kind::objectId:
            return "0123456789abcdef01234567";
        case Kind::instant:
            return "2027-01-01T09:00:00.000Z";
        case Kind::day:
            return "2027-01-01";
        case Kind::array:
            return json::array{valueOf(*shape.inner)};
        case Kind::map:
        case Kind::record:
            return json::object{};
        default:
            return shape.words.empty() ? json::value("USD") : json::value(shape.words.front());
    }
}

// Members of a record that the input does not take, by their pointers.
void collect(Shape const* input, Shape const& record, std::string const& at, std::map<std::string, json::value>& found) {
    for (auto const& field : record.fields) {
        auto const* taken = input == nullptr ? nullptr : input->find(field.name);
        auto const& inner = unwrapped(*field.shape);
        if (taken == nullptr)
            found.emplace(at + "/" + field.name, valueOf(*field.shape));
        else if (inner.kind == Kind::record && unwrapped(*taken->shape).kind == Kind::record)
            collect(&unwrapped(*taken->shape), inner, at + "/" + field.name, found);
    }
}

std::map<std::string, json::value> readOnlyOf(Route const& route) {
    std::map<std::string, json::value> found;
    auto shapes = storedFor(route.pattern);
    if (route.output != nullptr) shapes.push_back(route.output);
    if (route.output != nullptr) // what is inside of an answer, such as its user, as members of the request itself
        for (auto const& field : route.output->fields)
            if (unwrapped(*field.shape).kind == Kind::record) shapes.push_back(&unwrapped(*field.shape));
    for (auto const* shape : shapes) collect(route.input, *shape, "", found);
    return found;
}

bool isKnown(Shape const* readable, std::string const& pointer) {
    for (std::size_t at = 1; readable != nullptr && at <= pointer.size();) {
        auto const end = std::min(pointer.find('/', at), pointer.size());
        auto const* field = readable->find(pointer.substr(at, end - at));
        if (field == nullptr || field->shape->secret) return false;
        readable = &unwrapped(*field->shape);
        at = end + 1;
    }
    return readable != nullptr;
}

json::value withMember(json::value body, std::string const& pointer, json::value const& value) {
    if (body.is_null()) body = json::object();
    auto* at = &body;
    for (std::size_t from = 1; from <= pointer.size();) {
        auto const end = std::min(pointer.find('/', from), pointer.size());
        auto& member = at->as_object()[pointer.substr(from, end - from)];
        if (end < pointer.size() && !member.is_object()) member = json::object();
        at = &member;
        from = end + 1;
    }
    *at = value;
    return body;
}

TEST(MassAssignment, OfEveryMemberThatCanOnlyBeRead) {
    Company company;
    auto wire = company.stage.wire();
    auto const before = contents(company.stage);
    int sent = 0, rows = 0;
    for (auto const& route : api::routes()) {
        if (!takesBody(route)) continue;
        auto const name = nameOf(route);
        auto const who = rightPartyOf(rowOf(route));
        bool const hasId = name.find('{') != name.npos;
        auto const good = company.request(route, who, company.ours, hasId ? company.ours.at(kindOf(name)).front() : "");
        auto const* readable = readableOf(name);
        EXPECT_EQ(readable != nullptr, route.isPatch) << name << ": what can be read of it?";
        for (auto const& [pointer, value] : readOnlyOf(route)) {
            auto const code = isKnown(readable, pointer) ? "read_only" : "unknown";
            auto const reply = ask(wire, good, json::serialize(withMember(good.body, pointer, value)));
            expectProblem(reply, 422, std::string(code) == "read_only" ? "read_only" : "invalid", name + " with " + pointer);
            EXPECT_EQ(errorAt(reply, pointer), code) << name << " with " << pointer << ": " << reply.text;
            ++sent;
        }
        ++rows;
    }
    auto const after = contents(company.stage);
    for (auto const& [collection, text] : before) EXPECT_EQ(after.at(collection), text) << collection << " has changed";
    EXPECT_GT(rows, 30);
    EXPECT_GT(sent, 500);
    std::cout << sent << " members that can only be read\n";
    company.world.verifyClean();
}

} // namespace
} // namespace visavis::scenarios
