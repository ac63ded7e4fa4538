// The JSON codec: a walk over shapes.
#include "record/json.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace visavis {
inline namespace record {
namespace {

namespace json = boost::json;

constexpr std::size_t deepest = 32;
constexpr std::size_t mostErrors = 50;

// Builds the value as Boost's own parser does, and counts the member names: Boost keeps the last of equal ones silently.
struct CountingHandler {
    static constexpr std::size_t max_object_size = json::object::max_size();
    static constexpr std::size_t max_array_size = json::array::max_size();
    static constexpr std::size_t max_key_size = json::string::max_size();
    static constexpr std::size_t max_string_size = json::string::max_size();
    using Failure = json::error_code;

    json::value_stack stack;
    std::size_t names = 0;

    bool on_document_begin(Failure&) { return stack.reset(), true; }
    bool on_document_end(Failure&) { return true; }
    bool on_object_begin(Failure&) { return true; }
    bool on_object_end(std::size_t count, Failure&) { return names += count, stack.push_object(count), true; }
    bool on_array_begin(Failure&) { return true; }
    bool on_array_end(std::size_t count, Failure&) { return stack.push_array(count), true; }
    bool on_key_part(json::string_view part, std::size_t, Failure&) { return stack.push_chars(part), true; }
    bool on_key(json::string_view part, std::size_t, Failure&) { return stack.push_key(part), true; }
    bool on_string_part(json::string_view part, std::size_t, Failure&) { return stack.push_chars(part), true; }
    bool on_string(json::string_view part, std::size_t, Failure&) { return stack.push_string(part), true; }
    bool on_number_part(json::string_view, Failure&) { return true; }
    bool on_int64(std::int64_t number, json::string_view, Failure&) { return stack.push_int64(number), true; }
    bool on_uint64(std::uint64_t number, json::string_view, Failure&) { return stack.push_uint64(number), true; }
    // Boost 1.81 is wrong by a last digit now and then; the text, which is whole here, says it exactly.
    bool on_double(double number, json::string_view text, Failure&) {
        std::from_chars(text.data(), text.data() + text.size(), number);
        return stack.push_double(number), true;
    }
    bool on_bool(bool truth, Failure&) { return stack.push_bool(truth), true; }
    bool on_null(Failure&) { return stack.push_null(), true; }
    bool on_comment_part(json::string_view, Failure&) { return true; }
    bool on_comment(json::string_view, Failure&) { return true; }
};

std::size_t namesIn(json::value const& value) {
    std::size_t count = 0;
    if (value.is_array())
        for (auto const& element : value.get_array()) count += namesIn(element);
    if (value.is_object())
        for (auto const& member : value.get_object()) count += 1 + namesIn(member.value());
    return count;
}

void writeQuoted(std::string& out, auto const& append) {
    out += '"';
    append();
    out += '"';
}

void writeNumber(std::string& out, auto number) {
    char buffer[32];
    out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr);
}

// Of the midnight that a day travels as.
LocalDate dayOf(Instant midnight) { return {static_cast<std::int32_t>(midnight.ms / 86'400'000)}; }

void writeLeaf(std::string& out, Kind kind, Scalar const& scalar) {
    switch (kind) {
        case Kind::boolean:
            out += std::get<bool>(scalar) ? "true" : "false";
            return;
        case Kind::integer:
            return writeNumber(out, std::get<std::int64_t>(scalar));
        case Kind::number:
            return writeNumber(out, std::get<double>(scalar));
        case Kind::objectId:
            return writeQuoted(out, [&] { std::get<ObjectId>(scalar).appendHex(out); });
        case Kind::instant:
            return writeQuoted(out, [&] { appendRfc3339(out, std::get<Instant>(scalar)); });
        case Kind::day:
            return writeQuoted(out, [&] { appendText(out, dayOf(std::get<Instant>(scalar))); });
        default:
            writeJsonString(out, std::get<std::string>(scalar));
            return;
    }
}

void writeRecord(std::string& out, Shape const& shape, void const* value, Secrets secrets) {
    char separator = '{';
    for (auto const& field : shape.fields) {
        auto const* member = memberAt(value, field);
        if (field.shape->secret && secrets == Secrets::hidden) continue;
        if (field.shape->kind == Kind::optional && field.shape->value(member) == nullptr) continue;
        out += separator;
        separator = ',';
        out += '"';
        out += field.name; // an identifier: nothing to escape
        out += "\":";
        writeJson(out, *field.shape, member, secrets);
    }
    out += separator == '{' ? "{}" : "}";
}

void writeArray(std::string& out, Shape const& shape, void const* value, Secrets secrets) {
    out += '[';
    auto const count = shape.size(value);
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) out += ',';
        writeJson(out, *shape.inner, shape.at(value, i), secrets);
    }
    out += ']';
}

