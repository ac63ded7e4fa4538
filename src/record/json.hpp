// JSON in and out by Shape: strict on input (unknown members refused, every fault with its JSON Pointer), plain on output.
#pragma once

#include "core/result.hpp"
#include "record/record.hpp"

#include <boost/json/value.hpp>

#include <utility>

namespace visavis {
inline namespace record {

// Whose eyes the text is for: the API never shows secrets, an export shows all.
enum class Secrets { hidden, shown };

// Absent optionals are left out; instants are RFC 3339, days YYYY-MM-DD, ids 24 hex digits.
void writeJson(std::string& out, Shape const& shape, void const* value, Secrets secrets = Secrets::hidden);
// What input may hold in one list.
inline constexpr std::size_t mostElements = 1000;

void writeJsonString(std::string& out, std::string_view text);

template <class T> std::string toJson(T const& value, Secrets secrets = Secrets::hidden) {
    std::string out;
    out.reserve(512);
    writeJson(out, shapeOf<T>(), &value, secrets);
    return out;
}

// Error keys: "malformed_json" when the text is no JSON (or nests deeper than 32, or repeats a member name).
Result<boost::json::value> parseJson(std::string_view text);

// Fills `value`; appends what is wrong. `at` is the JSON Pointer of `json`.
void readJson(Shape const& shape, void* value, boost::json::value const& json, std::string const& at, std::vector<FieldError>& wrong);

Error invalidMembers(std::vector<FieldError> wrong);

template <class T> Result<T> fromJson(boost::json::value const& json) {
    T value{};
    std::vector<FieldError> wrong;
    readJson(shapeOf<T>(), &value, json, "", wrong);
    if (!wrong.empty()) return invalidMembers(std::move(wrong));
    return value;
}

// The JSON object that a query string or path captures stand for: values become what the shape at their name wants.
boost::json::object fromTexts(Shape const& shape, std::vector<std::pair<std::string, std::string>> const& texts);

// PATCH: objects merge, null unsets, arrays are replaced (RFC 7396). `whole` tells which members exist but are read-only.
Result<void> patchJson(Shape const& writable, void* value, boost::json::value const& patch, Shape const& whole);

template <class Writable, class Whole> Result<Writable> patched(Writable const& current, boost::json::value const& patch) {
    auto copy = current;
    CHECK(patchJson(shapeOf<Writable>(), &copy, patch, shapeOf<Whole>()));
    return copy;
}

// JSON Pointer escapes (RFC 6901).
std::string pointerStep(std::string_view member);

} // namespace record
} // namespace visavis
