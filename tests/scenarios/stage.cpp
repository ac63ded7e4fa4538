// The examples: each names every member that its row knows, so that breaking them one by one covers all.
#include "scenarios/stage.hpp"

namespace visavis::scenarios {
namespace {

namespace json = boost::json;

std::string jsonText(std::string const& text) { return json::serialize(json::string(text)); }

constexpr auto window =
    R"({"startTime":"09:00","endTime":"12:00","slotDuration":60,"isAvailable":true,"price":12000,"consultationType":"intro"})";

std::string everyDay(std::string const& value) {
    std::string days;
    for (auto const* day : {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})
        days += std::string(days.empty() ? "{" : ",") + "\"" + day + "\":" + value;
    return days + "}";
}

std::string const workingHours = everyDay(R"({"enabled":true,"startTime":"09:00","endTime":"17:00"})");
std::string const breaks = R"([{"day":"monday","startTime":"12:00","endTime":"13:00","recurring":true}])";
std::string const exceptions = std::string(R"([{"date":"2027-02-01","isAvailable":true,"slots":[)") + window + "]}]";
std::string const pattern = everyDay(std::string(R"({"enabled":true,"slots":[)") + window + "]}");

std::string const profile =
    R"({"creatorName":"Sara Specialist","slug":"sara-of-new-york","bio":"One\ntwo","phone":"+1 555 0100","location":"New York",
    "company":"Acme","website":"https://example.test/sara","profileImage":"https://example.test/sara.png","headline":"Executive coach",
    "specialties":["leadership"],"languages":["en"],"certifications":["ICF"],"yearsOfExperience":12,"availability":{"timezone":"America/New_York",
    "isAvailable":true,"workingHours":)" +
    workingHours + R"(,"breakTimes":)" + breaks + R"(,"unavailableDates":["2027-01-01"],
    "minBookingNotice":24,"maxAdvanceBooking":90,"bufferTime":0},"consulting":{"sessionDurations":[60],"defaultDuration":60,"basePrice":10000,
    "currency":"USD","cancellationPolicy":{"refundableBefore":24,"refundPercentage":100,"tiers":[{"hoursBefore":48,"refundPercentage":100}]}},
    "preferences":{"emailNotifications":true,"smsNotifications":true,"remindersEnabled":true}})";

std::string const customerProfile =
    R"({"name":"Kiran Customer","phone":"+91 1","profileImage":"https://example.test/k.png","company":"Acme","role":"CTO",
    "timezone":"Asia/Kolkata","language":"en-IN","preferences":{"emailNotifications":true,"smsNotifications":true,"remindersEnabled":true},
    "address":{"street":"1 Road","city":"Pune","state":"MH","zipCode":"411001","country":"India"}})";

std::string const schedule = R"({"type":"weekly","weeklyPattern":)" + pattern + R"(,"monthlyPattern":[{"week":1,"day":"monday","slots":[)" +
                             window + R"(]},{"dayOfMonth":15}],"dateExceptions":)" + exceptions +
                             R"(,"isActive":false,"appliedFrom":"2027-01-01","appliedTo":"2027-12-31"})";

std::string const preview =
    R"({"availability":{"timezone":"America/New_York","workingHours":)" + workingHours + R"(,"breakTimes":)" + breaks +
    R"(,"unavailableDates":["2027-01-01"],"minBookingNotice":24,"maxAdvanceBooking":90,"bufferTime":5},"schedule":{"weeklyPattern":)" +
    pattern + R"(,"dateExceptions":)" + exceptions +
    R"(},"duration":60,"now":"2026-12-01T00:00:00.000Z","from":"2026-12-07","to":"2026-12-09",
                            "busy":[{"startsAt":"2026-12-07T15:00:00.000Z","endsAt":"2026-12-07T16:00:00.000Z"}]})";

