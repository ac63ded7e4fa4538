// Command lines to functions, by CLI11.
#include "app/commands.hpp"

#include "api/client.hpp"
#include "api/openapi.hpp"
#include "api/route.hpp"
#include "app/adopt.hpp"
#include "app/backup.hpp"
#include "app/collections.hpp"
#include "app/control.hpp"
#include "app/doctor.hpp"
#include "app/gen.hpp"
#include "app/seed.hpp"
#include "app/staff.hpp"
#include "app/store.hpp"
#include "app/transfer.hpp"
#include "app/wire.hpp"
#include "core/log.hpp"
#include "identity/call.hpp"
#include "outbound/client.hpp"
#include "record/schema.hpp"
#include "reports/verify.hpp"
#include "sandbox/sandbox.hpp"

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
    std::string data, store;
};

void addCommon(CLI::App& command, Common& common) {
    command.add_option("--config", common.config, "settings file (TOML)");
    command.add_option("--set", common.sets, "a setting, e.g. limits.enabled=false; may be repeated");
    command.add_option("--data", common.data, "directory of the embedded store");
    command.add_option("--store", common.store, "mongodb://…/?replicaSet=…: keep the data there, and not in the embedded store");
}

Sources sourcesOf(Common const& common) {
    Sources sources;
    sources.file = common.config;
    sources.sets = common.sets;
    for (char** entry = environ; *entry != nullptr; ++entry) sources.environment.emplace_back(*entry);
    if (!common.data.empty()) sources.flags.emplace_back("store.data", common.data);
    if (!common.store.empty()) sources.flags.emplace_back("store.url", common.store);
    return sources;
}

int complain(Error const& error) {
    std::cerr << "visavis: " << sentenceOf(error) << '\n';
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
    if (auto const origin = (*application)->sandboxOrigin(); !origin.empty())
        std::cout << "Mail sink at " << (*application)->sandboxMail() << "\nSandbox at " << origin << '\n';
    std::cout.flush();
    waitForSignal(signals);
    (*application)->stop();
    return 0;
}

struct MigrateOptions {
    Common common;
    bool dryRun = false, adopt = false;
    std::string money;
};

Result<void> adoptDatabase(Settings const& settings, MigrateOptions const& options) {
    auto const money = parseMoneyIs(options.money);
    if (!money)
        return failure(
            Code::invalid, "adopt_money",
            "Say how the database counts money: --money major (49.5 is 49.50 dollars) or --money minor (4950 is 49.50 dollars).");
    Adopting how{*money, options.dryRun, {}, SystemClock().now()};
    if (!settings.store.sealing_key.empty()) {
        TRY(how.sealer, identity::Sealer::of(settings.store.sealing_key));
    }
    TRY(auto const engine, openToAdopt(settings));
    SystemRng rng;
    return adopt(*engine, rng, how, [](std::string const& line) { std::cout << line << '\n'; });
}

int migrate(MigrateOptions const& options) {
    auto const settings = loadSettings(sourcesOf(options.common));
    if (!settings) return complain(settings.error());
    if (!options.adopt && !options.money.empty()) return complain(failure(Code::invalid, "usage", "--money belongs to --adopt."));
    if (options.adopt) {
        auto const adopted = adoptDatabase(*settings, options);
        return adopted ? 0 : complain(adopted.error());
    }
    auto const engine = openAsIs(*settings);
    if (!settings->store.url.empty())
        if (auto const ours = refuseForeign(*engine); !ours) return complain(ours.error());
    for (auto const& line : engine->migrate(allCollections(), options.dryRun)) std::cout << line << '\n';
    return 0;
}

// Beside a running server, too: the store is only read.
int verify(Common const& common) {
    auto const settings = loadSettings(sourcesOf(common));
    if (!settings) return complain(settings.error());
    auto const engine = openToLook(*settings, reports::auditedCollections());
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
    patient.configFile = common.config;
    patient.openFiles = openFilesLimit();
    patient.storeFile = storeFile(settings->store.data);
    patient.now = SystemClock().now();
    patient.built = builtAt();
    patient.client = &client;
    auto const all = examine(patient);
    std::cout << doctorReport(all);
    return isHealthy(all) ? 0 : 1;
}

int report(Result<Moved> const& moved) {
    if (!moved) return complain(moved.error());
    for (auto const& [collection, count] : *moved) std::cout << collection << ' ' << count << '\n';
    return 0;
}

// Beside a running server, too.
int exportTo(Common const& common, std::string const& directory) {
    auto const settings = loadSettings(sourcesOf(common));
    if (!settings) return complain(settings.error());
    return report(exportStore(*openToLook(*settings, movedCollections()), movedCollections(), directory));
}

