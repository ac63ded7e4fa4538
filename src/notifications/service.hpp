// What follows from news of other slices: in-app notifications and mails.
//
// Each is called from the outbox, at least once, and is harmless twice: a notification's id and a mail's effect key are derived from what they are
// about. Error{unavailable} means: try again later. ok means: done, even when nothing was to be done any more.
#pragma once

#include "booking/events.hpp"
#include "identity/service.hpp"
#include "notifications/events.hpp"
#include "notifications/mailer.hpp"
#include "payments/events.hpp"

namespace visavis::notifications {

using identity::Platform;

// Both sides are told in the application and by mail; a paid specialist learns of the money as well.
Result<void> onBookingConfirmed(Platform& platform, booking::BookingConfirmed const& event, Instant now);
// In the application alone.
Result<void> onHoldExpired(Platform& platform, booking::HoldExpired const& event, Instant now);
// In the application alone, once per booking and reason; not when another attempt has succeeded meanwhile.
Result<void> onPaymentDeclined(Platform& platform, payments::PaymentDeclined const& event, Instant now);
Result<void> onRefundSucceeded(Platform& platform, payments::RefundSucceeded const& event, Instant now);
Result<void> onLateMoneyRefunded(Platform& platform, booking::LateMoneyRefunded const& event, Instant now);

// Composes the mail from the store as it is now and sends it. An address that refuses it for good ends the matter with a warning in the log.
Result<void> onMailDue(Platform& platform, Mailer& mailer, MailDue const& event, Instant now);

// The token is made here, so that it is nowhere but in the mail; a repetition mails a new one, and only the newest works.
Result<void> onVerificationRequested(Platform& platform, Mailer& mailer, identity::VerificationRequested const& event, Instant now);
Result<void> onPasswordResetRequested(Platform& platform, Mailer& mailer, identity::PasswordResetRequested const& event, Instant now);

// The job that removes what is past its time, a bounded number per transaction.
Result<void> expireNotifications(Platform& platform, Instant now);

} // namespace visavis::notifications
