// What the town's people do.
#include "sim/simulation.hpp"

#include <array>

namespace visavis::sim {
namespace {

namespace json = boost::json;

// Most pay at once; others are declined, asked for more, dispute nothing, or get their money back in a strange way.
constexpr std::array cards{"4242424242424242", "4242424242424242", "4242424242424242", "4242424242424242", "4000000000000002",
                           "4000000000009995", "4000000000003220", "4000000000005126", "4000000000007726", "5555555555554444"};

std::string slotBody(std::string const& id, std::string const& more = "") { return R"({"slotId":")" + id + "\"" + more + "}"; }

} // namespace

std::vector<Simulation::Act> const& Simulation::acts() {
    static std::vector<Act> const table{
        {24, "book", &Simulation::book},
        {8, "pay", &Simulation::pay},
        {8, "cancel", &Simulation::giveUpOrCancel},
        {9, "move", &Simulation::move},
        {6, "complete or report", &Simulation::completeOrReport},
        {9, "meet", &Simulation::meet},
        {6, "write", &Simulation::write},
        {6, "rate", &Simulation::rate},
        {5, "refund", &Simulation::refund},
        {5, "change hours", &Simulation::changeHours},
        {4, "change the offer", &Simulation::changeOffer},
        {4, "close and open", &Simulation::closeAndOpen},
        {3, "add a slot", &Simulation::addSlot},
        {3, "change a schedule", &Simulation::changeSchedule},
        {2, "suspend or lift", &Simulation::suspendOrLift},
        {2, "run a job", &Simulation::runSomeJob},
        {3, "break something", &Simulation::breakSomething},
        {2, "lose the answers of refunds", &Simulation::loseAnswersOfRefunds},
        {4, "read", &Simulation::readAround},
    };
    return table;
}

void Simulation::book() {
    auto const host = below(specialists_.size());
    auto const open = openSlots(host);
    if (open.empty()) return;
    Known known;
    known.host = host;
    known.guest = below(customers_.size());
    auto const reach = chance(60) ? std::min<std::size_t>(6, open.size()) : open.size(); // mostly soon
    auto const booked = send("POST", "/bookings", slotBody(open.at(below(reach))), &customers_[known.guest]);
    if (booked.status != 201) return;
    known.id = booked.at("/id");
    bookings_.push_back(known);
    bool const isFree = booked.at("/status") == "confirmed";
    if (isFree || chance(15)) return; // a hold that nobody pays for
    for (int tries = 0; tries < 3; ++tries) {
        auto const asked = send("POST", "/bookings/" + known.id + "/payment", "", &customerOf(known));
        if (asked.status != 201) continue;
        bookings_.back().clientSecret = asked.at("/clientSecret");
        bookings_.back().paymentId = asked.at("/paymentId");
        break;
    }
    if (chance(85)) confirm(bookings_.back());
}

void Simulation::confirm(Known const& booking) {
    if (booking.clientSecret.empty()) return;
    auto const intent = booking.clientSecret.substr(0, booking.clientSecret.find("_secret_"));
    auto const path = "/sandbox/stripe/payment_intents/" + intent;
    auto const paid = sandbox("POST", path + "/confirm", R"({"card":")" + std::string(cards.at(below(cards.size()))) + "\"}");
    if (paid.at("/status") == "requires_action")
        sandbox("POST", path + "/authenticate", chance(70) ? R"({"outcome":"success"})" : R"({"outcome":"failure"})");
}

// Later than one should, perhaps twice, perhaps for what is over.
void Simulation::pay() {
    auto* booking = someBooking();
    if (booking == nullptr) return;
    auto const asked = send("POST", "/bookings/" + booking->id + "/payment", "", &customerOf(*booking));
    if (asked.status == 201) {
        booking->clientSecret = asked.at("/clientSecret");
        booking->paymentId = asked.at("/paymentId");
    }
    confirm(*booking);
    forgetIfOver(std::string(booking->id), asked);
}

