// Every text in every language, filled in; and what must never come out of it.
#include "notifications/templates.hpp"

#include <gtest/gtest.h>

namespace visavis::notifications {
namespace {

// All that texts may name, each value a small attack.
Values hostile() {
    Values values;
    for (auto const* name :
         {"name",   "specialist", "customer", "time",  "otherTime", "minutes", "hours", "type",    "price",  "fee",  "payout", "policy",
          "amount", "reason",     "platform", "other", "oldTime",   "refund",  "leave", "message", "rating", "from", "to"})
        values[name] = std::string(name) + " <script>\"&'</script> {{link}}";
    values["link"] = "https://visavis.test/x?a=1&b=\"2\"";
    return values;
}

std::string without(std::string text, std::string_view part) {
    for (auto found = text.find(part); found != text.npos; found = text.find(part)) text.erase(found, part.size());
    return text;
}

TEST(Templates, FillInEveryMailOfEveryLanguage) {
    for (auto const language : languages) {
        for (auto const kind : mailTexts) {
            auto const mail = mailBody(language, kind, hostile());
            auto const name = tableOf(language).code + " " + std::to_string(static_cast<int>(kind)) + " " + mail.subject;
            EXPECT_FALSE(mail.subject.empty()) << name;
            for (auto const& text : {mail.subject, mail.text, mail.html})
                EXPECT_EQ(without(text, "{{link}}").find("{{"), std::string::npos) << name << ": only what a value contains may remain\n"
                                                                                   << text;
            EXPECT_EQ(mail.html.find("<script"), std::string::npos) << name;
            EXPECT_NE(mail.html.find("&lt;script&gt;&quot;&amp;&#39;"), std::string::npos) << name;
            EXPECT_NE(mail.html.find("href=\"https://visavis.test/x?a=1&amp;b=&quot;2&quot;\""), std::string::npos) << name;
            EXPECT_NE(mail.html.find("<html lang=\"" + tableOf(language).code + "\">"), std::string::npos) << name;
            EXPECT_NE(mail.text.find("https://visavis.test/x?a=1&b=\"2\"\n"), std::string::npos) << name << ": plain text is plain";
        }
    }
}

TEST(Templates, FillInEveryNotificationOfEveryLanguage) {
    for (auto const language : languages) {
        for (auto const kind : noteTexts) {
            auto const note = noteBody(language, kind, hostile());
            auto const name = tableOf(language).code + " " + std::to_string(static_cast<int>(kind));
            EXPECT_FALSE(note.title.empty()) << name;
            EXPECT_EQ(without(note.title + note.message, "{{link}}").find("{{"), std::string::npos) << name;
        }
    }
}

TEST(Templates, LeaveOutWhatIsEmpty) {
    auto values = hostile();
    for (auto const* name : {"otherTime", "type", "fee", "payout", "policy"}) values[name] = "";
    for (auto const kind : {MailText::confirmedForCustomer, MailText::confirmedForSpecialist}) {
        auto const mail = mailBody(Language::en, kind, values);
        for (auto const* label : {"For ", "Session:", "Platform fee", "Your payout"})
            EXPECT_EQ(mail.text.find(label), std::string::npos) << label;
        EXPECT_NE(mail.text.find("Price: "), std::string::npos);
        EXPECT_EQ(mail.html.find("<p style=\"margin:0 0 8px;font-size:14px;color:#5f666d\"></p>"), std::string::npos);
    }
}

TEST(Templates, FillInOnce) {
    struct Row {
        char const* name;
        char const* pattern;
        char const* text;
    };
    Row const rows[] = {
        {"a value", "a {{x}} b", "a 1 b"},
        {"two", "{{x}}{{y}}", "1{{x}}"},
        {"a value is not looked into", "{{y}}", "{{x}}"},
        {"an unknown name stays", "{{z}}!", "{{z}}!"},
        {"never closed", "a {{x", "a {{x"},
        {"never opened", "x}} b", "x}} b"},
        {"nothing", "", ""},
    };
    for (auto const& row : rows) EXPECT_EQ(filled(row.pattern, {{"x", "1"}, {"y", "{{x}}"}}), row.text) << row.name;
}

TEST(Templates, TellLocalTimesWithTheirOffset) {
    struct Row {
        char const* name;
        Language language;
        char const* zone;
        char const* startsAt;
        char const* text;
    };
    Row const rows[] = {
        {"winter", Language::en, "America/New_York", "2026-03-06T14:00:00Z",
         "Friday, 6 March 2026, 09:00–10:00 (America/New_York, UTC-05:00)"},
        {"summer", Language::en, "America/New_York", "2026-03-09T13:00:00Z",
         "Monday, 9 March 2026, 09:00–10:00 (America/New_York, UTC-04:00)"},
        {"half an hour off", Language::en, "Asia/Kolkata", "2026-03-09T13:00:00Z",
         "Monday, 9 March 2026, 18:30–19:30 (Asia/Kolkata, UTC+05:30)"},
        {"three quarters", Language::en, "Asia/Kathmandu", "2026-03-09T18:30:00Z",
         "Tuesday, 10 March 2026, 00:15–01:15 (Asia/Kathmandu, UTC+05:45)"},
        {"over midnight", Language::en, "UTC", "2026-12-31T23:30:00Z", "Thursday, 31 December 2026, 23:30–00:30 (UTC, UTC+00:00)"},
        {"the clocks go back in between", Language::en, "America/New_York", "2026-11-01T05:30:00Z",
         "Sunday, 1 November 2026, 01:30 UTC-04:00 – 01:30 UTC-05:00 (America/New_York)"},
        {"German", Language::de, "Europe/Berlin", "2026-03-09T13:00:00Z",
         "Montag, 9. März 2026, 14:00–15:00 Uhr (Europe/Berlin, UTC+01:00)"},
    };
    for (auto const& row : rows) {
        auto const start = *parseRfc3339(row.startsAt);
        EXPECT_EQ(sessionTime(row.language, *Zone::load(row.zone), start, start + Hours(1)), row.text) << row.name;
    }
}

TEST(Templates, SayThePolicyInOneSentence) {
    using Policy = profiles::CancellationPolicy;
    struct Row {
        char const* name;
        Policy policy;
        char const* text;
    };
    Row const rows[] = {
        {"the usual", {{24}, {100}, {}}, "Refund if you cancel: 100% until 24 hours before the start, nothing after that."},
        {"half", {{1}, {50}, {}}, "Refund if you cancel: 50% until one hour before the start, nothing after that."},
        {"to the start", {{0}, {100}, {}}, "Refund if you cancel: 100% until the start."},
        {"never", {{24}, {0}, {}}, "The price is not refunded if you cancel."},
        {"tiers say it all, longest first",
         {{24}, {100}, {{{2}, {25}}, {{48}, {80}}}},
         "Refund if you cancel: 80% until 48 hours before the start, 25% until 2 hours before the start, nothing after that."},
    };
    for (auto const& row : rows) EXPECT_EQ(policySentence(Language::en, row.policy), row.text) << row.name;
    EXPECT_EQ(policySentence(Language::de, {{24}, {100}, {}}),
              "Rückerstattung bei Absage: 100\u00A0% bis 24 Stunden vor Beginn, danach nichts.");
}

TEST(Templates, LanguagesHaveTheSameTexts) {
    for (auto const language : languages) {
        auto const& table = tableOf(language);
        EXPECT_EQ(table.mails.size(), mailTexts.size()) << table.code;
        EXPECT_EQ(table.notes.size(), noteTexts.size()) << table.code;
        for (auto const& [code, sentence] : english().declines) EXPECT_TRUE(table.declines.contains(code)) << table.code << " " << code;
        EXPECT_EQ(declineReason(language, "a_code_of_next_year"), table.declines.at("")) << table.code;
        EXPECT_EQ(priceText(language, 0, {}), table.free);
        EXPECT_EQ(priceText(language, 5000, {}), "50.00 USD");
    }
}

} // namespace
} // namespace visavis::notifications