void writeMap(std::string& out, Shape const& shape, void const* value, Secrets secrets) {
    out += '{';
    bool first = true;
    shape.each(value, [&](std::string const& key, void const* element) {
        if (!std::exchange(first, false)) out += ',';
        writeJsonString(out, key);
        out += ':';
        writeJson(out, *shape.inner, element, secrets);
    });
    out += '}';
}

char const* wantedText(Kind kind) {
    switch (kind) {
        case Kind::boolean:
            return "Must be true or false.";
        case Kind::integer:
            return "Must be a whole number.";
        case Kind::number:
            return "Must be a number.";
        case Kind::array:
            return "Must be a list.";
        case Kind::map:
        case Kind::record:
            return "Must be an object.";
        case Kind::objectId:
            return "Must be an id of 24 hexadecimal digits.";
        case Kind::instant:
            return "Must be an instant as in RFC 3339, e.g. 2026-03-01T09:00:00.000Z.";
        case Kind::day:
            return "Must be a day YYYY-MM-DD.";
        default:
            return "Must be text.";
    }
}

bool isWrittenAsText(Kind kind) { return kind == Kind::objectId || kind == Kind::instant || kind == Kind::day; }

bool isWhole(json::value const& value) {
    return value.is_int64() || value.is_uint64() || (value.is_double() && std::trunc(value.get_double()) == value.get_double());
}

// 5.0 is whole too, as far as a double counts without gaps.
std::optional<std::int64_t> wholeNumber(json::value const& value) {
    if (value.is_int64()) return value.get_int64();
    if (!value.is_double() || !isWhole(value) || std::abs(value.get_double()) > 9.0e15) return std::nullopt;
    return static_cast<std::int64_t>(value.get_double());
}

// The scalar that a JSON value stands for under a kind; nothing when it is of another type or form.
std::optional<Scalar> scalarFrom(Kind kind, json::value const& value) {
    auto const text = [&] { return std::string_view(value.get_string().data(), value.get_string().size()); };
    auto const some = [](auto const& parsed) -> std::optional<Scalar> { return parsed ? std::optional<Scalar>(*parsed) : std::nullopt; };
    switch (kind) {
        case Kind::boolean:
            return value.is_bool() ? std::optional<Scalar>(value.get_bool()) : std::nullopt;
        case Kind::integer:
            return some(wholeNumber(value));
        case Kind::number:
            return value.is_number() ? std::optional<Scalar>(value.to_number<double>()) : std::nullopt;
        default:
            break;
    }
    if (!value.is_string()) return std::nullopt;
    switch (kind) {
        case Kind::objectId:
            return some(ObjectId::parse(text()));
        case Kind::instant:
            return some(parseRfc3339(text()));
        case Kind::day: {
            auto const date = parseDate(text());
            return date ? std::optional<Scalar>(date->midnightUtc()) : std::nullopt;
        }
        default:
            return Scalar(std::string(text()));
    }
}

// Where the walk stands, as a chain through the callers' frames: spelled out as a JSON Pointer only when something is wrong there.
struct Place {
    Place const* outer = nullptr;
    std::string_view step; // of the outermost: a whole pointer

    std::string pointer() const { return outer == nullptr ? std::string(step) : outer->pointer() + "/" + pointerStep(step); }
};

// One walk over a JSON value, gathering what is wrong.
class Reader {
public:
    explicit Reader(std::vector<FieldError>& wrong) : wrong_(wrong) {}

    void read(Shape const& shape, void* value, json::value const& from, Place const& at) {
        if (full()) return;
        if (shape.kind == Kind::optional) {
            if (from.is_null()) return shape.clear(value);
            return read(*shape.inner, shape.emplace(value), from, at);
        }
        if (shape.isLeaf()) return readLeaf(shape, value, from, at);
        if (shape.kind == Kind::array ? !from.is_array() : !from.is_object()) return refuse(at, "type", wantedText(shape.kind));
        if (shape.kind == Kind::record) return readRecord(shape, value, from.get_object(), at);
        if (shape.kind == Kind::array) return readArray(shape, value, from.get_array(), at);
        readMap(shape, value, from.get_object(), at);
    }