// By row, for whoever has a body.
std::map<std::string, std::string> bodies(Stage const& stage) {
    auto const token = std::string(43, 'A');
    return {
        {"POST /auth/register",
         R"({"email":"newcomer@example.test","password":"correct horse 99","name":"New Comer","userType":"customer","timezone":"Asia/Kolkata"})"},
        {"POST /auth/login",
         R"({"email":)" + jsonText(stage.specialist.email) + R"(,"password":)" + jsonText(stage.specialist.password) + "}"},
        {"POST /auth/verify-email", R"({"token":")" + token + "\"}"},
        {"POST /auth/forgot-password", R"({"email":"nobody@example.test"})"},
        {"POST /auth/reset-password", R"({"token":")" + token + R"(","password":"another horse 99"})"},
        {"POST /auth/change-password",
         R"({"currentPassword":)" + jsonText(stage.customer.password) + R"(,"newPassword":)" + jsonText(stage.customer.password) + "}"},
        {"PATCH /specialists/me", profile},
        {"PATCH /customers/me", customerProfile},
        {"POST /schedules", schedule},
        {"PUT /schedules/{id}", schedule},
        {"POST /slots/preview", preview},
        {"POST /slots", R"({"startsAt":"2027-06-05T10:00:00.000Z","duration":60,"price":10000,"currency":"USD","consultationType":"intro",
                            "tags":["weekend"],"description":"One\ntwo"})"},
        {"PATCH /slots/{id}", R"({"price":10000,"consultationType":"intro","tags":["weekend"],"description":"One\ntwo"})"},
        {"POST /slots/{id}/block", R"({"reason":"Dentist"})"},
        {"POST /bookings/{id}/review", R"({"rating":5,"reviewText":"One\ntwo","isPublic":true,
                                          "aspects":{"professionalism":5,"expertise":4,"communication":3,"valueForMoney":2}})"},
        {"POST /reviews/{id}/response", R"({"specialistResponse":"One\ntwo"})"},
        {"POST /payments/{id}/refunds", R"({"amount":100,"reason":"One\ntwo"})"},
        {"POST /bookings",
         R"({"slotId":")" + stage.slotId + R"(","customerNotes":"One\ntwo","timezone":"Asia/Kolkata","price":10000,"currency":"USD"})"},
        {"POST /bookings/{id}/cancellation", R"({"reason":"One\ntwo"})"},
        {"POST /bookings/{id}/reschedule", R"({"slotId":")" + stage.slotId + R"(","reason":"One\ntwo"})"},
        {"POST /bookings/{id}/no-show", R"({"party":"specialist"})"},
        {"POST /bookings/{id}/feedback", R"({"rating":5,"review":"One\ntwo"})"},
        {"PATCH /bookings/{id}", R"({"customerNotes":"One\ntwo","specialistNotes":"Three"})"},
        {"POST /bookings/{id}/messages", R"({"text":"One\ntwo"})"},
        {"POST /admin/users/{id}/suspension", R"({"reason":"One\ntwo"})"},
        {"POST /specialists/{id}/availability-requests",
         R"({"from":"2030-02-01T09:00:00.000Z","to":"2030-02-02T09:00:00.000Z","message":"One\ntwo"})"},
    };
}

std::string idFor(api::Route const& route, Stage const& stage) {
    auto const& path = route.pattern;
    if (path.starts_with("/admin/users/")) return stage.unverified.userId;
    if (path.starts_with("/admin/specialists/")) return stage.specialist.specialistId;
    if (path.starts_with("/admin/jobs/")) return "expire-slots";
    if (path.starts_with("/admin/outbox/")) return stage.outboxId;
    if (path.starts_with("/auth/sessions/")) return stage.sessionId;
    if (path.starts_with("/specialists/")) return stage.specialist.specialistId;
    if (path.starts_with("/schedules/")) return stage.scheduleId;
    if (path.starts_with("/slots/")) return stage.slotId;
    if (path.starts_with("/reviews/") || path.starts_with("/-/images/")) return stage.bookingId; // there are none
    if (path.starts_with("/bookings/")) return stage.bookingId;
    if (path.starts_with("/payments/")) return stage.paymentId;
    if (path.starts_with("/notifications/")) return stage.notificationId;
    ADD_FAILURE() << "no example of an id for " << path;
    return {};
}

template <class T> std::string textOf(Reader& reader, Collection<T> const& from) {
    std::string text;
    for (auto const& document : reader.find(from, from->id >= Ref<T>{}).sort(from->id).all())
        text += toJson(document, Secrets::shown) + "\n";
    return text;
}

} // namespace