void Simulation::giveUpOrCancel() {
    auto* booking = someBooking();
    if (booking == nullptr) return;
    auto const& who = someParty(*booking);
    auto const path = "/bookings/" + booking->id + "/cancellation";
    auto const preview = send("GET", path, "", &who);
    auto const cancelled = send("POST", path, R"({"reason":"So it goes"})", &who);
    if (preview.status == 200) checkRefundFollowsPreview(*booking, preview, cancelled);
    forgetIfOver(std::string(booking->id), cancelled);
}

void Simulation::move() {
    auto* booking = someBooking();
    auto const open = booking == nullptr ? std::vector<std::string>() : openSlots(booking->host);
    if (open.empty()) return;
    auto const moved =
        send("POST", "/bookings/" + booking->id + "/reschedule", slotBody(open.at(below(open.size()))), &someParty(*booking));
    forgetIfOver(std::string(booking->id), moved);
}

// The clock goes to a session that is near: it takes place, or one of the two does not come.
void Simulation::meet() {
    auto* booking = someBooking();
    if (booking == nullptr) return;
    auto const seen = send("GET", "/bookings/" + booking->id, "", &admin_);
    if (seen.status != 200 || seen.at("/status") != "confirmed") return;
    auto const now = *parseRfc3339(world_.sandbox("GET", "/sandbox/clock").at("/now"));
    auto const ahead = *parseRfc3339(seen.at("/startsAt")) + Minutes(static_cast<std::int64_t>(below(90))) - now;
    if (ahead < Minutes(0) || ahead > Hours(30)) return;
    advance(Seconds(ahead.count() / 1000 + 1));
    auto const path = "/bookings/" + booking->id;
    if (chance(50)) {
        send("POST", path + "/completion", "", chance(80) ? &specialistOf(*booking) : &admin_);
        return;
    }
    auto const customerIsThere = chance(50);
    auto const& first = customerIsThere ? customerOf(*booking) : specialistOf(*booking);
    auto const& second = customerIsThere ? specialistOf(*booking) : customerOf(*booking);
    constexpr auto noCustomer = R"({"party":"customer"})";
    constexpr auto noSpecialist = R"({"party":"specialist"})";
    send("POST", path + "/no-show", customerIsThere ? noSpecialist : noCustomer, &first);
    if (chance(40)) send("POST", path + "/no-show", customerIsThere ? noCustomer : noSpecialist, &second);
    if (chance(30)) send("POST", path + "/no-show", chance(50) ? noCustomer : noSpecialist, &admin_);
}

void Simulation::completeOrReport() {
    auto* booking = someBooking();
    if (booking == nullptr) return;
    auto const& who = someParty(*booking);
    if (chance(40)) {
        send("POST", "/bookings/" + booking->id + "/completion", "", chance(80) ? &specialistOf(*booking) : &admin_);
        return;
    }
    send("POST", "/bookings/" + booking->id + "/no-show", chance(50) ? R"({"party":"customer"})" : R"({"party":"specialist"})", &who);
}

void Simulation::write() {
    auto* booking = someBooking();
    if (booking == nullptr) return;
    auto const path = "/bookings/" + booking->id;
    if (chance(60)) {
        send("POST", path + "/messages", R"({"text":"Hello there"})", chance(50) ? &customerOf(*booking) : &specialistOf(*booking));
        return;
    }
    send("PATCH", path, R"({"customerNotes":"Mine"})", &customerOf(*booking));
    auto const& host = specialistOf(*booking);
    send("POST", "/specialists/" + host.specialistId + "/availability-requests",
         R"({"from":"2090-01-01T09:00:00.000Z","to":"2090-01-01T17:00:00.000Z","message":"Any time?"})", &customerOf(*booking));
}

void Simulation::rate() {
    auto* booking = someBooking();
    if (booking == nullptr) return;
    auto const path = "/bookings/" + booking->id;
    auto const rating = std::to_string(1 + below(5));
    auto const review =
        send("POST", path + "/review",
             R"({"rating":)" + rating + R"(,"isPublic":)" + (chance(70) ? "true" : "false") + R"(,"aspects":{"expertise":)" + rating + "}}",
             &customerOf(*booking));
    if (review.status == 201 && chance(50))
        send("POST", "/reviews/" + review.at("/id") + "/response", R"({"specialistResponse":"Thank you"})", &specialistOf(*booking));
    if (chance(30)) send("POST", path + "/feedback", R"({"rating":)" + rating + "}", &specialistOf(*booking));
}

