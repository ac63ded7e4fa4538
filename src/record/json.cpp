// The JSON codec: a walk over shapes.
#include "record/json.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <charconv>
#include <cmath>
#include <set>

namespace visavis {
inline namespace record {
namespace {

namespace json = boost::json;

constexpr std::size_t deepest = 32;
constexpr std::size_t mostErrors = 50;

// Walks the text once, only to find a member name that an object has twice: Boost.JSON would keep the last silently.
struct DuplicateFinder {
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);

    std::vector<std::set<std::string>> open;
    std::string key;
    bool duplicate = false;

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code&) {
        open.emplace_back();
        return true;
    }
    bool on_object_end(std::size_t, json::error_code&) {
        open.pop_back();
        return true;
    }
    bool on_array_begin(json::error_code&) { return true; }
    bool on_array_end(std::size_t, json::error_code&) { return true; }
    bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
        key.append(part.data(), part.size());
        return true;
    }
    bool on_key(json::string_view part, std::size_t, json::error_code&) {
        key.append(part.data(), part.size());
        duplicate = !open.back().insert(std::exchange(key, {})).second || duplicate;
        return true;
    }
    bool on_string_part(json::string_view, std::size_t, json::error_code&) { return true; }
    bool on_string(json::string_view, std::size_t, json::error_code&) { return true; }
    bool on_number_part(json::string_view, json::error_code&) { return true; }
    bool on_int64(std::int64_t, json::string_view, json::error_code&) { return true; }
    bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return true; }
    bool on_double(double, json::string_view, json::error_code&) { return true; }
    bool on_bool(bool, json::error_code&) { return true; }
    bool on_null(json::error_code&) { return true; }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }
};

bool repeatsAName(std::string_view text) {
    json::parse_options options;
    options.max_depth = deepest;
    json::basic_parser<DuplicateFinder> parser(options);
    json::error_code ec;
    parser.write_some(false, text.data(), text.size(), ec);
    return parser.handler().duplicate;
}

void writeLeaf(std::string& out, Kind kind, Scalar const& scalar) {
    switch (kind) {
        case Kind::boolean: out += std::get<bool>(scalar) ? "true" : "false"; return;
        case Kind::integer: out += std::to_string(std::get<std::int64_t>(scalar)); return;
        case Kind::number: {
            char buffer[32];
            auto const end = std::to_chars(buffer, buffer + sizeof buffer, std::get<double>(scalar)).ptr;
            out.append(buffer, end);
            return;
        }
        case Kind::objectId: writeJsonString(out, std::get<ObjectId>(scalar).hex()); return;
        case Kind::instant: writeJsonString(out, toRfc3339(std::get<Instant>(scalar))); return;
        case Kind::day: writeJsonString(out, toRfc3339(std::get<Instant>(scalar)).substr(0, 10)); return;
        default: writeJsonString(out, std::get<std::string>(scalar)); return;
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
        writeJsonString(out, field.name);
        out += ':';
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
        case Kind::boolean: return "Must be true or false.";
        case Kind::integer: return "Must be a whole number.";
        case Kind::number: return "Must be a number.";
        case Kind::array: return "Must be a list.";
        case Kind::map:
        case Kind::record: return "Must be an object.";
        case Kind::objectId: return "Must be an id of 24 hexadecimal digits.";
        case Kind::instant: return "Must be an instant as in RFC 3339, e.g. 2026-03-01T09:00:00.000Z.";
        case Kind::day: return "Must be a day YYYY-MM-DD.";
        default: return "Must be text.";
    }
}

std::optional<std::int64_t> wholeNumber(json::value const& value) {
    if (value.is_int64()) return value.get_int64();
    if (!value.is_double()) return std::nullopt;
    auto const number = value.get_double();
    if (std::trunc(number) != number || std::abs(number) > 9.0e15) return std::nullopt;
    return static_cast<std::int64_t>(number);
}

// The scalar that a JSON value stands for under a kind; nothing when it is of another type or form.
std::optional<Scalar> scalarFrom(Kind kind, json::value const& value) {
    auto const text = [&] { return std::string_view(value.get_string().data(), value.get_string().size()); };
    auto const some = [](auto const& parsed) -> std::optional<Scalar> { return parsed ? std::optional<Scalar>(*parsed) : std::nullopt; };
    switch (kind) {
        case Kind::boolean: return value.is_bool() ? std::optional<Scalar>(value.get_bool()) : std::nullopt;
        case Kind::integer: return some(wholeNumber(value));
        case Kind::number: return value.is_number() ? std::optional<Scalar>(value.to_number<double>()) : std::nullopt;
        default: break;
    }
    if (!value.is_string()) return std::nullopt;
    switch (kind) {
        case Kind::objectId: return some(ObjectId::parse(text()));
        case Kind::instant: return some(parseRfc3339(text()));
        case Kind::day: {
            auto const date = parseDate(text());
            return date ? std::optional<Scalar>(date->midnightUtc()) : std::nullopt;
        }
        default: return Scalar(std::string(text()));
    }
}

