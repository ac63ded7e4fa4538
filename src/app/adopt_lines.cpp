// Two documents compared, for people.
#include "app/adopt_image.hpp"

#include <bson/bson.h>

namespace visavis::app {
namespace {

struct Leaf {
    std::string text; // as mongosh shows it
    std::string type; // told only where nothing else differs
    bool secret = false;

    bool operator==(Leaf const&) const = default;
};
using Leaves = std::map<std::string, Leaf>;

char const* typeName(bson_type_t type) {
    switch (type) {
        case BSON_TYPE_INT32:
            return "int";
        case BSON_TYPE_INT64:
            return "long";
        case BSON_TYPE_DOUBLE:
            return "double";
        case BSON_TYPE_DECIMAL128:
            return "decimal";
        default:
            return "";
    }
}

std::string textOf(bson_iter_t const* it) {
    if (BSON_ITER_HOLDS_NUMBER(it)) {
        auto const number = bson_iter_as_double(it);
        auto const whole = bson_iter_as_int64(it);
        if (static_cast<double>(whole) == number) return std::to_string(whole);
    }
    bson_t one;
    bson_init(&one);
    bson_append_iter(&one, "v", 1, it);
    auto* const json = bson_as_relaxed_extended_json(&one, nullptr);
    std::string text(json);
    bson_free(json);
    bson_destroy(&one);
    return text.substr(8, text.size() - 10); // { "v" : … }
}

void collect(Shape const& root, bson_iter_t* it, std::string const& path, Leaves& leaves) {
    while (bson_iter_next(it)) {
        auto const inner = path.empty() ? std::string(bson_iter_key(it)) : path + "." + bson_iter_key(it);
        bson_iter_t child;
        bool const nested = BSON_ITER_HOLDS_DOCUMENT(it) || BSON_ITER_HOLDS_ARRAY(it);
        if (nested && bson_iter_recurse(it, &child)) {
            collect(root, &child, inner, leaves);
        } else {
            auto const* shape = shapeAt(root, inner);
            bool const secret = (shape != nullptr && shape->secret) || inner == "password";
            leaves[inner] = {textOf(it), typeName(bson_iter_type(it)), secret};
        }
    }
}

Leaves leavesOf(Shape const& root, Bson const& document) {
    Leaves leaves;
    bson_t doc;
    bson_iter_t it;
    if (bson_init_static(&doc, reinterpret_cast<std::uint8_t const*>(document.bytes.data()), document.bytes.size()) &&
        bson_iter_init(&it, &doc))
        collect(root, &it, "", leaves);
    return leaves;
}

std::string shown(Leaf const* leaf, bool withType) {
    if (leaf == nullptr) return "–";
    if (leaf->secret) return identity::isSealed(leaf->text.substr(1)) ? "(hidden, sealed)" : "(hidden)";
    return withType ? leaf->text + " (" + leaf->type + ")" : leaf->text;
}

} // namespace

std::vector<std::string> changeLines(CollectionSpec const& in, ObjectId const& id, Bson const& before, Bson const& after) {
    auto const was = leavesOf(*in.shape, before), will = leavesOf(*in.shape, after);
    std::vector<std::string> lines;
    auto const line = [&](std::string const& member, Leaf const* from, Leaf const* to) {
        if (from != nullptr && to != nullptr && *from == *to) return;
        bool const onlyType = from != nullptr && to != nullptr && from->text == to->text;
        lines.push_back(in.name + " " + id.hex() + " " + member + ": " + shown(from, onlyType) + " → " + shown(to, onlyType));
    };
    for (auto const& [member, leaf] : was) {
        auto const there = will.find(member);
        line(member, &leaf, there == will.end() ? nullptr : &there->second);
    }
    for (auto const& [member, leaf] : will)
        if (!was.contains(member)) line(member, nullptr, &leaf);
    return lines;
}

} // namespace visavis::app
