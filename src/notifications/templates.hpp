// From a language's texts and the values of one case to a subject, a text and an HTML page. Pure.
#pragma once

#include "core/money.hpp"
#include "core/zone.hpp"
#include "notifications/language.hpp"
#include "profiles/records.hpp"

#include <functional>

namespace visavis::notifications {

using Values = std::map<std::string, std::string, std::less<>>;

// Puts values in the place of {{name}}, once: what a value contains is not looked into. An unknown name stays, for the test to find.
std::string filled(std::string_view pattern, Values const& values);

struct MailBody {
    std::string subject;
    std::string text;
    std::string html; // every value escaped
};
MailBody mailBody(Language language, MailText text, Values const& values);

struct NoteBody {
    std::string title;
    std::string message;
};
NoteBody noteBody(Language language, NoteText text, Values const& values);

// "Tuesday, 1 December 2026, 10:00–11:00 (America/New_York, UTC-05:00)"; each time has its offset when the clocks change in between.
// Of an empty span, a moment: "Tuesday, 1 December 2026, 10:00 (…)".
std::string sessionTime(Language language, Zone const& zone, Instant startsAt, Instant endsAt);
// What a customer gets back, in one sentence.
std::string policySentence(Language language, profiles::CancellationPolicy const& policy);
// Why a card was declined, from the gateway's code, never in the gateway's words.
std::string declineReason(Language language, std::string const& code);
std::string priceText(Language language, MinorUnits amount, Currency const& currency);

} // namespace visavis::notifications
