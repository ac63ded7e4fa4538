// What people of a scenario do, over HTTP.
#include "support/world.hpp"

#include <algorithm>
#include <cstdlib>

#include <poll.h>

namespace visavis::support {
namespace {

namespace json = boost::json;

constexpr auto jsonType = "application/json";

std::string jsonText(std::string const& text) { return json::serialize(json::string(text)); }

} // namespace

std::string Reply::header(std::string_view name) const {
    outbound::OutAnswer answer;
    answer.headers = headers;
    return std::string(answer.header(name));
}

std::string Reply::at(std::string_view pointer) const {
    json::error_code ec;
    auto const* value = body.find_pointer(pointer, ec);
    if (value == nullptr) return {};
    return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

std::int64_t Reply::number(std::string_view pointer) const {
    auto const found = at(pointer);
    return found.empty() ? -1 : std::stoll(found);
}

bool eventually(std::function<bool()> const& holds) {
    // A transaction that a killed server left open holds its documents for as long as the server of a cluster lets it: usually a minute.
    auto const ends = std::chrono::steady_clock::now() + Seconds(onMongo() ? 100 : 30);
    // Each look takes machine time from what it waits for, on a cluster a lot of it: so there is a pause between two, longer and longer.
    auto const longest = Millis(onMongo() ? 50 : 5);
    for (auto pause = Millis(1); std::chrono::steady_clock::now() < ends; pause = std::min(2 * pause, longest)) {
        if (holds()) return true;
        poll(nullptr, 0, static_cast<int>(pause.count()));
    }
    return false;
}

std::vector<std::string> crashPoints(std::vector<std::string> further) {
    for (auto const* point : onMongo() ? std::vector<char const*>{"mongo.commit.before", "mongo.commit.after", "mongo.acknowledge.before"}
                                       : std::vector<char const*>{"sqlite.batch.begun", "sqlite.commit.before", "sqlite.commit.after",
                                                                  "sqlite.acknowledge.before"})
        further.emplace_back(point);
    return further;
}

std::string nameOfPoint(std::string point) {
    std::replace(point.begin(), point.end(), '.', '_');
    return point;
}

int rounds(int usual) {
    auto const* wanted = std::getenv("VISAVIS_TEST_ROUNDS");
    auto const all = wanted == nullptr ? usual : std::atoi(wanted);
    return onMongo() ? std::max(1, all / 5) : all; // a server behind a wire takes several times as long for each
}

World::World(std::vector<std::string> further, std::vector<std::string> environment, std::function<void(StorePlace const&)> const& before)
    : place_(directory_.path(), before ? Database::fresh : Database::emptied), further_(std::move(further)) {
    if (onMongo()) further_.insert(further_.end(), {"--set", "store.lease=3"}); // tests kill servers, and wait for the others to notice
    if (before) before(place_);
    server_ = std::make_unique<ServerProcess>(place_.flags(), further_, environment);
}

Reply World::send(std::string method, std::string path, std::string body, Person const* who, std::vector<outbound::Header> headers) {
    outbound::OutRequest request;
    request.method = std::move(method);
    request.url = path.starts_with("http") ? path : server_->url() + (path.starts_with("/-") ? path.substr(2) : "/api/v1" + path);
    request.headers = std::move(headers);
    request.body = std::move(body);
    request.once = true;
    if (!request.body.empty()) request.headers.push_back({"Content-Type", jsonType});
    if (who != nullptr) request.headers.push_back({"Authorization", "Bearer " + who->token});
    auto const answer = client_.send(request);
    Reply reply;
    if (!answer) return reply; // status 0: no answer
    reply.status = answer->status;
    reply.text = answer->body;
    reply.headers = answer->headers;
    json::error_code ec;
    reply.body = json::parse(answer->body, ec);
    return reply;
}

Reply World::sandbox(std::string method, std::string path, std::string body) {
    return send(std::move(method), server_->sandbox() + path, std::move(body));
}

boost::json::value World::mail(std::string const& to, std::string const& subjectPart) {
    json::value found;
    bool const arrived = eventually([&] {
        auto const reply = sandbox("GET", "/sandbox/mail?to=" + to);
        if (!reply.body.is_object()) return false;
        for (auto const& item : reply.body.at("items").as_array())
            if (std::string(item.at("subject").as_string()).find(subjectPart) != std::string::npos) found = item;
        return !found.is_null();
    });
    EXPECT_TRUE(arrived) << "no mail to " << to << " about " << subjectPart;
    return found;
}

Person World::join(std::string const& name, std::string const& userType, std::string const& timezone) {
    Person person;
    person.email = "person" + std::to_string(++people_) + "." + userType + "@example.test";
    person.password = "correct horse " + std::to_string(people_);
    auto const registered =
        post("/auth/register", R"({"email":)" + jsonText(person.email) + R"(,"password":)" + jsonText(person.password) + R"(,"name":)" +
                                   jsonText(name) + R"(,"userType":")" + userType + R"(","timezone":)" + jsonText(timezone) + "}");
    EXPECT_EQ(registered.status, 201) << registered.text;
    person.token = registered.at("/token");
    person.userId = registered.at("/user/id");
    person.specialistId = registered.at("/user/specialistId");
    person.customerId = registered.at("/user/customerId");
    auto const letter = mail(person.email);
    if (!letter.is_object()) return person;
    std::string const text(letter.at("text").as_string());
    auto const start = text.find("/verify-email?token=");
    EXPECT_NE(start, std::string::npos) << text;
    auto const token = text.substr(start + 20, 43);
    auto const verified = post("/auth/verify-email", R"({"token":")" + token + "\"}");
    EXPECT_EQ(verified.status, 200) << verified.text;
    return person;
}

Person World::specialist(std::string const& name, std::int64_t price) {
    auto person = join(name, "specialist", "America/New_York");
    std::string days;
    for (auto const* day : {"monday", "tuesday", "wednesday", "thursday", "friday"})
        days += std::string(days.empty() ? "" : ",") + "\"" + day + R"(":{"enabled":true,"startTime":"09:00","endTime":"17:00"})";
    auto const patched = patch(
        "/specialists/me",
        R"({"headline":"Executive coach","specialties":["leadership"],"languages":["en"],"availability":{"timezone":"America/New_York","isAvailable":true,
                               "workingHours":{)" +
            days + R"(},"breakTimes":[{"day":"monday","startTime":"12:00","endTime":"13:00","recurring":true}],
                               "minBookingNotice":24,"maxAdvanceBooking":90,"bufferTime":0},"consulting":{"sessionDurations":[60],"defaultDuration":60,"basePrice":)" +
            std::to_string(price) + R"(,"currency":"USD"}})",
        &person);
    EXPECT_EQ(patched.status, 200) << patched.text;
    return person;
}

