// The tolerant reader: a walk over a document and its shape, with the conversions that lose nothing.
#include "app/adopt_read.hpp"

#include "availability/takeover.hpp"

#include <bson/bson.h>

#include <cmath>
#include <cstring>

namespace visavis::app {
namespace {

std::string upper(std::string text) {
    for (auto& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

std::string textAt(bson_iter_t const* it) {
    std::uint32_t length = 0;
    auto const* text = bson_iter_utf8(it, &length);
    return {text, length};
}

// Any of BSON's numbers. Money in decimals is exact to 15 digits, which no price exceeds.
std::optional<double> numberAt(bson_iter_t const* it) {
    if (BSON_ITER_HOLDS_INT32(it) || BSON_ITER_HOLDS_INT64(it) || BSON_ITER_HOLDS_DOUBLE(it)) return bson_iter_as_double(it);
    bson_decimal128_t decimal;
    if (!BSON_ITER_HOLDS_DECIMAL128(it) || !bson_iter_decimal128(it, &decimal)) return std::nullopt;
    char text[BSON_DECIMAL128_STRING];
    bson_decimal128_to_string(&decimal, text);
    return std::strtod(text, nullptr);
}

std::optional<std::int64_t> wholeAt(bson_iter_t const* it) {
    if (BSON_ITER_HOLDS_INT64(it)) return bson_iter_int64(it);
    auto const number = numberAt(it);
    if (!number || std::trunc(*number) != *number || std::abs(*number) > 9.0e15) return std::nullopt;
    return static_cast<std::int64_t>(*number);
}

// "9:00" and "09:00:00" are 09:00.
std::string wallTime(std::string text) {
    if (text.size() > 5 && text.ends_with(":00")) text.resize(text.size() - 3);
    return text.size() == 4 && text[1] == ':' ? "0" + text : text;
}

// Whether a value that does not fit may stay behind: free text that nothing depends on.
bool isFreeText(Shape const& shape) {
    return shape.kind == Kind::string && shape.words.empty() && (shape.format.empty() || shape.format == "uri");
}

Shape const& leafOf(Shape const& shape) { return shape.kind == Kind::optional ? *shape.inner : shape; }

class SeedReader {
public:
    SeedReader(SeedMembers const& members, Reading const& how, ObjectId const& id, Bson const& document, std::set<std::string>& seen,
               std::map<std::string, std::int64_t>& unknown, Findings& findings)
        : members_(members), how_(how), id_(id), seen_(seen), unknown_(unknown), findings_(findings), zone_(how.zone) {
        if (auto const zone = firstText(document, members.zone); !zone.empty())
            if (auto const loaded = Zone::load(zone)) zone_ = loaded;
        currency_ = Currency::parse(upper(firstText(document, members.currency)));
    }

    void record(Shape const& shape, void* value, bson_iter_t* it, std::string const& path, std::string const& place) {
        std::set<std::string> here;
        while (bson_iter_next(it)) {
            std::string const key = bson_iter_key(it);
            auto const inner = path.empty() ? key : path + "." + key;
            auto const innerPlace = place.empty() ? key : place + "." + key;
            auto const* field = shape.find(path.empty() && key == "_id" ? "id" : key);
            if (field == nullptr || members_.ours.contains(inner)) {
                ++unknown_[members_.in->name + " " + inner];
                continue;
            }
            if (BSON_ITER_HOLDS_NULL(it) || BSON_ITER_HOLDS_UNDEFINED(it)) continue;
            here.insert(inner);
            seen_.insert(inner);
            if (!members_.counts.contains(inner)) member(*field->shape, memberAt(value, *field), it, inner, innerPlace);
        }
        for (auto const& field : shape.fields) {
            auto const inner = path.empty() ? field.name : path + "." + field.name;
            if (members_.must.contains(inner) && !here.contains(inner))
                fault(place.empty() ? field.name : place + "." + field.name, "is missing");
        }
    }

private:
    static std::string firstText(Bson const& document, std::string const& path) {
        if (path.empty()) return {};
        auto const found = bsonAt(document.bytes, path);
        auto const* text = found.empty() ? nullptr : std::get_if<std::string>(&found.front());
        return text == nullptr ? std::string() : *text;
    }

    void fault(std::string const& place, std::string const& why) { findings_.add(*members_.in, id_, place + " " + why); }

    void member(Shape const& shape, void* value, bson_iter_t const* it, std::string const& path, std::string const& place) {
        auto const& inner = leafOf(shape);
        if (inner.isLeaf()) return leaf(shape, value, it, path, place);
        void* const target = shape.kind == Kind::optional ? shape.emplace(value) : value;
        bool const isArray = inner.kind == Kind::array;
        bson_iter_t child;
        if (!(isArray ? BSON_ITER_HOLDS_ARRAY(it) : BSON_ITER_HOLDS_DOCUMENT(it)) || !bson_iter_recurse(it, &child))
            return fault(place, isArray ? "is no list" : "is no document");
        if (!isArray) return record(inner, target, &child, path, place);
        inner.clear(target);
        elements(inner, target, it, path, place);
    }

    // Elements that may stay behind do: a word that we do not know among roles, an empty specialty.
    void elements(Shape const& shape, void* list, bson_iter_t const* it, std::string const& path, std::string const& place) {
        auto const& element = *shape.inner;
        bson_iter_t child;
        std::vector<bool> fits;
        if (element.kind == Kind::string && element.format != "HH:MM") {
            for (bson_iter_recurse(it, &child); bson_iter_next(&child);) fits.push_back(!misfit(element, shape.append(list), &child, path));
            shape.clear(list);
        }
        std::size_t i = 0;
        for (bson_iter_recurse(it, &child); bson_iter_next(&child); ++i) {
            auto const here = place + "." + std::to_string(i);
            if (BSON_ITER_HOLDS_NULL(&child)) continue;
            if (!fits.empty() && !fits[i])
                ++unknown_[members_.in->name + " " + path + " (elements that do not fit)"];
            else
                member(element, shape.append(list), &child, path, here);
        }
    }

    void leaf(Shape const& shape, void* value, bson_iter_t const* it, std::string const& path, std::string const& place) {
        bool const optional = shape.kind == Kind::optional;
        auto const& inner = leafOf(shape);
        auto const issue = misfit(inner, optional ? shape.emplace(value) : value, it, path);
        if (!issue) return;
        seen_.erase(path);
        if (!optional || (!isFreeText(inner) && !isEmptyText(it))) return fault(place, *issue);
        shape.clear(value);
        if (!isEmptyText(it)) ++unknown_[members_.in->name + " " + path + " (values that do not fit)"];
    }

    static bool isEmptyText(bson_iter_t const* it) { return BSON_ITER_HOLDS_UTF8(it) && trimmed(textAt(it)).empty(); }

    // Sets the leaf, or says why it does not fit.
    std::optional<std::string> misfit(Shape const& shape, void* value, bson_iter_t const* it, std::string const& path) {
        Scalar scalar;
        if (members_.money.contains(path)) {
            if (auto why = money(it, path, scalar)) return why;
        } else if (!load(shape, it, path, scalar)) {
            return "has another type or value than the data model";
        }
        auto const issue = shape.set(value, scalar);
        if (!issue) return std::nullopt;
        auto const shown = std::get_if<std::string>(&scalar);
        return "does not fit" + (shown != nullptr && !shape.secret ? " (" + *shown + ")" : std::string()) + ": " + issue->message;
    }

    // Whole minor units, or why there are none.
    std::optional<std::string> money(bson_iter_t const* it, std::string const& path, Scalar& into) {
        auto const number = numberAt(it);
        if (!number || !std::isfinite(*number)) return "is no number";
        if (*number == 0) return into = std::int64_t{0}, std::nullopt;
        if (!currency_) return "is an amount without a known currency";
        bool const isMajor = how_.money == MoneyIs::major;
        auto const units = isMajor ? *number * std::pow(10.0, currency_->exponent()) : *number;
        if (std::abs(units) > 9.0e15) return "is too large";
        auto const whole = std::nearbyint(units);
        bool const isWhole = isMajor ? std::abs(units - whole) <= 1e-6 + std::abs(units) * 1e-12 : units == whole;
        bool const mayRound = isMajor && members_.rounded.contains(path);
        if (!isWhole && !mayRound) return "is no whole number of " + currency_->code() + "'s smallest unit (--money says how to read it)";
        into = static_cast<std::int64_t>(whole);
        return std::nullopt;
    }

    bool load(Shape const& shape, bson_iter_t const* it, std::string const& path, Scalar& into) {
        switch (shape.kind) {
            case Kind::integer: {
                auto const whole = wholeAt(it);
                return whole && (into = *whole, true);
            }
            case Kind::number: {
                auto const number = numberAt(it);
                return number && (into = *number, true);
            }
            case Kind::boolean:
                return BSON_ITER_HOLDS_BOOL(it) && (into = bson_iter_bool(it), true);
            case Kind::objectId:
                return loadId(it, into);
            case Kind::instant:
                return loadInstant(it, into);
            case Kind::day:
                return loadDay(it, path, into);
            default:
                return loadText(shape, it, into);
        }
    }

    static bool loadId(bson_iter_t const* it, Scalar& into) {
        if (BSON_ITER_HOLDS_UTF8(it)) {
            auto const parsed = ObjectId::parse(textAt(it));
            return parsed && (into = *parsed, true);
        }
        if (!BSON_ITER_HOLDS_OID(it)) return false;
        std::memcpy(into.emplace<ObjectId>().bytes.data(), bson_iter_oid(it)->bytes, sizeof(ObjectId::bytes));
        return true;
    }

    static bool loadInstant(bson_iter_t const* it, Scalar& into) {
        if (BSON_ITER_HOLDS_UTF8(it)) {
            auto const parsed = parseRfc3339(textAt(it));
            return parsed && (into = *parsed, true);
        }
        return BSON_ITER_HOLDS_DATE_TIME(it) && (into = Instant{bson_iter_date_time(it)}, true);
    }

    bool loadDay(bson_iter_t const* it, std::string const& path, Scalar& into) const {
        if (BSON_ITER_HOLDS_UTF8(it))
            if (auto const day = parseDate(textAt(it))) return into = day->midnightUtc(), true;
        if (!loadInstant(it, into)) return false;
        auto const zone = zone_.value_or(Zone{});
        auto day = availability::dayOf(std::get<Instant>(into), zone);
        if (!day && members_.moments.contains(path)) day = zone.dateAt(std::get<Instant>(into));
        return day && (into = day->midnightUtc(), true);
    }

    // Numbers that name something (a Zoom meeting) are text to us.
    static bool loadText(Shape const& shape, bson_iter_t const* it, Scalar& into) {
        if (auto const whole = wholeAt(it); whole && isFreeText(shape)) return into = std::to_string(*whole), true;
        if (!BSON_ITER_HOLDS_UTF8(it)) return false;
        auto text = textAt(it);
        if (!bson_utf8_validate(text.data(), text.size(), true)) return false;
        if (shape.format == "HH:MM") text = wallTime(std::move(text));
        if (shape.format == "iso-4217") text = upper(std::move(text));
        into = std::move(text);
        return true;
    }

    SeedMembers const& members_;
    Reading const& how_;
    ObjectId id_;
    std::set<std::string>& seen_;
    std::map<std::string, std::int64_t>& unknown_;
    Findings& findings_;
    std::optional<Zone> zone_;
    std::optional<Currency> currency_;
};

} // namespace

void readSeed(SeedMembers const& members, Reading const& how, ObjectId const& id, Bson const& document, void* record,
              std::set<std::string>& seen, std::map<std::string, std::int64_t>& unknown, Findings& findings) {
    bson_t doc;
    bson_iter_t it;
    if (!bson_init_static(&doc, reinterpret_cast<std::uint8_t const*>(document.bytes.data()), document.bytes.size()) ||
        !bson_iter_init(&it, &doc))
        return findings.add(*members.in, id, "cannot be read");
    SeedReader(members, how, id, document, seen, unknown, findings).record(*members.in->shape, record, &it, "", "");
}

} // namespace visavis::app
