// Reminders are derived from bookings when they are due, never planned ahead: what was cancelled or moved meanwhile cannot be reminded of.
#include "core/log.hpp"
#include "notifications/news.hpp"

namespace visavis::notifications {
namespace {

using booking::Booking;
using booking::bookings;
using booking::BookingStatus;
using booking::ReminderKind;

constexpr std::size_t pageLength = 200;
constexpr std::size_t atOnce = 10; // bookings in one transaction: it must not hold up requests

// Bookings of one status and one set of reminders behind them, by their start.
struct Group {
    BookingStatus status{};
    bool day = false, hour = false;
    Instant after, upTo;
};

std::vector<Group> groupsAt(Instant now) {
    auto const confirmed = BookingStatus::confirmed;
    auto const completed = BookingStatus::completed;
    std::vector<Group> groups{{confirmed, false, false, now + hourBefore, now + dayBefore}};
    for (bool const day : {false, true}) {
        groups.push_back({confirmed, day, false, now, now + hourBefore});
        for (bool const hour : {false, true}) groups.push_back({completed, day, hour, now - afterSession - dayBefore, now});
    }
    return groups;
}

Find<Booking> bookingsIn(Reader& reader, Group const& group) {
    auto const& sent = bookings->reminders;
    return reader
        .find(bookings, bookings->status == group.status && sent.day_before_sent == group.day && sent.hour_before_sent == group.hour &&
                            sent.post_session_sent == false && bookings->startsAt > group.after && bookings->startsAt <= group.upTo)
        .sort(bookings->startsAt, bookings->id)
        .limit(pageLength);
}

News beforehand(ReminderKind kind, Booking const& booking, Party to) {
    bool const isDay = kind == ReminderKind::day_before;
    return {.type = NotificationType::booking_reminder,
            .text = isDay ? NoteText::reminderDay : NoteText::reminderHour,
            .to = to,
            .about = ":" + wordOf(kind) + ":" + booking.id.hex() + ":" + std::to_string(booking.startsAt.ms),
            .mail = isDay ? MailKind::reminder_day : MailKind::reminder_hour};
}

std::vector<News> afterwards(Booking const& booking) {
    News const customer{.type = NotificationType::session_completed,
                        .text = NoteText::completedForCustomer,
                        .to = Party::customer,
                        .about = booking.id.hex(),
                        .action = "review_booking",
                        .mail = MailKind::review_wanted};
    News const specialist{.type = NotificationType::session_completed,
                          .text = NoteText::completedForSpecialist,
                          .to = Party::specialist,
                          .about = booking.id.hex()};
    return {customer, specialist};
}

// The booking is noted even when neither side wants to be reminded: it is dealt with.
Result<void> remind(Platform& platform, Tx& tx, Ref<Booking> id, Instant now) {
    auto const parties = partiesOf(tx, id);
    auto const kind = parties ? dueReminder(parties->booking, now) : std::nullopt;
    if (!kind) return ok;
    TRY(bool const first, booking::noteReminder(tx, parties->booking, *kind, now));
    if (!first) return ok;
    if (*kind == ReminderKind::post_session) {
        for (auto const& news : afterwards(parties->booking)) CHECK(tell(platform, tx, *parties, news, now));
        return ok;
    }
    for (auto const side : {Party::customer, Party::specialist})
        if (parties->preferences(side).remindersEnabled)
            CHECK(tell(platform, tx, *parties, beforehand(*kind, parties->booking, side), now));
    return ok;
}

// One that cannot be told now keeps nobody else waiting: it stays due, and the next run finds it.
void remindSome(Platform& platform, std::vector<Booking> const& all, std::size_t from, Instant now) {
    auto const to = std::min(all.size(), from + atOnce);
    auto const told = transact(platform.store, [&](Tx& tx) -> Result<void> {
        for (auto i = from; i < to; ++i) CHECK(remind(platform, tx, all[i].id, now));
        return ok;
    });
    if (told) return;
    for (auto i = from; i < to; ++i) {
        auto const alone = transact(platform.store, [&](Tx& tx) { return remind(platform, tx, all[i].id, now); });
        if (!alone) log::warning("reminder_not_sent", {{"booking", all[i].id.hex()}, {"what", alone.error().key}});
    }
}

} // namespace

Result<void> sendReminders(Platform& platform, Instant now) {
    for (auto const& group : groupsAt(now)) {
        std::string cursor;
        do {
            auto const due = read(platform.store, [&](Reader& reader) { return bookingsIn(reader, group).page(cursor); });
            if (!due) return due.error();
            for (std::size_t from = 0; from < due->items.size(); from += atOnce) remindSome(platform, due->items, from, now);
            cursor = due->nextCursor.value_or("");
        } while (!cursor.empty());
    }
    return ok;
}

std::optional<Mail> reminderMail(MailDue const& due, Parties const& parties, Recipient const& to, Letterhead const& head, Instant now) {
    auto const& booking = parties.booking;
    auto const side = due.userId == parties.specialist.userId ? Party::specialist : Party::customer;
    if (!mayMail(due.kind, parties.preferences(side)) || due.sequence != booking.calendarSequence) return std::nullopt;
    bool const isAfter = due.kind == MailKind::review_wanted;
    auto const useless = due.kind == MailKind::reminder_day ? booking.startsAt - hourBefore : booking.startsAt;
    if (isAfter ? booking.status != BookingStatus::completed : booking.status != BookingStatus::confirmed || now >= useless)
        return std::nullopt;
    auto const text = isAfter                              ? MailText::reviewWanted
                      : due.kind == MailKind::reminder_day ? MailText::reminderDay
                                                           : MailText::reminderHour;
    return linkMail(text, parties.language(side), bookingValues(parties, side, head.publicUrl), to, head);
}

} // namespace visavis::notifications