Stage::Stage() {
    specialist = world.specialist();
    customer = world.customer();
    auto const registered = world.post(
        "/auth/register", R"({"email":"unconfirmed@example.test","password":"correct horse 98","name":"Una","userType":"customer"})");
    unverified.token = registered.at("/token");
    unverified.userId = registered.at("/user/id");
    admin = world.staff("admin");
    support = world.staff("support");
    auto const booked = world.book(customer, specialist);
    bookingId = booked.at("/id");
    auto const asked = world.post("/bookings/" + bookingId + "/payment", "", &customer);
    EXPECT_EQ(asked.status, 201) << asked.text;
    paymentId = asked.at("/paymentId");
    EXPECT_EQ(world.confirmCard(asked.at("/clientSecret"), "4242424242424242").status, 200);
    world.awaitStatus(bookingId, customer, "confirmed");
    slotId = json::value_to<std::string>(world.slots(specialist).back().at("id"));
    auto const made = world.post("/schedules", schedule, &specialist);
    EXPECT_EQ(made.status, 201) << made.text;
    scheduleId = made.at("/id");
    auto const again =
        world.post("/auth/login", R"({"email":)" + jsonText(customer.email) + R"(,"password":)" + jsonText(customer.password) + "}");
    EXPECT_EQ(again.status, 200) << again.text;
    auto const sessions = world.get("/auth/sessions", &customer);
    for (auto const& session : sessions.body.at("items").as_array())
        if (!session.at("current").as_bool()) sessionId = json::value_to<std::string>(session.at("id"));
    EXPECT_TRUE(support::eventually([&] {
        notificationId = world.get("/notifications", &customer).at("/items/0/id");
        return !notificationId.empty();
    }));
    world.advance("PT1S");
    outboxId = world.get("/admin/outbox?status=done", &admin).at("/items/0/id");
}

std::string targetOf(api::Route const& route) {
    return route.pattern.starts_with("/-") ? route.pattern.substr(2) : "/api/v1" + route.pattern;
}

bool takesBody(api::Route const& route) {
    bool const writes = route.method == http::Method::post || route.method == http::Method::put || route.method == http::Method::patch;
    return writes && route.auth != api::Auth::signature && !route.options.image;
}

std::string nameOf(api::Route const& route) { return std::string(http::word(route.method)) + " " + route.pattern; }

std::string withCaptures(api::Route const& route, std::string const& value) {
    auto target = targetOf(route);
    for (auto open = target.find('{'); open != target.npos; open = target.find('{'))
        target.replace(open, target.find('}', open) - open + 1, value);
    return target;
}

Example exampleOf(api::Route const& route, Stage const& stage) {
    Example example;
    example.method = std::string(http::word(route.method));
    bool const hasCapture = route.pattern.find('{') != route.pattern.npos;
    example.target = hasCapture ? withCaptures(route, idFor(route, stage)) : targetOf(route);
    auto const all = bodies(stage);
    if (auto const found = all.find(nameOf(route)); found != all.end()) example.body = json::parse(found->second);
    using enum api::Auth;
    if (route.auth == specialist || route.auth == specialistOrAdmin || route.auth == specialistOrStaff) example.who = &stage.specialist;
    for (auto const auth : {customer, user, party, side, sideOrAdmin})
        if (route.auth == auth) example.who = &stage.customer;
    if (route.auth == staff || route.auth == admin) example.who = &stage.admin;
    return example;
}

Reply ask(Wire& wire, Example const& example, std::string const& body) {
    Headers headers = example.who == nullptr ? Headers{} : as(*example.who);
    if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
    return wire.send(example.method, example.target, headers, body);
}

Reply ask(Wire& wire, Example const& example) { return ask(wire, example, example.body.is_null() ? "" : json::serialize(example.body)); }

std::map<std::string, std::string> contents(Stage const& stage) {
    auto const& all = app::allCollections();
    auto const store = stage.world.place().look(all);
    return visavis::read(*store, [&](Reader& reader) {
        return std::map<std::string, std::string>{
            {"users", textOf(reader, identity::users)},
            {"authSessions", textOf(reader, identity::authSessions)},
            {"oneTimeTokens", textOf(reader, identity::oneTimeTokens)},
            {"creatorProfiles", textOf(reader, profiles::specialists)},
            {"customers", textOf(reader, profiles::customers)},
            {"images", textOf(reader, profiles::images)},
            {"availabilitySchedules", textOf(reader, availability::schedules)},
            {"availabilitySlots", textOf(reader, availability::slots)},
            {"claims", textOf(reader, availability::claims)},
            {"bookings", textOf(reader, booking::bookings)},
            {"messages", textOf(reader, booking::messages)},
            {"availabilityRequests", textOf(reader, availability::availabilityRequests)},
            {"payments", textOf(reader, payments::payments)},
            {"refunds", textOf(reader, payments::refunds)},
            {"ledgerEntries", textOf(reader, payments::ledgerEntries)},
            {"earningsDays", textOf(reader, payments::earningsDays)},
            {"webhookInbox", textOf(reader, payments::webhookInbox)},
            {"reviews", textOf(reader, reviews::reviews)},
            {"reviewSummaries", textOf(reader, reviews::reviewSummaries)},
            {"notifications", textOf(reader, notifications::notifications)},
            {"idempotencyKeys", textOf(reader, keptAnswers)},
        };
    });
}

} // namespace visavis::scenarios
