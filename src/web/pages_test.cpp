// Escaping by place, formats and languages, as tables.
#include "web/format.hpp"
#include "web/html.hpp"
#include "web/messages.hpp"
#include "web/people.hpp"

#include <gtest/gtest.h>

namespace visavis::web {
namespace {

template <class F> std::string written(F const& write) {
    Html html;
    write(html);
    return html.take();
}

TEST(Html, EscapesForThePlace) {
    EXPECT_EQ(written([](Html& html) { html.text("<a b=\"c\">'&"); }), "&lt;a b=&quot;c&quot;&gt;&#39;&amp;");
    EXPECT_EQ(written([](Html& html) { html.text(42); }), "42");
    EXPECT_EQ(written([](Html& html) { html.urlPart("a/b?c=d&\"é"); }), "a%2Fb%3Fc%3Dd%26%22%C3%A9");
    EXPECT_EQ(written([](Html& html) { html.json({"{\"a\":\"</script><!--&\"}"}); }), "{\"a\":\"\\u003c/script\\u003e\\u003c!--\\u0026\"}");
    std::pair<char const*, char const*> const addresses[] = {{"/s/ada?x=1&y=2", "/s/ada?x=1&amp;y=2"},
                                                             {"https://example.test/", "https://example.test/"},
                                                             {"HTTP://example.test/", "HTTP://example.test/"},
                                                             {"#times", "#times"},
                                                             {"?a=b", "?a=b"},
                                                             {"javascript:alert(1)", "#"},
                                                             {"data:text/html,x", "#"},
                                                             {"//evil.test", "#"},
                                                             {"/\\evil.test", "#"},
                                                             {"/\t/evil.test", "#"},
                                                             {"evil", "#"},
                                                             {"", "#"}};
    for (auto const& row : addresses) EXPECT_EQ(written([&](Html& html) { html.url(row.first); }), row.second) << row.first;
}

TEST(Format, WritesMoneyAsReadersDo) {
    struct Row {
        Language language;
        MinorUnits amount;
        char const* currency;
        Zeros zeros;
        char const* text;
    };
    using enum Language;
    using enum Zeros;
    Row const rows[] = {{en, 9'000, "USD", dropped, "$90"},
                        {en, 9'000, "USD", kept, "$90.00"},
                        {en, 123'456'789, "USD", dropped, "$1,234,567.89"},
                        {en, 5, "EUR", dropped, "€0.05"},
                        {en, 8'000, "CHF", dropped, "CHF\u00A080"},
                        {en, 5'000, "JPY", kept, "¥5,000"},
                        {en, 1'234, "KWD", dropped, "KWD\u00A01.234"},
                        {en, -9'050, "USD", kept, "−$90.50"},
                        {de, 123'450, "EUR", dropped, "1.234,50\u00A0€"},
                        {de, 9'000, "USD", dropped, "90\u00A0$"},
                        {de, 9'000, "CHF", kept, "90,00\u00A0CHF"}};
    for (auto const& row : rows)
        EXPECT_EQ(money(row.language, row.amount, *Currency::parse(row.currency), row.zeros), row.text) << row.text;
}

TEST(Format, WritesDatesAsReadersDo) {
    auto const day = *parseDate("2026-12-01");
    EXPECT_EQ(longDate(Language::en, day), "Tuesday, 1 December 2026");
    EXPECT_EQ(longDate(Language::de, day), "Dienstag, 1. Dezember 2026");
    EXPECT_EQ(shortDate(Language::en, day), "1 Dec 2026");
    EXPECT_EQ(shortDate(Language::de, day), "1. Dez. 2026");
    EXPECT_EQ(shortDate(Language::de, *parseDate("2026-03-09")), "9. März 2026");
    EXPECT_EQ(shortDate(Language::de, *parseDate("2026-05-09")), "9. Mai 2026");
    EXPECT_EQ(placeName("America/Argentina/Buenos_Aires"), "Buenos Aires");
    EXPECT_EQ(placeName("UTC"), "UTC");
    auto const berlin = *Zone::load("Europe/Berlin");
    auto const change = *parseRfc3339("2026-10-25T00:30:00Z"); // the clocks go back at 01:00 UTC
    EXPECT_EQ(timeSpan(berlin.at(change), berlin.at(change + Hours(1))), "02:30 (UTC+02:00) – 02:30 (UTC+01:00)");
    EXPECT_EQ(timeSpan(berlin.at(change), berlin.at(change + Minutes(15))), "02:30–02:45");
    EXPECT_EQ(rating(Language::de, 4.75), "4,8");
}

TEST(Words, ChoosesTheLanguage) {
    std::pair<char const*, Language> const rows[] = {{"", Language::en},
                                                     {"de", Language::de},
                                                     {"de-AT,de;q=0.9", Language::de},
                                                     {"en;q=0.5,de;q=0.8", Language::de},
                                                     {"fr,de;q=0.3", Language::de},
                                                     {"fr", Language::en},
                                                     {"*", Language::en},
                                                     {"de;q=0", Language::en},
                                                     {"de;q=x,;,,", Language::en}};
    for (auto const& [header, language] : rows) EXPECT_EQ(acceptedLanguage(header), language) << header;
}

TEST(Words, FillsInAndCounts) {
    Messages const english(Language::en);
    Messages const german(Language::de);
    EXPECT_EQ(english.rated("4.8", 1), "4.8 (1 review)");
    EXPECT_EQ(english.rated("4.8", 2), "4.8 (2 reviews)");
    EXPECT_EQ(german.rated("{count}", 2), "{count} (2 Bewertungen)"); // a value is not looked into
    EXPECT_EQ(english.plain("error_slot_taken"), "This time is no longer free.");
    EXPECT_EQ(english.plain("no such message"), "");
}

TEST(People, ShowsOnlyPicturesOfOurs) {
    std::string const ours = "https://visavis.test";
    EXPECT_EQ(picturePath(Text<1, 2048>("https://visavis.test/images/abc"), ours), "/images/abc");
    EXPECT_EQ(picturePath(Text<1, 2048>("https://elsewhere.test/images/abc"), ours), "");
    EXPECT_EQ(picturePath(Text<1, 2048>("https://visavis.test.evil.test/images/abc"), ours), "");
    EXPECT_EQ(picturePath({}, ours), "");
    EXPECT_EQ(initials("Ada Kessler"), "AK");
    EXPECT_EQ(initials("Élise  van der Berg"), "Év");
    EXPECT_EQ(initials("x"), "x");
}

} // namespace
} // namespace visavis::web
