// Reading and marking one's own notifications.
#include "notifications/api.hpp"

#include "booking/service.hpp"
#include "identity/service.hpp"
#include "notifications/compose.hpp"

namespace visavis::notifications {
namespace {

Where<Notification> shown(Call const& call) {
    return notifications->recipientId == call.user() && notifications->isArchived == false && notifications->expiresAt > call.now;
}

Where<Notification> unreadOnes(Call const& call) { return shown(call) && notifications->isRead == false; }

Result<Notification> change(Call& call, NotificationPath const& path, Changes<Notification> const& changes) {
    return call.transact([&](Tx& tx) -> Result<Notification> {
        auto const own = notifications->id == path.id && notifications->recipientId == call.user() && notifications->expiresAt > call.now;
        TRY(auto changed, tx.take(notifications, own, changes));
        if (!changed) return notFound();
        return std::move(*changed);
    });
}

// Transactions stay short however much was left unread.
constexpr std::size_t batch = 200;

Result<std::size_t> readSome(Call& call) {
    return transact(call.store, [&](Tx& tx) -> Result<std::size_t> {
        auto const unread = tx.find(notifications, unreadOnes(call)).limit(batch).all();
        for (auto const& note : unread) CHECK(tx.update(notifications, notifications->id == note.id, set(notifications->isRead, true)));
        return unread.size();
    });
}

} // namespace

Result<identity::Raw> calendar(Call& call, CalendarPath const& path) {
    return read(call.store, [&](Reader& reader) -> Result<identity::Raw> {
        TRY(auto const booking, booking::visible(reader, call, path.id));
        auto const side = booking::actorOf(call, booking).side;
        auto const parties = partiesOf(reader, path.id);
        if (!side || !parties) return notFound();
        bool const isOver = booking.status == booking::BookingStatus::cancelled && booking.calendarSequence == 0; // before it was confirmed
        if (booking.status == booking::BookingStatus::pending || isOver)
            return wrongState(wordOf(booking.status), "Nothing is confirmed that a calendar could show.");
        return identity::Raw{"text/calendar; charset=utf-8",
                             std::make_shared<std::string const>(calendarOf(*parties, *side, call.platform.publicUrl, call.now)),
                             {{"Content-Disposition", "attachment; filename=\"session.ics\""}}};
    });
}

Result<Page<Notification>> list(Call& call, ListInput const& input) {
    return read(call.store, [&](Reader& reader) {
        return reader.find(notifications, input.unread ? unreadOnes(call) : shown(call))
            .sort(desc(notifications->createdAt), desc(notifications->id))
            .limit(static_cast<std::size_t>(input.limit.value_or(Bounded<1, 100>{20})))
            .page(input.cursor.value_or(""));
    });
}

std::optional<NotificationCount> recallUnreadCount(Call& call) {
    auto const count = recalled(call.store, call.platform.memory.unread, call.user().id, call.now);
    return count ? std::optional(NotificationCount{*count}) : std::nullopt;
}

Result<NotificationCount> unreadCount(Call& call) {
    auto hold = holdOn(call.store, call.user().id);
    return read(call.store, [&](Reader& reader) {
        auto const count = reader.find(notifications, unreadOnes(call)).count();
        // Time alone changes the count where one of them expires: it is remembered for as long as none does.
        auto const until = call.now + Hours(1);
        auto const lasting = unreadOnes(call) && notifications->expiresAt > until;
        if (hold && reader.find(notifications, lasting).count() == count) {
            hold->validUntil = until;
            call.platform.memory.unread.keep(call.user().id, *hold, count, 0);
        }
        return NotificationCount{count};
    });
}

Result<Notification> markRead(Call& call, NotificationPath const& path) { return change(call, path, set(notifications->isRead, true)); }

Result<Notification> markUnread(Call& call, NotificationPath const& path) { return change(call, path, set(notifications->isRead, false)); }

Result<Notification> archive(Call& call, NotificationPath const& path) { return change(call, path, set(notifications->isArchived, true)); }

Result<NotificationCount> readAll(Call& call) {
    NotificationCount all;
    for (std::size_t marked = batch; marked == batch;) {
        TRY(marked, readSome(call));
        all.count += static_cast<std::int64_t>(marked);
    }
    return call.transact([&](Tx&) -> Result<NotificationCount> { return all; });
}

} // namespace visavis::notifications
