// JSON for people and for diffs.
#include "record/json.hpp"
#include "record/schema.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace visavis {
inline namespace record {
namespace {

namespace json = boost::json;

constexpr std::size_t width = 120;

// Whether no object stands inside.
bool isFlat(json::value const& value) {
    auto const fits = [](json::value const& part) { return !part.is_object() && (!part.is_array() || isFlat(part)); };
    if (value.is_array()) return std::all_of(value.get_array().begin(), value.get_array().end(), fits);
    return std::all_of(value.get_object().begin(), value.get_object().end(), [&](auto const& member) { return fits(member.value()); });
}

// Each part of a list or object, with its name where it has one.
template <class Each> void forEachPart(json::value const& value, Each each) {
    if (value.is_array())
        for (auto const& part : value.get_array()) each(std::string_view{}, part);
    else
        for (auto const& member : value.get_object()) each(std::string_view(member.key()), member.value());
}

void write(std::string& out, json::value const& value, std::size_t indent);

void writeParts(std::string& out, json::value const& value, std::size_t indent, std::string const& before, std::string const& between,
                std::string const& after) {
    auto const* separator = &before;
    out += value.is_array() ? '[' : '{';
    forEachPart(value, [&](std::string_view name, json::value const& part) {
        out += *std::exchange(separator, &between);
        if (value.is_object()) {
            writeJsonString(out, name);
            out += ": ";
        }
        write(out, part, indent + 2);
    });
    if (separator != &before) out += after;
    out += value.is_array() ? ']' : '}';
}

void write(std::string& out, json::value const& value, std::size_t indent) {
    if (auto const* number = value.if_double()) return writeJson(out, shapeOf<double>(), number); // 4.5, where Boost writes 4.5E0
    if (value.is_string()) return writeJsonString(out, value.get_string());
    if (!value.is_structured()) return out.append(json::serialize(value)), void();
    if (isFlat(value)) {
        auto const start = out.size();
        auto const line = out.rfind('\n') == out.npos ? 0 : out.rfind('\n') + 1;
        writeParts(out, value, indent, value.is_array() ? "" : " ", ", ", value.is_array() ? "" : " ");
        if (out.size() - line <= width) return;
        out.resize(start);
    }
    writeParts(out, value, indent, "\n" + std::string(indent + 2, ' '), ",\n" + std::string(indent + 2, ' '),
               "\n" + std::string(indent, ' '));
}

} // namespace

std::string prettyJson(json::value const& value) {
    std::string out;
    write(out, value, 0);
    return out + '\n';
}

} // namespace record
} // namespace visavis
