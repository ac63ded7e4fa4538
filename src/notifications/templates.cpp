// Filling in the texts of a language, for mail readers with and without HTML.
#include "notifications/templates.hpp"

#include "core/escape.hpp"

#include <algorithm>

namespace visavis::notifications {
namespace {

// A calm page that mail programs show alike: one column, system fonts, styles inline, no images. Values come in escaped.
constexpr std::string_view page = R"(<!doctype html>
<html lang="{{language}}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{{subject}}</title></head>
<body style="margin:0;padding:0;background:#f5f5f2;color:#22262a;font:16px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:8px"><tr><td style="padding:32px">
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3">{{heading}}</h1>
{{paragraphs}}{{facts}}{{button}}{{closing}}</td></tr></table>
<p style="margin:16px 0 0;font-size:13px;color:#5f666d">{{footer}}</p>
</td></tr></table>
</body>
</html>
)";
constexpr std::string_view paragraphHtml = "<p style=\"margin:0 0 16px\">{{text}}</p>\n";
constexpr std::string_view closingHtml = "<p style=\"margin:0 0 8px;font-size:14px;color:#5f666d\">{{text}}</p>\n";
constexpr std::string_view factsHtml = "<table cellpadding=\"0\" cellspacing=\"0\" style=\"margin:0 0 16px\">\n{{rows}}</table>\n";
constexpr std::string_view factHtml =
    "<tr><th scope=\"row\" align=\"left\" valign=\"top\" style=\"padding:4px 16px 4px 0;font-weight:normal;color:#5f666d\">{{label}}</th>"
    "<td valign=\"top\" style=\"padding:4px 0\">{{value}}</td></tr>\n";
constexpr std::string_view buttonHtml =
    "<p style=\"margin:24px 0\"><a href=\"{{link}}\" style=\"display:inline-block;padding:12px 20px;background:#1f4e79;color:#ffffff;"
    "text-decoration:none;border-radius:6px\">{{label}}</a></p>\n";

// A template with its values put in, still plain text; what came out empty is gone.
MailTemplate filledIn(MailTemplate const& pattern, Values const& values) {
    MailTemplate out{
        .subject = filled(pattern.subject, values), .heading = filled(pattern.heading, values), .button = filled(pattern.button, values)};
    auto const fillAll = [&](std::vector<std::string> const& from, std::vector<std::string>& to) {
        for (auto const& line : from)
            if (auto text = filled(line, values); !text.empty()) to.push_back(std::move(text));
    };
    fillAll(pattern.paragraphs, out.paragraphs);
    fillAll(pattern.closing, out.closing);
    for (auto const& fact : pattern.facts)
        if (auto value = filled(fact.value, values); !value.empty()) out.facts.push_back({filled(fact.label, values), std::move(value)});
    return out;
}

std::string asText(MailTemplate const& mail, std::string const& link, std::string const& footer) {
    std::string out = mail.heading + "\n\n";
    for (auto const& paragraph : mail.paragraphs) out += paragraph + "\n\n";
    for (auto const& fact : mail.facts) out += fact.label + ": " + fact.value + "\n";
    if (!mail.facts.empty()) out += '\n';
    out += mail.button + ":\n" + link + "\n\n";
    for (auto const& paragraph : mail.closing) out += paragraph + "\n\n";
    return out + "-- \n" + footer + "\n";
}

std::string escapedAll(std::string_view pattern, std::vector<std::string> const& texts) {
    std::string out;
    for (auto const& text : texts) out += filled(pattern, {{"text", escapedHtml(text)}});
    return out;
}

std::string factsTable(std::vector<Fact> const& facts) {
    std::string rows;
    for (auto const& fact : facts) rows += filled(factHtml, {{"label", escapedHtml(fact.label)}, {"value", escapedHtml(fact.value)}});
    return rows.empty() ? rows : filled(factsHtml, {{"rows", rows}});
}

std::string asHtml(LanguageTable const& table, MailTemplate const& mail, std::string const& link, std::string const& footer) {
    return filled(page, {{"language", table.code},
                         {"subject", escapedHtml(mail.subject)},
                         {"heading", escapedHtml(mail.heading)},
                         {"paragraphs", escapedAll(paragraphHtml, mail.paragraphs)},
                         {"facts", factsTable(mail.facts)},
                         {"button", filled(buttonHtml, {{"link", escapedHtml(link)}, {"label", escapedHtml(mail.button)}})},
                         {"closing", escapedAll(closingHtml, mail.closing)},
                         {"footer", escapedHtml(footer)}});
}

std::string hoursText(Wall const& start, Wall const& end) {
    if (start.offset == end.offset) return toText(start.time()) + "–" + toText(end.time());
    return toText(start.time()) + " UTC" + offsetText(start.offset) + " – " + toText(end.time()) + " UTC" + offsetText(end.offset);
}

std::vector<profiles::PolicyTier> tiersOf(profiles::CancellationPolicy const& policy) {
    auto tiers = policy.tiers;
    if (tiers.empty()) tiers.push_back({policy.refundableBefore, policy.refundPercentage});
    std::stable_sort(tiers.begin(), tiers.end(), [](auto const& a, auto const& b) { return a.hoursBefore > b.hoursBefore; });
    return tiers;
}

std::string tierText(PolicyWords const& words, profiles::PolicyTier const& tier) {
    auto const& pattern = tier.hoursBefore == 0 ? words.untilStart : tier.hoursBefore == 1 ? words.untilHour : words.untilHours;
    return filled(pattern, {{"percent", std::to_string(tier.refundPercentage)}, {"hours", std::to_string(tier.hoursBefore)}});
}

} // namespace

