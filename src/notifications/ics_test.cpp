// Calendar texts, judged by libical: what we write it reads, finds valid, and gives back unchanged.
#include "notifications/ics.hpp"

#include <gtest/gtest.h>
#include <libical/ical.h>

#include <algorithm>
#include <memory>

namespace visavis::notifications {
namespace {

struct Free {
    void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
using Component = std::unique_ptr<icalcomponent, Free>;

Component parsed(std::string const& text) { return Component(icalparser_parse_string(text.c_str())); }

icalcomponent* eventOf(Component const& calendar) { return icalcomponent_get_first_component(calendar.get(), ICAL_VEVENT_COMPONENT); }

CalendarEvent event() {
    return {.uid = "bk_42@visavis.test",
            .sequence = 3,
            .stamp = *parseRfc3339("2026-11-01T08:00:00.999Z"),
            .startsAt = *parseRfc3339("2026-12-01T15:00:00Z"),
            .endsAt = *parseRfc3339("2026-12-01T16:30:00Z"),
            .organizer = CalendarPerson{"mail@visavis.test", "Visavis"},
            .attendees = {{"ann@example.test", "Ann; \"the\" one: or, two"}, {"bob@example.test", ""}},
            .summary = "Beratung mit Jürgen Groß; Thema: Preise, Verträge und die Übernahme",
            .description = "First line\nSecond, with \\ and ;\nEND:VEVENT",
            .location = "Online",
            .url = "https://visavis.test/join/abc?x=1;2"};
}

TEST(Ics, FoldsAt75Octets) {
    struct Row {
        char const* name;
        std::string line;
        std::string folded;
    };
    auto const longest = std::string(75, 'a');
    Row const rows[] = {
        {"the vector", "SUMMARY:" + escapedText("Beratung mit Jürgen Groß; Thema: Preise, Verträge und die Übernahme"),
         "SUMMARY:Beratung mit Jürgen Groß\\; Thema: Preise\\, Verträge und die Übe\r\n rnahme\r\n"},
        {"just fits", longest, longest + "\r\n"},
        {"one too many", longest + "b", longest + "\r\n b\r\n"},
        {"twice", longest + std::string(75, 'b'), longest + "\r\n " + std::string(74, 'b') + "\r\n b\r\n"},
        {"no character is torn", std::string(74, 'a') + "é", std::string(74, 'a') + "\r\n é\r\n"},
        {"nor one of four bytes", std::string(72, 'a') + "😀", std::string(72, 'a') + "\r\n 😀\r\n"},
        {"empty", "", "\r\n"},
    };
    for (auto const& row : rows) EXPECT_EQ(foldedLine(row.line), row.folded) << row.name;
    auto const bytesThatAreNoText = foldedLine(std::string(300, '\x80'));
    EXPECT_EQ(std::count(bytesThatAreNoText.begin(), bytesThatAreNoText.end(), '\x80'), 300) << "ends, and loses nothing";
}

TEST(Ics, EscapesText) { EXPECT_EQ(escapedText("a\\b;c,d\ne\r\nf\tg\x01h:\"i\""), "a\\\\b\\;c\\,d\\ne\\nfgh:\"i\""); }

TEST(Ics, WritesExactlyThis) {
    CalendarEvent plain{.uid = "u@v", .stamp = {0}, .startsAt = {60'000}, .endsAt = {120'000}, .summary = "S"};
    EXPECT_EQ(
        calendarText(CalendarMethod::publish, {plain}),
        "BEGIN:VCALENDAR\r\nPRODID:-//Visavis//Visavis//"
        "EN\r\nVERSION:2.0\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\nBEGIN:VEVENT\r\nUID:u@v\r\n"
        "SEQUENCE:0\r\nDTSTAMP:19700101T000000Z\r\nDTSTART:19700101T000100Z\r\nDTEND:19700101T000200Z\r\nSTATUS:CONFIRMED\r\nSUMMARY:S\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n");
}

TEST(Ics, IsValidForEveryMethod) {
    struct Row {
        CalendarMethod method;
        icalproperty_method read;
        icalproperty_status status;
        int attendees;
    };
    Row const rows[] = {
        {CalendarMethod::request, ICAL_METHOD_REQUEST, ICAL_STATUS_CONFIRMED, 2},
        {CalendarMethod::cancel, ICAL_METHOD_CANCEL, ICAL_STATUS_CANCELLED, 2},
        {CalendarMethod::publish, ICAL_METHOD_PUBLISH, ICAL_STATUS_CONFIRMED, 0},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(wordOf(row.method));
        auto const calendar = parsed(calendarText(row.method, {event()}));
        ASSERT_TRUE(calendar);
        EXPECT_EQ(icalcomponent_count_errors(calendar.get()), 0);
        EXPECT_TRUE(icalrestriction_check(calendar.get())) << icalcomponent_as_ical_string(calendar.get());
        EXPECT_EQ(icalcomponent_get_method(calendar.get()), row.read);
        auto* const inner = eventOf(calendar);
        ASSERT_NE(inner, nullptr);
        EXPECT_EQ(icalcomponent_get_status(inner), row.status);
        EXPECT_EQ(icalcomponent_count_properties(inner, ICAL_ATTENDEE_PROPERTY), row.attendees);
        EXPECT_EQ(icalcomponent_get_sequence(inner), 3);
    }
}

TEST(Ics, GivesEverythingBack) {
    auto const calendar = parsed(calendarText(CalendarMethod::request, {event()}));
    auto* const inner = eventOf(calendar);
    ASSERT_NE(inner, nullptr);
    EXPECT_STREQ(icalcomponent_get_uid(inner), "bk_42@visavis.test");
    EXPECT_EQ(icalcomponent_get_summary(inner), event().summary);
    EXPECT_EQ(icalcomponent_get_description(inner), event().description);
    EXPECT_STREQ(icalcomponent_get_location(inner), "Online");
    EXPECT_STREQ(icaltime_as_ical_string(icalcomponent_get_dtstart(inner)), "20261201T150000Z");
    EXPECT_STREQ(icaltime_as_ical_string(icalcomponent_get_dtend(inner)), "20261201T163000Z");
    EXPECT_STREQ(icaltime_as_ical_string(icalcomponent_get_dtstamp(inner)), "20261101T080000Z");
    auto* const url = icalcomponent_get_first_property(inner, ICAL_URL_PROPERTY);
    EXPECT_STREQ(icalproperty_get_url(url), "https://visavis.test/join/abc?x=1;2");
    auto* const organizer = icalcomponent_get_first_property(inner, ICAL_ORGANIZER_PROPERTY);
    EXPECT_STREQ(icalproperty_get_organizer(organizer), "mailto:mail@visavis.test");
    auto* const attendee = icalcomponent_get_first_property(inner, ICAL_ATTENDEE_PROPERTY);
    EXPECT_STREQ(icalproperty_get_attendee(attendee), "mailto:ann@example.test");
    auto* const name = icalproperty_get_first_parameter(attendee, ICAL_CN_PARAMETER);
    EXPECT_STREQ(icalparameter_get_cn(name), "Ann; 'the' one: or, two");
}

TEST(Ics, NobodyCanAddALine) {
    std::string const evil = "x\r\nATTENDEE:mailto:evil@example.test\r\nEND:VEVENT";
    CalendarEvent hostile{.uid = evil, .summary = evil, .description = evil, .location = evil, .url = evil};
    hostile.organizer = CalendarPerson{evil, evil};
    hostile.attendees = {{evil, evil}};
    auto const text = calendarText(CalendarMethod::request, {hostile});
    EXPECT_EQ(text.find("\nATTENDEE:"), text.npos);
    auto const calendar = parsed(text);
    ASSERT_TRUE(calendar);
    EXPECT_EQ(icalcomponent_count_components(calendar.get(), ICAL_VEVENT_COMPONENT), 1);
    EXPECT_EQ(icalcomponent_count_properties(eventOf(calendar), ICAL_ATTENDEE_PROPERTY), 1);
    for (std::size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1)) EXPECT_EQ(text[at - 1], '\r');
}

TEST(Ics, AFeedHasManyEvents) {
    auto gone = event();
    gone.uid = "bk_43@visavis.test";
    gone.cancelled = true;
    auto const calendar = parsed(calendarText(CalendarMethod::publish, {event(), gone}));
    EXPECT_EQ(icalcomponent_count_components(calendar.get(), ICAL_VEVENT_COMPONENT), 2);
    EXPECT_TRUE(icalrestriction_check(calendar.get()));
    auto* const first = eventOf(calendar);
    EXPECT_EQ(icalcomponent_get_status(first), ICAL_STATUS_CONFIRMED);
    EXPECT_EQ(icalcomponent_get_status(icalcomponent_get_next_component(calendar.get(), ICAL_VEVENT_COMPONENT)), ICAL_STATUS_CANCELLED);
}

} // namespace
} // namespace visavis::notifications