bool Simulation::isPaid(Known const& booking) {
    return !booking.paymentId.empty() && send("GET", "/payments/" + booking.paymentId, "", &admin_).at("/status") == "succeeded";
}

void Simulation::refund() {
    auto* booking = someBooking();
    for (int look = 0; look < 6 && booking != nullptr && !isPaid(*booking); ++look) booking = someBooking();
    if (booking == nullptr || booking->paymentId.empty()) return;
    auto const amount = chance(30) ? std::string() : R"("amount":)" + std::to_string(1 + below(6'000)) + ",";
    send("POST", "/payments/" + booking->paymentId + "/refunds", "{" + amount + R"("reason":"A gesture"})",
         chance(60) ? &specialistOf(*booking) : &admin_);
}

void Simulation::changeHours() {
    static std::vector<std::string> const days{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    auto const from = 7 + below(6);
    auto const two = [](std::size_t hour) { return (hour < 10 ? "0" : "") + std::to_string(hour) + ":00"; };
    auto const day = R"({"enabled":)" + std::string(chance(80) ? "true" : "false") + R"(,"startTime":")" + two(from) + R"(","endTime":")" +
                     two(from + 2 + below(6)) + "\"}";
    auto const buffer = 5 * below(4);
    send("PATCH", "/specialists/me",
         R"({"availability":{"workingHours":{")" + days.at(below(days.size())) + "\":" + day + R"(},"bufferTime":)" +
             std::to_string(buffer) + "}}",
         &anyOf(specialists_));
}

void Simulation::changeOffer() {
    constexpr std::array prices{0, 50, 3'333, 9'999, 10'001};
    auto const durations = chance(50) ? R"([60])" : R"([30,60])";
    auto const tiers = chance(50) ? "[]" : R"([{"hoursBefore":24,"refundPercentage":100},{"hoursBefore":2,"refundPercentage":33}])";
    send("PATCH", "/specialists/me",
         R"({"availability":{"isAvailable":)" + std::string(chance(90) ? "true" : "false") + R"(},"consulting":{"sessionDurations":)" +
             durations + R"(,"basePrice":)" + std::to_string(prices.at(below(prices.size()))) +
             R"(,"cancellationPolicy":{"refundableBefore":)" + std::to_string(below(30)) + R"(,"refundPercentage":)" +
             std::to_string(below(101)) + R"(,"tiers":)" + tiers + "}}}",
         &anyOf(specialists_));
}

void Simulation::closeAndOpen() {
    auto const host = below(specialists_.size());
    auto const own = send("GET", "/slots?limit=40", "", &specialists_[host]);
    if (own.status != 200 || own.body.at("items").as_array().empty()) return;
    auto const& items = own.body.at("items").as_array();
    auto const path = "/slots/" + std::string(items.at(below(items.size())).at("id").as_string());
    if (chance(25)) {
        send("PATCH", path, R"({"price":4200,"tags":["special"]})", &specialists_[host]);
        return;
    }
    send(chance(60) ? "POST" : "DELETE", path + "/block", "", &specialists_[host]);
}

void Simulation::addSlot() {
    auto const now = *parseRfc3339(world_.sandbox("GET", "/sandbox/clock").at("/now"));
    auto const start = Instant{(now.ms / 300'000 + 1 + static_cast<std::int64_t>(below(800))) * 300'000};
    send("POST", "/slots", R"({"startsAt":")" + toRfc3339(start) + R"(","duration":)" + (chance(50) ? "30" : "45") + "}",
         &anyOf(specialists_));
}

void Simulation::changeSchedule() {
    auto const& host = anyOf(specialists_);
    auto const own = send("GET", "/schedules", "", &host);
    if (own.status == 200 && own.body.at("items").as_array().size() > 1) {
        send("DELETE", "/schedules/" + own.at("/items/0/id"), "", &host);
        return;
    }
    send("POST", "/schedules",
         R"({"type":"weekly","isActive":true,"weeklyPattern":{"tuesday":{"enabled":true,"slots":[{"startTime":"08:00","endTime":"12:00",
             "slotDuration":30,"isAvailable":true,"price":2500}]}}})",
         &host);
}

