// Puts the emulators together and leads each request to its own.
#include "sandbox/sandbox.hpp"

#include "http/server.hpp"
#include "sandbox/control.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/guard.hpp"
#include "sandbox/inbox.hpp"
#include "sandbox/pages.hpp"
#include "sandbox/request_log.hpp"
#include "sandbox/smtp/server.hpp"
#include "sandbox/stripe/emulator.hpp"
#include "sandbox/stripe/stripe_js.hpp"

#include <charconv>

namespace visavis::sandbox {

namespace {

constexpr Millis drainTime{1'000};

struct Address {
    std::string host;
    std::uint16_t port = 0;
};

Result<Address> parseAddress(std::string const& text) {
    auto const colon = text.rfind(':');
    auto const digits = colon == text.npos ? std::string_view() : std::string_view(text).substr(colon + 1);
    Address address{text.substr(0, colon), 0};
    auto const [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
    if (digits.empty() || ec != std::errc() || end != digits.data() + digits.size()) {
        return invalid("/sandbox/listen", "format", "The sandbox's address must be host:port.");
    }
    if (!isLocalHost(address.host))
        return failure(Code::invalid, "not_loopback", "The sandbox listens on loopback only, not on " + address.host + ".");
    if (address.host.starts_with('[')) address.host = address.host.substr(1, address.host.size() - 2);
    return address;
}

class ControlledClock final : public Clock {
public:
    explicit ControlledClock(std::function<Instant()> now) : now_(std::move(now)) {}
    Instant now() const override { return now_(); }

private:
    std::function<Instant()> now_;
};

bool isUnder(std::string_view path, std::string_view prefix) { return path.starts_with(prefix); }

} // namespace

class Sandbox::Impl {
public:
    Impl(SandboxSettings settings, Address address, ClockControl control, Rng& rng, std::unique_ptr<Journal> journal)
        : address_(std::move(address)),
          smtpPort_(settings.smtpPort),
          clock_(control.now),
          journal_(std::move(journal)),
          faults_(*journal_),
          requests_(*journal_),
          world_{*journal_, faults_, requests_, clock_, rng},
          guard_(settings.publicOrigins),
          inbox_(world_),
          stripe_(world_, {settings.webhookUrl, settings.webhookSecret}),
          smtp_(world_, inbox_),
          control_(world_, std::move(control), stripe_, inbox_),
          pages_(stripe_, inbox_, guard_),
          server_({.workers = 64}, handler(), clock_) {}

    std::optional<Millis> storedClockOffset() const { return control_.storedOffset(); }

    Result<void> start() {
        TRY(ports_.http, server_.listen(address_.host, address_.port));
        if (smtpPort_ >= 0) {
            TRY(ports_.smtp, smtp_.listen(static_cast<std::uint16_t>(smtpPort_)));
        }
        smtp_.start();
        stripe_.start(origin());
        server_.start();
        started_ = true;
        return ok;
    }

    void stop() {
        if (!std::exchange(started_, false)) return;
        stripe_.stop();
        smtp_.stop();
        server_.drain(drainTime); // lets those go whom a fault held up
        server_.stop();
    }

    Ports ports() const { return ports_; }
    std::string origin() const {
        bool const v6 = address_.host.find(':') != std::string::npos;
        return "http://" + (v6 ? "[" + address_.host + "]" : address_.host) + ":" + std::to_string(ports_.http);
    }
    bool idle() { return stripe_.idle(); }

private:
    http::Handler handler() {
        http::Handler handler;
        handler.handle = [this](http::Request&& request) { return handle(request); };
        return handler;
    }

    http::Response handle(http::Request const& request) {
        if (auto refusal = guard_.refuse(request)) return *std::move(refusal);
        auto response = route(request);
        response.with("X-Content-Type-Options", "nosniff");
        return response;
    }

    http::Response route(http::Request const& request) {
        auto const path = request.path();
        if (path == "/js/v3" || path == "/js/v3/") return stripe::stripeJs();
        if (isUnder(path, "/v1/")) return shared(request);
        if (auto page = pages_.handle(request)) return *std::move(page);
        return control_.handle(request);
    }

    // What the server's pages call from the browser.
    http::Response shared(http::Request const& request) {
        auto response = request.method == http::Method::options ? http::answer(204, "text/plain", "") : stripe_.handle(request);
        guard_.share(request, response);
        return response;
    }

    Address address_;
    int smtpPort_;
    ControlledClock clock_;
    std::unique_ptr<Journal> journal_;
    FaultRules faults_;
    RequestLog requests_;
    World world_;
    Guard guard_;
    Inbox inbox_;
    stripe::Emulator stripe_;
    smtp::Server smtp_;
    Control control_;
    Pages pages_;
    http::Server server_;
    Ports ports_;
    bool started_ = false;
};

Sandbox::Sandbox(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Sandbox::~Sandbox() { stop(); }

Result<std::unique_ptr<Sandbox>> Sandbox::open(SandboxSettings settings, ClockControl control, Rng& rng) {
    TRY(auto address, parseAddress(settings.listen));
    TRY(auto journal, Journal::open(settings.stateFile));
    auto impl = std::make_unique<Impl>(std::move(settings), std::move(address), std::move(control), rng, std::move(journal));
    return std::unique_ptr<Sandbox>(new Sandbox(std::move(impl)));
}

std::optional<Millis> Sandbox::storedClockOffset() const { return impl_->storedClockOffset(); }
Result<void> Sandbox::start() { return impl_->start(); }
void Sandbox::stop() { impl_->stop(); }
Sandbox::Ports Sandbox::ports() const { return impl_->ports(); }
std::string Sandbox::origin() const { return impl_->origin(); }
bool Sandbox::idle() { return impl_->idle(); }

} // namespace visavis::sandbox
