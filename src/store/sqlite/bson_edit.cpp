// Copies a document's members as bytes and puts the changed ones in their place (BSON 1.1: type, key, value; int32 length in front).
#include "store/sqlite/bson_edit.hpp"

#include <bson/bson.h>

#include <cstring>
#include <functional>
#include <stdexcept>

namespace visavis::inline store::sqlite {
namespace {

// A member's type and value bytes, without its key.
struct Value {
    char type = 0;
    std::string_view bytes;
};

// The new value of a member that may be there; nothing: the member goes.
using Edit = std::function<std::optional<std::string>(std::optional<Value> const&, char& type)>;

[[noreturn]] void broken(std::string const& what) { throw std::logic_error("change of a document: " + what); }

template <class T> std::string plainBytes(T value) {
    std::string bytes(sizeof value, '\0');
    std::memcpy(bytes.data(), &value, sizeof value);
    return bytes;
}

// Frames members as a document.
std::string framed(std::string const& members) { return plainBytes(static_cast<std::int32_t>(members.size() + 5)) + members + '\0'; }

void append(std::string& members, char type, std::string_view key, std::string_view value) {
    members += type;
    members += key;
    members += '\0';
    members += value;
}

struct Members {
    bson_t doc;
    bson_iter_t it;

    explicit Members(std::string_view document) {
        if (!bson_init_static(&doc, reinterpret_cast<std::uint8_t const*>(document.data()), document.size()) || !bson_iter_init(&it, &doc))
            throw CorruptDocument("not a BSON document");
    }
    bool next() { return bson_iter_next(&it); }
    std::string_view key() const { return {bson_iter_key(&it), bson_iter_key_len(&it)}; }
    std::string_view whole() const { return {reinterpret_cast<char const*>(it.raw) + it.off, it.next_off - it.off}; }
    Value value() const {
        auto const element = whole();
        return {element.front(), element.substr(2 + key().size())};
    }
};

std::string edited(std::string_view document, std::string_view path, Edit const& edit);

// The edit of a path's first step: of the member itself, or of the document that it is.
std::optional<std::string> step(std::optional<Value> const& was, std::string_view rest, Edit const& edit, char& type) {
    if (rest.empty()) return edit(was, type);
    type = BSON_TYPE_DOCUMENT;
    if (!was || was->type == BSON_TYPE_NULL) {
        auto made = edited(framed({}), rest, edit);
        if (made.size() == 5) return std::nullopt; // unset below a parent that is not there
        return made;
    }
    if (was->type != BSON_TYPE_DOCUMENT) broken("the parent of " + std::string(rest) + " is no record");
    return edited(was->bytes, rest, edit);
}

std::string edited(std::string_view document, std::string_view path, Edit const& edit) {
    auto const dot = path.find('.');
    auto const name = path.substr(0, dot);
    auto const rest = dot == path.npos ? std::string_view{} : path.substr(dot + 1);
    std::string out;
    out.reserve(document.size() + 64);
    bool found = false;
    char type = 0;
    for (Members members(document); members.next();) {
        if (members.key() != name) {
            out += members.whole();
            continue;
        }
        found = true;
        if (auto const value = step(members.value(), rest, edit, type)) append(out, type, name, *value);
    }
    if (!found)
        if (auto const value = step(std::nullopt, rest, edit, type)) append(out, type, name, *value);
    return framed(out);
}

Value carried(Change const& change) {
    Members members(change.value.bytes);
    if (!members.next()) broken(change.path + " has no value");
    return members.value();
}

std::int64_t integer(Value const& value) {
    if (value.type == BSON_TYPE_INT64) {
        std::int64_t number = 0;
        std::memcpy(&number, value.bytes.data(), sizeof number);
        return number;
    }
    if (value.type != BSON_TYPE_INT32) broken("increment of what is no integer");
    std::int32_t number = 0;
    std::memcpy(&number, value.bytes.data(), sizeof number);
    return number;
}

std::optional<std::string> incremented(std::optional<Value> const& was, std::int64_t by, char& type) {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(was && was->type != BSON_TYPE_NULL ? integer(*was) : 0, by, &sum)) broken("increment beyond 64 bits");
    type = BSON_TYPE_INT64;
    return plainBytes(sum);
}

std::optional<std::string> pushed(std::optional<Value> const& was, Value const& element, char& type) {
    type = BSON_TYPE_ARRAY;
    std::string members;
    std::size_t count = 0;
    if (was && was->type != BSON_TYPE_NULL) {
        if (was->type != BSON_TYPE_ARRAY) broken("push to what is no array");
        for (Members array(was->bytes); array.next(); ++count) members += array.whole();
    }
    append(members, element.type, std::to_string(count), element.bytes);
    return framed(members);
}

Edit editOf(Change const& change) {
    switch (change.kind) {
        case ChangeKind::unset:
            return [](auto const&, char&) { return std::nullopt; };
        case ChangeKind::increment:
            return [by = integer(carried(change))](auto const& was, char& type) { return incremented(was, by, type); };
        case ChangeKind::push:
            return [value = carried(change)](auto const& was, char& type) { return pushed(was, value, type); };
        default:
            break;
    }
    return [value = carried(change)](auto const&, char& type) {
        type = value.type;
        return std::optional<std::string>(value.bytes);
    };
}

} // namespace

std::string changed(std::string_view document, std::vector<Change> const& changes) {
    std::string now(document);
    for (auto const& change : changes) {
        if (change.path == "_id" || change.path == "version") broken(change.path + " is not the caller's to change");
        now = edited(now, change.path, editOf(change));
    }
    return edited(now, "version", [](auto const& was, char& type) { return incremented(was, 1, type); });
}

} // namespace visavis::store::sqlite
