// What the pages show: plain values, formatted for the reader already.
#pragma once

#include "web/assets.hpp"
#include "web/form.hpp"
#include "web/format.hpp"
#include "web/html.hpp"
#include "web/messages.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace visavis::web {

// Who is logged in.
struct Viewer {
    std::string name;
    bool isSpecialist = false;
    bool isCustomer = false;
    bool isVerified = false;
};

// What every page has around it.
struct Frame {
    std::string title;
    std::string description;
    std::string canonical;        // absolute; empty: not for search engines
    std::string image;            // absolute, for previews
    std::string kind = "website"; // Open Graph's type
    std::optional<JsonText> data; // schema.org
    std::string here;             // path and query, without the language
    std::string otherLanguage;    // address of this page in the other language
    std::string next;             // where a log-in leads back to
    std::optional<Viewer> viewer;
    std::string mailbox;              // of the sandbox, which the banner leads to; empty without one
    std::string done;                 // what has just been done, said on top
    std::vector<std::string> scripts; // further ones
    std::string year;
    bool bare = false; // within another site: no header, no footer
};

// A labelled control; with `rows` a textarea.
struct Field {
    std::string_view name;
    std::string_view label;
    std::string_view type = "text";
    std::string_view value;
    std::string_view error;
    std::string_view hint;
    std::string_view autocomplete;
    bool optional = false;
    bool unmarked = false; // optional, as everything in its form is
    int rows = 0;
};
// The ids of what explains a field, for aria-describedby.
std::string describedBy(Field const& field);

// A link of a row of choices.
struct Choice {
    std::string label;
    std::string href;
    bool selected = false;
};

struct Card {
    std::string slug, name, headline, location;
    std::string image; // a path of ours, or empty
    std::string initials;
    std::string rating; // empty: nobody has rated yet
    std::int64_t reviews = 0;
    std::string price;
    std::int64_t minutes = 0;
    std::vector<std::string> specialties;
    bool verified = false;
};

struct HomePage {
    Form form;
    std::vector<std::string> currencies;
    std::vector<Card> cards;
    std::string more; // address of the next page
    bool searched = false;
    bool filtered = false; // by more than words: the filters are open
    bool further = false;  // not the first page
};

// Log-in, registration, confirmation and passwords.
struct AccountPage {
    Form form;
    std::string next;
    std::string token;
    bool expired = false;      // a log-in has ended
    bool asSpecialist = false; // who registers
};

// A free time, in the reader's zone and beside it in the specialist's.
struct TimeChoice {
    std::string time;
    std::string offset;  // where it is another than the day's
    std::string ownTime; // empty when the two zones agree
    std::string price;   // where it is another than the usual one
    std::string href;
};

struct PickerDay {
    std::string title;
    std::string offsets;              // "UTC+01:00", and the specialist's if it differs
    std::vector<std::string> changes; // clocks that are put forward or back on this day
    std::vector<TimeChoice> times;
};

struct Picker {
    std::string path; // of the page it stands on
    std::string zone, ownZone, ownPlace;
    bool sameZone = false;
    std::string from;     // first day shown
    std::string duration; // as chosen
    std::vector<Choice> durations;
    std::vector<PickerDay> days;
    std::string range;          // "1 – 7 December 2026"
    std::string earlier, later; // addresses
    std::string nextFree, nextFreeDay;
    std::vector<std::string> const* zones = nullptr;
    std::string price; // of the chosen duration
    bool embedded = false;
    Instant holdsUntil{}; // without a write
};

struct ReviewView {
    std::string stars, spoken; // "★★★★☆", "4 of 5"
    std::string date, text, response;
};

struct ProfilePage {
    Card card;
    std::string bio, company, website, languages, experience, certifications, policy, zoneNote;
    Picker picker;
    std::vector<ReviewView> reviews;
    std::string moreReviews;
    std::string own; // the link to share, when it is the reader's own profile
};

// "Tuesday, 1 December 2026", "10:00–11:00", "UTC+01:00", "Europe/Berlin", and the same in the other side's zone.
struct When {
    std::string day, span, offset, zone;
    std::string own; // empty when the clocks of both show the same
};

// GET /s/{slug}/book/{slotId}
struct BookPage {
    Form form;
    Card card;
    When when;
    std::string action;
    std::string price, policy, minutes;
    std::string amount, currency; // as the form sends them back: another price now is refused
    bool open = false;            // the time is free
    bool isCustomer = false, isVerified = false, isGuest = false;
    std::vector<TimeChoice> nearest;
    std::string ownBooking; // the reader's own booking of this time
};

struct BookingRow {
    std::string href, name, image, initials;
    When when;
    std::string status, kind; // word for people, and its colour
};
struct BookingsPage {
    std::vector<Choice> tabs;
    std::vector<BookingRow> rows;
    std::string more;
    bool past = false;
};

struct MessageView {
    std::string name, text, when;
    bool mine = false;
};

// GET /bookings/{id}
struct ManagePage {
    std::string id, name, image, initials, slug;
    std::string status, kind, reason; // of the booking
    When when;
    std::string minutes, price, money, policy, notes, consultation;
    std::string receipt;   // where it is shown
    std::string dashboard; // where a specialist finds the rest
    std::string holdUntil; // while pending
    std::string join;
    std::string google, outlook;
    bool isCustomer = false, isConfirmed = false, isPending = false;
    bool cancellable = false, movable = false, completable = false, reviewable = false, reportable = false;
    bool notable = false; // the reader may still write notes
    std::string cancelText, cancelUntil, refund;
    std::string absenceText; // what reporting it does
    std::string ownStars, ownReview;
    std::vector<MessageView> messages;
    Form cancel, message, review, note, absence;
};

// GET /bookings/{id}/reschedule and …/{slotId}
struct MovePage {
    std::string id, name;
    When from, to;
    Picker picker;
    std::string action; // of the form that confirms a choice
    Form form;
    std::vector<TimeChoice> nearest;
};

// GET /bookings/{id}/pay
struct PayPage {
    std::string id, name, minutes, price, policy;
    When when;
    std::string expiresAt; // RFC 3339
    std::string holdUntil;
    std::string returnUrl;
    std::string declines; // JSON: sentences by code
};

struct MessagePage {
    std::string title;
    std::string text;
    std::vector<Choice> links;
};

} // namespace visavis::web
