// For any record the codecs lose nothing; for any bytes they do not crash, and what they accept is written back as an equal value.
#include "record/bson.hpp"
#include "record/json.hpp"

#include "record/testing.hpp"

#include "core/rng.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace visavis {
namespace {

using sample::Everything;
using sample::Mood;
using sample::Route;
using sample::Stop;

template <class T> rc::Gen<std::optional<T>> maybe(rc::Gen<T> gen) {
    return rc::gen::mapcat(rc::gen::arbitrary<bool>(), [gen](bool is) {
        return is ? rc::gen::map(gen, [](T value) { return std::optional<T>(std::move(value)); }) : rc::gen::just(std::optional<T>());
    });
}

rc::Gen<std::string> words(std::size_t least, std::size_t most) {
    auto const piece =
        rc::gen::elementOf(std::vector<std::string>{"a", "Z", "0", "\"", "\\", "/", "é", "ß", "漢", "😀", "\xEF\xBF\xBD", "{", "~"});
    return rc::gen::mapcat(rc::gen::inRange(least, most + 1), [piece](std::size_t count) {
        return rc::gen::map(rc::gen::container<std::vector<std::string>>(count, piece), [](std::vector<std::string> const& pieces) {
            std::string text;
            for (auto const& one : pieces) text += one;
            return text;
        });
    });
}

ObjectId anyId() { return ObjectId::derived(*rc::gen::arbitrary<std::string>()); }
Instant anyInstant() { return {*rc::gen::inRange(firstInstant.ms, lastInstant.ms + 1)}; }

Stop anyStop() {
    return {{*rc::gen::inRange<std::int16_t>(0, 1441)},
            {*rc::gen::inRange<std::int64_t>(1, 91)},
            *maybe(rc::gen::map(words(1, 20), [](std::string text) { return Text<1, 20>(std::move(text)); }))};
}

double anyReal() {
    auto const value = *rc::gen::arbitrary<double>();
    return std::isfinite(value) ? value : 0.25;
}

Mood anyMood() { return *rc::gen::element(Mood::calm, Mood::noShow, Mood::in_app); }

template <class Make> auto several(Make make) {
    std::vector<decltype(make())> list(*rc::gen::inRange<std::size_t>(0, 4));
    for (auto& element : list) element = make();
    return list;
}

bool coin() { return *rc::gen::arbitrary<bool>(); }

Everything anyOf() {
    Everything value;
    value.id.id = anyId();
    value.flag = coin();
    value.whole = *rc::gen::arbitrary<std::int64_t>();
    value.narrow = *rc::gen::arbitrary<std::int32_t>();
    value.real = anyReal();
    value.bounded = {*rc::gen::inRange<std::int64_t>(-5, 6)};
    value.text = Text<1, 10>(*words(1, 10));
    value.lines = Lines<0, 20>("a" + *words(0, 9) + (coin() ? "\nx" : ""));
    value.raw = *words(0, 60) + std::string(coin() ? 1 : 0, '\0');
    value.email = Email{*rc::gen::element(std::string("x@y.zz"), std::string("a.b+c@d-e.f.org"))};
    value.url = Url{*rc::gen::element(std::string("http://x.y/?a=%20#z"), std::string("https://[::1]:8080/p"))};
    value.instant = anyInstant();
    value.day = {*rc::gen::inRange<std::int32_t>(-719'162, 2'932'897)};
    value.time = {*rc::gen::inRange<std::int16_t>(0, 1441)};
    value.zone = Zone::load(*rc::gen::element(std::string("UTC"), std::string("Asia/Kathmandu"), std::string("America/New_York"))).value();
    value.currency = Currency::parse(*rc::gen::element(std::string("USD"), std::string("JPY"), std::string("KWD"))).value();
    value.mood = anyMood();
    value.stop = anyStop();
    if (coin()) value.maybeRef = Ref<Stop>{anyId()};
    if (coin()) value.maybeWhole = *rc::gen::arbitrary<std::int64_t>();
    if (coin()) value.maybeText = Text<1, 10>(*words(1, 10));
    if (coin()) value.maybeRoute = Route{*words(0, 20), several(anyStop), coin() ? std::optional(anyStop()) : std::nullopt};
    value.tags = several([] { return Text<1, 10>(*words(1, 10)); });
    value.grid = several([] { return several([] { return *rc::gen::arbitrary<std::int64_t>(); }); });
    value.moods = several(anyMood);
    for (auto const& name : several([] { return *words(1, 10); })) value.stopsByName[name] = anyStop();
    if (coin()) value.maybeScores = std::map<std::string, double>{{*words(1, 5), anyReal()}};
    return value;
}

TEST(Property, JsonThereAndBack) {
    EXPECT_TRUE(rc::check("a record comes back from its JSON", [] {
        auto const value = anyOf();
        auto const text = toJson(value);
        auto const parsed = parseJson(text);
        RC_ASSERT(parsed.has_value());
        auto const read = fromJson<Everything>(*parsed);
        RC_ASSERT(read.has_value());
        RC_ASSERT(*read == value);
        RC_ASSERT(toJson(*read) == text);
    }));
}

TEST(Property, BsonThereAndBack) {
    EXPECT_TRUE(rc::check("a record comes back from its BSON", [] {
        auto value = anyOf();
        if (coin()) value.maybeSecret = Secret{*words(0, 30)};
        auto const bytes = toBson(value);
        RC_ASSERT(fromBson<Everything>(bytes.bytes) == value);
    }));
}

// One byte changed (to any other or to one of the text's own), a piece cut out, put in twice, or random bytes put in.
std::string mutated(std::string text, Rng& rng) {
    auto const at = text.empty() ? 0 : rng.below(text.size());
    auto const count = rng.below(8) + 1;
    switch (rng.below(5)) {
        case 0:
            if (!text.empty()) text[at] = text[rng.below(text.size())];
            return text;
        case 1:
            if (!text.empty()) text[at] = static_cast<char>(rng.below(256));
            return text;
        case 2:
            return text.erase(at, count);
        case 3:
            return text.insert(at, text.substr(rng.below(text.size() + 1), count * 4));
        default: {
            std::string bytes(count, '\0');
            rng.fill(bytes.data(), bytes.size());
            return text.insert(at, bytes);
        }
    }
}

// Several valid texts to begin with, and pure noise.
std::string noise(Rng& rng) {
    std::string bytes(rng.below(64), '\0');
    rng.fill(bytes.data(), bytes.size());
    return bytes;
}

Everything example() {
    Everything value;
    value.maybeWhole = 5;
    value.maybeText = Text<1, 10>{"é😀"};
    value.maybeRoute = Route{"A", {Stop{{540}, {1}, {}}}, Stop{}};
    value.tags = {"a", "b"};
    value.grid = {{1, -2}, {}};
    value.moods = {Mood::noShow};
    value.stopsByName = {{"k", Stop{}}};
    value.maybeScores = {{"x", 1.5e-7}};
    return value;
}

constexpr int rounds = 20'000;

TEST(Fuzz, Json) {
    SeededRng rng(1);
    auto const valid = toJson(example());
    int accepted = 0;
    for (int i = 0; i < rounds; ++i) {
        auto text = i % 16 == 0 ? noise(rng) : mutated(valid, rng);
        if (i % 3 == 0) text = mutated(text, rng);
        auto const parsed = parseJson(text);
        if (!parsed) continue;
        auto const read = fromJson<Everything>(*parsed);
        if (!read) {
            EXPECT_FALSE(read.error().fields.empty());
            continue;
        }
        ++accepted;
        auto const again = fromJson<Everything>(parseJson(toJson(*read)).value());
        ASSERT_TRUE(again.has_value()) << text;
        ASSERT_TRUE(*again == *read) << text;
        ASSERT_TRUE(fromBson<Everything>(toBson(*read).bytes) == *read) << text;
    }
    EXPECT_GT(accepted, rounds / 100); // else the mutations would test the parser alone
}

TEST(Fuzz, Bson) {
    SeededRng rng(2);
    auto const valid = toBson(example()).bytes;
    int accepted = 0;
    for (int i = 0; i < rounds; ++i) {
        auto bytes = i % 16 == 0 ? noise(rng) : mutated(valid, rng);
        if (i % 2 == 0 && bytes.size() >= 5) { // the frame made right, so that the members are looked at
            for (std::size_t b = 0; b < 4; ++b) bytes[b] = static_cast<char>(bytes.size() >> (8 * b));
            bytes.back() = '\0';
        }
        try {
            auto const read = fromBson<Everything>(bytes);
            ++accepted;
            ASSERT_TRUE(fromBson<Everything>(toBson(read).bytes) == read) << i;
        } catch (CorruptDocument const&) {
        }
        try {
            bsonAt(bytes, "maybeRoute.stops.minutes");
        } catch (CorruptDocument const&) {
        }
    }
    EXPECT_GT(accepted, rounds / 100);
}

TEST(Fuzz, Patch) {
    SeededRng rng(3);
    auto const valid = toJson(example());
    for (int i = 0; i < rounds / 4; ++i) {
        auto const parsed = parseJson(mutated(valid, rng));
        if (!parsed) continue;
        auto const merged = patched<Everything, Everything>(example(), *parsed);
        ASSERT_TRUE(!merged || fromBson<Everything>(toBson(*merged).bytes) == *merged);
    }
}

} // namespace
} // namespace visavis
