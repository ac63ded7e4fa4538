// iCalendar texts (RFC 5545, iTIP RFC 5546) for invitations, changes, cancellations, downloads and feeds. Pure.
#pragma once

#include "core/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace visavis::notifications {

// publish names no attendees: it is for "add to calendar" and feeds. A reschedule is a request with the same uid and a higher sequence.
enum class CalendarMethod { request, cancel, publish };

struct CalendarPerson {
    std::string email;
    std::string name; // may be empty
};

// All texts are UTF-8; what is not allowed in a calendar is escaped or taken out here. Times go out in UTC, to the second.
struct CalendarEvent {
    std::string uid;  // `booking-id@our-domain`, the same for the life of the booking
    int sequence = 0; // 0, then one more for each change of time or status
    Instant stamp;    // when this text is made
    Instant startsAt;
    Instant endsAt;
    std::optional<CalendarPerson> organizer; // needed by request and cancel; should be the sender of the mail
    std::vector<CalendarPerson> attendees;
    std::string summary;
    std::string description; // may be empty, as may the next two
    std::string location;
    std::string url;
    bool cancelled = false; // implied by the method cancel; in feeds it marks one event
};

// REQUEST, CANCEL, PUBLISH.
std::string_view wordOf(CalendarMethod method);

// One calendar object with CRLF line ends, lines folded at 75 octets. A mail carries exactly one, with the events of one uid.
std::string calendarText(CalendarMethod method, std::vector<CalendarEvent> const& events);

// A content line, folded: continuation lines begin with a space, and no UTF-8 sequence is torn. For calendarText and its test.
std::string foldedLine(std::string_view line);
// A TEXT value: backslash, semicolon, comma and line breaks escaped (RFC 5545 §3.3.11).
std::string escapedText(std::string_view text);

} // namespace visavis::notifications
