// Reviews, notifications and what Zoom has told of meetings.
#include "app/adopt_image.hpp"

namespace visavis::app {
namespace {

using booking::BookingStatus;
using notifications::NotificationType;

template <class T> void dropDangling(std::optional<Ref<T>>& link, Table<T> const& table) {
    if (link && !table.contains(*link)) link.reset();
}

bool hasTakenPlace(Booking const& booking) { return booking.status == BookingStatus::completed || booking.status == BookingStatus::noShow; }

// What reminds of a session must be about one, and not about one that was cancelled before.
void checkAbout(Adoptee& adoptee, Notification const& note) {
    bool const reminds = note.type == NotificationType::booking_reminder, follows = note.type == NotificationType::session_completed;
    if (!reminds && !follows) return;
    auto const& in = notifications::notifications.spec();
    auto const* booking = note.bookingId ? recordOf(adoptee.image.bookings, *note.bookingId) : nullptr;
    if (booking == nullptr) return adoptee.findings.add(in, note.id.id, "is a " + wordOf(note.type) + " of no booking");
    if (follows && !hasTakenPlace(*booking)) adoptee.findings.add(in, note.id.id, "follows a session that has not been");
    bool const cancelled = booking->status == BookingStatus::cancelled && !booking->statusHistory.empty();
    if (reminds && cancelled && note.createdAt > booking->statusHistory.back().changedAt)
        adoptee.findings.add(in, note.id.id, "reminds of a booking that had been cancelled");
}

// Reminders of one session must be told apart, such as the day's and the hour's that other software calls the same: "Your session (2)".
class ReminderTitles {
public:
    void settle(Notification& note) {
        if (note.type != NotificationType::booking_reminder || !note.bookingId) return;
        auto const title = note.title.value;
        auto& met = titles_[{note.recipientId, *note.bookingId}];
        for (int number = 2; !met.insert(note.title.value).second; ++number)
            note.title = title.substr(0, cut(title, 190)) + " (" + std::to_string(number) + ")";
    }
    void know(Notification const& note) {
        if (note.bookingId) titles_[{note.recipientId, *note.bookingId}].insert(note.title.value);
    }

private:
    // Not within a character.
    static std::size_t cut(std::string const& text, std::size_t most) {
        if (text.size() <= most) return text.size();
        while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
        return most;
    }

    std::map<std::pair<Ref<User>, Ref<Booking>>, std::set<std::string>> titles_;
};

// Profiles behind ids that are a user's.
template <class T> void takeProfile(Table<T> const& table, Ref<T>& id) {
    if (table.contains(id)) return;
    for (auto const& [own, entry] : table)
        if (entry.record.userId.id == id.id) id = own;
}

} // namespace

void settleReviews(Adoptee& adoptee) {
    auto& image = adoptee.image;
    for (auto& [id, entry] : image.reviews) {
        auto const& review = entry.record;
        auto const booking = image.bookings.find(review.bookingId);
        if (entry.isOurs || booking == image.bookings.end()) continue; // a reference: found later
        auto& feedback = booking->second.record.feedback;
        if (!feedback) feedback.emplace();
        feedback->customerRating = review.rating;
        feedback->customerReview = review.reviewText;
        if (!feedback->ratedAt) feedback->ratedAt = review.createdAt;
    }
}

void settleNotifications(Adoptee& adoptee) {
    auto& image = adoptee.image;
    ReminderTitles titles;
    for (auto const& [id, entry] : image.notifications)
        if (entry.isOurs) titles.know(entry.record);
    for (auto& [id, entry] : image.notifications) {
        if (entry.isOurs) continue;
        auto& note = entry.record;
        if (!entry.has("expiresAt")) note.expiresAt = note.createdAt + Days(30); // the seed
        dropDangling(note.bookingId, image.bookings);
        dropDangling(note.paymentId, image.payments);
        checkAbout(adoptee, note);
        titles.settle(note);
    }
}

void settleSessions(Adoptee& adoptee) {
    for (auto& [id, entry] : adoptee.image.sessions) {
        if (entry.isOurs) continue;
        takeProfile(adoptee.image.specialists, entry.record.specialistId);
        takeProfile(adoptee.image.customers, entry.record.customerId);
    }
}

} // namespace visavis::app
