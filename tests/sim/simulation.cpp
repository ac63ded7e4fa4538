// The town's day, and how its people reach the server.
#include "sim/simulation.hpp"

#include "app/collections.hpp"
#include "reports/verify.hpp"

namespace visavis::sim {
namespace {

namespace json = boost::json;

std::string jsonText(std::string const& text) { return json::serialize(json::string(text)); }

// Slots of an hour or a half, few enough that people meet.
std::string firstProfile(std::string const& zone, std::int64_t price) {
    std::string days;
    for (auto const* day : {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday"})
        days += std::string(days.empty() ? "" : ",") + "\"" + day + R"(":{"enabled":true,"startTime":"10:00","endTime":"15:00"})";
    return R"({"availability":{"timezone":")" + zone + R"(","isAvailable":true,"workingHours":{)" + days +
           R"(},"minBookingNotice":1,"maxAdvanceBooking":6,"bufferTime":0},"consulting":{"sessionDurations":[60],"defaultDuration":60,"basePrice":)" +
           std::to_string(price) + R"(,"currency":"USD"}})";
}

} // namespace

Simulation::Simulation(std::uint64_t seed) : world_({"--set", "limits.enabled=false"}), rng_(seed) {
    struct Host {
        char const* name;
        char const* zone;
        std::int64_t price;
    };
    for (auto const& host :
         {Host{"Nele", "America/New_York", 10'000}, Host{"Kavya", "Asia/Kolkata", 3'333}, Host{"Frida", "Europe/Berlin", 0}}) {
        specialists_.push_back(world_.join(host.name, "specialist", host.zone));
        auto const shown = world_.patch("/specialists/me", firstProfile(host.zone, host.price), &specialists_.back());
        EXPECT_EQ(shown.status, 200) << shown.text;
    }
    for (auto const* name : {"Ada", "Ben", "Cleo", "Dan"}) customers_.push_back(world_.join(name, "customer", "UTC"));
    admin_ = world_.staff("admin");
    note("the town begins at " + world_.sandbox("GET", "/sandbox/clock").at("/now"));
}

std::string Simulation::note(std::string text) {
    log_.push_back("day " + std::to_string(days_) + ": " + text);
    return text;
}

Reply Simulation::send(std::string const& method, std::string const& path, std::string const& body, Person const* who) {
    auto reply = world_.send(method, path, body, who);
    auto const line = note((who == nullptr ? "stranger" : who->email) + " " + method + " " + path + " " + body + " -> " +
                           std::to_string(reply.status) + " " + reply.code());
    bool const isGood = reply.status >= 200 && reply.status < 300;
    bool const isRefusal = reply.status == 403 || reply.status == 404 || reply.status == 409 || reply.status == 422;
    bool const isOut = reply.status == 401 && who != nullptr && suspended_.contains(who->userId);
    bool const isOfProvider = reply.status == 503 && broken_;
    if (!isGood && !isRefusal && !isOfProvider && !isOut) wrong_.push_back("unexpected: " + line + " " + reply.text);
    return reply;
}

Reply Simulation::sandbox(std::string const& method, std::string const& path, std::string const& body) {
    auto reply = world_.sandbox(method, path, body);
    note("sandbox " + method + " " + path + " " + body + " -> " + std::to_string(reply.status));
    return reply;
}

void Simulation::logIn(Person& person) {
    auto const reply =
        world_.post("/auth/login", R"({"email":)" + jsonText(person.email) + R"(,"password":)" + jsonText(person.password) + "}");
    if (reply.status == 200) person.token = reply.at("/token"); // else suspended: its log-in is refused
}

void Simulation::advance(Seconds by) {
    auto const moved = sandbox("PUT", "/sandbox/clock", R"({"advance":"PT)" + std::to_string(by.count()) + "S\"}");
    if (moved.status != 200 || (moved.at("/settled") != "true" && !broken_)) wrong_.push_back("the clock does not move: " + moved.text);
}

// Mostly one of the last, of which something can still become.
Simulation::Known* Simulation::someBooking() {
    if (bookings_.empty()) return nullptr;
    auto const reach = chance(80) ? std::min<std::size_t>(6, bookings_.size()) : bookings_.size();
    return &bookings_.at(bookings_.size() - 1 - below(reach));
}

// Nothing comes of most that are cancelled; some are tried again all the same.
void Simulation::forgetIfOver(std::string const& id, Reply const& reply) {
    bool const isOver = reply.status == 409 && (reply.at("/current") == "cancelled" || reply.at("/current") == "no-show");
    if (isOver && chance(70)) std::erase_if(bookings_, [&](Known const& known) { return known.id == id; });
}

Person const& Simulation::someParty(Known const& booking) {
    auto const who = below(9);
    return who == 0 ? admin_ : who % 2 == 0 ? specialistOf(booking) : customerOf(booking);
}

std::vector<std::string> Simulation::openSlots(std::size_t host) {
    auto const reply = send("GET", "/specialists/" + specialists_[host].specialistId + "/slots?limit=60");
    std::vector<std::string> ids;
    if (reply.status != 200) return ids;
    for (auto const& item : reply.body.at("items").as_array()) ids.push_back(std::string(item.at("id").as_string()));
    return ids;
}

void Simulation::day() {
    ++days_;
    if (days_ % 20 == 1) { // before the log-ins run out
        for (auto* group : {&specialists_, &customers_})
            for (auto& person : *group) logIn(person);
        logIn(admin_);
    }
    for (auto const& user : std::set(suspended_))
        if (chance(60)) lift(user);
    constexpr Seconds whole{24 * 3600};
    Seconds passed{0};
    int total = 0;
    for (auto const& act : acts()) total += act.weight;
    for (int part = 0; part < 4; ++part) {
        for (auto count = 2 + below(3); count > 0; --count) {
            auto pick = static_cast<int>(below(static_cast<std::size_t>(total)));
            for (auto const& act : acts()) {
                pick -= act.weight;
                if (pick >= 0) continue;
                (this->*act.run)();
                break;
            }
        }
        auto const by = part == 3 ? std::max(Seconds(60), whole - passed) : Seconds(60 + static_cast<std::int64_t>(below(5 * 3600)));
        passed += by;
        if (part == 3) {
            broken_ = false;
            sandbox("PUT", "/sandbox/faults", R"({"rules":[]})");
        }
        advance(by);
    }
    if (days_ % 23 == 0 && !support::onMongo()) {
        note("the server is killed");
        world_.killAndRestart();
    }
    advance(Seconds(3700)); // what waited for the providers is tried again, and its consequences are carried out
    while (bookings_.size() > 30) bookings_.pop_front();
}

std::vector<std::string> Simulation::faults() {
    auto found = wrong_;
    auto const now = *parseRfc3339(world_.sandbox("GET", "/sandbox/clock").at("/now"));
    auto const store = world_.place().look(reports::auditedCollections());
    for (auto const& check : reports::verify(*store, now))
        for (auto const& finding : check.violations) found.push_back(finding.invariant + " " + finding.what);
    if (days_ % 10 == 0) compareWithBank(found);
    return found;
}

} // namespace visavis::sim
