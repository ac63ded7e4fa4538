// I8, I10 and I13: what was promised to be done, answered and said, once each.
#include "notifications/records.hpp"
#include "reports/verify_audit.hpp"
#include "store/idempotency.hpp"
#include "store/outbox.hpp"

#include <algorithm>

namespace visavis::reports {
namespace {

using booking::Booking;
using booking::BookingStatus;
using notifications::Notification;
using notifications::NotificationType;

constexpr Hours patience{1}; // for an entry that is due

bool isJson(std::string const& text) { return parseJson(text).has_value(); }

bool isHash(std::string const& text) { return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos; }

void judgeEntry(Audit& audit, OutboxEntry const& entry) {
    bool const isDone = entry.status == OutboxStatus::done;
    auto const because = entry.lastError ? ": " + *entry.lastError : std::string();
    audit.expect(entry.status != OutboxStatus::failed, outbox, entry,
                 entry.topic + " was given up after " + std::to_string(entry.attempts) + " tries" + because);
    audit.expect(isDone == entry.doneAt.has_value(), outbox, entry, isDone ? "is done without doneAt" : "has doneAt but is not done");
    bool const isLate = entry.status == OutboxStatus::waiting && entry.nextAt + patience < audit.now;
    audit.expect(!isLate, outbox, entry, entry.topic + " has been due for more than an hour" + because);
    // The id is made of the key, so the same effect has one row.
    audit.expect(entry.id.id == ObjectId::derived(entry.effectKey), outbox, entry, "has an effectKey that is not its id's");
    audit.expect(entry.effectKey.starts_with(entry.topic + ":"), outbox, entry, "has the effectKey of another topic");
    audit.expect(isJson(entry.payload), outbox, entry, "has a payload that is no JSON");
}

void judgeAnswer(Audit& audit, KeptAnswer const& kept) {
    audit.expect(isHash(kept.bodyHash), keptAnswers, kept, "has no hash of the request");
    audit.expect(kept.status >= 200 && kept.status < 500, keptAnswers, kept, "keeps the status " + std::to_string(kept.status));
    audit.expect(kept.body.empty() || isJson(kept.body), keptAnswers, kept, "keeps a body that is no JSON");
    audit.expect(!kept.subject || ObjectId::parse(*kept.subject), keptAnswers, kept, "has a subject that is no id");
}

// When the booking was cancelled for good.
std::optional<Instant> cancelledAt(Booking const& booking) {
    if (booking.status != BookingStatus::cancelled || booking.statusHistory.empty()) return std::nullopt;
    return booking.statusHistory.back().changedAt;
}

void judgeReminder(Audit& audit, Notification const& note) {
    auto const& all = notifications::notifications;
    audit.expect(note.bookingId.has_value(), all, note, "reminds of no booking");
    auto const booking = note.bookingId ? audit.reader.get(booking::bookings, *note.bookingId) : std::nullopt;
    if (!booking) return;
    auto const cancelled = cancelledAt(*booking);
    audit.expect(!cancelled || note.createdAt <= *cancelled, all, note, "reminds of a booking that had been cancelled");
    audit.each(all, {}, all->recipientId == note.recipientId, [&](Notification const& other) {
        bool const same = other.type == note.type && other.bookingId == note.bookingId && other.title == note.title &&
                          other.metadata.sessionTime == note.metadata.sessionTime;
        audit.expect(!same || other.id <= note.id, all, other, "reminds once more than notifications " + note.id.hex());
    });
}

// Whoever is asked about a session had one.
void judgeAfterwards(Audit& audit, Notification const& note) {
    auto const& all = notifications::notifications;
    auto const booking = note.bookingId ? audit.reader.get(booking::bookings, *note.bookingId) : std::nullopt;
    audit.expect(note.bookingId.has_value(), all, note, "is about no session");
    if (!booking) return;
    auto const& history = booking->statusHistory;
    bool const over = std::any_of(history.begin(), history.end(), [](auto const& change) {
        return change.status == BookingStatus::completed || change.status == BookingStatus::noShow;
    });
    audit.expect(over, all, note, "follows a session that has not been");
}

} // namespace

void checkOutbox(Audit& audit) {
    audit.each(outbox, [&](OutboxEntry const& entry) {
        audit.count();
        judgeEntry(audit, entry);
    });
}

void checkKeptAnswers(Audit& audit) {
    audit.each(keptAnswers, [&](KeptAnswer const& kept) {
        audit.count();
        judgeAnswer(audit, kept);
    });
}

void checkReminders(Audit& audit) {
    audit.each(notifications::notifications, [&](Notification const& note) {
        if (note.type != NotificationType::booking_reminder && note.type != NotificationType::session_completed) return;
        audit.count();
        note.type == NotificationType::booking_reminder ? judgeReminder(audit, note) : judgeAfterwards(audit, note);
    });
}

} // namespace visavis::reports
