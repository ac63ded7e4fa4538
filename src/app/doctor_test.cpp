// A healthy instance, and one row per thing that can be wrong with it.
#include "app/doctor.hpp"
#include "app/collections.hpp"
#include "app/control.hpp"
#include "outbound/client.hpp"
#include "store/sqlite/engine.hpp"
#include "support/loopback.hpp"
#include "support/platform.hpp"

#include <fstream>

namespace visavis::app {
namespace {

// A live instance in which everything is right but for what a row changes; the providers are scripts on loopback.
struct Instance {
    Instance() {
        std::filesystem::permissions(directory.path(), std::filesystem::perms::owner_all);
        patient.settings.store.data = directory.path().string();
        patient.storeFile = (directory.path() / "visavis.db").string();
        patient.settings.public_url = "https://visavis.example";
        patient.settings.http.trusted_proxies = {"127.0.0.1"};
        patient.now = SystemClock().now();
        patient.built = patient.now - Days(30);
        patient.leastFree = 1;
        makeStore();
    }
    void makeStore() {
        auto const engine = openSqlite({.file = patient.storeFile}, allCollections());
        engine->migrate(allCollections(), false);
        identity::User admin;
        admin.email = *parseEmail("ada@example.test");
        admin.name = Text<1, 100>("Ada");
        admin.roles = {identity::Role::admin};
        change([&](Tx& tx) { return tx.insert(identity::users, admin); }, *engine);
    }
    void change(std::function<Result<void>(Tx&)> const& work) { change(work, *openSqlite({.file = patient.storeFile}, allCollections())); }
    static void change(std::function<Result<void>(Tx&)> const& work, Engine& engine) { EXPECT_TRUE(visavis::transact(engine, work)); }
    void queue(OutboxStatus status, Millis age) {
        change([&](Tx& tx) {
            OutboxEntry entry;
            entry.topic = "MailDue";
            entry.effectKey = "MailDue:1";
            entry.status = status;
            entry.nextAt = patient.now - age;
            entry.lastError = "550 no such box";
            return tx.insert(outbox, entry);
        });
    }
    std::string configFile(std::filesystem::perms mode) {
        auto const path = directory.path() / "visavis.toml";
        std::ofstream(path) << "[log]\n";
        std::filesystem::permissions(path, mode);
        return path.string();
    }
    void goLive() {
        auto& payments = patient.settings.payments;
        payments.stripe_secret_key = "sk_live_1";
        payments.stripe_publishable_key = "pk_live_1";
        payments.stripe_webhook_secrets = {"whsec_1"};
        patient.settings.mail.from = "hello@visavis.test";
    }

