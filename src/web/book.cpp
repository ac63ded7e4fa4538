// /s/{slug}/book/{slotId}: what is about to be booked, and the booking itself. A time that was taken meanwhile brings the nearest free ones.
#include "booking/api.hpp"
#include "notifications/templates.hpp"
#include "web/handlers.hpp"
#include "web/pages.hpp"
#include "web/people.hpp"
#include "web/picker.hpp"

namespace visavis::web {
namespace {

constexpr std::size_t nearestShown = 6;

struct Wanted {
    profiles::Specialist specialist;
    availability::Slot slot;
};

Result<Wanted> wantedOf(Reader& reader, Visit const& visit) {
    auto const specialist = profiles::publishedSpecialist(reader, visit.captures[0]);
    auto const id = ObjectId::parse(visit.captures[1]);
    auto const slot = id ? availability::slot(reader, {*id}) : std::nullopt;
    if (!specialist || !slot || slot->specialistId != specialist->id) return notFound();
    return Wanted{*specialist, *slot};
}

Result<BookPage> contentOf(Visit& visit, Reader& reader) {
    TRY(auto const wanted, wantedOf(reader, visit));
    auto const& [specialist, slot] = wanted;
    auto const own = specialist.availability.timezone.value_or(Zone{});
    BookPage content;
    content.card.slug = specialist.slug;
    content.card.name = specialist.creatorName;
    content.card.image = picturePath(specialist.profileImage, visit.call.platform.publicUrl);
    content.card.initials = initials(content.card.name);
    content.when = whenOf(visit.language(), slot.startsAt, slot.endsAt, visit.zone(own), own);
    content.action = "/s/" + specialist.slug.value + "/book/" + slot.id.hex();
    content.minutes = visit.t.minutes(slot.duration);
    content.price = priceText(visit.t, slot.price, slot.currency);
    content.amount = std::to_string(slot.price);
    content.currency = slot.currency.code();
    if (slot.price > 0) content.policy = notifications::policySentence(visit.language(), specialist.consulting.cancellationPolicy);
    content.open = availability::checkBookable(specialist, slot, visit.call.now).has_value();
    content.isGuest = !visit.call.who.userId;
    content.isCustomer = visit.isCustomer();
    content.isVerified = visit.call.who.isVerified;
    if (content.open) return content;
    if (visit.isCustomer()) {
        if (auto const claim = availability::ownClaim(reader, slot, visit.call.customer()))
            content.ownBooking = "/bookings/" + claim->bookingId.hex();
    }
    TRY(content.nearest,
        nearestTimes(visit, reader, specialist, slot.startsAt, slot.duration, "/s/" + specialist.slug.value + "/book/", nearestShown));
    return content;
}

Answer show(Visit const& visit, BookPage const& content, int status) {
    auto answer = VISAVIS_PAGE(visit, book, visit.frame(visit.t.book_title(content.card.name)), content);
    answer.status = status;
    return answer;
}

} // namespace

Result<Answer> bookingForm(Visit& visit) {
    TRY(auto const content, visavis::read(visit.call.store, [&](Reader& reader) { return contentOf(visit, reader); }));
    return show(visit, content, 200);
}

Result<Answer> createBooking(Visit& visit) {
    auto const outcome = [&]() -> Result<identity::Created<booking::BookingView>> {
        if (!visit.isCustomer()) return denied("customers_only", "Only customers book.");
        if (!visit.call.who.isVerified) return denied("email_unverified", "Confirm your e-mail address first.");
        std::vector<http::Query::Pair> further{{"slotId", visit.captures[1]}};
        if (auto const zone = Zone::load(visit.cookie("tz"))) further.emplace_back("timezone", zone->name());
        auto sent = visit.form;
        std::erase_if(sent.pairs, [](auto const& pair) { return pair.first == "slotId" || pair.first == "timezone"; });
        TRY(auto const input, recordOf<booking::NewBooking>(sent, further));
        return booking::createBooking(visit.call, input);
    }();
    if (outcome) {
        auto const path = "/bookings/" + outcome->value.id.hex();
        return redirect(outcome->value.status == booking::BookingStatus::pending ? path + "/pay" : path + "?done=booked");
    }
    auto const& error = outcome.error();
    if (error.code == Code::notFound || error.code == Code::unavailable || error.code == Code::malformed) return error;
    TRY(auto content, visavis::read(visit.call.store, [&](Reader& reader) { return contentOf(visit, reader); }));
    content.form = formOf(visit.form);
    // A taken time says so on its own, with the nearest free ones.
    if (content.open || error.code != Code::conflict) explain(content.form, visit.t, error);
    return show(visit, content,
                error.code == Code::invalid       ? 422
                : error.code == Code::rateLimited ? 429
                : error.code == Code::denied      ? 403
                                                  : 409);
}

} // namespace visavis::web
