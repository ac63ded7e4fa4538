// The examinations, each a function that appends what it found.
#include "app/doctor.hpp"

#include "app/collections.hpp"
#include "app/control.hpp"
#include "app/store.hpp"
#include "core/zone.hpp"
#include "identity/records.hpp"
#include "identity/sealing.hpp"
#include "outbound/client.hpp"
#include "outbound/smtp.hpp"
#include "record/json.hpp"
#include "store/outbox.hpp"
#include "store/sqlite/engine.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>

namespace visavis::app {
namespace {

constexpr Minutes clockTolerance{5};            // webhooks that are older are refused, so are log-ins at providers
constexpr Minutes workTolerance{10};            // events of the outbox are usually carried out within a second
constexpr std::uint64_t filesBesideClients{64}; // of the store, logs, providers
// Without these the state of payments is known only after the nightly comparison.
constexpr std::array neededEvents{"payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.canceled", "refund.updated",
                                  "refund.failed"};

class Examination {
public:
    explicit Examination(Patient const& patient) : patient_(patient), settings_(patient.settings) {}

    std::vector<Diagnosis> all() {
        lookAtSettings();
        lookAtDirectory();
        lookAtStore();
        lookAtClock();
        lookAtZones();
        if (patient_.client != nullptr) lookAtGateway(), lookAtMail(), lookAtWayIn();
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
        lookAtSecrets();
        if (url.starts_with("https://") && settings_.http.trusted_proxies.empty())
            warning(
                "http.trusted_proxies is empty: whoever comes through the proxy that does TLS has its address, and all share one client's "
                "limits.",
                "Set http.trusted_proxies to the address of the proxy, e.g. 127.0.0.1.");
        if (auto const& files = patient_.openFiles; files > 0 && files < wantedFiles())
            warning("A process may have " + std::to_string(files) + " files open, and http.max_connections is " +
                        std::to_string(settings_.http.max_connections) + ".",
                    "Raise the limit (LimitNOFILE of the systemd unit, or ulimit -n) to " + std::to_string(wantedFiles()) +
                        ", or lower http.max_connections.");
        if (isLive())
            lookAtLiveSettings();
        else
            ok(isSandboxed() ? "The provider sandbox is in use; no money moves." : "Test keys are in use; no money moves.");
        if (found_.size() == before + (isLive() ? 0 : 1)) ok("Settings are sound.");
    }

    std::uint64_t wantedFiles() const { return static_cast<std::uint64_t>(settings_.http.max_connections) + filesBesideClients; }

