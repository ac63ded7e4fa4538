// application/x-www-form-urlencoded with nested names (`a[b]=v`, `a[0]=v`), as Stripe reads it in bodies and queries (providers.md §1.1).
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace visavis::outbound {

// Everything but unreserved characters (RFC 3986 §2.3) becomes %XX; a space becomes %20.
std::string percentEncoded(std::string_view text);

// Builds a form from left to right. Brackets in names are structure and stay as they are; in values they are encoded.
class Form {
public:
    // An empty value unsets on the other side: leave out what is merely absent.
    Form& add(std::string_view name, std::string_view value);
    Form& add(std::string_view name, std::same_as<bool> auto value) { return add(name, std::string_view(value ? "true" : "false")); }
    Form& add(std::string_view name, std::integral auto value) requires(!std::same_as<decltype(value), bool>) {
        return add(name, std::string_view(std::to_string(value)));
    }
    Form& addIfSet(std::string_view name, std::string_view value) { return value.empty() ? *this : add(name, value); }
    // name[key]=value
    Form& addIn(std::string_view name, std::string_view key, auto const& value) { return add(nested(name, key), value); }
    // name[0]=…, name[1]=…
    Form& addEach(std::string_view name, auto const& values) {
        std::size_t index = 0;
        for (auto const& value : values) add(nested(name, std::to_string(index++)), std::string_view(value));
        return *this;
    }
    std::string const& text() const { return text_; }

private:
    static std::string nested(std::string_view name, std::string_view key);
    std::string text_;
};

} // namespace visavis::outbound