    // `whole` is what the resource is to its readers: its members that `shape` lacks are read-only.
    void merge(Shape const& shape, void* value, json::object const& patch, Shape const* whole, Place const& at) {
        for (auto const& member : patch) {
            if (full()) return;
            Place const here{&at, member.key()};
            auto const* known = whole == nullptr ? nullptr : visible(whole->find(member.key()));
            if (auto const* field = visible(shape.find(member.key())))
                mergeMember(*field->shape, memberAt(value, *field), member.value(), known == nullptr ? nullptr : recordIn(known->shape),
                            here);
            else if (known != nullptr)
                refuse(here, "read_only", "Cannot be changed here.");
            else
                refuse(here, "unknown", "There is no such member.");
        }
    }

private:
    bool full() const { return wrong_.size() >= mostErrors; }
    void refuse(Place const& at, std::string code, std::string message) {
        wrong_.push_back({at.pointer(), std::move(code), std::move(message)});
    }

    static Field const* visible(Field const* field) { return field == nullptr || field->shape->secret ? nullptr : field; }
    static Shape const* recordIn(Shape const* shape) {
        while (shape->kind == Kind::optional) shape = shape->inner;
        return shape->kind == Kind::record ? shape : nullptr;
    }

    void readLeaf(Shape const& shape, void* value, json::value const& from, Place const& at) {
        auto const scalar = scalarFrom(shape.kind, from);
        if (scalar) {
            if (auto issue = shape.set(value, *scalar)) refuse(at, std::move(issue->code), std::move(issue->message));
        } else if (shape.kind == Kind::integer && isWhole(from)) {
            refuse(at, "out_of_range", "Is too large a number.");
        } else {
            refuse(at, from.is_string() && isWrittenAsText(shape.kind) ? "format" : "type", wantedText(shape.kind));
        }
    }

    void readRecord(Shape const& shape, void* value, json::object const& from, Place const& at) {
        std::size_t expected = 0;
        std::size_t required = 0;
        for (auto const& member : from) {
            if (full()) return;
            auto const* field = visible(shape.findNext(member.key(), expected));
            if (field == nullptr) {
                refuse({&at, member.key()}, "unknown", "There is no such member.");
                continue;
            }
            if (!field->shape->mayBeAbsent()) ++required;
            read(*field->shape, memberAt(value, *field), member.value(), {&at, member.key()});
        }
        if (required < shape.required) reportAbsent(shape, from, at);
    }

    void reportAbsent(Shape const& shape, json::object const& from, Place const& at) {
        for (auto const& field : shape.fields)
            if (!field.shape->mayBeAbsent() && !field.shape->secret && !from.contains(field.name))
                refuse({&at, field.name}, "required", "Must be given.");
    }

    void readArray(Shape const& shape, void* value, json::array const& from, Place const& at) {
        shape.clear(value);
        if (from.size() > mostElements) return refuse(at, "too_long", "Must have at most " + std::to_string(mostElements) + " elements.");
        for (std::size_t i = 0; i < from.size() && !full(); ++i) read(*shape.inner, shape.append(value), from[i], {&at, std::to_string(i)});
    }

    void readMap(Shape const& shape, void* value, json::object const& from, Place const& at) {
        shape.clear(value);
        for (auto const& member : from) {
            if (full()) return;
            Place const here{&at, member.key()};
            if (auto issue = checkText(member.key(), 1, 200, Breaks::refused))
                refuse(here, std::move(issue->code), std::move(issue->message));
            else
                read(*shape.inner, shape.insert(value, std::string(member.key())), member.value(), here);
        }
    }

    // One member of a patch: null unsets what may be absent, an object merges into a record, anything else replaces.
    void mergeMember(Shape const& shape, void* value, json::value const& patch, Shape const* whole, Place const& at) {
        if (patch.is_null()) {
            if (!shape.mayBeAbsent()) return refuse(at, "required", "Cannot be unset.");
            return shape.clear(value);
        }
        auto const* inner = shape.kind == Kind::optional ? shape.inner : &shape;
        if (inner->kind != Kind::record || !patch.is_object()) return read(shape, value, patch, at);
        if (shape.kind != Kind::optional) return merge(*inner, value, patch.get_object(), whole, at);
        auto const* present = shape.value(value);
        if (present == nullptr) return read(*inner, shape.emplace(value), patch, at);
        merge(*inner, const_cast<void*>(present), patch.get_object(), whole, at); // the optional is ours to change; value() only looks
    }

    std::vector<FieldError>& wrong_;
};

} // namespace