void Simulation::suspendOrLift() {
    auto const& whom = chance(80) ? anyOf(customers_) : anyOf(specialists_);
    auto const path = "/admin/users/" + whom.userId + "/suspension";
    auto const suspended = send("POST", path, "", &admin_);
    suspended_.insert(whom.userId);
    if (suspended.status == 200 && chance(30)) return; // over night
    advance(Seconds(60));
    lift(whom.userId);
}

void Simulation::lift(std::string const& user) {
    send("DELETE", "/admin/users/" + user + "/suspension", "", &admin_);
    suspended_.erase(user);
    for (auto* group : {&specialists_, &customers_})
        for (auto& person : *group)
            if (person.userId == user) logIn(person);
}

void Simulation::runSomeJob() {
    constexpr std::array jobs{"expire-holds",   "complete-bookings",    "expire-slots",       "extend-horizon",
                              "send-reminders", "expire-notifications", "reconcile-payments", "outbox"};
    send("POST", "/admin/jobs/" + std::string(jobs.at(below(jobs.size()))) + "/runs", "", &admin_);
}

void Simulation::breakSomething() {
    constexpr std::array rules{
        R"({"provider":"stripe","match":"POST /v1/payment_intents","kind":"timeout_after_success","times":1})",
        R"({"provider":"stripe","match":"POST /v1/payment_intents","kind":"status","value":429,"times":1})",
        R"({"provider":"stripe","match":"POST /v1/refunds","kind":"timeout_after_success","times":4},
           {"provider":"stripe","match":"webhook:*","kind":"drop","times":9})", // so that nobody tells what became of it
        R"({"provider":"stripe","match":"POST /v1/refunds","kind":"status","value":500,"times":2})",
        R"({"provider":"stripe","match":"POST /v1/refunds","kind":"reset","times":1})",
        R"({"provider":"stripe","match":"GET /v1/payment_intents","kind":"status","value":503,"times":2})",
        R"({"provider":"stripe","match":"webhook:*","kind":"duplicate","times":4})",
        R"({"provider":"stripe","match":"webhook:*","kind":"reorder","times":2})",
        R"({"provider":"stripe","match":"webhook:*","kind":"drop","times":5})",
        R"({"provider":"stripe","match":"webhook:payment_intent.succeeded","kind":"drop","times":2})",
        R"({"provider":"stripe","match":"webhook:refund*","kind":"drop","times":3})",
        R"({"provider":"stripe","match":"webhook:refund*","kind":"duplicate","times":3})",
        R"({"provider":"smtp","match":"RCPT person","kind":"status","value":450,"times":5})",
    };
    broken_ = true;
    sandbox("PUT", "/sandbox/faults",
            R"({"rules":[)" + std::string(rules.at(below(rules.size()))) + "," + rules.at(below(rules.size())) + "]}");
    if (chance(50)) book(); // so that it meets something
    if (chance(50)) refund();
    if (chance(50)) giveUpOrCancel();
}

// The bank gives back and nobody hears of it, neither by its answers nor by its webhooks: what is asked for again must not go out again.
void Simulation::loseAnswersOfRefunds() {
    broken_ = true;
    sandbox("PUT", "/sandbox/faults",
            R"({"rules":[{"provider":"stripe","match":"POST /v1/refunds","kind":"timeout_after_success","times":8},
                         {"provider":"stripe","match":"webhook:*","kind":"drop","times":40}]})");
    refund();
    refund();
    advance(Seconds(900)); // the outbox asks again, more than once
}

void Simulation::readAround() {
    auto const& whose = anyOf(customers_);
    for (auto const* path : {"/bookings?expand=customer", "/payments", "/notifications", "/customers/me"}) send("GET", path, "", &whose);
    auto const& host = anyOf(specialists_);
    for (auto const* path : {"/specialists/me/earnings", "/specialists/me", "/payments"}) send("GET", path, "", &host);
    send("POST", "/notifications/read-all", "", &whose);
}

} // namespace visavis::sim