void readLeaf(Shape const& shape, void* value, json::value const& from, std::string const& at, std::vector<FieldError>& wrong) {
    auto const scalar = scalarFrom(shape.kind, from);
    if (!scalar) {
        bool const stringForm = from.is_string() && (shape.kind == Kind::objectId || shape.kind == Kind::instant || shape.kind == Kind::day);
        wrong.push_back({at, stringForm ? "format" : "type", wantedText(shape.kind)});
        return;
    }
    if (auto issue = shape.set(value, *scalar)) wrong.push_back({at, issue->code, issue->message});
}

void readRecord(Shape const& shape, void* value, json::object const& from, std::string const& at, std::vector<FieldError>& wrong) {
    for (auto const& member : from) {
        if (wrong.size() >= mostErrors) return;
        auto const* field = shape.find(member.key());
        auto const path = at + "/" + pointerStep(member.key());
        if (field == nullptr || field->shape->secret)
            wrong.push_back({path, "unknown", "There is no such member."});
        else
            readJson(*field->shape, memberAt(value, *field), member.value(), path, wrong);
    }
    for (auto const& field : shape.fields)
        if (!field.shape->mayBeAbsent() && !field.shape->secret && !from.contains(field.name))
            wrong.push_back({at + "/" + pointerStep(field.name), "required", "Must be given."});
}

void readArray(Shape const& shape, void* value, json::array const& from, std::string const& at, std::vector<FieldError>& wrong) {
    constexpr std::size_t most = 1000;
    shape.clear(value);
    if (from.size() > most) {
        wrong.push_back({at, "too_long", "Must have at most " + std::to_string(most) + " elements."});
        return;
    }
    for (std::size_t i = 0; i < from.size() && wrong.size() < mostErrors; ++i)
        readJson(*shape.inner, shape.append(value), from[i], at + "/" + std::to_string(i), wrong);
}

void readMap(Shape const& shape, void* value, json::object const& from, std::string const& at, std::vector<FieldError>& wrong) {
    shape.clear(value);
    for (auto const& member : from) {
        if (wrong.size() >= mostErrors) return;
        readJson(*shape.inner, shape.insert(value, std::string(member.key())), member.value(), at + "/" + pointerStep(member.key()), wrong);
    }
}

void mergeRecord(Shape const& shape, void* value, json::object const& patch, Shape const* whole, std::string const& at, std::vector<FieldError>& wrong);

// One member of a patch: null unsets what may be absent, an object merges into a record, anything else replaces.
void mergeMember(Shape const& shape, void* value, json::value const& patch, Shape const* whole, std::string const& at, std::vector<FieldError>& wrong) {
    if (patch.is_null()) {
        if (shape.mayBeAbsent())
            shape.clear(value);
        else
            wrong.push_back({at, "required", "Cannot be unset."});
        return;
    }
    auto const* inner = shape.kind == Kind::optional ? shape.inner : &shape;
    if (inner->kind != Kind::record || !patch.is_object()) return readJson(shape, value, patch, at, wrong);
    auto* target = value;
    if (shape.kind == Kind::optional) {
        auto const* present = shape.value(value);
        if (present == nullptr) return readJson(*inner, shape.emplace(value), patch, at, wrong);
        target = const_cast<void*>(present);  // the optional is ours to change; value() only looks
    }
    mergeRecord(*inner, target, patch.get_object(), whole, at, wrong);
}

Shape const* innerRecord(Shape const* shape) {
    while (shape != nullptr && shape->kind == Kind::optional) shape = shape->inner;
    return shape != nullptr && shape->kind == Kind::record ? shape : nullptr;
}

void mergeRecord(Shape const& shape, void* value, json::object const& patch, Shape const* whole, std::string const& at, std::vector<FieldError>& wrong) {
    for (auto const& member : patch) {
        auto const path = at + "/" + pointerStep(member.key());
        auto const* field = shape.find(member.key());
        auto const* known = whole == nullptr ? nullptr : whole->find(member.key());
        if (field != nullptr)
            mergeMember(*field->shape, memberAt(value, *field), member.value(), known == nullptr ? nullptr : innerRecord(known->shape), path, wrong);
        else if (known != nullptr)
            wrong.push_back({path, "read_only", "Cannot be changed here."});
        else
            wrong.push_back({path, "unknown", "There is no such member."});
    }
}

}  // namespace

