// Command lines to functions, by CLI11.
#include "app/commands.hpp"

#include "api/openapi.hpp"
#include "api/route.hpp"
#include "app/collections.hpp"
#include "app/doctor.hpp"
#include "app/gen.hpp"
#include "app/seed.hpp"
#include "app/wire.hpp"
#include "core/log.hpp"
#include "identity/call.hpp"
#include "outbound/client.hpp"
#include "record/schema.hpp"
#include "reports/verify.hpp"
#include "sandbox/sandbox.hpp"
#include "store/sqlite/engine.hpp"

#include <malloc.h>
#include <pthread.h>
#include <CLI/CLI.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>

extern char** environ;

namespace visavis::app {
namespace {

// What every command that reads settings takes.
struct Common {
    std::string config;
    std::vector<std::string> sets;
    std::string data;
};

void addCommon(CLI::App& command, Common& common) {
    command.add_option("--config", common.config, "settings file (TOML)");
    command.add_option("--set", common.sets, "a setting, e.g. limits.enabled=false; may be repeated");
    command.add_option("--data", common.data, "directory of the embedded store");
}

Sources sourcesOf(Common const& common) {
    Sources sources;
    sources.file = common.config;
    sources.sets = common.sets;
    for (char** entry = environ; *entry != nullptr; ++entry) sources.environment.emplace_back(*entry);
    if (!common.data.empty()) sources.flags.emplace_back("store.data", common.data);
    return sources;
}

int complain(Error const& error) {
    std::cerr << "visavis: " << error.detail << '\n';
    return 2;
}

void setLogLevel(std::string const& level) {
    using log::Level;
    log::setLevel(level == "off" ? Level::off : level == "error" ? Level::error : level == "warning" ? Level::warning : Level::info);
}

// Before the first thread is made, so that every thread has them blocked.
sigset_t blockSignals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return signals;
}

// Waits for SIGTERM or SIGINT, which every thread has blocked.
void waitForSignal(sigset_t const& signals) {
    int signal = 0;
    while (sigwait(&signals, &signal) != 0) {
    }
    log::info("stopping", {{"signal", std::to_string(signal)}});
}

// Demo log-ins have random passwords and are shown this once.
Result<void> showDemo(identity::Platform& platform) {
    TRY(auto const logIns, seedDemo(platform, platform.rng));
    for (auto const& logIn : logIns) std::cout << "Demo: " << logIn.email << "  " << logIn.password << "  (" << logIn.about << ")\n";
    return ok;
}

struct ServeOptions {
    Common common;
    std::string listen, sandbox, smtpSink;
    bool demo = false;
};

int serve(ServeOptions const& options) {
    auto const signals = blockSignals();
    mallopt(M_ARENA_MAX, 2); // many threads that mostly wait need no arenas of their own

    auto sources = sourcesOf(options.common);
    if (!options.listen.empty()) sources.flags.emplace_back("http.listen", options.listen);
    if (!options.sandbox.empty()) sources.flags.emplace_back("sandbox.listen", options.sandbox);
    if (!options.smtpSink.empty()) sources.flags.emplace_back("sandbox.smtp_port", options.smtpSink);
    auto const settings = loadSettings(sources);
    if (!settings) return complain(settings.error());
    setLogLevel(settings->log.level);
    auto const application = Application::open(*settings);
    if (!application) return complain(application.error());
    if (options.demo)
        if (auto const shown = showDemo((*application)->platform()); !shown) return complain(shown.error());
    (*application)->start();
    std::cout << "Visavis serves " << (*application)->publicUrl() << '\n';
    if (auto const origin = (*application)->sandboxOrigin(); !origin.empty()) std::cout << "Sandbox at " << origin << '\n';
    std::cout.flush();
    waitForSignal(signals);
    (*application)->stop();
    return 0;
}

int migrate(Common const& common, bool dryRun) {
    auto const settings = loadSettings(sourcesOf(common));
    if (!settings) return complain(settings.error());
    std::filesystem::create_directories(settings->store.data);
    SqliteSettings sqlite;
    sqlite.file = storeFile(settings->store.data);
    auto const engine = openSqlite(sqlite, allCollections());
    for (auto const& line : engine->migrate(allCollections(), dryRun)) std::cout << line << '\n';
    return 0;
}

SqliteSettings readOnly(Settings const& settings) {
    SqliteSettings sqlite;
    sqlite.file = storeFile(settings.store.data);
    sqlite.readOnly = true;
    return sqlite;
}

// Beside a running server, too: the store is only read.
int verify(Common const& common) {
    auto const settings = loadSettings(sourcesOf(common));
    if (!settings) return complain(settings.error());
    auto const engine = openSqlite(readOnly(*settings), reports::auditedCollections());
    // The store's own time: a moved clock of the sandbox is not the machine's, so nothing counts as overdue by the latter alone.
    auto const checks = reports::verify(*engine, SystemClock().now());
    std::cout << reports::verifyReport(checks);
    return reports::isClean(checks) ? 0 : 1;
}

int doctor(Common const& common) {
    auto const settings = loadSettings(sourcesOf(common));
    if (!settings) return complain(settings.error());
    outbound::CurlClient client;
    Patient patient;
    patient.settings = *settings;
    patient.storeFile = storeFile(settings->store.data);
    patient.now = SystemClock().now();
    patient.built = builtAt();
    patient.client = &client;
    auto const all = examine(patient);
    std::cout << doctorReport(all);
    return isHealthy(all) ? 0 : 1;
}

// Fills a store that no server has open. Log-ins of load tests need no strong hashes.
int seed(Common const& common, SeedSize size) {
    auto sources = sourcesOf(common);
    sources.flags.emplace_back("http.listen", "127.0.0.1:0");
    sources.flags.emplace_back("auth.bcrypt_cost", "4");
    auto const settings = loadSettings(sources);
    if (!settings) return complain(settings.error());
    auto const application = Application::open(*settings);
    if (!application) return complain(application.error());
    auto const seeded = seedMany((*application)->platform(), size, [](Seeded const& soFar) {
        std::cout << '\r' << soFar.specialists << " specialists, " << soFar.slots << " slots, " << soFar.bookings << " bookings"
                  << std::flush;
    });
    if (!seeded) return complain(seeded.error());
    std::cout << "\nLog in as " << seeded->firstSpecialist << " or " << seeded->firstCustomer << " with " << seeded->password << '\n';
    return 0;
}

// The providers' stand-ins alone, for a server that runs elsewhere on this machine.
int sandboxAlone(std::string const& listen, int smtpPort, std::string const& webhookUrl) {
    auto const signals = blockSignals();
    SystemRng rng;
    SystemClock clock;
    sandbox::SandboxSettings settings;
    settings.listen = listen;
    settings.smtpPort = smtpPort;
    settings.webhookUrl = webhookUrl;
    sandbox::ClockControl control;
    control.now = [&] { return clock.now(); };
    control.moveTo = [&](Instant to) -> Result<void> {
        clock.setOffset(clock.offset() + (to - clock.now()));
        return ok;
    };
    control.settle = [](Millis) { return true; };
    control.offset = [&] { return clock.offset(); };
    auto const opened = sandbox::Sandbox::open(settings, std::move(control), rng);
    if (!opened) return complain(opened.error());
    if (auto const started = (*opened)->start(); !started) return complain(started.error());
    std::cout << "Sandbox at " << (*opened)->origin() << std::endl;
    waitForSignal(signals);
    (*opened)->stop();
    return 0;
}

// Everything that is derived from records and from the routes table.
std::map<std::string, std::string> derivedFiles() {
    std::vector<Shape const*> answers;
    for (auto const& route : api::routes())
        if (route.output != nullptr) answers.push_back(route.output);
    auto files = generatedFiles(seedCollections(), answers);
    files["tests/golden/openapi.json"] = prettyJson(api::openApiDocument());
    return files;
}

int generate(std::string const& root, bool check) {
    int stale = 0;
    for (auto const& [path, content] : derivedFiles()) {
        auto const file = std::filesystem::path(root) / path;
        std::ifstream in(file, std::ios::binary);
        std::string const current((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
        if (current == content) continue;
        ++stale;
        std::cout << (check ? "stale " : "wrote ") << path << '\n';
        if (check) continue;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << content;
    }
    return check && stale > 0 ? 1 : 0;
}

int guarded(std::function<int()> const& command) {
    try {
        return command();
    } catch (StoreLocked const& locked) {
        std::cerr << "visavis: " << locked.what() << '\n';
        return 2;
    } catch (std::exception const& failed) {
        std::cerr << "visavis: " << failed.what() << '\n';
        return 2;
    }
}

} // namespace

int run(int argc, char** argv) {
    CLI::App app{"Visavis: paid one-to-one consultations, self-hosted."};
    app.require_subcommand(1);

    ServeOptions serving;
    auto* const serveCommand = app.add_subcommand("serve", "serve the API and do the background work");
    addCommon(*serveCommand, serving.common);
    serveCommand->add_option("--listen", serving.listen, "host:port to serve on");
    serveCommand->add_option("--sandbox", serving.sandbox, "start the provider sandbox on this host:port (development)");
    serveCommand->add_option("--smtp-sink", serving.smtpSink, "port of the sandbox's mail sink");
    serveCommand->add_flag("--demo", serving.demo, "fill an empty store with demo data and print its log-ins");

    Common migrating;
    bool dryRun = false;
    auto* const migrateCommand = app.add_subcommand("migrate", "make collections and indexes; twice is harmless");
    addCommon(*migrateCommand, migrating);
    migrateCommand->add_flag("--dry-run", dryRun, "only print what would be done");

    Common verifying;
    auto* const verifyCommand = app.add_subcommand("verify", "audit the invariants of a store, also beside a running server");
    addCommon(*verifyCommand, verifying);

    Common examining;
    auto* const doctorCommand = app.add_subcommand("doctor", "check settings, store, clock, zones and providers, and say how to mend them");
    addCommon(*doctorCommand, examining);

    Common seeding;
    SeedSize size{100, 1000};
    auto* const seedCommand = app.add_subcommand("seed", "fill a store with made-up people for load tests");
    addCommon(*seedCommand, seeding);
    seedCommand->add_option("--specialists", size.specialists, "how many specialists");
    seedCommand->add_option("--bookings", size.bookings, "how many bookings");

    std::string sandboxListen = "127.0.0.1:8090", webhookUrl = "http://127.0.0.1:8080/api/v1/webhooks/stripe";
    int smtpPort = 2525;
    auto* const sandboxCommand = app.add_subcommand("sandbox", "the providers' stand-ins alone (development)");
    sandboxCommand->add_option("--listen", sandboxListen, "host:port, loopback only");
    sandboxCommand->add_option("--smtp-sink", smtpPort, "port of the mail sink");
    sandboxCommand->add_option("--webhook-url", webhookUrl, "where webhooks go");

    std::string root = ".";
    bool check = false;
    auto* const genCommand = app.add_subcommand("gen", "write the files that are derived from records and routes");
    genCommand->add_option("--root", root, "the repository");
    genCommand->add_flag("--check", check, "write nothing; exit 1 when a file is stale");

    CLI11_PARSE(app, argc, argv);
    return guarded([&] {
        if (*serveCommand) return serve(serving);
        if (*migrateCommand) return migrate(migrating, dryRun);
        if (*verifyCommand) return verify(verifying);
        if (*doctorCommand) return doctor(examining);
        if (*seedCommand) return seed(seeding, size);
        if (*sandboxCommand) return sandboxAlone(sandboxListen, smtpPort, webhookUrl);
        return generate(root, check);
    });
}

} // namespace visavis::app