Person World::staff(std::string const& role) {
    Person person;
    person.email = role + std::to_string(++people_) + "@example.test";
    person.password = "correct horse " + role;
    std::vector<std::string> command{"admin",        "create", "--email", person.email,      "--name",
                                     "Stella Staff", "--role", role,      "--password-stdin"};
    for (auto const& flag : place_.flags()) command.push_back(flag);
    auto const made = runBinary(command, person.password + "\n");
    EXPECT_EQ(made.status, 0) << made.output;
    auto const loggedIn =
        post("/auth/login", R"({"email":)" + jsonText(person.email) + R"(,"password":)" + jsonText(person.password) + "}");
    EXPECT_EQ(loggedIn.status, 200) << loggedIn.text;
    person.token = loggedIn.at("/token");
    person.userId = loggedIn.at("/user/id");
    return person;
}

std::vector<boost::json::value> World::slots(Person const& specialist) {
    std::vector<json::value> list;
    auto const reply = get("/specialists/" + specialist.specialistId + "/slots");
    EXPECT_EQ(reply.status, 200) << reply.text;
    if (reply.status == 200)
        for (auto const& item : reply.body.at("items").as_array()) list.push_back(item);
    return list;
}

Reply World::book(Person const& customer, Person const& specialist, std::size_t index) {
    auto const open = slots(specialist);
    if (open.size() <= index) {
        ADD_FAILURE() << "only " << open.size() << " slots";
        return {};
    }
    return post("/bookings", R"({"slotId":)" + json::serialize(open[index].at("id")) + "}", &customer);
}

