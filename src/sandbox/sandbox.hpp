// The sandbox: stand-ins for the outside world at the vendors' own paths, so that everything works on one machine and in tests.
// Development only: it listens on loopback alone and keeps test data in plain text.
#pragma once

#include "core/clock.hpp"
#include "core/result.hpp"
#include "core/rng.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace visavis::sandbox {

struct SandboxSettings {
    std::string listen = "127.0.0.1:0"; // host:port; the host must be loopback; port 0 takes a free one
    int smtpPort = 0;                   // of 127.0.0.1; 0 takes a free one, -1 means no SMTP sink
    std::filesystem::path stateFile;    // empty: everything is forgotten with the process
    std::string webhookUrl;             // empty: nobody listens; events can still be read
    std::string webhookSecret = "whsec_test_secret";
    std::vector<std::string> publicOrigins; // of the server, "http://localhost:8080": the pages that may use Stripe.js
};

// How the sandbox moves the time of everything at once. Given by the composition root; all members but `offset` must be set.
struct ClockControl {
    std::function<Instant()> now;
    std::function<Result<void>(Instant)> moveTo; // forwards; the sandbox has checked that
    std::function<bool(Millis)> settle;          // runs due jobs and drains the outbox; true when that came to an end in time
    std::function<Millis()> offset;              // of the clock to the machine's; kept in the state file and handed back
};

class Sandbox {
public:
    // Reads the state file. Errors: unavailable "sandbox_state"; invalid "not_loopback". `rng` outlives the sandbox.
    static Result<std::unique_ptr<Sandbox>> open(SandboxSettings settings, ClockControl control, Rng& rng);
    ~Sandbox(); // stop()
    Sandbox(Sandbox const&) = delete;
    Sandbox& operator=(Sandbox const&) = delete;

    // The clock's offset when the state was last written; the composition root sets its clock to it before start().
    std::optional<Millis> storedClockOffset() const;

    // Binds both ports; webhooks that were still to be delivered go out now. Error: unavailable "cannot_listen".
    Result<void> start();
    void stop();

    struct Ports {
        std::uint16_t http = 0;
        std::uint16_t smtp = 0;
    };
    Ports ports() const;
    std::string origin() const; // "http://127.0.0.1:8090"
    bool idle();                // no webhook is due or on its way

private:
    class Impl;
    explicit Sandbox(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace visavis::sandbox
