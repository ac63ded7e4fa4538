// GET /bookings: what is ahead and what lies behind; and the file for calendars.
#include "notifications/api.hpp"
#include "web/handlers.hpp"
#include "web/pages.hpp"
#include "web/people.hpp"
#include "web/picker.hpp"
#include "web/sessions.hpp"

#include <algorithm>

namespace visavis::web {
namespace {

BookingRow rowOf(Visit& visit, booking::BookingView const& view) {
    BookingRow row;
    row.href = "/bookings/" + view.id.hex();
    if (auto const* other = otherSide(visit, view)) {
        row.name = other->name;
        row.image = picturePath(other->profileImage, visit.call.platform.publicUrl);
    }
    row.initials = initials(row.name);
    row.when = whenOf(visit, view);
    row.status = statusText(visit.t, view.status);
    row.kind = statusKind(view.status);
    return row;
}

} // namespace

Result<Ref<booking::Booking>> bookingIdOf(Visit const& visit) {
    auto const id = ObjectId::parse(visit.captures.front());
    if (!id) return notFound();
    return Ref<booking::Booking>{*id};
}

Zone zoneOf(std::optional<Zone> const& zone) { return zone.value_or(Zone{}); }

booking::PartyView const* otherSide(Visit const& visit, booking::BookingView const& view) {
    auto const& other = visit.call.who.specialistId == view.specialistId ? view.customer : view.specialist;
    return other ? &*other : nullptr;
}

Zone readersZone(Visit& visit, booking::BookingView const& view) {
    auto const own = view.specialist ? zoneOf(view.specialist->timezone) : Zone{};
    return visit.call.who.specialistId == view.specialistId ? own : visit.zone(view.timezone.value_or(own));
}

When whenOf(Visit& visit, booking::BookingView const& view) {
    auto const own = view.specialist ? zoneOf(view.specialist->timezone) : Zone{};
    auto other = own;
    if (visit.call.who.specialistId == view.specialistId)
        other = view.timezone ? *view.timezone : view.customer ? zoneOf(view.customer->timezone) : own;
    return whenOf(visit.language(), view.startsAt, view.endsAt, readersZone(visit, view), other);
}

std::string statusText(Messages const& t, booking::BookingStatus status) {
    std::string word(wordOf(status));
    std::replace(word.begin(), word.end(), '-', '_');
    return std::string(t.plain("status_" + word));
}

std::string statusKind(booking::BookingStatus status) {
    using enum booking::BookingStatus;
    return status == confirmed ? "good" : status == pending ? "warning" : status == completed ? "plain" : "danger";
}

std::string moment(Visit& visit, booking::BookingView const& view, Instant instant) {
    auto const wall = readersZone(visit, view).at(instant);
    return longDate(visit.language(), wall.date) + ", " + clockTime(wall) + " (" + offsetName(wall.offset) + ")";
}

Result<Answer> bookings(Visit& visit) {
    BookingsPage content;
    auto const& t = visit.t;
    content.past = visit.given("show") == "past";
    content.isCustomer = visit.isCustomer();
    content.tabs = {{std::string(t.upcoming()), "/bookings", !content.past}, {std::string(t.past()), "/bookings?show=past", content.past}};
    booking::BookingQuestion question;
    (content.past ? question.to : question.from) = visit.call.now;
    if (auto const cursor = visit.given("cursor"); !cursor.empty()) question.cursor = cursor;
    TRY(auto found, booking::ownBookingsPage(visit.call, question));
    std::sort(found.items.begin(), found.items.end(),
              [&](auto const& a, auto const& b) { return content.past ? b.startsAt < a.startsAt : a.startsAt < b.startsAt; });
    for (auto const& view : found.items) content.rows.push_back(rowOf(visit, view));
    if (found.nextCursor) content.more = withParameter(content.past ? "/bookings?show=past" : "/bookings", "cursor", *found.nextCursor);
    return VISAVIS_PAGE(visit, bookings, visit.frame(std::string(t.nav_bookings())), content);
}

Result<Answer> calendar(Visit& visit) {
    TRY(auto const id, bookingIdOf(visit));
    TRY(auto file, notifications::calendar(visit.call, {id}));
    Answer answer;
    answer.file = std::move(file);
    return answer;
}

} // namespace visavis::web