Reply World::confirmCard(std::string const& clientSecret, std::string const& card) {
    auto const intent = clientSecret.substr(0, clientSecret.find("_secret_"));
    return sandbox("POST", "/sandbox/stripe/payment_intents/" + intent + "/confirm", R"({"card":")" + card + "\"}");
}

Reply World::awaitStatus(std::string const& bookingId, Person const& who, std::string const& status) {
    Reply reply;
    bool const reached = eventually([&] {
        reply = booking(bookingId, who);
        return reply.at("/status") == status;
    });
    EXPECT_TRUE(reached) << "booking stays " << reply.at("/status") << ", wanted " << status;
    return reply;
}

void World::advance(std::string const& duration) {
    auto const moved = sandbox("PUT", "/sandbox/clock", R"({"advance":")" + duration + "\"}");
    EXPECT_EQ(moved.status, 200) << moved.text;
    EXPECT_EQ(moved.at("/settled"), "true") << moved.text;
}

void World::verifyClean() {
    auto const outcome = runBinary(commandLine("verify"));
    EXPECT_EQ(outcome.status, 0) << outcome.output;
    EXPECT_NE(outcome.output.find("0 violations"), std::string::npos) << outcome.output;
}

void World::killAndRestart() {
    server_->kill();
    endLeases();
    server_ = std::make_unique<ServerProcess>(place_.flags(), further_);
    awaitBurial();
}

void World::restart() {
    if (server_->terminate() != 0) endLeases();
    server_ = std::make_unique<ServerProcess>(place_.flags(), further_);
    awaitBurial();
}

// A killed server's lease is over a second from now, when the database has done whatever it had still asked for; that nobody takes its place sooner
// than the lease says is for other tests. One that died while it said that it lives may have left that document locked: then it is waited for.
void World::endLeases() {
    if (!onMongo()) return;
    auto const store = place_.look(app::allCollections());
    auto const until = SystemClock().now() + Seconds(1);
    auto const ended = visavis::transact(*store, [&](Tx& tx) -> Result<void> {
        for (auto const& process : tx.find(work::processes, work::processes->aliveUntil > until).all())
            CHECK(tx.update(work::processes, work::processes->id == process.id, set(work::processes->aliveUntil, until)));
        return ok;
    });
    EXPECT_TRUE(ended || ended.error().code == Code::unavailable) << ended.error().key;
}

// Until nobody counts on a killed server any more: what it had in hand is then done by the others, and not before.
void World::awaitBurial() {
    if (!onMongo()) return;
    auto const store = place_.look(app::allCollections());
    auto const live = [&] {
        return visavis::read(*store,
                             [](Reader& reader) { return reader.find(work::processes, work::processes->aliveUntil > Instant{}).count(); });
    };
    EXPECT_TRUE(eventually([&] { return live() == 1; })) << live() << " processes";
}

void World::restartIfDead() {
    bool dead = false;
    eventually([&] {
        dead = !server_->running();
        return dead || send("GET", "/-/healthz").status == 200;
    });
    if (dead) killAndRestart();
}

void World::restartWith(std::vector<std::string> environment) {
    EXPECT_EQ(server_->terminate(), 0);
    try {
        server_ = std::make_unique<ServerProcess>(place_.flags(), further_, environment);
    } catch (std::runtime_error const&) { // the crash came before it could say where it serves
        endLeases();
        server_ = std::make_unique<ServerProcess>(place_.flags(), further_);
        awaitBurial();
    }
}

} // namespace visavis::support