    void lookAtSecrets() {
        struct stat file {};
        if (!patient_.configFile.empty() && ::stat(patient_.configFile.c_str(), &file) == 0 && (file.st_mode & S_IROTH) != 0)
            warning(patient_.configFile + " can be read by every user, secrets and all.", "chmod 600 " + patient_.configFile);
        if (settings_.store.sealing_key.empty()) return;
        if (auto const sealer = identity::Sealer::of(settings_.store.sealing_key); !sealer)
            fault(sealer.error().detail, "Put the key in its place that the store was sealed under.");
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

    void lookAtCluster() {
        try {
            auto const engine = openToLook(settings_, allCollections());
            ok(engine->describe() + " answers.");
            if (hasIndexes(*engine)) lookAtDocuments(*engine);
        } catch (std::exception const& refused) {
            fault(std::string("The store cannot be used: ") + refused.what(), "Check store.url, and that a primary can be reached.");
        }
    }

    void lookAtStore() {
        if (!settings_.store.url.empty()) return lookAtCluster();
        std::error_code failed;
        auto const size = std::filesystem::file_size(patient_.storeFile, failed);
        if (failed) return warning("There is no store " + patient_.storeFile + " yet.", "`visavis serve` and `visavis migrate` make it.");
        if (auto const pid = holder()) {
            ok("The store is in use by process " + *pid + ".");
            if (auto const answer = askServer(settings_.store.data, {{"command", "are you there"}}); !answer || !*answer)
                warning("Process " + *pid + " does not answer at " + settings_.store.data + "/control.sock.",
                        "`visavis admin create` must wait until it is stopped. Choose a shorter path for store.data if it is longer than "
                        "100 letters.");
        } else {
            ok("The store is not in use.");
        }
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
        if (!hasIndexes(engine)) return;
        lookAtDocuments(engine);
        if (size > patient_.quickCheck) return ok("The store is large and was not read through; `visavis verify` does that.");
        auto const faults = engine.integrityFaults();
        for (auto const& one : faults)
            fault("The store is damaged: " + one, "Run `visavis verify`, then put the last backup in its place with `visavis restore`.");
        if (faults.empty()) ok("The store is whole.");
    }

    bool hasIndexes(Engine& engine) {
        auto const missing = engine.checkIndexes(allCollections());
        for (auto const& index : missing) fault(index.collection + ": " + index.what, "Run `visavis migrate`.");
        return missing.empty();
    }

    // Staff, and work that nobody does.
    void lookAtDocuments(Engine& engine) {
        using identity::users;
        visavis::read(engine, [&](Reader& reader) {
            if (reader.find(users, contains(users->roles, identity::Role::admin)).count() == 0)
                warning("Nobody is an administrator.", "visavis admin create --email … --name … --password-stdin");
            auto const failed = reader.find(outbox, outbox->status == OutboxStatus::failed).count();
            if (failed > 0)
                warning(std::to_string(failed) + " events were given up after many tries: " + lastFailure(reader),
                        "GET /api/v1/admin/outbox shows them; POST /api/v1/admin/outbox/{id}/retry tries one again.");
            auto const late = outbox->status == OutboxStatus::waiting && outbox->nextAt < patient_.now - workTolerance;
            auto const overdue = reader.find(outbox, late).count();
            if (overdue > 0 && isServed())
                fault(std::to_string(overdue) + " events have waited for more than ten minutes.",
                      "Look at the log and at GET /api/v1/admin/jobs; a restart of the server is harmless.");
            return true;
        });
    }

    bool isServed() const { return !settings_.store.url.empty() || holder(); }

    static std::string lastFailure(Reader& reader) {
        auto const entry = reader.find(outbox, outbox->status == OutboxStatus::failed).sort(desc(outbox->nextAt), desc(outbox->id)).first();
        return entry ? entry->topic + ", " + entry->lastError.value_or("for no known reason") : "";
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
        if (isSandboxed()) return;
        compareClocks(std::string(answer->header("Date")));
        request.url = base + "/v1/webhook_endpoints?limit=100";
        if (auto const list = patient_.client->send(request); list && list->status == 200) lookAtEndpoints(list->body);
    }

    // Stripe tells us of payments at an endpoint that the operator has made in its dashboard.
    void lookAtEndpoints(std::string const& list) {
        auto const wanted = publicUrl() + "/api/v1/webhooks/stripe";
        auto const json = parseJson(list);
        for (auto const& endpoint : json ? arrayAt(*json, "/data") : boost::json::array{}) {
            if (textAt(endpoint, "/url") != wanted || textAt(endpoint, "/status") != "enabled") continue;
            auto const lacks = lackingEvents(endpoint);
            if (lacks.empty()) return ok("Stripe has the webhook endpoint " + wanted + ".");
            return wrong(isLive(), "The webhook endpoint " + wanted + " is not told of" + lacks + ".",
                         "Add these events to it in the Stripe dashboard.");
        }
        wrong(isLive(), "Stripe has no enabled webhook endpoint " + wanted + ".",
              "Make one in the Stripe dashboard, for the events payment_intent.*, refund.* and charge.dispute.*, and copy its signing "
              "secret.");
    }

    static std::string textAt(boost::json::value const& object, char const* pointer) {
        boost::system::error_code absent;
        auto const* found = object.find_pointer(pointer, absent);
        return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
    }

    static boost::json::array arrayAt(boost::json::value const& object, char const* pointer) {
        boost::system::error_code absent;
        auto const* found = object.find_pointer(pointer, absent);
        return found != nullptr && found->is_array() ? found->get_array() : boost::json::array{};
    }

    static std::string lackingEvents(boost::json::value const& endpoint) {
        auto const events = arrayAt(endpoint, "/enabled_events");
        auto const has = [&](char const* name) {
            return std::find(events.begin(), events.end(), boost::json::value(name)) != events.end();
        };
        std::string lacking;
        for (auto const* name : neededEvents)
            if (!has("*") && !has(name)) lacking += " " + std::string(name);
        return lacking;
    }

    std::string publicUrl() const { return publicUrlOf(settings_, settings_.http.listen); }

    // The way that browsers and webhooks take: names, certificates and proxies included.
    void lookAtWayIn() {
        outbound::OutRequest request;
        request.url = publicUrl() + "/healthz";
        request.timeouts = {patient_.patience, patient_.patience};
        auto const answer = patient_.client->send(request);
        if (answer && answer->status == 200) return ok(publicUrl() + " leads to a server.");
        warning(answer ? publicUrl() + " answers " + std::to_string(answer->status) + "."
                       : "Nobody answers at " + publicUrl() + ": " + answer.error().detail,
                "Start `visavis serve`; if it runs, check DNS, certificate and proxy from outside.");
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
        server.requireTls = !isSandboxed() && settings_.mail.require_tls;
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
        if (!isSandboxed() && !settings_.mail.require_tls)
            warning("mail.require_tls is false: mails, and mail.smtp_password, may travel in the clear.",
                    "Set it to true; false is for a mail server on this machine.");
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

std::uint64_t openFilesLimit() {
    rlimit limit{};
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
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
