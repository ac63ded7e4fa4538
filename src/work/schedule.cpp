// Everything that happens by itself: who listens to which event, and which jobs run how often.
#include "availability/service.hpp"
#include "booking/service.hpp"
#include "identity/live.hpp"
#include "notifications/service.hpp"
#include "payments/service.hpp"
#include "work/parts.hpp"
#include "work/upkeep.hpp"

namespace visavis::work {
namespace {

template <class Function> struct EventOf;
template <class Event> struct EventOf<Result<void> (*)(identity::Platform&, Event const&, Instant)> { using type = Event; };
template <class Event> struct EventOf<Result<void> (*)(identity::Platform&, notifications::Mailer&, Event const&, Instant)> {
    using type = Event;
};

// A row: the topic is the name of the event's record, the payload is it. Whoever is given the mailer waits for the mail server.
template <auto handler> Listener on() {
    using Event = typename EventOf<decltype(handler)>::type;
    constexpr bool mails = !std::is_invocable_v<decltype(handler), identity::Platform&, Event const&, Instant>;
    return {recordName(std::type_identity<Event>{}),
            [](Parts& parts, std::string const& payload, Instant now) -> Result<void> {
                TRY(auto const json, parseJson(payload));
                TRY(auto const event, fromJson<Event>(json));
                if constexpr (mails)
                    return handler(parts.platform, parts.mailer, event, now);
                else
                    return handler(parts.platform, event, now);
            },
            mails ? Lane::mail : Lane::prompt};
}

template <auto handler> Job job(char const* name, Seconds period) {
    return {name, period, [](Parts& parts, Instant now) -> Result<void> { return handler(parts.platform, now); }};
}

// In the small hours.
template <auto handler> Job nightly(char const* name) {
    auto row = job<handler>(name, Days(1));
    row.dailyAt = Hours(3);
    return row;
}
Result<void> expireEvents(identity::Platform& platform, Instant now) { return identity::expireEvents(platform.store, now); }

} // namespace

std::vector<Listener> const& listeners() {
    static std::vector<Listener> const table{
        on<availability::onRulesChanged>(),
        on<payments::onWebhookStored>(),
        on<payments::onRefundRequested>(),
        on<booking::onPaymentSucceeded>(),
        on<booking::onHoldReleased>(),
        on<booking::onUserSuspended>(),
        on<notifications::onBookingConfirmed>(),
        on<notifications::onBookingCancelled>(),
        on<notifications::onBookingRescheduled>(),
        on<notifications::onBookingCompleted>(),
        on<notifications::onNoShowReported>(),
        on<notifications::onMessageSent>(),
        on<notifications::onHoldExpired>(),
        on<notifications::onPaymentDeclined>(),
        on<notifications::onRefundSucceeded>(),
        on<notifications::onLateMoneyRefunded>(),
        on<notifications::onReviewReceived>(),
        on<notifications::onMoneyAtOdds>(),
        on<notifications::onAvailabilityRequested>(),
        on<notifications::onVerificationRequested>(),
        on<notifications::onPasswordResetRequested>(),
        on<notifications::onMailDue>(),
    };
    return table;
}

std::vector<Job> const& jobs() {
    static std::vector<Job> const table{
        job<booking::expireHolds>("expire-holds", Seconds(5)),
        job<booking::completeBookings>("complete-bookings", Seconds(60)),
        job<availability::expireSlots>("expire-slots", Seconds(60)),
        job<availability::extendHorizons>("extend-horizon", Seconds(600)),
        job<notifications::sendReminders>("send-reminders", Seconds(30)),
        job<notifications::expireNotifications>("expire-notifications", Seconds(3600)),
        nightly<payments::reconcile>("reconcile-payments"),
        nightly<payments::payOut>("pay-out"),
        job<expireEvents>("expire-events", Seconds(600)),
        job<wakeOutbox>("wake-outbox", Seconds(60)),
    };
    return table;
}

} // namespace visavis::work
