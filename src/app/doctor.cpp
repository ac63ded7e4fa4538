// The examinations, each a function that appends what it found.
#include "app/doctor.hpp"

#include "app/collections.hpp"
#include "core/zone.hpp"
#include "outbound/client.hpp"
#include "outbound/smtp.hpp"
#include "store/sqlite/engine.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>

namespace visavis::app {
namespace {

constexpr Minutes clockTolerance{5}; // webhooks that are older are refused, so are log-ins at providers

class Examination {
public:
    explicit Examination(Patient const& patient) : patient_(patient), settings_(patient.settings) {}

    std::vector<Diagnosis> all() {
        lookAtSettings();
        lookAtDirectory();
        lookAtStore();
        lookAtClock();
        lookAtZones();
        if (patient_.client != nullptr) lookAtGateway(), lookAtMail();
        return std::move(found_);
    }

private:
    void ok(std::string what) { found_.push_back({Health::ok, std::move(what)}); }
    void warning(std::string what, std::string remedy) { found_.push_back({Health::warning, std::move(what), std::move(remedy)}); }
    void fault(std::string what, std::string remedy) { found_.push_back({Health::fault, std::move(what), std::move(remedy)}); }
    void wrong(bool serious, std::string what, std::string remedy) {
        serious ? fault(std::move(what), std::move(remedy)) : warning(std::move(what), std::move(remedy));
    }

    bool isSandboxed() const { return !settings_.sandbox.listen.empty(); }
    bool isLive() const { return !isSandboxed() && settings_.payments.stripe_secret_key.starts_with("sk_live_"); }

    void lookAtSettings() {
        auto const before = found_.size();
        if (auto const checked = checkSettings(settings_); !checked) fault(checked.error().detail, "Correct the setting.");
        auto const& url = settings_.public_url;
        if (url.empty())
            wrong(isLive(), "public_url is not set: links in mails lead to the listening address.",
                  "Set public_url to the address that browsers use.");
        else if (!url.starts_with("https://") && isLive())
            fault("public_url is not https: log-ins would travel in the clear.",
                  "Serve behind a proxy that does TLS, and set public_url to its https address.");
        if (settings_.auth.bcrypt_cost < 12)
            wrong(isLive() && settings_.auth.bcrypt_cost < 10,
                  "auth.bcrypt_cost is " + std::to_string(settings_.auth.bcrypt_cost) + ": stolen hashes are quickly guessed.",
                  "Set auth.bcrypt_cost to 12.");
        if (!settings_.limits.enabled)
            wrong(isLive(), "limits.enabled is false: nobody is slowed down.", "Set limits.enabled to true; false is for load tests.");
        if (isLive())
            lookAtLiveSettings();
        else
            ok(isSandboxed() ? "The provider sandbox is in use; no money moves." : "Test keys are in use; no money moves.");
        if (found_.size() == before + (isLive() ? 0 : 1)) ok("Settings are sound.");
    }

    void lookAtLiveSettings() {
        auto const& secrets = settings_.payments.stripe_webhook_secrets;
        if (secrets.empty() || std::find(secrets.begin(), secrets.end(), "whsec_test_secret") != secrets.end())
            fault("payments.stripe_webhook_secrets are not the live endpoint's.",
                  "Copy the signing secret of the webhook endpoint from the Stripe dashboard.");
        if (!settings_.payments.stripe_publishable_key.starts_with("pk_live_"))
            fault("payments.stripe_publishable_key is no live key.", "Set the publishable key that belongs to the secret one.");
        if (settings_.mail.from.ends_with(".example"))
            fault("mail.from is a made-up address.", "Set mail.from to an address of your domain, with SPF and DKIM for it.");
    }