int importFrom(Common const& common, std::string const& directory) {
    auto const settings = loadSettings(sourcesOf(common));
    if (!settings) return complain(settings.error());
    if (auto const whole = checkExport(movedCollections(), directory); !whole) return complain(whole.error());
    auto const engine = openAsIs(*settings);
    engine->migrate(allCollections(), false);
    return report(importStore(*engine, movedCollections(), directory));
}

struct CopyCommand {
    Common common;
    CopyOptions options;
};

// Of `backup`, beside a running server too, and of `restore`. 1: the audit found violations.
int copyStore(CopyCommand const& command, Result<CopyOutcome> (*copy)(Settings const&, CopyOptions const&, Instant)) {
    auto const settings = loadSettings(sourcesOf(command.common));
    if (!settings) return complain(settings.error());
    auto const outcome = copy(*settings, command.options, SystemClock().now());
    if (!outcome) {
        complain(outcome.error());
        return outcome.error().key == "violations" ? 1 : 2;
    }
    std::cout << outcome->report << outcome->sentence << '\n';
    return outcome->report.empty() ? 0 : 1;
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

struct AdminOptions {
    Common common;
    std::string email, name, role = "admin";
    bool passwordFromInput = false;
};

// To the server that has the store, else into the store itself.
int createAdmin(AdminOptions const& options) {
    auto sources = sourcesOf(options.common);
    sources.flags.emplace_back("http.listen", "127.0.0.1:0");
    auto const settings = loadSettings(sources);
    if (!settings) return complain(settings.error());
    if (!options.passwordFromInput) return complain(failure(Code::invalid, "usage", "Say --password-stdin and give the password there."));
    std::string password;
    std::getline(std::cin, password);
    boost::json::object request{{"email", options.email}, {"name", options.name}, {"role", options.role}, {"password", password}};
    auto asked = request;
    asked["command"] = createStaffCommand;
    // Any process may write to a cluster; the embedded store is the running server's alone.
    Result<std::optional<boost::json::object>> answer = std::optional<boost::json::object>();
    if (settings->store.url.empty()) answer = askServer(settings->store.data, asked);
    if (!answer) return complain(answer.error());
    if (*answer && !(*answer)->contains("ok"))
        return complain(failure(Code::invalid, "refused", std::string((*answer)->at("error").as_string())));
    if (!*answer) {
        auto const wanted = fromJson<NewStaff>(request);
        if (!wanted) return complain(failure(Code::invalid, "refused", sentenceOf(wanted.error())));
        auto const application = Application::open(*settings);
        if (!application) return complain(application.error());
        if (auto const made = createStaff((*application)->platform(), *wanted); !made)
            return complain(failure(Code::invalid, "refused", sentenceOf(made.error())));
    }
    std::cout << "Made the " << options.role << " account " << options.email << '\n';
    return 0;
}

// The providers' stand-ins alone, for a server that runs elsewhere on this machine.
struct SandboxOptions {
    std::string listen = "127.0.0.1:8090", webhookUrl = "http://127.0.0.1:8080/api/v1/webhooks/stripe";
    int smtpPort = 2525;
};

int sandboxAlone(SandboxOptions const& options) {
    auto const signals = blockSignals();
    SystemRng rng;
    SystemClock clock;
    sandbox::SandboxSettings settings;
    settings.listen = options.listen;
    settings.smtpPort = options.smtpPort;
    settings.webhookUrl = options.webhookUrl;
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
    files.merge(api::clientFiles());
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
    } catch (std::exception const& failed) {
        std::cerr << "visavis: " << failed.what() << '\n';
        return 2;
    }
}

CLI::App* addServe(CLI::App& app, ServeOptions& options) {
    auto* const command = app.add_subcommand("serve", "serve the API and do the background work");
    addCommon(*command, options.common);
    command->add_option("--listen", options.listen, "host:port to serve on");
    command->add_option("--sandbox", options.sandbox, "start the provider sandbox on this host:port (development)");
    command->add_option("--smtp-sink", options.smtpSink, "port of the sandbox's mail sink");
    command->add_flag("--demo", options.demo, "fill an empty store with demo data and print its log-ins");
    return command;
}

CLI::App* addMigrate(CLI::App& app, MigrateOptions& options) {
    auto* const command = app.add_subcommand("migrate", "make collections and indexes; twice is harmless");
    addCommon(*command, options.common);
    command->add_flag("--dry-run", options.dryRun, "only print what would be done");
    command->add_flag("--adopt", options.adopt, "take over a MongoDB database that other software has written in this data model");
    command->add_option("--money", options.money, "with --adopt: what the database counts, major (dollars) or minor (cents)");
    return command;
}