LanguageTable const& tableOf(Language language) {
    switch (language) {
        case Language::en:
            return english();
        case Language::de:
            return german();
    }
    return english();
}

std::string filled(std::string_view pattern, Values const& values) {
    std::string out;
    while (true) {
        auto const open = pattern.find("{{");
        auto const close = pattern.find("}}", open == pattern.npos ? open : open + 2);
        if (close == pattern.npos) return out.append(pattern);
        out.append(pattern.substr(0, open));
        auto const found = values.find(pattern.substr(open + 2, close - open - 2));
        out.append(found == values.end() ? pattern.substr(open, close + 2 - open) : std::string_view(found->second));
        pattern.remove_prefix(close + 2);
    }
}

MailBody mailBody(Language language, MailText text, Values const& values) {
    auto const& table = tableOf(language);
    auto const mail = filledIn(table.mails.at(text), values);
    auto const link = filled("{{link}}", values);
    auto const footer = filled(table.footer, values);
    return {mail.subject, asText(mail, link, footer), asHtml(table, mail, link, footer)};
}

NoteBody noteBody(Language language, NoteText text, Values const& values) {
    auto const& note = tableOf(language).notes.at(text);
    return {filled(note.title, values), filled(note.message, values)};
}

std::string sessionTime(Language language, Zone const& zone, Instant startsAt, Instant endsAt) {
    auto const& table = tableOf(language);
    auto const start = zone.at(startsAt);
    auto const end = zone.at(endsAt);
    auto const day = civil(start.date);
    auto const place = start.offset == end.offset ? zone.name() + ", UTC" + offsetText(start.offset) : zone.name();
    auto const hours = startsAt == endsAt ? toText(start.time()) : hoursText(start, end);
    return filled(table.sessionTime, {{"weekday", table.weekdays.at(static_cast<std::size_t>(start.date.weekday()))},
                                      {"day", std::to_string(day.day)},
                                      {"month", table.months.at(static_cast<std::size_t>(day.month - 1))},
                                      {"year", std::to_string(day.year)},
                                      {"hours", hours},
                                      {"zone", place}});
}

std::string policySentence(Language language, profiles::CancellationPolicy const& policy) {
    auto const& words = tableOf(language).policy;
    std::string parts;
    bool untilTheStart = false;
    for (auto const& tier : tiersOf(policy)) {
        if (tier.refundPercentage == 0) continue;
        parts += (parts.empty() ? "" : ", ") + tierText(words, tier);
        untilTheStart = untilTheStart || tier.hoursBefore == 0;
    }
    if (parts.empty()) return words.nothing;
    return words.intro + parts + (untilTheStart ? "" : ", " + words.nothingLater) + ".";
}

std::string declineReason(Language language, std::string const& code) {
    auto const& declines = tableOf(language).declines;
    auto const found = declines.find(code);
    return found == declines.end() ? declines.at("") : found->second;
}

std::string priceText(Language language, MinorUnits amount, Currency const& currency) {
    return amount == 0 ? tableOf(language).free : moneyText(amount, currency);
}

} // namespace visavis::notifications