    support::TempDirectory directory;
    Patient patient;
};

Diagnosis worst(std::vector<Diagnosis> const& all) {
    return *std::max_element(all.begin(), all.end(), [](auto const& a, auto const& b) { return a.health < b.health; });
}

TEST(Doctor, AHealthyInstance) {
    Instance instance;
    auto const all = examine(instance.patient);
    EXPECT_EQ(worst(all).health, Health::ok) << doctorReport(all);
    EXPECT_TRUE(isHealthy(all));
    instance.goLive();
    EXPECT_EQ(worst(examine(instance.patient)).health, Health::ok) << doctorReport(examine(instance.patient));
}

struct Row {
    char const* name;
    void (*change)(Instance&);
    Health health;
    char const* says; // somewhere in what was found
};

// clang-format off
Row const rows[] = {
    {"no public address", [](Instance& i) { i.patient.settings.public_url.clear(); }, Health::warning, "public_url"},
    {"live without https", [](Instance& i) { i.goLive(); i.patient.settings.public_url = "http://visavis.example"; }, Health::fault, "not https"},
    {"weak hashes", [](Instance& i) { i.patient.settings.auth.bcrypt_cost = 8; }, Health::warning, "bcrypt_cost"},
    {"weak hashes and live", [](Instance& i) { i.goLive(); i.patient.settings.auth.bcrypt_cost = 8; }, Health::fault, "bcrypt_cost"},
    {"no limits", [](Instance& i) { i.patient.settings.limits.enabled = false; }, Health::warning, "limits.enabled"},
    {"no limits and live", [](Instance& i) { i.goLive(); i.patient.settings.limits.enabled = false; }, Health::fault, "limits.enabled"},
    {"contradictory settings", [](Instance& i) { i.patient.settings.http.workers = 0; }, Health::fault, "http.workers"},
    {"test webhook secret and live", [](Instance& i) { i.goLive(); i.patient.settings.payments.stripe_webhook_secrets = {"whsec_test_secret"}; }, Health::fault, "webhook_secrets"},
    {"test publishable key and live", [](Instance& i) { i.goLive(); i.patient.settings.payments.stripe_publishable_key = "pk_test_1"; }, Health::fault, "publishable_key"},
    {"made-up sender and live", [](Instance& i) { i.goLive(); i.patient.settings.mail.from = "no-reply@visavis.example"; }, Health::fault, "mail.from"},
    {"behind a proxy that is not trusted", [](Instance& i) { i.patient.settings.http.trusted_proxies.clear(); }, Health::warning, "trusted_proxies"},
    {"fewer files than clients", [](Instance& i) { i.patient.openFiles = 1024; }, Health::warning, "1024 files"},
    {"secrets for all to read", [](Instance& i) { i.patient.configFile = i.configFile(std::filesystem::perms(0644)); }, Health::warning, "every user"},
    {"secrets for some", [](Instance& i) { i.patient.configFile = i.configFile(std::filesystem::perms(0640)); i.patient.openFiles = 20'000; }, Health::ok, "whole"},
    {"a key that is none", [](Instance& i) { i.patient.settings.store.sealing_key = "aGFsbG8="; }, Health::fault, "sealing_key"},
    {"no administrator", [](Instance& i) { i.change([](Tx& tx) -> Result<void> { CHECK(tx.erase(identity::users, identity::users->email == *parseEmail("ada@example.test"))); return ok; }); }, Health::warning, "Nobody is an administrator"},
    {"events that were given up", [](Instance& i) { i.queue(OutboxStatus::failed, Hours(1)); }, Health::warning, "1 events were given up after many tries: MailDue, 550 no such box"},
    {"events that wait without a server", [](Instance& i) { i.queue(OutboxStatus::waiting, Hours(1)); }, Health::ok, "not in use"},
    {"no directory", [](Instance& i) { i.patient.settings.store.data += "/none"; }, Health::warning, "no directory"},
    {"an open directory", [](Instance& i) { std::filesystem::permissions(i.directory.path(), std::filesystem::perms::all); }, Health::warning, "open to other users"},
    {"a full disk", [](Instance& i) { i.patient.leastFree = UINTMAX_MAX; }, Health::fault, "MiB free"},
    {"no store", [](Instance& i) { i.patient.storeFile += ".none"; }, Health::warning, "no store"},
    {"no tables", [](Instance& i) { std::filesystem::remove(i.patient.storeFile); openSqlite({.file = i.patient.storeFile}, allCollections()); }, Health::fault, "users"},
    {"no store but some file", [](Instance& i) { std::ofstream(i.patient.storeFile) << std::string(8192, 'x'); }, Health::fault, "cannot be read"},
    {"a clock before the build", [](Instance& i) { i.patient.built = i.patient.now + Days(1); }, Health::fault, "before this program was built"},
    {"a clock before the store", [](Instance& i) { i.patient.now = i.patient.now - Hours(2); }, Health::fault, "the store was written"},
    {"old time zones", [](Instance& i) { i.patient.now = i.patient.now + Days(5 * 366); }, Health::warning, "time zones"},
};
// clang-format on

TEST(Doctor, SaysWhatIsWrongAndHowToMendIt) {
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        Instance instance;
        row.change(instance);
        auto const all = examine(instance.patient);
        auto const report = doctorReport(all);
        EXPECT_EQ(worst(all).health, row.health) << report;
        EXPECT_NE(report.find(row.says), std::string::npos) << report;
        EXPECT_EQ(isHealthy(all), row.health != Health::fault);
        for (auto const& one : all) EXPECT_EQ(one.remedy.empty(), one.health == Health::ok) << one.what;
    }
}

TEST(Doctor, SeesWhoHoldsTheStore) {
    Instance instance;
    auto const server = openSqlite({.file = instance.patient.storeFile}, allCollections());
    auto const report = doctorReport(examine(instance.patient));
    EXPECT_NE(report.find("in use by process " + std::to_string(::getpid())), std::string::npos) << report;
    EXPECT_NE(report.find("The store is whole."), std::string::npos) << report;
    EXPECT_NE(report.find("does not answer at " + instance.patient.settings.store.data + "/control.sock"), std::string::npos) << report;
    auto const control = ControlSocket::open(instance.patient.settings.store.data, [](auto const&) { return notFound("What?"); });
    ASSERT_TRUE(control);
    EXPECT_EQ(worst(examine(instance.patient)).health, Health::ok) << doctorReport(examine(instance.patient));
}

TEST(Doctor, SeesWorkThatAServerDoesNotDo) {
    Instance instance;
    instance.queue(OutboxStatus::waiting, Minutes(9));
    auto const server = openSqlite({.file = instance.patient.storeFile}, allCollections());
    EXPECT_TRUE(isHealthy(examine(instance.patient)));
    instance.patient.now = instance.patient.now + Minutes(2);
    auto const report = doctorReport(examine(instance.patient));
    EXPECT_NE(report.find("1 events have waited"), std::string::npos) << report;
}

std::string hostAndPort(std::string const& url) {
    auto const host = url.substr(url.find("//") + 2);
    return host.substr(0, host.find('/'));
}

int portOf(std::string const& url) { return std::stoi(hostAndPort(url).substr(hostAndPort(url).find(':') + 1)); }

// What is said of the first thing whose description has these words.
Health healthOf(std::vector<Diagnosis> const& all, std::string_view words) {
    for (auto const& one : all)
        if (one.what.find(words) != std::string::npos) return one.health;
    ADD_FAILURE() << "nothing about " << words << "\n" << doctorReport(all);
    return Health::ok;
}

TEST(Doctor, AsksStripe) {
    struct Answer {
        int status;
        char const* headers;
        Health health;
        char const* says;
    };
    Answer const answers[] = {
        {200, "", Health::ok, "Stripe answers at"},
        {401, "", Health::fault, "does not know"},
        {403, "", Health::warning, "restricted"},
        {503, "", Health::warning, "answers 503"},
        {200, "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n", Health::fault, "differs from Stripe's"},
    };
    for (auto const& row : answers) {
        SCOPED_TRACE(row.says);
        Instance instance;
        outbound::CurlClient client;
        support::HttpScript const stripe({support::answer(row.status, "{}", row.headers)});
        instance.patient.client = &client;
        instance.patient.settings.payments.stripe_api_base = stripe.url();
        instance.patient.settings.public_url = stripe.url();
        EXPECT_EQ(healthOf(examine(instance.patient), row.says), row.health);
        ASSERT_FALSE(stripe.seen().empty());
        EXPECT_EQ(stripe.seen().front().line, "GET /v1/balance HTTP/1.1");
    }
}

TEST(Doctor, LooksForTheWebhookEndpoint) {
    struct Endpoint {
        char const* endpoint; // HERE is the public address
        bool live;
        Health health;
        char const* says;
    };
    Endpoint const rowsOfEndpoints[] = {
        {R"({"url":"HERE/api/v1/webhooks/stripe","status":"enabled","enabled_events":["*"]})", true, Health::ok, "Stripe has the webhook"},
        {R"({"url":"HERE/api/v1/webhooks/stripe","status":"enabled","enabled_events":["refund.failed","refund.updated","payment_intent.succeeded",
            "payment_intent.canceled","payment_intent.payment_failed"]})",
         true, Health::ok, "Stripe has the webhook"},
        {R"({"url":"HERE/api/v1/webhooks/stripe","status":"enabled","enabled_events":["payment_intent.succeeded"]})", true, Health::fault,
         "is not told of payment_intent.payment_failed payment_intent.canceled refund.updated refund.failed."},
        {R"({"url":"HERE/api/v1/webhooks/stripe","status":"disabled","enabled_events":["*"]})", true, Health::fault, "no enabled"},
        {R"({"url":"https://other.example/api/v1/webhooks/stripe","status":"enabled","enabled_events":["*"]})", true, Health::fault,
         "no enabled"},
        {R"("nonsense")", true, Health::fault, "no enabled"},
        {R"({"url":1})", false, Health::warning, "no enabled"},
    };
    for (auto const& row : rowsOfEndpoints) {
        SCOPED_TRACE(row.endpoint);
        Instance instance;
        if (row.live) instance.goLive();
        outbound::CurlClient client;
        instance.patient.settings.public_url = "http://127.0.0.1:1";
        std::string endpoint = row.endpoint;
        if (auto const at = endpoint.find("HERE"); at != endpoint.npos) endpoint.replace(at, 4, instance.patient.settings.public_url);
        support::HttpScript const stripe({support::answer(200, "{}"), support::answer(200, R"({"data":[)" + endpoint + "]}")});
        instance.patient.client = &client;
        instance.patient.settings.payments.stripe_api_base = stripe.url();
        EXPECT_EQ(healthOf(examine(instance.patient), row.says), row.health);
        EXPECT_EQ(stripe.seen().at(1).line, "GET /v1/webhook_endpoints?limit=100 HTTP/1.1");
    }
}

