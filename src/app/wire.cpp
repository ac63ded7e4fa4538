// Constructors in order, with a sentence each where the order matters.
#include "app/wire.hpp"

#include "api/dispatch.hpp"
#include "app/control.hpp"
#include "app/staff.hpp"
#include "app/store.hpp"
#include "core/log.hpp"
#include "dashboard/dashboard.hpp"
#include "identity/limits.hpp"
#include "identity/live.hpp"
#include "identity/passwords.hpp"
#include "outbound/client.hpp"
#include "providers/smtp/smtp.hpp"
#include "providers/stripe/stripe.hpp"
#include "sandbox/sandbox.hpp"
#include "web/site.hpp"
#include "work/runner.hpp"

#include <charconv>
#include <sstream>
#include <thread>

namespace visavis::app {
namespace {

struct Address {
    std::string host;
    std::uint16_t port = 0;
};

Result<Address> parseAddress(std::string const& text, char const* setting) {
    auto const colon = text.rfind(':');
    Address address;
    auto const wrong = failure(Code::invalid, "setting", std::string("Setting ") + setting + ": must be host:port.");
    if (colon == text.npos || colon == 0) return wrong;
    address.host = text.substr(0, colon);
    auto const* end = text.data() + text.size();
    auto const [read, ec] = std::from_chars(text.data() + colon + 1, end, address.port);
    if (ec != std::errc{} || read != end) return wrong;
    return address;
}

http::Settings httpSettings(HttpSettings const& settings) {
    http::Settings made;
    made.ioThreads = static_cast<unsigned>(settings.io_threads);
    made.workers = static_cast<unsigned>(settings.workers);
    made.limits.queue = static_cast<std::size_t>(settings.queue);
    made.limits.maxConnections = static_cast<std::size_t>(settings.max_connections);
    made.limits.readTimeout = Millis(settings.read_timeout_ms);
    made.limits.idleTimeout = Millis(settings.idle_timeout_ms);
    return made;
}

providers::stripe::Settings stripeSettings(identity::PaymentRules const& rules, std::string const& sandbox) {
    providers::stripe::Settings made;
    made.apiBase = sandbox.empty() ? rules.stripe_api_base : sandbox;
    made.secretKey = rules.stripe_secret_key;
    made.publishableKey = rules.stripe_publishable_key;
    made.webhookSecrets = rules.stripe_webhook_secrets;
    made.version = rules.stripe_version;
    made.livemode = sandbox.empty() && rules.stripe_secret_key.starts_with("sk_live_");
    return made;
}

providers::smtp::Settings smtpSettings(identity::MailSettings const& mail, std::uint16_t sinkPort) {
    providers::smtp::Settings made;
    made.url = sinkPort == 0 ? mail.smtp_url : "smtp://127.0.0.1:" + std::to_string(sinkPort) + "/visavis";
    made.user = mail.smtp_user;
    made.password = mail.smtp_password;
    made.requireTls = sinkPort == 0 && mail.require_tls;
    made.fromAddress = mail.from;
    made.fromName = mail.from_name;
    return made;
}

int hashingThreads() { return std::max(1, static_cast<int>(std::thread::hardware_concurrency()) - 1); }

} // namespace

class Application::Impl {
public:
    explicit Impl(Settings given) : settings(std::move(given)), ids(rng), engine(openToServe(settings)) {}

    Settings settings;
    std::string publicUrl;
    SystemRng rng;
    SystemClock clock;
    IdSource ids;
    std::unique_ptr<Engine> engine;
    identity::RateLimiter limiter;
    identity::Memory memory;
    std::unique_ptr<identity::Passwords> passwords;
    std::unique_ptr<identity::Live> live;
    std::unique_ptr<outbound::CurlClient> client;
    outbound::RealWaiter waiter;
    std::unique_ptr<sandbox::Sandbox> sandboxed;
    std::unique_ptr<providers::stripe::Stripe> stripe;
    std::unique_ptr<providers::smtp::Smtp> smtp;
    std::unique_ptr<identity::Platform> platform;
    std::unique_ptr<work::Runner> runner;
    std::unique_ptr<api::Dispatch> dispatch;
    std::unique_ptr<web::Site> site;
    std::unique_ptr<http::Server> server;
    std::unique_ptr<ControlSocket> controlSocket;
    bool started = false;

