// The vocabulary of leaf types: each says its kind, its constraint, and how it becomes a scalar and back.
#pragma once

#include "core/money.hpp"
#include "core/text.hpp"
#include "core/zone.hpp"
#include "record/shape.hpp"

#include <boost/describe/enum.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

#include <cmath>
#include <concepts>
#include <limits>

namespace visavis {
inline namespace record {

// Leaf<T>::describe fills a Shape; get and set convert. set is only called with the scalar of the shape's kind.
template <class T> struct Leaf;

template <> struct Leaf<bool> {
    static void describe(Shape& shape) { shape.kind = Kind::boolean; }
    static Scalar get(bool value) { return value; }
    static std::optional<Issue> set(bool& value, Scalar const& scalar) {
        value = std::get<bool>(scalar);
        return {};
    }
};

// A bool that may be left out of input and is then Default.
template <bool Default> struct Flag {
    bool value = Default;

    constexpr operator bool() const { return value; }
};

template <bool Default> struct Leaf<Flag<Default>> {
    static void describe(Shape& shape) {
        shape.kind = Kind::boolean;
        shape.clear = [](void* flag) { *static_cast<Flag<Default>*>(flag) = {}; };
    }
    static Scalar get(Flag<Default> const& flag) { return flag.value; }
    static std::optional<Issue> set(Flag<Default>& flag, Scalar const& scalar) {
        flag.value = std::get<bool>(scalar);
        return {};
    }
};

inline Issue outOfRange(std::int64_t least, std::int64_t most) {
    return {"out_of_range", "Must be between " + std::to_string(least) + " and " + std::to_string(most) + "."};
}

template <std::integral T>
requires(!std::same_as<T, bool>) struct Leaf<T> {
    static_assert(std::is_signed_v<T> || sizeof(T) < 8, "BSON has no unsigned 64-bit integers");
    static constexpr std::int64_t least = std::numeric_limits<T>::min();
    static constexpr std::int64_t most = static_cast<std::int64_t>(std::numeric_limits<T>::max());
    static void describe(Shape& shape) {
        shape.kind = Kind::integer;
        if (sizeof(T) < 8) shape.least = least, shape.most = most;
    }
    static Scalar get(T value) { return static_cast<std::int64_t>(value); }
    static std::optional<Issue> set(T& value, Scalar const& scalar) {
        auto const number = std::get<std::int64_t>(scalar);
        if (number < least || number > most) return outOfRange(least, most);
        value = static_cast<T>(number);
        return {};
    }
};

template <> struct Leaf<double> {
    static void describe(Shape& shape) { shape.kind = Kind::number; }
    static Scalar get(double value) { return value; }
    static std::optional<Issue> set(double& value, Scalar const& scalar) {
        auto const number = std::get<double>(scalar);
        if (!std::isfinite(number)) return Issue{"out_of_range", "Must be a finite number."}; // JSON cannot write others
        value = number;
        return {};
    }
};

// Text of our own making, unchecked.
template <> struct Leaf<std::string> {
    static void describe(Shape& shape) { shape.kind = Kind::string; }
    static Scalar get(std::string const& value) { return value; }
    static std::string_view text(std::string const& value) { return value; }
    static std::optional<Issue> set(std::string& value, Scalar const& scalar) {
        value = std::get<std::string>(scalar);
        return {};
    }
};

// A whole number within bounds.
template <std::int64_t Least, std::int64_t Most> struct Bounded {
    std::int64_t value = Least > 0 ? Least : 0;

    constexpr operator std::int64_t() const { return value; }
};

template <std::int64_t Least, std::int64_t Most> struct Leaf<Bounded<Least, Most>> {
    static void describe(Shape& shape) {
        shape.kind = Kind::integer;
        shape.least = Least;
        shape.most = Most;
    }
    static Scalar get(Bounded<Least, Most> const& bounded) { return bounded.value; }
    static std::optional<Issue> set(Bounded<Least, Most>& bounded, Scalar const& scalar) {
        auto const number = std::get<std::int64_t>(scalar);
        if (number < Least || number > Most) return outOfRange(Least, Most);
        bounded.value = number;
        return {};
    }
};

std::optional<Issue> checkText(std::string_view text, std::int64_t least, std::int64_t most, Breaks breaks);

// What people type, on one line (Text) or several (Lines): valid UTF-8 without controls, trimmed, counted in characters.
template <std::int64_t Least, std::int64_t Most, Breaks breaks> struct Typed {
    std::string value;

    Typed() = default;
    Typed(std::string text) : value(std::move(text)) {}
    Typed(char const* text) : value(text) {}
    operator std::string const&() const { return value; }
    friend bool operator==(Typed const&, Typed const&) = default;
};
template <std::int64_t Least, std::int64_t Most> using Text = Typed<Least, Most, Breaks::refused>;
template <std::int64_t Least, std::int64_t Most> using Lines = Typed<Least, Most, Breaks::allowed>;

template <std::int64_t Least, std::int64_t Most, Breaks breaks> struct Leaf<Typed<Least, Most, breaks>> {
    static void describe(Shape& shape) {
        shape.kind = Kind::string;
        shape.least = Least;
        shape.most = Most;
    }
    static Scalar get(Typed<Least, Most, breaks> const& typed) { return typed.value; }
    static std::string_view text(Typed<Least, Most, breaks> const& typed) { return typed.value; }
    static std::optional<Issue> set(Typed<Least, Most, breaks>& typed, Scalar const& scalar) {
        auto const text = trimmed(std::get<std::string>(scalar));
        if (auto issue = checkText(text, Least, Most, breaks)) return issue;
        typed.value = text;
        return {};
    }
};

// A log-in's password: bytes as typed, never trimmed; its length rules have codes of their own (identity/rules).
struct Password {
    std::string value;
};

template <> struct Leaf<Password> {
    static void describe(Shape& shape) {
        shape.kind = Kind::string;
        shape.format = "password";
    }
    static Scalar get(Password const& password) { return password.value; }
    static std::string_view text(Password const& password) { return password.value; }
    static std::optional<Issue> set(Password& password, Scalar const& scalar) {
        password.value = std::get<std::string>(scalar);
        return {};
    }
};

// Hashes, tokens and sealed values: stored, never answered.
struct Secret {
    std::string value;

    friend bool operator==(Secret const&, Secret const&) = default;
};

template <> struct Leaf<Secret> {
    static void describe(Shape& shape) {
        shape.kind = Kind::string;
        shape.secret = true;
    }
    static Scalar get(Secret const& secret) { return secret.value; }
    static std::string_view text(Secret const& secret) { return secret.value; }
    static std::optional<Issue> set(Secret& secret, Scalar const& scalar) {
        secret.value = std::get<std::string>(scalar);
        return {};
    }
};

// Trimmed and lower-cased; the shape of RFC 5321 addresses in ASCII with a dotted domain, at most 254 characters.
struct Email {
    std::string value;

    friend bool operator==(Email const&, Email const&) = default;
};
std::optional<Email> parseEmail(std::string_view text);

template <> struct Leaf<Email> {
    static void describe(Shape& shape) {
        shape.kind = Kind::string;
        shape.format = "email";
    }
    static Scalar get(Email const& email) { return email.value; }
    static std::string_view text(Email const& email) { return email.value; }
    static std::optional<Issue> set(Email& email, Scalar const& scalar) {
        auto parsed = parseEmail(std::get<std::string>(scalar));
        if (!parsed) return Issue{"format", "Must be an e-mail address."};
        email = *parsed;
        return {};
    }
};

// An http(s) link without userinfo, at most 2,048 bytes.
struct Url {
    std::string value;

    friend bool operator==(Url const&, Url const&) = default;
};
bool isUrl(std::string_view text);

template <> struct Leaf<Url> {
    static void describe(Shape& shape) {
        shape.kind = Kind::string;
        shape.format = "uri";
    }
    static Scalar get(Url const& url) { return url.value; }
    static std::string_view text(Url const& url) { return url.value; }
    static std::optional<Issue> set(Url& url, Scalar const& scalar) {
        auto const text = trimmed(std::get<std::string>(scalar));
        if (!isUrl(text)) return Issue{"format", "Must be an http or https link."};
        url.value = text;
        return {};
    }
};

template <> struct Leaf<ObjectId> {
    static void describe(Shape& shape) { shape.kind = Kind::objectId; }
    static Scalar get(ObjectId const& id) { return id; }
    static std::optional<Issue> set(ObjectId& id, Scalar const& scalar) {
        id = std::get<ObjectId>(scalar);
        return {};
    }
};

template <class T> struct Leaf<Ref<T>> {
    static void describe(Shape& shape) { shape.kind = Kind::objectId; }
    static Scalar get(Ref<T> const& ref) { return ref.id; }
    static std::optional<Issue> set(Ref<T>& ref, Scalar const& scalar) {
        ref.id = std::get<ObjectId>(scalar);
        return {};
    }
};

std::optional<Issue> checkInstant(Instant instant); // within the years 1 to 9999

template <> struct Leaf<Instant> {
    static void describe(Shape& shape) { shape.kind = Kind::instant; }
    static Scalar get(Instant const& instant) { return instant; }
    static std::optional<Issue> set(Instant& instant, Scalar const& scalar) {
        if (auto issue = checkInstant(std::get<Instant>(scalar))) return issue;
        instant = std::get<Instant>(scalar);
        return {};
    }
};

template <> struct Leaf<LocalDate> {
    static void describe(Shape& shape) { shape.kind = Kind::day; }
    static Scalar get(LocalDate const& date) { return date.midnightUtc(); }
    static std::optional<Issue> set(LocalDate& date, Scalar const& scalar) {
        if (auto issue = checkInstant(std::get<Instant>(scalar))) return issue;
        auto const ms = std::get<Instant>(scalar).ms;
        date.days = static_cast<std::int32_t>(ms >= 0 ? ms / 86'400'000 : -((-ms + 86'399'999) / 86'400'000));
        return {};
    }
};

template <> struct Leaf<LocalTime> {
    static void describe(Shape& shape) {
        shape.kind = Kind::string;
        shape.format = "HH:MM";
    }
    static Scalar get(LocalTime const& time) { return toText(time); }
    static std::optional<Issue> set(LocalTime& time, Scalar const& scalar) {
        auto const parsed = parseTime(std::get<std::string>(scalar));
        if (!parsed) return Issue{"format", "Must be a wall time HH:MM between 00:00 and 24:00."};
        time = *parsed;
        return {};
    }
};

template <> struct Leaf<Zone> {
    static void describe(Shape& shape) {
        shape.kind = Kind::string;
        shape.format = "iana-time-zone";
    }
    static Scalar get(Zone const& zone) { return zone.name(); }
    static std::optional<Issue> set(Zone& zone, Scalar const& scalar) {
        auto const loaded = Zone::load(std::get<std::string>(scalar));
        if (!loaded) return Issue{"format", "Must be a time zone of the IANA database, e.g. Europe/Berlin."};
        zone = *loaded;
        return {};
    }
};

template <> struct Leaf<Currency> {
    static void describe(Shape& shape) {
        shape.kind = Kind::string;
        shape.format = "iso-4217";
    }
    static Scalar get(Currency const& currency) { return currency.code(); }
    static std::optional<Issue> set(Currency& currency, Scalar const& scalar) {
        auto const parsed = Currency::parse(std::get<std::string>(scalar));
        if (!parsed) return Issue{"format", "Must be a currency code of ISO 4217, e.g. USD."};
        currency = *parsed;
        return {};
    }
};

// An enumerator's wire word: a hump becomes a hyphen (noShow is "no-show", the seed's spelling), an underscore stays.
std::string wireWord(std::string_view enumerator);

template <class E>
concept Word = std::is_enum_v<E> && boost::describe::has_describe_enumerators<E>::value;

template <Word E> std::vector<std::string> const& wordsOf() {
    static std::vector<std::string> const words = [] {
        std::vector<std::string> list;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) { list.push_back(wireWord(d.name)); });
        return list;
    }();
    return words;
}

// Enumerators are numbered from 0 without gaps, as WORDS makes them.
template <Word E> std::string const& wordOf(E value) { return wordsOf<E>().at(static_cast<std::size_t>(value)); }

template <Word E> std::optional<E> parseWord(std::string_view word) {
    auto const& words = wordsOf<E>();
    for (std::size_t i = 0; i < words.size(); ++i)
        if (words[i] == word) return static_cast<E>(i);
    return std::nullopt;
}

Issue notOneOf(std::vector<std::string> const& words);

template <Word E> struct Leaf<E> {
    static void describe(Shape& shape) {
        shape.kind = Kind::string;
        shape.words = wordsOf<E>();
        shape.name = recordName(std::type_identity<E>{});
    }
    static Scalar get(E const& value) { return wordOf(value); }
    static std::string_view text(E const& value) { return wordOf(value); }
    static std::optional<Issue> set(E& value, Scalar const& scalar) {
        auto const parsed = parseWord<E>(std::get<std::string>(scalar));
        if (!parsed) return notOneOf(wordsOf<E>());
        value = *parsed;
        return {};
    }
};

} // namespace record
} // namespace visavis