TEST(Doctor, ComesInAsOthersDo) {
    Instance instance;
    outbound::CurlClient client;
    support::HttpScript const server({support::answer(200, "{}"), support::answer(502, "{}")});
    auto& settings = instance.patient.settings;
    settings.sandbox = {"127.0.0.1:1", 1, true};
    settings.public_url = server.url() + "/";
    instance.patient.client = &client;
    EXPECT_EQ(healthOf(examine(instance.patient), server.url() + " leads to a server"), Health::ok);
    EXPECT_EQ(healthOf(examine(instance.patient), server.url() + " answers 502"), Health::warning);
    EXPECT_EQ(server.seen().front().line, "GET /healthz HTTP/1.1");
    settings.public_url = "http://127.0.0.1:1";
    EXPECT_EQ(healthOf(examine(instance.patient), "Nobody answers at http://127.0.0.1:1"), Health::warning);
}

TEST(Doctor, AsksTheMailServer) {
    struct Answer {
        char const* refused;
        char const* refusal;
        bool sandboxed;
        bool requireTls;
        Health health;
        char const* says;
    };
    Answer const answers[] = {
        {"", "", true, true, Health::ok, "The mail server answers at"},
        {"NOOP", "535 5.7.8 who", true, true, Health::fault, "mail.smtp_user"},
        {"NOOP", "421 4.3.2 closing", true, true, Health::warning, "answers 421"},
        {"", "", false, true, Health::fault, "mail server cannot be used"}, // it offers no encryption
        {"", "", false, false, Health::ok, "The mail server answers at"},
        {"", "", false, false, Health::warning, "mail.require_tls"},
    };
    for (auto const& row : answers) {
        SCOPED_TRACE(row.says);
        Instance instance;
        outbound::CurlClient client;
        support::HttpScript const stripe({support::answer(200, "{}")});
        support::SmtpScript const mail(row.refused, row.refusal);
        auto& settings = instance.patient.settings;
        instance.patient.client = &client;
        settings.payments.stripe_api_base = stripe.url();
        settings.mail.smtp_url = mail.url();
        settings.mail.require_tls = row.requireTls;
        settings.public_url = stripe.url();
        if (row.sandboxed) {
            settings.sandbox = {hostAndPort(stripe.url()), portOf(mail.url()), true};
        }
        EXPECT_EQ(healthOf(examine(instance.patient), row.says), row.health);
    }
}

TEST(Doctor, NobodyAnswers) {
    Instance instance;
    outbound::CurlClient client;
    instance.patient.client = &client;
    std::string url;
    {
        support::SmtpScript const gone;
        url = gone.url();
    }
    auto& settings = instance.patient.settings;
    settings.payments.stripe_api_base = "http://" + hostAndPort(url);
    settings.mail.smtp_url = url;
    settings.public_url = "http://" + hostAndPort(url);
    EXPECT_EQ(healthOf(examine(instance.patient), "Stripe cannot be reached"), Health::fault);
    EXPECT_EQ(healthOf(examine(instance.patient), "mail server cannot be used"), Health::fault);
    settings.sandbox = {hostAndPort(url), portOf(url), true}; // serve is not running: that is no fault
    EXPECT_TRUE(isHealthy(examine(instance.patient))) << doctorReport(examine(instance.patient));
}

} // namespace
} // namespace visavis::app
