// Writes iCalendar: content lines, their folding and escaping, and what each method needs.
#include "notifications/ics.hpp"

#include <algorithm>

namespace visavis::notifications {
namespace {

bool isControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

// Addresses and links are not TEXT and know no escapes: what could end the line or the value is taken out.
std::string bare(std::string_view value) {
    std::string out;
    std::copy_if(value.begin(), value.end(), std::back_inserter(out), [](char c) { return !isControl(c) && c != ' ' && c != '"'; });
    return out;
}

// A parameter value in quotes; it cannot contain one (RFC 5545 §3.1).
std::string quoted(std::string_view value) {
    std::string out = "\"";
    for (char const c : value) {
        if (!isControl(c)) out += c == '"' ? '\'' : c;
    }
    return out + '"';
}

// 20261201T150000Z
std::string utc(Instant instant) {
    auto text = toRfc3339(instant).substr(0, 19);
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text + 'Z';
}

class Writer {
public:
    void line(std::string_view name, std::string_view value) { text_ += foldedLine(std::string(name) + ':' + std::string(value)); }
    void textIfSet(std::string_view name, std::string const& value) {
        if (!value.empty()) line(name, escapedText(value));
    }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

std::string personLine(std::string_view property, CalendarPerson const& person) {
    return std::string(property) + (person.name.empty() ? "" : ";CN=" + quoted(person.name));
}

// Whoever booked has agreed already; answers to invitations are not read.
void writePeople(Writer& out, CalendarMethod method, CalendarEvent const& event) {
    if (event.organizer) out.line(personLine("ORGANIZER", *event.organizer), "mailto:" + bare(event.organizer->email));
    if (method == CalendarMethod::publish) return;
    for (auto const& attendee : event.attendees) {
        out.line(personLine("ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE", attendee), "mailto:" + bare(attendee.email));
    }
}

void writeEvent(Writer& out, CalendarMethod method, CalendarEvent const& event) {
    bool const cancelled = event.cancelled || method == CalendarMethod::cancel;
    out.line("BEGIN", "VEVENT");
    out.line("UID", escapedText(event.uid));
    out.line("SEQUENCE", std::to_string(event.sequence));
    out.line("DTSTAMP", utc(event.stamp));
    out.line("DTSTART", utc(event.startsAt));
    out.line("DTEND", utc(event.endsAt));
    out.line("STATUS", cancelled ? "CANCELLED" : "CONFIRMED");
    out.line("SUMMARY", escapedText(event.summary));
    out.textIfSet("DESCRIPTION", event.description);
    out.textIfSet("LOCATION", event.location);
    if (!event.url.empty()) out.line("URL", bare(event.url));
    writePeople(out, method, event);
    out.line("END", "VEVENT");
}

} // namespace

std::string_view wordOf(CalendarMethod method) {
    switch (method) {
        case CalendarMethod::request:
            return "REQUEST";
        case CalendarMethod::cancel:
            return "CANCEL";
        case CalendarMethod::publish:
            return "PUBLISH";
    }
    return "PUBLISH";
}

std::string calendarText(CalendarMethod method, std::vector<CalendarEvent> const& events) {
    Writer out;
    out.line("BEGIN", "VCALENDAR");
    out.line("PRODID", "-//Visavis//Visavis//EN");
    out.line("VERSION", "2.0");
    out.line("CALSCALE", "GREGORIAN");
    out.line("METHOD", wordOf(method));
    for (auto const& event : events) writeEvent(out, method, event);
    out.line("END", "VCALENDAR");
    return out.take();
}

std::string foldedLine(std::string_view line) {
    constexpr std::size_t longest = 75;
    std::string out;
    for (auto room = longest; line.size() > room; room = longest - 1) { // the space counts
        auto end = room;
        while (end > 1 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
        out.append(line.substr(0, end)).append("\r\n ");
        line.remove_prefix(end);
    }
    return out.append(line).append("\r\n");
}

std::string escapedText(std::string_view text) {
    std::string out;
    for (char const c : text) {
        if (c == '\n') {
            out += "\\n";
        } else if (!isControl(c)) {
            if (c == '\\' || c == ';' || c == ',') out += '\\';
            out += c;
        }
    }
    return out;
}

} // namespace visavis::notifications