    void lookAtDirectory() {
        auto const& directory = settings_.store.data;
        std::error_code failed;
        auto const status = std::filesystem::status(directory, failed);
        if (!std::filesystem::is_directory(status))
            return warning("There is no directory " + directory + ".", "`visavis serve` and `visavis migrate` make it.");
        if (::access(directory.c_str(), W_OK | X_OK) != 0)
            fault(directory + " cannot be written to by this user.", "Give the directory to the user that runs Visavis.");
        else
            ok(directory + " can be written to.");
        auto const others = std::filesystem::perms::group_write | std::filesystem::perms::others_all;
        if ((status.permissions() & others) != std::filesystem::perms::none)
            warning(directory + " is open to other users.", "chmod 700 " + directory);
        auto const space = std::filesystem::space(directory, failed);
        if (failed) return;
        auto const mebibytes = std::to_string(space.available >> 20) + " MiB free in " + directory;
        if (space.available < patient_.leastFree)
            fault("Only " + mebibytes + ".", "Make room: a store that cannot grow refuses writes.");
        else
            ok(mebibytes + ".");
    }

    // Who holds the lock file; nothing when nobody does.
    std::optional<std::string> holder() const {
        auto const path = patient_.storeFile + ".lock";
        int const descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (descriptor < 0) return std::nullopt;
        bool const isFree = ::flock(descriptor, LOCK_SH | LOCK_NB) == 0;
        ::close(descriptor);
        if (isFree) return std::nullopt;
        std::string pid;
        std::ifstream(path) >> pid;
        return pid;
    }

    void lookAtStore() {
        std::error_code failed;
        auto const size = std::filesystem::file_size(patient_.storeFile, failed);
        if (failed) return warning("There is no store " + patient_.storeFile + " yet.", "`visavis serve` and `visavis migrate` make it.");
        if (auto const pid = holder())
            ok("The store is in use by process " + *pid + ".");
        else
            ok("The store is not in use.");
        try {
            SqliteSettings sqlite;
            sqlite.file = patient_.storeFile;
            sqlite.readOnly = true;
            sqlite.readers = 1;
            lookInside(*openSqlite(sqlite, allCollections()), size);
        } catch (std::exception const& broken) {
            fault(std::string("The store cannot be read: ") + broken.what(),
                  "If the file is damaged, put the last backup in its place with `visavis restore`.");
        }
    }

    void lookInside(Engine& engine, std::uintmax_t size) {
        ok(engine.describe() + ", " + std::to_string(size >> 20) + " MiB.");
        auto const missing = engine.checkIndexes(allCollections());
        for (auto const& index : missing) fault(index.collection + ": " + index.what, "Run `visavis migrate`.");
        if (!missing.empty()) return;
        if (size > patient_.quickCheck) return ok("The store is large and was not read through; `visavis verify` does that.");
        auto const faults = engine.integrityFaults();
        for (auto const& one : faults)
            fault("The store is damaged: " + one, "Run `visavis verify`, then put the last backup in its place with `visavis restore`.");
        if (faults.empty()) ok("The store is whole.");
    }

    void lookAtClock() {
        constexpr char const* remedy = "Set the clock and let systemd-timesyncd or chrony keep it.";
        auto const now = toRfc3339(patient_.now);
        if (patient_.now + clockTolerance < patient_.built)
            return fault("The clock says " + now + ", before this program was built.", remedy);
        struct stat store {};
        bool const exists = ::stat(patient_.storeFile.c_str(), &store) == 0;
        auto const written = Instant{std::int64_t{store.st_mtim.tv_sec} * 1000};
        if (exists && patient_.now + clockTolerance < written)
            return fault("The clock says " + now + ", but the store was written at " + toRfc3339(written) + ".", remedy);
        ok("The clock says " + now + ".");
    }

    void lookAtZones() {
        constexpr char const* remedy = "apt-get install tzdata, or upgrade it.";
        auto const& version = tzdataVersion();
        if (!Zone::load("America/New_York") || !Zone::load("Asia/Kolkata")) return fault("Time zones cannot be loaded.", remedy);
        int year = 0;
        std::from_chars(version.data(), version.data() + version.size(), year);
        auto const thisYear = civil({static_cast<std::int32_t>(patient_.now.ms / 86'400'000)}).year;
        if (year == 0) return warning("The version of the time zones is not known.", remedy);
        if (year + 1 < thisYear)
            return warning("The time zones are of version " + version + ": slots may be wrong where clocks were reformed since.", remedy);
        ok("Time zones of version " + version + ".");
    }

