// From form text to typed parameters.
#include "sandbox/stripe/form.hpp"

#include "http/query.hpp"
#include "sandbox/encoding.hpp"
#include "sandbox/stripe/error.hpp"

#include <algorithm>
#include <charconv>

namespace visavis::sandbox::stripe {

namespace {

constexpr std::size_t deepest = 8;
constexpr std::size_t mostMetadata = 50;
constexpr std::size_t longestKey = 40;
constexpr std::size_t longestValue = 500;

// "a[b][]" into "a", "b", "".
Result<std::vector<std::string>> stepsOf(std::string const& name) {
    auto const bad = invalidRequest("Invalid request: the parameter name " + name + " cannot be read.", name);
    auto at = name.find('[');
    std::vector<std::string> steps{name.substr(0, at)};
    if (steps.front().empty()) return bad;
    while (at < name.size()) {
        auto const end = name.find(']', at);
        if (name[at] != '[' || end == name.npos || steps.size() == deepest) return bad;
        steps.push_back(name.substr(at + 1, end - at - 1));
        at = end + 1;
    }
    return steps;
}

Result<void> place(json::object& root, std::string const& name, std::string const& value) {
    TRY(auto const steps, stepsOf(name));
    auto* here = &root;
    for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
        auto const step = steps[i].empty() ? std::to_string(here->size()) : steps[i];
        auto& next = (*here)[step];
        if (next.is_null()) next = json::object();
        if (!next.is_object()) return invalidRequest("Invalid request: " + name + " is given both as a value and as a group.", name);
        here = &next.get_object();
    }
    auto const last = steps.back().empty() ? std::to_string(here->size()) : steps.back();
    if (has(*here, last) && here->at(last).is_object()) return invalidRequest("Invalid request: " + name + " is given twice.", name);
    (*here)[last] = value;
    return ok;
}

class Reader {
public:
    Result<json::object> group(json::object const& form, Fields const& fields, std::string const& at) {
        json::object out;
        for (auto const& member : form) {
            auto const name = at.empty() ? std::string(member.key()) : at + "[" + std::string(member.key()) + "]";
            auto const* field = find(fields, member.key());
            if (!field) return unknownParameter(name);
            TRY(auto value, read(*field, member.value(), name));
            out[member.key()] = std::move(value);
        }
        return out;
    }

private:
    static Field const* find(Fields const& fields, std::string_view name) {
        auto const found = std::find_if(fields.begin(), fields.end(), [&](Field const& field) { return field.name == name; });
        return found == fields.end() ? nullptr : &*found;
    }

    Result<json::value> read(Field const& field, json::value const& value, std::string const& name) {
        if (field.kind == Field::Kind::anything) return value;
        if (auto const* text = value.if_string()) return readText(field, *text, name);
        switch (field.kind) {
            case Field::Kind::group: {
                TRY(auto members, group(value.get_object(), field.members, name));
                return json::value(std::move(members));
            }
            case Field::Kind::metadata:
                return metadata(value.get_object(), name);
            case Field::Kind::list:
                return list(value.get_object(), name);
            case Field::Kind::span:
                return span(value.get_object(), name);
            default:
                return invalidRequest("Invalid string: " + json::serialize(value), name);
        }
    }

    Result<json::value> readText(Field const& field, std::string_view text, std::string const& name) {
        if (text.empty()) return json::value(nullptr);
        switch (field.kind) {
            case Field::Kind::number:
            case Field::Kind::span:
                return number(text, name);
            case Field::Kind::flag:
                if (text != "true" && text != "false") return invalidRequest("Invalid boolean: " + std::string(text), name);
                return json::value(text == "true");
            case Field::Kind::words:
                return word(field.words, text, name);
            case Field::Kind::text:
                if (text.size() > 5'000) return invalidRequest("Invalid string: it can have up to 5000 characters.", name);
                return json::value(json::string(text));
            case Field::Kind::list:
                return invalidRequest("Invalid array", name);
            default:
                return invalidRequest("Invalid object", name);
        }
    }

    static Result<json::value> number(std::string_view text, std::string const& name) {
        std::int64_t value = 0;
        auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (ec == std::errc() && end == text.data() + text.size()) return json::value(value);
        return invalidRequest("Invalid integer: " + std::string(text), name, "parameter_invalid_integer");
    }

    static Result<json::value> word(std::string_view words, std::string_view text, std::string const& name) {
        for (auto rest = words; !rest.empty();) {
            auto const one = rest.substr(0, rest.find(' '));
            if (one == text) return json::value(json::string(text));
            rest.remove_prefix(std::min(rest.size(), one.size() + 1));
        }
        return invalidRequest("Invalid " + name + ": must be one of " + std::string(words), name);
    }

    static Result<json::value> metadata(json::object const& given, std::string const& name) {
        if (given.size() > mostMetadata) return invalidRequest("You can specify up to 50 metadata keys.", name);
        json::object out;
        for (auto const& member : given) {
            auto const* text = member.value().if_string();
            auto const at = name + "[" + std::string(member.key()) + "]";
            if (!text) return invalidRequest("Metadata values must be strings.", at);
            if (member.key().size() > longestKey) return invalidRequest("Metadata keys can have up to 40 characters.", at);
            if (text->size() > longestValue) return invalidRequest("Metadata values can have up to 500 characters.", at);
            out[member.key()] = *text;
        }
        return json::value(std::move(out));
    }

    static Result<json::value> list(json::object const& given, std::string const& name) {
        json::array out;
        for (auto const& member : given) {
            if (!member.value().is_string()) return invalidRequest("Invalid array", name);
            out.push_back(member.value());
        }
        return json::value(std::move(out));
    }

    static Result<json::value> span(json::object const& given, std::string const& name) {
        json::object out;
        for (auto const& member : given) {
            auto const at = name + "[" + std::string(member.key()) + "]";
            auto const key = member.key();
            if (key != "gt" && key != "gte" && key != "lt" && key != "lte") return unknownParameter(at);
            if (!member.value().is_string()) return invalidRequest("Invalid integer", at, "parameter_invalid_integer");
            TRY(out[key], number(member.value().get_string(), at));
        }
        return json::value(std::move(out));
    }
};

} // namespace

Result<json::object> readForm(std::string_view encoded) {
    auto const query = http::parseQuery(encoded);
    if (!query) return invalidRequest("Invalid request (check that your POST content type is application/x-www-form-urlencoded).");
    json::object root;
    for (auto const& [name, value] : query->pairs) {
        if (toUtf8(name + value, "") != name + value) return invalidRequest("Invalid UTF-8 in a parameter.");
        CHECK(place(root, name, value));
    }
    return root;
}

Result<json::object> typed(json::object const& form, Fields const& fields) {
    auto known = fields;
    known.push_back({"expand", Field::Kind::list});
    return Reader().group(form, known, "");
}

} // namespace visavis::sandbox::stripe
