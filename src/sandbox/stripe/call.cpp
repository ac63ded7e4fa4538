// What the verbs of all resources share: reading by id, pages of lists, metadata.
#include "sandbox/stripe/call.hpp"

#include <algorithm>

namespace visavis::sandbox::stripe {

namespace {

constexpr std::int64_t defaultLimit = 10;
constexpr std::int64_t mostPerPage = 100;
constexpr std::size_t mostMetadata = 50;

bool inSpan(json::object const& params, std::string_view name, std::int64_t at) {
    auto const* span = params.if_contains(name);
    if (!span || span->is_null()) return true;
    if (span->is_int64()) return span->get_int64() == at;
    auto const& bounds = span->get_object();
    return (!has(bounds, "gt") || at > numberOf(bounds, "gt")) && (!has(bounds, "gte") || at >= numberOf(bounds, "gte")) &&
           (!has(bounds, "lt") || at < numberOf(bounds, "lt")) && (!has(bounds, "lte") || at <= numberOf(bounds, "lte"));
}

// Position of the object a page begins after; 0 if the call names none.
Result<std::uint64_t> cursorOf(Call const& call, std::string_view kind, std::string_view name) {
    if (!call.given(name)) return 0U;
    if (!call.book.find(kind, call.text(name))) return noSuch(kind, call.text(name), name, 400);
    return call.book.position(call.text(name));
}

} // namespace

Result<json::object> retrieve(Call& call, std::string_view kind, std::string_view param) {
    auto const* object = call.book.find(kind, call.id);
    if (!object) return noSuch(kind, call.id, param, 404);
    return *object;
}

Result<json::object const*> named(Call const& call, std::string_view kind, std::string_view param) {
    auto const* object = call.book.find(kind, call.text(param));
    if (!object || isTrue(*object, "deleted")) return noSuch(kind, call.text(param), param, 400);
    return object;
}

Fields pageFields(Fields more) {
    more.insert(more.end(), {{"limit", Field::Kind::number}, {"starting_after"}, {"ending_before"}, {"created", Field::Kind::span}});
    return more;
}

// Newest first. Backwards (`ending_before`) the page is the one next to the cursor, still newest first.
Result<json::object> listPage(Call& call, std::string_view kind, std::string_view url, Filter const& wanted) {
    auto const limit = call.given("limit") ? call.number("limit") : defaultLimit;
    if (limit < 1 || limit > mostPerPage)
        return invalidRequest("This value must be between 1 and 100.", "limit", "parameter_invalid_integer");
    TRY(auto const after, cursorOf(call, kind, "starting_after"));
    TRY(auto const before, cursorOf(call, kind, "ending_before"));
    json::array found;
    auto const room = static_cast<std::size_t>(limit) + 1;
    call.book.visit(kind, [&](json::object const& object) {
        auto const position = call.book.position(textOf(object, "id"));
        if (before != 0 && position <= before) return false;
        bool const inPage = after == 0 || position < after;
        if (inPage && inSpan(call.params, "created", numberOf(object, "created")) && wanted(object)) found.push_back(object);
        return before != 0 || found.size() < room;
    });
    bool const more = found.size() >= room;
    if (more && before != 0) found.erase(found.begin(), found.end() - limit);
    if (more && before == 0) found.pop_back();
    return json::object{{"object", "list"}, {"data", std::move(found)}, {"has_more", more}, {"url", text(url)}};
}

Result<void> mergeMetadata(json::object& object, json::object const& params) {
    auto const* given = params.if_contains("metadata");
    if (!given) return ok;
    auto merged = given->is_null() ? json::object() : objectOf(object, "metadata");
    if (auto const* members = given->if_object()) {
        for (auto const& member : *members) {
            if (member.value().get_string().empty()) {
                merged.erase(member.key());
            } else {
                merged[member.key()] = member.value();
            }
        }
    }
    if (merged.size() > mostMetadata) return invalidRequest("You can specify up to 50 metadata keys.", "metadata");
    object["metadata"] = std::move(merged);
    return ok;
}

void copyGiven(json::object& object, json::object const& params, std::initializer_list<std::string_view> names) {
    for (auto const name : names) {
        if (auto const* value = params.if_contains(name)) object[name] = *value;
    }
}

} // namespace visavis::sandbox::stripe