CLI::App* addCopy(CLI::App& app, CopyCommand& copy, char const* name, char const* says, char const* force) {
    auto* const command = app.add_subcommand(name, says);
    addCommon(*command, copy.common);
    command->add_option("file", copy.options.file, "the backup, one file")->required();
    command->add_flag("--force", copy.options.force, force);
    command->add_flag("--accept-violations", copy.options.acceptViolations,
                      "keep the copy although its audit finds violations; exit 1 all the same");
    return command;
}

CLI::App* addAdminCreate(CLI::App& app, AdminOptions& options) {
    auto* const admin = app.add_subcommand("admin", "accounts of staff");
    admin->require_subcommand(1);
    auto* const command = admin->add_subcommand("create", "make one, also while the server runs");
    addCommon(*command, options.common);
    command->add_option("--email", options.email, "e-mail address")->required();
    command->add_option("--name", options.name, "name")->required();
    command->add_option("--role", options.role, "admin, or support, which only reads");
    command->add_flag("--password-stdin", options.passwordFromInput, "the password is the first line of the input");
    return command;
}

CLI::App* addSandbox(CLI::App& app, SandboxOptions& options) {
    auto* const command = app.add_subcommand("sandbox", "the providers' stand-ins alone (development)");
    command->add_option("--listen", options.listen, "host:port, loopback only");
    command->add_option("--smtp-sink", options.smtpPort, "port of the mail sink");
    command->add_option("--webhook-url", options.webhookUrl, "where webhooks go");
    return command;
}

} // namespace

int run(int argc, char** argv) {
    CLI::App app{"Visavis: paid one-to-one consultations, self-hosted."};
    app.require_subcommand(1);

    ServeOptions serving;
    auto* const serveCommand = addServe(app, serving);

    MigrateOptions migrating;
    auto* const migrateCommand = addMigrate(app, migrating);

    Common verifying;
    auto* const verifyCommand = app.add_subcommand("verify", "audit the invariants of a store, also beside a running server");
    addCommon(*verifyCommand, verifying);

    Common exporting, importing;
    std::string exportDirectory, importDirectory;
    auto* const exportCommand = app.add_subcommand("export", "write every document as JSON Lines, also beside a running server");
    addCommon(*exportCommand, exporting);
    exportCommand->add_option("directory", exportDirectory, "gets a file per collection")->required();
    auto* const importCommand = app.add_subcommand("import", "read an export into an empty store, of whichever engine");
    addCommon(*importCommand, importing);
    importCommand->add_option("directory", importDirectory, "of an export")->required();

    CopyCommand backingUp, restoring;
    auto* const backupCommand =
        addCopy(app, backingUp, "backup", "write a verified copy of the embedded store, also beside a running server",
                "overwrite a file of that name");
    auto* const restoreCommand = addCopy(app, restoring, "restore", "make a store from a backup, in an empty data directory",
                                         "in whatever directory; the store that was there stays beside it as visavis.db.replaced");

    Common examining;
    auto* const doctorCommand = app.add_subcommand("doctor", "check settings, store, clock, zones and providers, and say how to mend them");
    addCommon(*doctorCommand, examining);

    AdminOptions administering;
    auto* const adminCreate = addAdminCreate(app, administering);

    Common seeding;
    SeedSize size{100, 1000};
    auto* const seedCommand = app.add_subcommand("seed", "fill a store with made-up people for load tests");
    addCommon(*seedCommand, seeding);
    seedCommand->add_option("--specialists", size.specialists, "how many specialists");
    seedCommand->add_option("--bookings", size.bookings, "how many bookings");

    SandboxOptions standIns;
    auto* const sandboxCommand = addSandbox(app, standIns);

    std::string root = ".";
    bool check = false;
    auto* const genCommand = app.add_subcommand("gen", "write the files that are derived from records and routes");
    genCommand->add_option("--root", root, "the repository");
    genCommand->add_flag("--check", check, "write nothing; exit 1 when a file is stale");

    CLI11_PARSE(app, argc, argv);
    return guarded([&] {
        if (*serveCommand) return serve(serving);
        if (*migrateCommand) return migrate(migrating);
        if (*verifyCommand) return verify(verifying);
        if (*exportCommand) return exportTo(exporting, exportDirectory);
        if (*importCommand) return importFrom(importing, importDirectory);
        if (*backupCommand) return copyStore(backingUp, backupStore);
        if (*restoreCommand) return copyStore(restoring, restoreStore);
        if (*doctorCommand) return doctor(examining);
        if (*adminCreate) return createAdmin(administering);
        if (*seedCommand) return seed(seeding, size);
        if (*sandboxCommand) return sandboxAlone(standIns);
        return generate(root, check);
    });
}

} // namespace visavis::app