    void lookAtGateway() {
        auto const base = isSandboxed() ? "http://" + settings_.sandbox.listen : settings_.payments.stripe_api_base;
        outbound::OutRequest request;
        request.url = base + "/v1/balance";
        request.headers = {{"Authorization", "Bearer " + settings_.payments.stripe_secret_key}};
        if (!settings_.payments.stripe_version.empty()) request.headers.push_back({"Stripe-Version", settings_.payments.stripe_version});
        request.timeouts = {patient_.patience, patient_.patience};
        auto const answer = patient_.client->send(request);
        if (!answer && isSandboxed()) return warning("The sandbox does not answer at " + base + ".", "`visavis serve` starts it.");
        if (!answer)
            return fault("Stripe cannot be reached at " + base + ": " + answer.error().detail,
                         "Check the network, proxies and payments.stripe_api_base.");
        if (answer->status == 401)
            return fault("Stripe does not know payments.stripe_secret_key.", "Copy the secret key from the Stripe dashboard.");
        if (answer->status == 403)
            return warning("payments.stripe_secret_key is restricted and may not read the balance.",
                           "See to it that it may write payment intents, refunds and transfers.");
        if (answer->status != 200)
            return warning("Stripe answers " + std::to_string(answer->status) + " at " + base + ".",
                           "Look at https://status.stripe.com, and at payments.stripe_api_base.");
        ok("Stripe answers at " + base + ".");
        if (!isSandboxed()) compareClocks(std::string(answer->header("Date")));
    }

    // RFC 9110 §5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT".
    void compareClocks(std::string const& date) {
        tm fields{};
        if (date.empty() || ::strptime(date.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &fields) == nullptr) return;
        auto const theirs = Instant{std::int64_t{::timegm(&fields)} * 1000};
        auto const apart = theirs - patient_.now;
        if (apart > clockTolerance || apart < -clockTolerance)
            fault("The clock differs from Stripe's by " + std::to_string(std::chrono::duration_cast<Seconds>(apart).count()) +
                      " s: webhooks would be refused.",
                  "Set the clock and let systemd-timesyncd or chrony keep it.");
    }

    void lookAtMail() {
        outbound::SmtpServer server;
        server.url =
            isSandboxed() ? "smtp://127.0.0.1:" + std::to_string(settings_.sandbox.smtp_port) + "/visavis" : settings_.mail.smtp_url;
        if (!isSandboxed()) server.user = settings_.mail.smtp_user, server.password = settings_.mail.smtp_password;
        server.requireTls = !isSandboxed();
        server.connectTimeout = server.totalTimeout = patient_.patience;
        auto const word = outbound::SmtpClient(server).check();
        if (!word && isSandboxed())
            return warning("The sandbox's mail sink does not answer at " + server.url + ".", "`visavis serve` starts it.");
        if (!word)
            return fault("The mail server cannot be used at " + server.url + ": " + word.error().detail,
                         "Check mail.smtp_url; it must be smtp:// with STARTTLS, or smtps://.");
        if (*word == 535 || *word == 530)
            return fault("The mail server refuses mail.smtp_user.", "Check mail.smtp_user and mail.smtp_password.");
        if (*word >= 400)
            return warning("The mail server answers " + std::to_string(*word) + " at " + server.url + ".",
                           "Try again later, or ask who runs it.");
        ok("The mail server answers at " + server.url + ".");
    }

    Patient const& patient_;
    Settings const& settings_;
    std::vector<Diagnosis> found_;
};

char const* wordOf(Health health) { return health == Health::ok ? "ok       " : health == Health::warning ? "warning  " : "fault    "; }

} // namespace

Instant builtAt() {
    struct stat program {};
    if (::stat("/proc/self/exe", &program) != 0) return {0};
    return {std::int64_t{program.st_mtim.tv_sec} * 1000};
}

std::vector<Diagnosis> examine(Patient const& patient) { return Examination(patient).all(); }

std::string doctorReport(std::vector<Diagnosis> const& all) {
    std::string text;
    for (auto const& one : all) {
        text += wordOf(one.health) + one.what + "\n";
        if (!one.remedy.empty()) text += "         -> " + one.remedy + "\n";
    }
    return text;
}

bool isHealthy(std::vector<Diagnosis> const& all) {
    return std::none_of(all.begin(), all.end(), [](Diagnosis const& one) { return one.health == Health::fault; });
}

} // namespace visavis::app
