// Percent-encoding for forms.
#include "outbound/form.hpp"

namespace visavis::outbound {
namespace {

bool isUnreserved(char c) {
    bool const alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return alphanumeric || c == '-' || c == '.' || c == '_' || c == '~';
}

void encode(std::string& out, std::string_view text, std::string_view kept) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (char const c : text) {
        if (isUnreserved(c) || kept.find(c) != kept.npos) {
            out += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
}

} // namespace

std::string percentEncoded(std::string_view text) {
    std::string out;
    encode(out, text, {});
    return out;
}

Form& Form::add(std::string_view name, std::string_view value) {
    if (!text_.empty()) text_ += '&';
    encode(text_, name, "[]");
    text_ += '=';
    encode(text_, value, {});
    return *this;
}

std::string Form::nested(std::string_view name, std::string_view key) {
    std::string full(name);
    full += '[';
    full += key;
    full += ']';
    return full;
}

} // namespace visavis::outbound
