// Every setting, as a RECORD: file, environment, --set and flags all fill this one struct, and an unknown name is an error that names it.
#pragma once

#include "core/result.hpp"
#include "identity/settings.hpp"

#include <string>
#include <utility>
#include <vector>

namespace visavis::app {

struct HttpSettings {
    std::string listen = "127.0.0.1:8080";
    std::vector<std::string> trusted_proxies;
    std::int64_t io_threads = 1;
    std::int64_t workers = 64;
    std::int64_t queue = 1024;
    std::int64_t max_connections = 16'384;
    std::int64_t read_timeout_ms = 30'000;
    std::int64_t idle_timeout_ms = 75'000;
    std::int64_t drain_ms = 10'000;
};
RECORD(HttpSettings, listen, trusted_proxies, io_threads, workers, queue, max_connections, read_timeout_ms, idle_timeout_ms, drain_ms)

struct StoreSettings {
    std::string data = "var";      // the directory of the embedded store, and of the sandbox's state
    std::int64_t readers = 4;      // of the embedded store
    std::string url;               // mongodb://…: the data is in that database, and not in the embedded store
    std::int64_t connections = 50; // to that database, at most
    std::int64_t lease = 10;       // seconds: a process that gives no sign of life for so long is taken for dead, and others do its work
    std::string sealing_key;       // base64 of 32 bytes: what must not be read in the database is sealed under it (identity/sealing.hpp)
};
RECORD(StoreSettings, data, readers, url, connections, lease, sealing_key)

struct SandboxSettings {
    std::string listen; // host:port; empty: no sandbox, the real providers
    std::int64_t smtp_port = 2525;
    bool allow_public = false; // with a public_url that is not of this machine
};
RECORD(SandboxSettings, listen, smtp_port, allow_public)

struct LogSettings {
    std::string level = "info"; // info, warning, error, off
};
RECORD(LogSettings, level)

struct Settings {
    std::string public_url; // empty: http:// and the listening address
    HttpSettings http;
    StoreSettings store;
    SandboxSettings sandbox;
    identity::AuthSettings auth;
    identity::LimitSettings limits;
    identity::PaymentRules payments;
    identity::MailSettings mail;
    LogSettings log;
};
RECORD(Settings, public_url, http, store, sandbox, auth, limits, payments, mail, log)

// Where settings come from, in rising order of precedence.
struct Sources {
    std::string file;                                       // TOML; empty: none
    std::vector<std::string> environment;                   // "NAME=value"; VISAVIS_LIMITS__ENABLED=false
    std::vector<std::string> sets;                          // "limits.enabled=false"
    std::vector<std::pair<std::string, std::string>> flags; // {"http.listen", "127.0.0.1:0"}
};

// Error{invalid} names the setting that is unknown, malformed or contradictory.
Result<Settings> loadSettings(Sources const& sources);

// The address that browsers use, without a slash at its end; `listening` (host:port) is where it leads when nothing is set.
std::string publicUrlOf(Settings const& settings, std::string const& listening);

// Live payments with limits off or weak hashes, a sandbox under a public address, …
Result<void> checkSettings(Settings const& settings);

} // namespace visavis::app
