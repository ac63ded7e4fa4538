// Command lines to functions, by CLI11.
#include "app/commands.hpp"

#include "app/collections.hpp"
#include "app/gen.hpp"
#include "app/wire.hpp"
#include "core/log.hpp"
#include "store/sqlite/engine.hpp"

#include <CLI/CLI.hpp>
#include <malloc.h>
#include <pthread.h>

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

// Waits for SIGTERM or SIGINT, which every thread has blocked.
void waitForSignal(sigset_t const& signals) {
    int signal = 0;
    while (sigwait(&signals, &signal) != 0) {
    }
    log::info("stopping", {{"signal", std::to_string(signal)}});
}

struct ServeOptions {
    Common common;
    std::string listen, sandbox, smtpSink;
    bool demo = false;
};

int serve(ServeOptions const& options) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before the first thread is made
    mallopt(M_ARENA_MAX, 2);                        // many threads that mostly wait need no arenas of their own

    auto sources = sourcesOf(options.common);
    if (!options.listen.empty()) sources.flags.emplace_back("http.listen", options.listen);
    if (!options.sandbox.empty()) sources.flags.emplace_back("sandbox.listen", options.sandbox);
    if (!options.smtpSink.empty()) sources.flags.emplace_back("sandbox.smtp_port", options.smtpSink);
    auto const settings = loadSettings(sources);
    if (!settings) return complain(settings.error());
    setLogLevel(settings->log.level);
    auto const application = Application::open(*settings);
    if (!application) return complain(application.error());
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

int generate(std::string const& root, bool check) {
    int stale = 0;
    for (auto const& [path, content] : generatedFiles(seedCollections())) {
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

}  // namespace

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

    std::string root = ".";
    bool check = false;
    auto* const genCommand = app.add_subcommand("gen", "write the files that are derived from records and routes");
    genCommand->add_option("--root", root, "the repository");
    genCommand->add_flag("--check", check, "write nothing; exit 1 when a file is stale");

    CLI11_PARSE(app, argc, argv);
    return guarded([&] {
        if (*serveCommand) return serve(serving);
        if (*migrateCommand) return migrate(migrating, dryRun);
        return generate(root, check);
    });
}

}  // namespace visavis::app