void writeJsonString(std::string& out, std::string_view text) {
    static constexpr char hex[] = "0123456789abcdef";
    auto const special = [](char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    out += '"';
    while (!text.empty()) {
        auto const plain = static_cast<std::size_t>(std::find_if(text.begin(), text.end(), special) - text.begin());
        out.append(text.substr(0, plain));
        if (plain == text.size()) break;
        char const c = text[plain];
        if (c == '"' || c == '\\')
            (out += '\\') += c;
        else if (c == '\n')
            out += "\\n";
        else
            ((out += "\\u00") += hex[c >> 4]) += hex[c & 15];
        text.remove_prefix(plain + 1);
    }
    out += '"';
}

void writeJson(std::string& out, Shape const& shape, void const* value, Secrets secrets) {
    switch (shape.kind) {
        case Kind::record:
            return writeRecord(out, shape, value, secrets);
        case Kind::array:
            return writeArray(out, shape, value, secrets);
        case Kind::map:
            return writeMap(out, shape, value, secrets);
        case Kind::optional: {
            auto const* inner = shape.value(value);
            if (inner == nullptr)
                out += "null";
            else
                writeJson(out, *shape.inner, inner, secrets);
            return;
        }
        default:
            if (shape.text != nullptr) return writeJsonString(out, shape.text(value));
            return writeLeaf(out, shape.kind, shape.get(value));
    }
}

Result<json::value> parseJson(std::string_view text) {
    json::parse_options options;
    options.max_depth = deepest;
    json::basic_parser<CountingHandler> parser(options);
    json::error_code ec;
    auto const used = parser.write_some(false, text.data(), text.size(), ec);
    if (ec || used < text.size()) return failure(Code::malformed, "malformed_json", "The body is not valid JSON.");
    auto value = parser.handler().stack.release();
    if (namesIn(value) != parser.handler().names) return failure(Code::malformed, "malformed_json", "The body repeats a member name.");
    return value;
}

void readJson(Shape const& shape, void* value, json::value const& from, std::string const& at, std::vector<FieldError>& wrong) {
    Reader(wrong).read(shape, value, from, {nullptr, at});
}

Error invalidMembers(std::vector<FieldError> wrong) {
    auto error = failure(Code::invalid, "invalid", "One or more members are not valid.");
    bool const onlyReadOnly = std::all_of(wrong.begin(), wrong.end(), [](FieldError const& field) { return field.code == "read_only"; });
    if (onlyReadOnly && !wrong.empty()) error.key = "read_only";
    error.fields = std::move(wrong);
    return error;
}

namespace {

template <class Number> std::optional<Number> numberIn(std::string const& text) {
    Number number{};
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    return ec == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

// What a text stands for where a leaf of this kind is wanted; a text that fits no number stays one, and is refused as such later.
json::value valueIn(std::string const& text, Kind kind) {
    if (kind == Kind::integer || kind == Kind::number)
        if (auto const whole = numberIn<std::int64_t>(text)) return *whole;
    if (kind == Kind::number)
        if (auto const real = numberIn<double>(text); real && std::isfinite(*real)) return *real;
    if (kind == Kind::boolean && (text == "true" || text == "false")) return text == "true";
    return json::string(text);
}

} // namespace

json::object fromTexts(Shape const& shape, std::vector<std::pair<std::string, std::string>> const& texts) {
    json::object object;
    for (auto const& [name, text] : texts) {
        auto const* field = shape.find(name);
        auto const* leaf = field == nullptr ? nullptr : field->shape;
        bool isList = false;
        for (; leaf != nullptr && leaf->inner != nullptr; leaf = leaf->inner) isList = isList || leaf->kind == Kind::array;
        auto value = valueIn(text, leaf == nullptr ? Kind::string : leaf->kind);
        if (!isList) {
            object[name] = std::move(value);
            continue;
        }
        if (!object.contains(name)) object[name] = json::array();
        object[name].get_array().push_back(std::move(value));
    }
    return object;
}

Result<void> patchJson(Shape const& writable, void* value, json::value const& patch, Shape const& whole) {
    if (!patch.is_object()) return invalidMembers({{"", "type", wantedText(Kind::record)}});
    std::vector<FieldError> wrong;
    Reader(wrong).merge(writable, value, patch.get_object(), &whole, {});
    if (!wrong.empty()) return invalidMembers(std::move(wrong));
    return ok;
}

std::string pointerStep(std::string_view member) {
    std::string step;
    for (char const c : member) step += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return step;
}

} // namespace record
} // namespace visavis
