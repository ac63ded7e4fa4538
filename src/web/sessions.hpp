// What the pages about a booking share: whose it is, how its state and money are said.
#pragma once

#include "booking/api.hpp"
#include "web/visit.hpp"

namespace visavis::web {

Result<Ref<booking::Booking>> bookingIdOf(Visit const& visit);
Zone zoneOf(std::optional<Zone> const& zone);
// The other side, as the reader sees it: name, picture, zone.
booking::PartyView const* otherSide(Visit const& visit, booking::BookingView const& view);
// The specialist's own, or the one that the customer reads in.
Zone readersZone(Visit& visit, booking::BookingView const& view);
When whenOf(Visit& visit, booking::BookingView const& view);
std::string statusText(Messages const& t, booking::BookingStatus status);
// The colour of a status: "good", "warning", "danger", "plain".
std::string statusKind(booking::BookingStatus status);
// "Tuesday, 1 December 2026, 10:00 (UTC+01:00)" in the reader's zone.
std::string moment(Visit& visit, booking::BookingView const& view, Instant instant);

} // namespace visavis::web
