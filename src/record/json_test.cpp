// What JSON input is taken and refused, with the code and the place of each fault; and what comes out.
#include "record/json.hpp"

#include "record/testing.hpp"

#include <gtest/gtest.h>
#include <boost/json/serialize.hpp>

namespace visavis {
namespace {

using sample::Everything;
using sample::Mood;
using sample::Route;
using sample::Stop;

template <class T> struct Holder { T it; };

using Words = Holder<Mood>;
RECORD(Words, it)
using Flag = Holder<bool>;
RECORD(Flag, it)
using Whole = Holder<std::int64_t>;
RECORD(Whole, it)
using Narrow = Holder<std::int16_t>;
RECORD(Narrow, it)
using Real = Holder<double>;
RECORD(Real, it)
using Bound = Holder<Bounded<-5, 5>>;
RECORD(Bound, it)
using Line = Holder<Text<1, 5>>;
RECORD(Line, it)
using Paragraph = Holder<Lines<0, 5>>;
RECORD(Paragraph, it)
using Raw = Holder<std::string>;
RECORD(Raw, it)
using Mail = Holder<Email>;
RECORD(Mail, it)
using Link = Holder<Url>;
RECORD(Link, it)
using Id = Holder<Ref<Stop>>;
RECORD(Id, it)
using Moment = Holder<Instant>;
RECORD(Moment, it)
using Day = Holder<LocalDate>;
RECORD(Day, it)
using Time = Holder<LocalTime>;
RECORD(Time, it)
using Place = Holder<Zone>;
RECORD(Place, it)
using Coin = Holder<Currency>;
RECORD(Coin, it)
using Key = Holder<Password>;
RECORD(Key, it)
using Maybe = Holder<std::optional<std::int64_t>>;
RECORD(Maybe, it)
using Many = Holder<std::vector<std::int64_t>>;
RECORD(Many, it)
using Named = Holder<std::map<std::string, std::int64_t>>;
RECORD(Named, it)

// What comes back of {"it": input}: the member as it is written again, or "code pointer".
template <class T> std::string outcome(std::string const& input) {
    auto const parsed = parseJson("{\"it\":" + input + "}");
    if (!parsed) return parsed.error().key;
    auto const read = fromJson<T>(*parsed);
    if (!read) {
        EXPECT_EQ(read.error().key, "invalid");
        EXPECT_EQ(read.error().fields.size(), 1u);
        return read.error().fields.at(0).code + " " + read.error().fields.at(0).path;
    }
    auto const text = toJson(*read);
    return text == "{}" ? "absent" : text.substr(6, text.size() - 7);
}

struct Row {
    char const* name;
    std::string (*decode)(std::string const&);
    std::string input;
    std::string expected; // empty: the input comes back as it is
};

std::string repeated(std::string const& text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
}

std::vector<Row> const rows{
    {"true", outcome<Flag>, "true", ""},
    {"false", outcome<Flag>, "false", ""},
    {"a flag is no number", outcome<Flag>, "1", "type /it"},
    {"a flag is no text", outcome<Flag>, R"("true")", "type /it"},
    {"what must be given is not null", outcome<Flag>, "null", "type /it"},

    {"zero", outcome<Whole>, "0", ""},
    {"minus zero", outcome<Whole>, "-0", "0"},
    {"2^53", outcome<Whole>, "9007199254740992", ""},
    {"beyond 2^53", outcome<Whole>, "9007199254740993", ""},
    {"2^63-1", outcome<Whole>, "9223372036854775807", ""},
    {"-2^63", outcome<Whole>, "-9223372036854775808", ""},
    {"2^63", outcome<Whole>, "9223372036854775808", "out_of_range /it"},
    {"2^64", outcome<Whole>, "18446744073709551616", "out_of_range /it"},
    {"a whole double", outcome<Whole>, "5.0", "5"},
    {"an exponent", outcome<Whole>, "1e3", "1000"},
    {"a large whole double", outcome<Whole>, "1e15", "1000000000000000"},
    {"a double with gaps", outcome<Whole>, "1e16", "out_of_range /it"},
    {"a fraction", outcome<Whole>, "5.5", "type /it"},
    {"beyond doubles", outcome<Whole>, "1e400", "out_of_range /it"},
    {"a number in text", outcome<Whole>, R"("5")", "type /it"},
    {"narrow", outcome<Narrow>, "32767", ""},
    {"too wide", outcome<Narrow>, "32768", "out_of_range /it"},
    {"lower bound", outcome<Bound>, "-5", ""},
    {"upper bound", outcome<Bound>, "5", ""},
    {"below the bound", outcome<Bound>, "-6", "out_of_range /it"},
    {"above the bound", outcome<Bound>, "6", "out_of_range /it"},
    {"far above the bound", outcome<Bound>, "1e300", "out_of_range /it"},

    {"a real", outcome<Real>, "4.25", ""},
    {"a whole real", outcome<Real>, "4", ""},
    {"a tiny real", outcome<Real>, "5e-324", ""},
    {"the largest real", outcome<Real>, "1.7976931348623157e+308", ""},
    {"an infinite real", outcome<Real>, "1e400", "out_of_range /it"},
    {"a real in text", outcome<Real>, R"("4.25")", "type /it"},

    {"text", outcome<Line>, R"("abc")", ""},
    {"text is trimmed", outcome<Line>, R"("  a b\t")", R"("a b")"},
    {"five characters of four bytes", outcome<Line>, R"("😀😀😀😀😀")", ""},
    {"six characters", outcome<Line>, R"("ééé\u00e9éé")", "too_long /it"},
    {"a surrogate pair", outcome<Line>, R"("\ud83d\ude00")", R"("😀")"},
    {"blank", outcome<Line>, R"("  ")", "too_short /it"},
    {"text is no number", outcome<Line>, "5", "type /it"},
    {"a line break", outcome<Line>, R"("a\nb")", "characters /it"},
    {"NUL", outcome<Line>, R"("a\u0000")", "characters /it"},
    {"escape", outcome<Line>, R"("\u001b[1m")", "characters /it"},
    {"delete", outcome<Line>, R"("a\u007f")", "characters /it"},
    {"C1", outcome<Line>, R"("\u0085x")", "characters /it"},
    {"bidi override", outcome<Line>, R"("a\u202eb")", "characters /it"},
    {"bidi isolate", outcome<Line>, R"("a\u2066b")", "characters /it"},
    {"lone high surrogate", outcome<Line>, R"("\ud83d")", "malformed_json"},
    {"lone low surrogate", outcome<Line>, R"("\ude00")", "malformed_json"},
    {"bad UTF-8", outcome<Line>, "\"\xC3\x28\"", "malformed_json"},
    {"overlong UTF-8", outcome<Line>, "\"\xC0\xAF\"", "malformed_json"},
    {"surrogate in UTF-8", outcome<Line>, "\"\xED\xA0\x80\"", "malformed_json"},
    {"a raw control character", outcome<Line>, "\"a\x01\"", "malformed_json"},
    {"lines", outcome<Paragraph>, R"("a\nb")", ""},
    {"no lines", outcome<Paragraph>, R"("")", ""},
    {"a carriage return", outcome<Paragraph>, R"("a\rb")", "characters /it"},
    {"raw text", outcome<Raw>, R"("\"\\/\b\u0000")", R"("\"\\/\u0008\u0000")"},
    {"a password is as typed", outcome<Key>, R"(" a ")", ""},

    {"an address", outcome<Mail>, R"(" Ada.L+x@Example.ORG ")", R"("ada.l+x@example.org")"},
    {"no at", outcome<Mail>, R"("ada")", "format /it"},
    {"no dot", outcome<Mail>, R"("ada@host")", "format /it"},
    {"two dots", outcome<Mail>, R"("a..b@c.de")", "format /it"},
    {"a line in an address", outcome<Mail>, R"("a@b.de\nBcc: x@y.de")", "format /it"},
    {"not ASCII", outcome<Mail>, R"("ä@b.de")", "format /it"},
    {"a long address", outcome<Mail>, "\"a@" + repeated("b.", 126) + "de\"", "format /it"},

    {"a link", outcome<Link>, R"("https://example.org/a?b=c#d")", ""},
    {"a link that runs", outcome<Link>, "\"javascript:alert(1)\"", "format /it"},
    {"a link with a log-in", outcome<Link>, R"("https://a:b@example.org/")", "format /it"},
    {"a link without a host", outcome<Link>, R"("https:///x")", "format /it"},
    {"a relative link", outcome<Link>, R"("/x")", "format /it"},
    {"a long link", outcome<Link>, "\"https://example.org/" + repeated("x", 2048) + "\"", "format /it"},

    {"an id", outcome<Id>, R"("0123456789abcdef01234567")", ""},
    {"an id in capitals", outcome<Id>, R"("0123456789ABCDEF01234567")", R"("0123456789abcdef01234567")"},
    {"a short id", outcome<Id>, R"("0123456789abcdef0123456")", "format /it"},
    {"an id with another letter", outcome<Id>, R"("0123456789abcdef0123456g")", "format /it"},
    {"an id is no number", outcome<Id>, "1", "type /it"},

    {"an instant", outcome<Moment>, R"("2026-03-01T09:00:00.123Z")", ""},
    {"an instant with an offset", outcome<Moment>, R"("2026-03-01T14:30:00+05:30")", R"("2026-03-01T09:00:00.000Z")"},
    {"digits beyond milliseconds", outcome<Moment>, R"("2026-03-01T09:00:00.123999999Z")", R"("2026-03-01T09:00:00.123Z")"},
    {"before 1970", outcome<Moment>, R"("1969-12-31T23:59:59.999Z")", ""},
    {"the first instant", outcome<Moment>, R"("0001-01-01T00:00:00.000Z")", ""},
    {"before the first instant", outcome<Moment>, R"("0001-01-01T00:00:00+00:01")", "out_of_range /it"},
    {"the last instant", outcome<Moment>, R"("9999-12-31T23:59:59.999Z")", ""},
    {"after the last instant", outcome<Moment>, R"("9999-12-31T23:59:59-00:01")", "out_of_range /it"},
    {"no offset", outcome<Moment>, R"("2026-03-01T09:00:00")", "format /it"},
    {"29 February", outcome<Moment>, R"("2026-02-29T09:00:00Z")", "format /it"},
    {"hour 24", outcome<Moment>, R"("2026-03-01T24:00:00Z")", "format /it"},
    {"an instant is no number", outcome<Moment>, "1772355600000", "type /it"},

    {"a day", outcome<Day>, R"("2024-02-29")", ""},
    {"a day before 1970", outcome<Day>, R"("1969-12-31")", ""},
    {"the first day", outcome<Day>, R"("0001-01-01")", ""},
    {"the last day", outcome<Day>, R"("9999-12-31")", ""},
    {"no such day", outcome<Day>, R"("2026-02-29")", "format /it"},
    {"a day with a time", outcome<Day>, R"("2026-03-01T00:00:00Z")", "format /it"},
    {"a wall time", outcome<Time>, R"("09:05")", ""},
    {"the end of the day", outcome<Time>, R"("24:00")", ""},
    {"after the end of the day", outcome<Time>, R"("24:01")", "format /it"},
    {"one digit", outcome<Time>, R"("9:05")", "format /it"},
    {"minute 60", outcome<Time>, R"("09:60")", "format /it"},
    {"a zone", outcome<Place>, R"("Asia/Kathmandu")", ""},
    {"a zone with another name", outcome<Place>, R"("Asia/Calcutta")", ""},
    {"no such zone", outcome<Place>, R"("Mars/Olympus")", "format /it"},
    {"a path", outcome<Place>, R"("../../etc/passwd")", "format /it"},
    {"a zone with NUL", outcome<Place>, R"("UTC\u0000x")", "format /it"},
    {"a currency", outcome<Coin>, R"("JPY")", ""},
    {"a currency in small letters", outcome<Coin>, R"("jpy")", "format /it"},
    {"no such currency", outcome<Coin>, R"("XXX")", "format /it"},
    {"a word", outcome<Words>, R"("no-show")", ""},
    {"a word with an underscore", outcome<Words>, R"("in_app")", ""},
    {"the enumerator is not the word", outcome<Words>, R"("noShow")", "not_one_of /it"},

    {"a member that may be absent", outcome<Maybe>, "7", ""},
    {"null is absent", outcome<Maybe>, "null", "absent"},
    {"an optional of another type", outcome<Maybe>, "{}", "type /it"},
    {"a list", outcome<Many>, "[1,2,3]", ""},
    {"an empty list", outcome<Many>, "[]", ""},
    {"a list is not null", outcome<Many>, "null", "type /it"},
    {"an object is no list", outcome<Many>, "{}", "type /it"},
    {"the second element", outcome<Many>, R"([1,"2"])", "type /it/1"},
    {"1,000 elements", outcome<Many>, "[0" + repeated(",0", 999) + "]", ""},
    {"1,001 elements", outcome<Many>, "[0" + repeated(",0", 1000) + "]", "too_long /it"},
    {"a map", outcome<Named>, R"({"a":1,"b":2})", ""},
    {"a list is no map", outcome<Named>, "[]", "type /it"},
    {"a name with ~ and /", outcome<Named>, R"({"a~/b":"x"})", "type /it/a~0~1b"},
    {"a name with NUL", outcome<Named>, R"({"a\u0000b":1})", std::string("characters /it/a\0b", 18)},
    {"an empty name", outcome<Named>, R"({"":1})", "too_short /it/"},
};

TEST(Json, Leaves) {
    for (auto const& row : rows) EXPECT_EQ(row.decode(row.input), row.expected.empty() ? row.input : row.expected) << row.name;
}

struct TextRow {
    char const* name;
    std::string text;
    bool accepted;
};

TEST(Json, Texts) {
    std::vector<TextRow> const texts{
        {"an object", "{}", true},
        {"white space around", " \r\n\t{ } \n", true},
        {"a bare value", "5", true},
        {"nothing", "", false},
        {"white space", " ", false},
        {"two values", "{} {}", false},
        {"something behind", "{}x", false},
        {"cut short", R"({"a":1)", false},
        {"a comma too many", R"({"a":1,})", false},
        {"a comment", "{} // x", false},
        {"single quotes", "{'a':1}", false},
        {"NaN", R"({"a":NaN})", false},
        {"a leading zero", R"({"a":01})", false},
        {"a plus", R"({"a":+1})", false},
        {"a byte order mark", "\xEF\xBB\xBF{}", false},
        {"a NUL behind", std::string("{}\0", 3), false},
        {"32 levels", repeated("[", 32) + repeated("]", 32), true},
        {"33 levels", repeated("[", 33) + repeated("]", 33), false},
        {"100,000 levels", repeated("[", 100'000), false},
        {"a name twice", R"({"a":1,"a":1})", false},
        {"a name twice, once escaped", R"({"a":1,"\u0061":2})", false},
        {"a name twice further down", R"([{"x":{"a":1,"b":2,"a":3}}])", false},
        {"a name twice, hiding others", R"({"a":{"b":1,"c":2},"a":{}})", false},
        {"a name in two objects", R"([{"a":1},{"a":{"a":2}}])", true},
        {"an empty name twice", R"({"":1,"":2})", false},
    };
    for (auto const& row : texts) {
        auto const parsed = parseJson(row.text);
        EXPECT_EQ(parsed.has_value(), row.accepted) << row.name;
        if (parsed) continue;
        EXPECT_EQ(parsed.error().key, "malformed_json") << row.name;
        EXPECT_EQ(parsed.error().code, Code::malformed) << row.name;
    }
}

// "code pointer" of each fault, one after the other.
std::string faults(Error const& error) {
    std::string text;
    for (auto const& field : error.fields) text += (text.empty() ? "" : ", ") + field.code + " " + field.path;
    return text;
}

struct MemberRow {
    char const* name;
    std::string text;
    std::string faults; // empty: accepted
};

TEST(Json, Members) {
    std::vector<MemberRow> const members{
        {"all", R"({"at":"09:00","minutes":5,"note":"x"})", ""},
        {"without the optional", R"({"at":"09:00","minutes":5})", ""},
        {"in another order", R"({"minutes":5,"at":"09:00"})", ""},
        {"null for the optional", R"({"at":"09:00","minutes":5,"note":null})", ""},
        {"null for the required", R"({"at":null,"minutes":5})", "type /at"},
        {"one missing", R"({"at":"09:00"})", "required /minutes"},
        {"all missing", "{}", "required /at, required /minutes"},
        {"one too many", R"({"at":"09:00","minutes":5,"extra":1})", "unknown /extra"},
        {"capitals", R"({"At":"09:00","minutes":5})", "unknown /At, required /at"},
        {"several faults", R"({"at":9,"minutes":500,"note":""})", "type /at, out_of_range /minutes, too_short /note"},
        {"a list", "[]", "type "},
        {"text", R"("x")", "type "},
    };
    for (auto const& row : members) {
        auto const read = fromJson<Stop>(parseJson(row.text).value());
        EXPECT_EQ(read ? "" : faults(read.error()), row.faults) << row.name;
    }
}

TEST(Json, PlacesOfFaultsFurtherDown) {
    auto const read = fromJson<Route>(
        parseJson(R"({"start":"a","stops":[{"at":"09:00","minutes":1},{"at":"x","minutes":1,"a/b":0}],"last":{"minutes":1}})").value());
    ASSERT_FALSE(read);
    EXPECT_EQ(faults(read.error()), "format /stops/1/at, unknown /stops/1/a~1b, required /last/at");
}

TEST(Json, StopsAtFiftyFaults) {
    std::string text = R"({"at":"09:00","minutes":1)";
    for (int i = 0; i < 500; ++i) text += ",\"x" + std::to_string(i) + "\":0";
    auto const read = fromJson<Stop>(parseJson(text + "}").value());
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().fields.size(), 50u);
}

TEST(Json, SecretsNeitherComeInNorGoOut) {
    Everything value;
    value.maybeSecret = Secret{"hidden"};
    EXPECT_EQ(toJson(value).find("hidden"), std::string::npos);
    EXPECT_NE(toJson(value, Secrets::shown).find(R"("maybeSecret":"hidden")"), std::string::npos);
    auto read = fromJson<Everything>(parseJson(toJson(value, Secrets::shown)).value());
    ASSERT_FALSE(read);
    EXPECT_EQ(faults(read.error()), "unknown /maybeSecret");
}

struct Search {
    std::optional<std::int64_t> limit;
    std::optional<double> minRating;
    std::optional<bool> upcoming;
    std::optional<Text<1, 5>> q;
    std::optional<Instant> from;
    std::vector<Mood> status;
};
RECORD(Search, limit, minRating, upcoming, q, from, status)

TEST(Json, QueriesFromTexts) {
    using Texts = std::vector<std::pair<std::string, std::string>>;
    struct QueryRow {
        char const* name;
        Texts texts;
        std::string expected; // the record as JSON, or the faults
    };
    std::vector<QueryRow> const queries{
        {"none", {}, R"({"status":[]})"},
        {"a number", {{"limit", "20"}}, R"({"limit":20,"status":[]})"},
        {"no number", {{"limit", "20x"}}, "type /limit"},
        {"an empty number", {{"limit", ""}}, "type /limit"},
        {"a spaced number", {{"limit", " 20"}}, "type /limit"},
        {"a number beyond 64 bits", {{"limit", "99999999999999999999"}}, "type /limit"},
        {"a real", {{"minRating", "4.5"}}, R"({"minRating":4.5,"status":[]})"},
        {"a whole real", {{"minRating", "4"}}, R"({"minRating":4,"status":[]})"},
        {"no real", {{"minRating", "nan"}}, "type /minRating"},
        {"a truth", {{"upcoming", "true"}}, R"({"upcoming":true,"status":[]})"},
        {"no truth", {{"upcoming", "1"}}, "type /upcoming"},
        {"digits as text", {{"q", "123"}}, R"({"q":"123","status":[]})"},
        {"true as text", {{"q", "true"}}, R"({"q":"true","status":[]})"},
        {"a list of one", {{"status", "calm"}}, R"({"status":["calm"]})"},
        {"a list of two", {{"status", "calm"}, {"status", "no-show"}}, R"({"status":["calm","no-show"]})"},
        {"a wrong element", {{"status", "calm"}, {"status", "x"}}, "not_one_of /status/1"},
        {"an instant", {{"from", "2026-03-01T09:00:00Z"}}, R"({"from":"2026-03-01T09:00:00.000Z","status":[]})"},
        {"unknown", {{"page", "2"}}, "unknown /page"},
    };
    for (auto const& row : queries) {
        auto const read = fromJson<Search>(fromTexts(shapeOf<Search>(), row.texts));
        EXPECT_EQ(read ? toJson(*read) : faults(read.error()), row.expected) << row.name;
    }
}

TEST(Json, PointerSteps) {
    EXPECT_EQ(pointerStep("a/b~c~1"), "a~1b~0c~01");
    EXPECT_EQ(pointerStep(""), "");
}

} // namespace
} // namespace visavis
