// A healthy instance, and one row per thing that can be wrong with it.
#include "app/doctor.hpp"
#include "app/collections.hpp"
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
        patient.now = SystemClock().now();
        patient.built = patient.now - Days(30);
        patient.leastFree = 1;
        makeStore();
    }
    void makeStore() { openSqlite({.file = patient.storeFile}, allCollections())->migrate(allCollections(), false); }
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
        EXPECT_EQ(healthOf(examine(instance.patient), row.says), row.health);
        ASSERT_FALSE(stripe.seen().empty());
        EXPECT_EQ(stripe.seen().front().line, "GET /v1/balance HTTP/1.1");
    }
}

TEST(Doctor, AsksTheMailServer) {
    struct Answer {
        char const* refused;
        char const* refusal;
        bool sandboxed;
        Health health;
        char const* says;
    };
    Answer const answers[] = {
        {"", "", true, Health::ok, "The mail server answers at"},
        {"NOOP", "535 5.7.8 who", true, Health::fault, "mail.smtp_user"},
        {"NOOP", "421 4.3.2 closing", true, Health::warning, "answers 421"},
        {"", "", false, Health::fault, "mail server cannot be used"}, // it offers no encryption
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
    EXPECT_EQ(healthOf(examine(instance.patient), "Stripe cannot be reached"), Health::fault);
    EXPECT_EQ(healthOf(examine(instance.patient), "mail server cannot be used"), Health::fault);
    settings.sandbox = {hostAndPort(url), portOf(url), true}; // serve is not running: that is no fault
    EXPECT_TRUE(isHealthy(examine(instance.patient))) << doctorReport(examine(instance.patient));
}

} // namespace
} // namespace visavis::app
