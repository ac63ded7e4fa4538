// What follows from news of other slices: in-app notifications and mails.
//
// Each is called from the outbox, at least once, and is harmless twice: a notification's id and a mail's effect key are derived from what they are
// about. Error{unavailable} means: try again later. ok means: done, even when nothing was to be done any more.
#pragma once

#include "availability/events.hpp"
#include "booking/events.hpp"
#include "identity/service.hpp"
#include "notifications/events.hpp"
#include "notifications/mailer.hpp"
#include "payments/events.hpp"
#include "reviews/events.hpp"

namespace visavis::notifications {

using identity::Platform;

// Both sides are told in the application and by mail; a paid specialist learns of the money as well.
Result<void> onBookingConfirmed(Platform& platform, booking::BookingConfirmed const& event, Instant now);
// In the application alone.
Result<void> onHoldExpired(Platform& platform, booking::HoldExpired const& event, Instant now);
// Both sides in the application and by mail, with the end of the invitation or an updated one. Of what was only held: its customer.
Result<void> onBookingCancelled(Platform& platform, booking::BookingCancelled const& event, Instant now);
Result<void> onBookingRescheduled(Platform& platform, booking::BookingRescheduled const& event, Instant now);
// In the application alone: both sides; whoever is said to have been absent.
Result<void> onBookingCompleted(Platform& platform, booking::BookingCompleted const& event, Instant now);
Result<void> onNoShowReported(Platform& platform, booking::NoShowReported const& event, Instant now);
// The other side, in the application, and by mail if they like that.
Result<void> onMessageSent(Platform& platform, booking::MessageSent const& event, Instant now);
// In the application alone, once per booking and reason; not when another attempt has succeeded meanwhile.
Result<void> onPaymentDeclined(Platform& platform, payments::PaymentDeclined const& event, Instant now);
Result<void> onRefundSucceeded(Platform& platform, payments::RefundSucceeded const& event, Instant now);
Result<void> onLateMoneyRefunded(Platform& platform, booking::LateMoneyRefunded const& event, Instant now);
// The specialist, in the application alone.
Result<void> onReviewReceived(Platform& platform, reviews::ReviewReceived const& event, Instant now);
// In the application alone, to every administrator.
Result<void> onMoneyAtOdds(Platform& platform, payments::MoneyAtOdds const& event, Instant now);

// The specialist, in the application and by mail.
Result<void> onAvailabilityRequested(Platform& platform, availability::AvailabilityRequested const& event, Instant now);

// Composes the mail from the store as it is now and sends it. An address that refuses it for good ends the matter with a warning in the log.
Result<void> onMailDue(Platform& platform, Mailer& mailer, MailDue const& event, Instant now);

// The token is made here, so that it is nowhere but in the mail; a repetition mails a new one, and only the newest works.
Result<void> onVerificationRequested(Platform& platform, Mailer& mailer, identity::VerificationRequested const& event, Instant now);
Result<void> onPasswordResetRequested(Platform& platform, Mailer& mailer, identity::PasswordResetRequested const& event, Instant now);

// Job: tells both sides of what is ahead a day and an hour before, and of what is behind them once it is completed. Pages of bookings, however
// many are due.
Result<void> sendReminders(Platform& platform, Instant now);

// The job that removes what is past its time, a bounded number per transaction.
Result<void> expireNotifications(Platform& platform, Instant now);

} // namespace visavis::notifications