void writeJsonString(std::string& out, std::string_view text) {
    static constexpr char hex[] = "0123456789abcdef";
    out += '"';
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (byte < 0x20 || byte == 0x7F) {
            out += "\\u00";
            out += hex[byte >> 4];
            out += hex[byte & 15];
        } else {
            out += c;
        }
    }
    out += '"';
}

void writeJson(std::string& out, Shape const& shape, void const* value, Secrets secrets) {
    switch (shape.kind) {
        case Kind::record: return writeRecord(out, shape, value, secrets);
        case Kind::array: return writeArray(out, shape, value, secrets);
        case Kind::map: return writeMap(out, shape, value, secrets);
        case Kind::optional: {
            auto const* inner = shape.value(value);
            if (inner == nullptr)
                out += "null";
            else
                writeJson(out, *shape.inner, inner, secrets);
            return;
        }
        default: return writeLeaf(out, shape.kind, shape.get(value));
    }
}

Result<json::value> parseJson(std::string_view text) {
    json::parse_options options;
    options.max_depth = deepest;
    json::error_code ec;
    auto value = json::parse(text, ec, {}, options);
    if (ec) return failure(Code::malformed, "malformed_json", "The body is not valid JSON.");
    if (repeatsAName(text)) return failure(Code::malformed, "malformed_json", "The body repeats a member name.");
    return value;
}

void readJson(Shape const& shape, void* value, json::value const& from, std::string const& at, std::vector<FieldError>& wrong) {
    if (wrong.size() >= mostErrors) return;
    if (shape.kind == Kind::optional) {
        if (from.is_null()) return shape.clear(value);
        return readJson(*shape.inner, shape.emplace(value), from, at, wrong);
    }
    if (shape.isLeaf()) return readLeaf(shape, value, from, at, wrong);
    if (shape.kind == Kind::array ? !from.is_array() : !from.is_object()) {
        wrong.push_back({at, "type", wantedText(shape.kind)});
        return;
    }
    if (shape.kind == Kind::record) return readRecord(shape, value, from.get_object(), at, wrong);
    if (shape.kind == Kind::array) return readArray(shape, value, from.get_array(), at, wrong);
    readMap(shape, value, from.get_object(), at, wrong);
}

Error invalidMembers(std::vector<FieldError> wrong) {
    auto error = failure(Code::invalid, "invalid", "One or more members are not valid.");
    bool const onlyReadOnly = std::all_of(wrong.begin(), wrong.end(), [](FieldError const& field) { return field.code == "read_only"; });
    if (onlyReadOnly && !wrong.empty()) error.key = "read_only";
    error.fields = std::move(wrong);
    return error;
}

json::object fromTexts(Shape const& shape, std::vector<std::pair<std::string, std::string>> const& texts) {
    json::object object;
    for (auto const& [name, text] : texts) {
        auto const* field = shape.find(name);
        auto const* leaf = field == nullptr ? nullptr : field->shape;
        while (leaf != nullptr && leaf->inner != nullptr) leaf = leaf->inner;
        json::value value = json::string(text);
        std::int64_t number = 0;
        auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
        bool const whole = ec == std::errc{} && end == text.data() + text.size() && !text.empty();
        if (leaf != nullptr && (leaf->kind == Kind::integer || leaf->kind == Kind::number) && whole) value = number;
        if (leaf != nullptr && leaf->kind == Kind::boolean && (text == "true" || text == "false")) value = text == "true";
        if (field != nullptr && field->shape->kind == Kind::array) {
            if (!object.contains(name)) object[name] = json::array();
            object[name].get_array().push_back(std::move(value));
        } else {
            object[name] = std::move(value);
        }
    }
    return object;
}

Result<void> patchJson(Shape const& writable, void* value, json::value const& patch, Shape const& whole) {
    if (!patch.is_object()) return invalidMembers({{"", "type", wantedText(Kind::record)}});
    std::vector<FieldError> wrong;
    mergeRecord(writable, value, patch.get_object(), &whole, "", wrong);
    if (!wrong.empty()) return invalidMembers(std::move(wrong));
    return ok;
}

std::string pointerStep(std::string_view member) {
    std::string step;
    for (char const c : member) step += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return step;
}

}  // namespace record
}  // namespace visavis