    Result<void> listen();
    Result<void> openSandbox();
    void makeParts();
    void openControl();
    http::Plan plan(http::Head const& head) const;
    http::Response handle(http::Request const& request);
    std::optional<http::Response> recall(http::Request const& request);
    std::string metrics() const;
    Result<void> moveClock(Instant to) {
        clock.setOffset(clock.offset() + (to - clock.now()));
        return ok;
    }
};

// The server listens before anything needs its address; it answers only after start().
Result<void> Application::Impl::listen() {
    TRY(auto const address, parseAddress(settings.http.listen, "http.listen"));
    server = std::make_unique<http::Server>(
        httpSettings(settings.http),
        http::Handler{[this](http::Head const& head) { return plan(head); }, [this](http::Request&& request) { return handle(request); },
                      [this](http::Request const& request) { return recall(request); },
                      [this](http::Refusal const& refusal) { return dispatch->refuse(refusal); },
                      [](std::string_view what) {
                          log::error("request_failed", {{"what", std::string(what)}});
                      }},
        clock);
    TRY(auto const port, server->listen(address.host, address.port));
    publicUrl = publicUrlOf(settings, address.host + ":" + std::to_string(port));
    return ok;
}

Result<void> Application::Impl::openSandbox() {
    if (settings.sandbox.listen.empty()) return ok;
    sandbox::SandboxSettings made;
    made.listen = settings.sandbox.listen;
    made.smtpPort = static_cast<int>(settings.sandbox.smtp_port);
    made.stateFile = settings.store.data + "/sandbox.jsonl";
    made.webhookUrl = publicUrl + "/api/v1/webhooks/stripe";
    made.publicOrigins = {publicUrl};
    sandbox::ClockControl control;
    control.now = [this] { return clock.now(); };
    control.moveTo = [this](Instant to) { return moveClock(to); };
    control.settle = [this](Millis deadline) { return runner->settle(deadline); };
    control.offset = [this] { return clock.offset(); };
    waiter.hurry();
    TRY(sandboxed, sandbox::Sandbox::open(std::move(made), std::move(control), rng));
    if (auto const offset = sandboxed->storedClockOffset()) clock.setOffset(*offset);
    return sandboxed->start();
}

void Application::Impl::makeParts() {
    auto const origin = sandboxed ? sandboxed->origin() : std::string();
    auto const sink = sandboxed ? sandboxed->ports().smtp : std::uint16_t{0};
    passwords = std::make_unique<identity::Passwords>(rng, static_cast<int>(settings.auth.bcrypt_cost), hashingThreads(),
                                                      static_cast<int>(settings.auth.bcrypt_queue));
    client = std::make_unique<outbound::CurlClient>(outbound::ClientSettings{});
    stripe = std::make_unique<providers::stripe::Stripe>(stripeSettings(settings.payments, origin),
                                                         outbound::Means{*client, waiter, clock, rng});
    smtp = std::make_unique<providers::smtp::Smtp>(smtpSettings(settings.mail, sink), clock);
    platform = std::make_unique<identity::Platform>(identity::Platform{*engine, clock, rng, ids, publicUrl, settings.limits, settings.auth,
                                                                       settings.payments, *passwords, limiter, *stripe, memory});
    platform->metrics = [this] { return metrics(); };
    identity::LiveSettings streams;
    if (settings.limits.enabled) streams.perUser = settings.limits.streams_per_user;
    live = std::make_unique<identity::Live>(*engine, clock, streams);
    platform->live = live.get();
    platform->notReady = [this] { return started ? std::string() : std::string("Starting or stopping."); };
    runner = std::make_unique<work::Runner>(work::Parts{*platform, *smtp, Seconds(settings.store.lease)});
    platform->jobs = runner.get();
    bool const secure = publicUrl.starts_with("https://");
    dispatch = std::make_unique<api::Dispatch>(*platform, api::DispatchSettings{settings.http.trusted_proxies, secure});
    site = std::make_unique<web::Site>(*platform, web::SiteSettings{settings.http.trusted_proxies, secure, origin});
}

// The dashboard, the pages and the API share no path: whoever takes a request is known from its head.
http::Plan Application::Impl::plan(http::Head const& head) const {
    if (dashboard::takes(head)) return dashboard::plan();
    return site->takes(head) ? site->plan(head) : dispatch->plan(head);
}

http::Response Application::Impl::handle(http::Request const& request) {
    http::Head const head{request.method, request.target, request.headers};
    if (dashboard::takes(head)) return dashboard::handle(request);
    return site->takes(head) ? site->handle(request) : dispatch->handle(request);
}

std::optional<http::Response> Application::Impl::recall(http::Request const& request) {
    return site->takes({request.method, request.target, request.headers}) ? site->recall(request) : dispatch->recall(request);
}

// Without it the server serves all the same; commands then say that the store is taken.
void Application::Impl::openControl() {
    if (!engine->alone()) return; // commands go to the cluster themselves
    auto opened =
        ControlSocket::open(settings.store.data, [this](boost::json::object const& request) { return control(*platform, request); });
    if (opened)
        controlSocket = std::move(*opened);
    else
        log::warning("no_control_socket", {{"what", opened.error().detail}});
}

std::string Application::Impl::metrics() const {
    auto const http = server->stats();
    std::ostringstream text;
    auto const line = [&](char const* name, char const* type, auto value) {
        text << "# TYPE visavis_" << name << ' ' << type << "\nvisavis_" << name << ' ' << value << '\n';
    };
    line("http_requests_total", "counter", http.requests);
    line("http_refused_total", "counter", http.refused);
    line("http_connections", "gauge", http.connections);
    line("http_in_flight", "gauge", http.inFlight);
    line("http_queued", "gauge", http.queued);
    line("event_streams", "gauge", live->streams());
    for (auto const& counter : engine->counters()) line(counter.name.c_str(), "counter", counter.value);
    line("outbox_carried_out_total", "counter", runner->carriedOut());
    for (auto const& job : runner->states()) text << "visavis_job_runs_total{job=\"" << job.name << "\"} " << job.runs << '\n';
    return text.str();
}

Application::Application(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Application::~Application() { stop(); }

Result<std::unique_ptr<Application>> Application::open(Settings settings) {
    auto impl = std::make_unique<Impl>(std::move(settings));
    CHECK(impl->listen());
    CHECK(impl->openSandbox());
    impl->makeParts();
    return std::unique_ptr<Application>(new Application(std::move(impl)));
}

void Application::start() {
    impl_->runner->start();
    impl_->live->start();
    impl_->started = true;
    impl_->server->start();
    impl_->openControl();
}

void Application::stop() {
    if (!impl_->started) return;
    impl_->started = false;
    impl_->controlSocket.reset();
    if (!impl_->server->drain(Millis(impl_->settings.http.drain_ms))) log::warning("drain_cut_off");
    impl_->live->stop();
    impl_->waiter.stop();
    impl_->runner->stop();
    if (impl_->sandboxed) impl_->sandboxed->stop();
    impl_->server->stop();
}

std::string const& Application::publicUrl() const { return impl_->publicUrl; }
std::string Application::sandboxOrigin() const { return impl_->sandboxed ? impl_->sandboxed->origin() : std::string(); }
std::string Application::sandboxMail() const {
    return impl_->sandboxed ? "smtp://127.0.0.1:" + std::to_string(impl_->sandboxed->ports().smtp) + "/visavis" : std::string();
}
identity::Platform& Application::platform() { return *impl_->platform; }

} // namespace visavis::app
