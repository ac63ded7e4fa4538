// From events to notifications and queued mails, and from queued mails to the mailer.
#include "notifications/service.hpp"

#include "core/log.hpp"
#include "notifications/news.hpp"
#include "store/outbox.hpp"

namespace visavis::notifications {
namespace {

using booking::Booking;
using booking::BookingStatus;
using identity::User;
using payments::Payment;
using payments::PaymentStatus;

std::optional<Payment> capturedPayment(Reader& reader, Ref<Booking> bookingId) {
    auto const& all = payments::payments;
    return reader
        .find(all, all->bookingId == bookingId &&
                       in(all->status, {PaymentStatus::succeeded, PaymentStatus::refunded, PaymentStatus::chargeback}))
        .sort(all->createdAt, all->id)
        .first();
}

} // namespace

std::optional<Parties> partiesOf(Reader& reader, Ref<Booking> bookingId) {
    auto booking = reader.get(booking::bookings, bookingId);
    if (!booking) return std::nullopt;
    auto specialist = reader.get(profiles::specialists, booking->specialistId);
    auto customer = reader.get(profiles::customers, booking->customerId);
    if (!specialist || !customer) return std::nullopt;
    return Parties{std::move(*booking), std::move(*specialist), std::move(*customer), capturedPayment(reader, bookingId)};
}

namespace {

Notification notificationOf(Platform& platform, Parties const& parties, News const& news, Instant now) {
    auto values = bookingValues(parties, news.to, platform.publicUrl);
    values.insert(news.values.begin(), news.values.end());
    auto const body = noteBody(parties.language(news.to), news.text, values);
    Notification note;
    note.recipientId = parties.user(news.to);
    note.id = notificationId(wordOf(news.type) + news.about, note.recipientId);
    note.type = news.type;
    note.title = body.title;
    note.message = body.message;
    note.action = news.action;
    note.actionUrl = bookingLink(platform.publicUrl, parties.booking.id);
    note.bookingId = parties.booking.id;
    note.paymentId = news.paymentId;
    note.channels = {Channel::inApp};
    if (news.mail) note.channels.push_back(Channel::email);
    note.metadata = {parties.specialist.creatorName, parties.customer.name, parties.booking.startsAt};
    note.createdAt = now;
    note.expiresAt = now + lifetime;
    return note;
}

} // namespace

Result<bool> put(Tx& tx, Notification const& note, Instant now) {
    TRY(bool const fresh, tx.insertIfAbsent(notifications, note));
    if (fresh) CHECK(identity::publish(tx, note.recipientId, identity::LiveKind::notification, project<NotificationUpdate>(note), now));
    return fresh;
}

Result<void> tell(Platform& platform, Tx& tx, Parties const& parties, News news, Instant now) {
    if (news.mail && !mayMail(*news.mail, parties.preferences(news.to))) news.mail.reset();
    auto const note = notificationOf(platform, parties, news, now);
    TRY(bool const fresh, put(tx, note, now));
    bool const again = !fresh && news.type == NotificationType::booking_reminder; // moved away and back: one reminder for one start
    if (!news.mail || again) return ok;
    MailDue const due{
        *news.mail,    note.recipientId, note.id, note.bookingId, news.paymentId, news.refundId, parties.booking.calendarSequence,
        news.messageId};
    return emit(tx, due, effectKey(due), now);
}

namespace {

// `newsOf(tx, parties)` lists what is to be told about a booking; all of it is written in one transaction.
template <class F> Result<void> tellAll(Platform& platform, Ref<Booking> bookingId, Instant now, F const& newsOf) {
    return transact(platform.store, [&](Tx& tx) -> Result<void> {
        auto const parties = partiesOf(tx, bookingId);
        if (!parties) {
            log::warning("notifications.booking_missing", {{"bookingId", bookingId.hex()}});
            return ok;
        }
        std::vector<News> const list = newsOf(tx, *parties);
        for (auto const& news : list) CHECK(tell(platform, tx, *parties, news, now));
        return ok;
    });
}

std::vector<News> confirmationNews(Parties const& parties) {
    if (parties.booking.status == BookingStatus::cancelled) return {}; // the news of that says more
    auto const id = parties.booking.id.hex();
    auto const paymentId = parties.payment ? std::optional(parties.payment->id) : std::nullopt;
    News const customer{.type = NotificationType::booking_confirmation,
                        .text = NoteText::confirmedForCustomer,
                        .to = Party::customer,
                        .about = id,
                        .paymentId = paymentId,
                        .mail = MailKind::booking_confirmation};
    auto specialist = customer;
    specialist.text = NoteText::confirmedForSpecialist;
    specialist.to = Party::specialist;
    if (!paymentId) return {customer, specialist};
    News const money{.type = NotificationType::payment_received,
                     .text = NoteText::paymentReceived,
                     .to = Party::specialist,
                     .about = id,
                     .paymentId = paymentId,
                     .action = "view_payment"};
    return {customer, specialist, money};
}

// What was confirmed concerns both; what was only held, its customer alone, who knows their own doings.
std::vector<News> cancellationNews(Parties const& parties) {
    auto const& booking = parties.booking;
    bool const wasConfirmed = booking.calendarSequence > 0;
    std::vector<News> list;
    for (auto const side : {Party::customer, Party::specialist}) {
        auto const other = side == Party::customer ? Party::specialist : Party::customer;
        bool const isOwn = wasCancelledBy(booking, side);
        if (!wasConfirmed && (side == Party::specialist || isOwn)) continue;
        list.push_back({.type = NotificationType::booking_cancelled,
                        .text = isOwn                            ? NoteText::cancelledByYou
                                : wasCancelledBy(booking, other) ? NoteText::cancelledByOther
                                                                 : NoteText::cancelledByPlatform,
                        .to = side,
                        .about = booking.id.hex(),
                        .mail = MailKind::booking_cancelled});
    }
    return list;
}

// The slot that the last change of time left.
std::optional<availability::Slot> slotLeft(Reader& reader, Booking const& booking) {
    if (booking.rescheduleHistory.empty()) return std::nullopt;
    return reader.get(availability::slots, booking.rescheduleHistory.back().fromSlotId);
}

// A later change says more than this one.
bool isNewest(Booking const& booking, std::int64_t sequence) {
    return booking.status != BookingStatus::cancelled && booking.calendarSequence == sequence;
}

std::vector<News> rescheduleNews(Reader& reader, Parties const& parties, std::int64_t sequence) {
    auto const from = slotLeft(reader, parties.booking);
    if (!from || !isNewest(parties.booking, sequence)) return {};
    std::vector<News> list;
    for (auto const side : {Party::customer, Party::specialist})
        list.push_back({.type = NotificationType::booking_rescheduled,
                        .text = NoteText::rescheduled,
                        .to = side,
                        .about = parties.booking.id.hex() + ":" + std::to_string(sequence),
                        .values = rescheduleValues(parties, side, *from),
                        .mail = MailKind::booking_rescheduled});
    return list;
}

// The beginning of a text, cut between characters.
std::string beginningOf(std::string const& text, std::size_t most) {
    if (text.size() <= most) return text;
    auto end = most;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return text.substr(0, end) + "…";
}

// ---- mails ----

Letterhead letterhead(Platform const& platform, Mailer const& mailer) { return {mailer.sender(), platform.publicUrl}; }

// An invitation to what is no longer going to be would only mislead.
bool takesPlace(Booking const& booking) { return booking.status != BookingStatus::cancelled && booking.status != BookingStatus::pending; }

std::optional<Mail> composed(Reader& reader, MailDue const& due, Parties const& parties, Recipient const& to, Letterhead const& head,
                             Instant now) {
    auto const side = due.userId == parties.specialist.userId ? Party::specialist : Party::customer;
    switch (due.kind) {
        case MailKind::booking_confirmation: {
            if (!takesPlace(parties.booking)) return std::nullopt;
            return confirmationMail(parties, side, to, head, now);
        }
        case MailKind::booking_cancelled: {
            if (parties.booking.status != BookingStatus::cancelled) return std::nullopt;
            return cancellationMail(parties, side, to, head, now);
        }
        case MailKind::booking_rescheduled: {
            auto const from = slotLeft(reader, parties.booking);
            if (!from || !isNewest(parties.booking, due.sequence)) return std::nullopt;
            return rescheduleMail(parties, side, *from, to, head, now);
        }
        case MailKind::message_received: {
            auto const message = due.messageId ? reader.get(booking::messages, *due.messageId) : std::nullopt;
            if (!message) return std::nullopt;
            return messageMail(parties, side, *message, to, head);
        }
        case MailKind::refund_processed: {
            auto const refund = due.refundId ? reader.get(payments::refunds, *due.refundId) : std::nullopt;
            if (!refund) return std::nullopt;
            return moneyMail(MailText::refunded, parties, refund->amount, to, head);
        }
        case MailKind::late_money_refunded: {
            auto const payment = due.paymentId ? reader.get(payments::payments, *due.paymentId) : std::nullopt;
            if (!payment) return std::nullopt;
            return moneyMail(MailText::lateMoney, parties, payment->amount, to, head);
        }
        case MailKind::reminder_day:
        case MailKind::reminder_hour:
        case MailKind::review_wanted:
            return reminderMail(due, parties, to, head, now);
        case MailKind::availability_request:
            break; // it is about no booking
    }
    return std::nullopt;
}

bool wasSent(Reader& reader, MailDue const& due) {
    if (!due.notificationId) return false;
    auto const note = reader.get(notifications, *due.notificationId);
    return note && note->emailSentAt;
}

// Nothing when there is nothing to be sent, or no longer.
std::optional<Mail> mailFor(Platform& platform, Mailer const& mailer, Reader& reader, MailDue const& due, Instant now) {
    if (wasSent(reader, due)) return std::nullopt;
    auto const user = reader.get(identity::users, due.userId);
    if (!user) return std::nullopt;
    Recipient const to{user->email.value, user->name.value};
    auto const head = letterhead(platform, mailer);
    auto mail = due.requestId ? requestMail(reader, *due.requestId, to, head) : std::optional<Mail>();
    if (auto const parties = due.bookingId ? partiesOf(reader, *due.bookingId) : std::nullopt)
        mail = composed(reader, due, *parties, to, head, now);
    if (mail) mail->messageId = messageId(effectKey(due), platform.publicUrl);
    return mail;
}

// False when the address refuses the mail for good.
Result<bool> deliver(Mailer& mailer, Mail const& mail) {
    auto const sent = mailer.send(mail);
    if (sent) return true;
    if (sent.error().code != Code::conflict) return sent.error();
    log::warning("notifications.mail_rejected", {{"messageId", mail.messageId}, {"reason", sent.error().detail}});
    return false;
}

Result<void> noteSent(Platform& platform, MailDue const& due, Instant now) {
    if (!due.notificationId) return ok;
    auto const changed = transact(platform.store, [&](Tx& tx) {
        return tx.update(notifications, notifications->id == *due.notificationId, set(notifications->emailSentAt, now));
    });
    if (!changed) return changed.error();
    return ok;
}

// ---- mails with a token ----

Language languageOfUser(Reader& reader, Ref<User> userId) {
    auto const customer = reader.find(profiles::customers, profiles::customers->userId == userId).first();
    return customer ? languageOf(customer->language) : Language::en;
}

struct Addressee {
    User user;
    Language language;
};

std::optional<Addressee> addressee(Platform& platform, Ref<User> userId) {
    return read(platform.store, [&](Reader& reader) -> std::optional<Addressee> {
        auto user = reader.get(identity::users, userId);
        if (!user || !user->isActive) return std::nullopt;
        return Addressee{std::move(*user), languageOfUser(reader, userId)};
    });
}

// Two tries carry different tokens, of which only the newest works: they are two mails, and neither may pass for a copy of the other.
Result<void> sendLink(Platform& platform, Mailer& mailer, MailText text, Addressee const& to, Values values, std::string const& token) {
    auto mail = linkMail(text, to.language, std::move(values), {to.user.email.value, to.user.name.value}, letterhead(platform, mailer));
    mail.messageId = messageId("link:" + token, platform.publicUrl);
    auto const sent = deliver(mailer, mail);
    if (!sent) return sent.error();
    return ok;
}

} // namespace

Result<void> onBookingConfirmed(Platform& platform, booking::BookingConfirmed const& event, Instant now) {
    return tellAll(platform, event.bookingId, now, [](Tx&, Parties const& parties) { return confirmationNews(parties); });
}

Result<void> onHoldExpired(Platform& platform, booking::HoldExpired const& event, Instant now) {
    return tellAll(platform, event.bookingId, now, [](Tx&, Parties const& parties) {
        return std::vector{News{.type = NotificationType::booking_cancelled,
                                .text = NoteText::holdExpired,
                                .to = Party::customer,
                                .about = "hold_expired:" + parties.booking.id.hex(),
                                .action = "book_again"}};
    });
}

Result<void> onBookingCancelled(Platform& platform, booking::BookingCancelled const& event, Instant now) {
    return tellAll(platform, event.bookingId, now, [](Tx&, Parties const& parties) { return cancellationNews(parties); });
}

Result<void> onBookingRescheduled(Platform& platform, booking::BookingRescheduled const& event, Instant now) {
    return tellAll(platform, event.bookingId, now,
                   [&](Tx& tx, Parties const& parties) { return rescheduleNews(tx, parties, event.sequence); });
}

Result<void> onBookingCompleted(Platform& platform, booking::BookingCompleted const& event, Instant now) {
    return tellAll(platform, event.bookingId, now, [](Tx&, Parties const& parties) -> std::vector<News> {
        if (parties.booking.status != BookingStatus::completed) return {};
        News const customer{.type = NotificationType::session_completed,
                            .text = NoteText::completedForCustomer,
                            .to = Party::customer,
                            .about = parties.booking.id.hex(),
                            .action = "review_booking"};
        auto specialist = customer;
        specialist.text = NoteText::completedForSpecialist;
        specialist.to = Party::specialist;
        specialist.action = "view_booking";
        return {customer, specialist};
    });
}

Result<void> onNoShowReported(Platform& platform, booking::NoShowReported const& event, Instant now) {
    return tellAll(platform, event.bookingId, now, [](Tx&, Parties const& parties) -> std::vector<News> {
        auto const& absent = parties.booking.noShowParty;
        if (!absent) return {};
        return {News{.type = NotificationType::session_completed,
                     .text = NoteText::reportedAbsent,
                     .to = *absent,
                     .about = "no-show:" + parties.booking.id.hex()}};
    });
}

namespace {

// A lively thread is no reason for a mail per line (DESIGN §10: so many mails an hour and address); the news itself is told in any case.
bool mayMailMessage(Platform& platform, Tx& tx, Ref<identity::User> to, Instant now) {
    if (!platform.limits.enabled) return true;
    auto const& it = notifications;
    auto const latest = tx.find(it, it->recipientId == to && it->createdAt > now - Hours(1)).sort(desc(it->createdAt)).limit(100).all();
    auto const told =
        std::count_if(latest.begin(), latest.end(), [](Notification const& one) { return one.type == NotificationType::message_received; });
    return told < platform.limits.mail_per_address;
}

} // namespace

Result<void> onMessageSent(Platform& platform, booking::MessageSent const& event, Instant now) {
    auto const message = read(platform.store, [&](Reader& reader) { return reader.get(booking::messages, event.messageId); });
    if (!message) return ok;
    return tellAll(platform, message->bookingId, now, [&](Tx& tx, Parties const& parties) -> std::vector<News> {
        auto const to = message->from == Party::customer ? Party::specialist : Party::customer;
        return {News{.type = NotificationType::message_received,
                     .text = NoteText::message,
                     .to = to,
                     .about = message->id.hex(),
                     .values = {{"message", beginningOf(message->text, 500)}},
                     .action = "view_messages",
                     .mail = mayMailMessage(platform, tx, parties.user(to), now) ? std::optional(MailKind::message_received) : std::nullopt,
                     .messageId = message->id}};
    });
}

Result<void> onPaymentDeclined(Platform& platform, payments::PaymentDeclined const& event, Instant now) {
    return tellAll(platform, event.bookingId, now, [&](Tx&, Parties const& parties) -> std::vector<News> {
        if (takesPlace(parties.booking)) return {};
        return {News{.type = NotificationType::payment_failed,
                     .text = NoteText::paymentDeclined,
                     .to = Party::customer,
                     .about = event.failureCode + ":" + event.bookingId.hex(),
                     .paymentId = event.paymentId,
                     .values = {{"reason", declineReason(parties.language(Party::customer), event.failureCode)}},
                     .action = "pay_booking"}};
    });
}

Result<void> onRefundSucceeded(Platform& platform, payments::RefundSucceeded const& event, Instant now) {
    return tellAll(platform, event.bookingId, now, [&](Tx& tx, Parties const&) -> std::vector<News> {
        auto const refund = tx.get(payments::refunds, event.refundId);
        if (!refund) return {};
        return {News{.type = NotificationType::refund_processed,
                     .text = NoteText::refunded,
                     .to = Party::customer,
                     .about = event.refundId.hex(),
                     .paymentId = refund->paymentId,
                     .values = {{"amount", moneyText(refund->amount, refund->currency)}},
                     .mail = MailKind::refund_processed,
                     .refundId = event.refundId}};
    });
}

Result<void> onLateMoneyRefunded(Platform& platform, booking::LateMoneyRefunded const& event, Instant now) {
    return tellAll(platform, event.bookingId, now, [&](Tx& tx, Parties const&) -> std::vector<News> {
        auto const payment = tx.get(payments::payments, event.paymentId);
        if (!payment) return {};
        return {News{.type = NotificationType::refund_processed,
                     .text = NoteText::lateMoney,
                     .to = Party::customer,
                     .about = "late_money:" + event.paymentId.hex(),
                     .paymentId = event.paymentId,
                     .values = {{"amount", moneyText(payment->amount, payment->currency)}},
                     .mail = MailKind::late_money_refunded}};
    });
}

Result<void> onReviewReceived(Platform& platform, reviews::ReviewReceived const& event, Instant now) {
    return tellAll(platform, event.bookingId, now, [&](Tx& tx, Parties const&) -> std::vector<News> {
        auto const review = tx.get(reviews::reviews, event.reviewId);
        if (!review) return {};
        return {News{.type = NotificationType::review_received,
                     .text = NoteText::reviewReceived,
                     .to = Party::specialist,
                     .about = event.reviewId.hex(),
                     .values = {{"rating", std::to_string(review->rating)}},
                     .action = "view_review"}};
    });
}

Result<void> onMoneyAtOdds(Platform& platform, payments::MoneyAtOdds const& event, Instant now) {
    auto const body = noteBody(Language::en, NoteText::moneyAtOdds, {{"reason", event.detail}});
    return transact(platform.store, [&](Tx& tx) -> Result<void> {
        for (auto const& admin : tx.find(identity::users, contains(identity::users->roles, identity::Role::admin)).all()) {
            Notification note;
            note.recipientId = admin.id;
            note.id = notificationId(wordOf(event.what) + event.subject, admin.id);
            note.type = NotificationType::payment_failed;
            note.title = body.title;
            note.message = body.message;
            note.action = "view_payment";
            if (event.bookingId) note.actionUrl = bookingLink(platform.publicUrl, *event.bookingId);
            note.bookingId = event.bookingId;
            note.paymentId = event.paymentId;
            note.channels = {Channel::inApp};
            note.createdAt = now;
            note.expiresAt = now + lifetime;
            CHECK(tx.insertIfAbsent(notifications, note));
        }
        return ok;
    });
}

Result<void> onMailDue(Platform& platform, Mailer& mailer, MailDue const& event, Instant now) {
    auto const mail = read(platform.store, [&](Reader& reader) { return mailFor(platform, mailer, reader, event, now); });
    if (!mail) return ok;
    TRY(bool const sent, deliver(mailer, *mail));
    if (!sent) return ok;
    return noteSent(platform, event, now);
}

Result<void> onVerificationRequested(Platform& platform, Mailer& mailer, identity::VerificationRequested const& event, Instant now) {
    auto const to = addressee(platform, event.userId);
    if (!to || to->user.isVerified) return ok;
    auto const token = transact(platform.store, [&](Tx& tx) { return identity::newVerificationToken(platform, tx, event.userId, now); });
    if (!token) return token.error().code == Code::notFound ? ok : Result<void>(token.error()); // verified a moment ago
    Values values{{"link", linkOf(platform.publicUrl, LinkKind::verification, *token)},
                  {"hours", std::to_string(platform.auth.verification_hours)}};
    return sendLink(platform, mailer, MailText::verifyEmail, *to, std::move(values), *token);
}

Result<void> onPasswordResetRequested(Platform& platform, Mailer& mailer, identity::PasswordResetRequested const& event, Instant now) {
    auto const to = addressee(platform, event.userId);
    if (!to) return ok;
    TRY(auto const token, transact(platform.store, [&](Tx& tx) { return identity::newResetToken(platform, tx, event.userId, now); }));
    Values values{{"link", linkOf(platform.publicUrl, LinkKind::reset, token)}, {"minutes", std::to_string(platform.auth.reset_minutes)}};
    return sendLink(platform, mailer, MailText::resetPassword, *to, std::move(values), token);
}

Result<void> expireNotifications(Platform& platform, Instant now) {
    constexpr std::size_t batch = 500;
    for (std::size_t found = batch; found == batch;) {
        TRY(found, transact(platform.store, [&](Tx& tx) -> Result<std::size_t> {
                auto const expired =
                    tx.find(notifications, notifications->expiresAt <= now).sort(notifications->expiresAt).limit(batch).all();
                std::vector<Ref<Notification>> ids;
                ids.reserve(expired.size());
                for (auto const& note : expired) ids.push_back(note.id);
                if (!ids.empty()) CHECK(tx.erase(notifications, in(notifications->id, ids)));
                return ids.size();
            }));
    }
    return ok;
}

} // namespace visavis::notifications
