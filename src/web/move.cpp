// /bookings/{id}/reschedule: another time for a session, in two steps.
#include "web/handlers.hpp"
#include "web/pages.hpp"
#include "web/picker.hpp"
#include "web/sessions.hpp"

namespace visavis::web {
namespace {

using booking::BookingView;

struct Moving {
    BookingView view;
    profiles::Specialist specialist;
};

Result<Moving> movingOf(Visit& visit) {
    TRY(auto const id, bookingIdOf(visit));
    TRY(auto view, booking::getBooking(visit.call, {id, {}}));
    auto const specialist =
        visavis::read(visit.call.store, [&](Reader& reader) { return reader.get(profiles::specialists, view.specialistId); });
    if (!specialist) return notFound();
    return Moving{std::move(view), *specialist};
}

std::string pathOf(BookingView const& view) { return "/bookings/" + view.id.hex() + "/reschedule"; }

MovePage contentOf(Visit& visit, Moving const& moving) {
    MovePage content;
    content.id = moving.view.id.hex();
    if (auto const* other = otherSide(visit, moving.view)) content.name = other->name;
    content.from = whenOf(visit, moving.view);
    return content;
}

Result<MovePage> confirmation(Visit& visit) {
    TRY(auto const moving, movingOf(visit));
    auto const id = ObjectId::parse(visit.captures[1]);
    auto const slot =
        visavis::read(visit.call.store, [&](Reader& reader) { return id ? availability::slot(reader, {*id}) : std::nullopt; });
    if (!slot || slot->specialistId != moving.specialist.id) return notFound();
    auto content = contentOf(visit, moving);
    auto there = moving.view;
    there.startsAt = slot->startsAt;
    there.endsAt = slot->endsAt;
    content.to = whenOf(visit, there);
    content.action = pathOf(moving.view) + "/" + slot->id.hex();
    if (availability::checkBookable(moving.specialist, *slot, visit.call.now)) return content;
    content.form.problem = visit.t.error_slot_taken();
    TRY(content.nearest, visavis::read(visit.call.store, [&](Reader& reader) {
            return nearestTimes(visit, reader, moving.specialist, slot->startsAt, slot->duration, pathOf(moving.view) + "/", 6);
        }));
    return content;
}

Answer show(Visit const& visit, MovePage const& content, int status) {
    auto answer = VISAVIS_PAGE(visit, move, visit.frame(visit.t.move_title(content.name)), content);
    answer.status = status;
    return answer;
}

} // namespace

Result<Answer> moveBooking(Visit& visit) {
    TRY(auto const moving, movingOf(visit));
    auto content = contentOf(visit, moving);
    TRY(content.picker, visavis::read(visit.call.store, [&](Reader& reader) {
            auto const path = pathOf(moving.view);
            return pickerOf(visit, reader, moving.specialist, {path, path + "/", moving.view.sessionDuration, false});
        }));
    return show(visit, content, 200);
}

Result<Answer> confirmMove(Visit& visit) {
    TRY(auto const content, confirmation(visit));
    return show(visit, content, 200);
}

Result<Answer> doMove(Visit& visit) {
    TRY(auto const id, bookingIdOf(visit));
    auto const slot = ObjectId::parse(visit.captures[1]);
    if (!slot) return notFound();
    auto const outcome = booking::rescheduleBooking(visit.call, {id, {*slot}, {}});
    if (outcome) return redirect("/bookings/" + id.hex() + "?done=moved");
    if (outcome.error().code != Code::conflict) return outcome.error();
    TRY(auto content, confirmation(visit));
    if (content.nearest.empty()) explain(content.form, visit.t, outcome.error());
    return show(visit, content, 409);
}

} // namespace visavis::web
