// The routes under /sandbox/ that tests and developers use: clock, faults, requests, mail, and the payer's hand (API.md, last chapter).
#pragma once

#include "http/message.hpp"
#include "http/router.hpp"
#include "sandbox/inbox.hpp"
#include "sandbox/sandbox.hpp"
#include "sandbox/stripe/emulator.hpp"
#include "sandbox/world.hpp"

#include <mutex>
#include <optional>
#include <vector>

namespace visavis::sandbox {

class Control {
public:
    Control(World world, ClockControl clock, stripe::Emulator& stripe, Inbox& inbox);

    http::Response handle(http::Request const& request);
    std::optional<Millis> storedOffset() const { return storedOffset_; }

private:
    using Verb = http::Response (Control::*)(http::Request const&, http::Match const&);

    void route(http::Method method, std::string_view path, Verb verb);
    http::Response mail(http::Request const& request, http::Match const& match);
    http::Response showClock(http::Request const& request, http::Match const& match);
    http::Response moveClock(http::Request const& request, http::Match const& match);
    http::Response showFaults(http::Request const& request, http::Match const& match);
    http::Response setFaults(http::Request const& request, http::Match const& match);
    http::Response requests(http::Request const& request, http::Match const& match);
    http::Response confirm(http::Request const& request, http::Match const& match);
    http::Response authenticate(http::Request const& request, http::Match const& match);
    http::Response onboard(http::Request const& request, http::Match const& match);

    Result<Instant> target(json::value const& body) const;
    bool settle();
    void keepOffset();

    World world_;
    ClockControl clock_;
    stripe::Emulator& stripe_;
    Inbox& inbox_;
    http::Router router_;
    std::vector<Verb> verbs_;
    std::mutex moving_; // one move of the clock at a time
    std::optional<Millis> storedOffset_;
};

} // namespace visavis::sandbox
