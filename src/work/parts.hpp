// What background work may reach, and the shape of its two tables.
#pragma once

#include "identity/call.hpp"
#include "notifications/mailer.hpp"
#include "store/outbox.hpp"

#include <functional>

namespace visavis::work {

struct Parts {
    identity::Platform& platform;
    notifications::Mailer& mailer;
    Seconds lease{10}; // of a process, without a sign of life
};

// Entries of one lane share its hands: a mail server that is slow holds up mails, never money.
enum class Lane { prompt, mail };

// Who carries out an event of the outbox. Called at least once; ok means done, Error{unavailable} means again later, others too.
struct Listener {
    std::string topic;
    std::function<Result<void>(Parts&, std::string const& payload, Instant now)> carryOut;
    Lane lane = Lane::prompt;
};

// Something that happens by itself: finds what is due in the store, and does it. Harmless when run too often.
struct Job {
    std::string name;
    Seconds period;
    std::function<Result<void>(Parts&, Instant now)> run;
    // Once a day at this time (UTC) and not at the start; `period` is then a day.
    std::optional<Hours> dailyAt = {};
};

// Everything that happens by itself (schedule.cpp).
std::vector<Listener> const& listeners();
std::vector<Job> const& jobs();

} // namespace visavis::work
