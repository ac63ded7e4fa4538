// Runs of plain text are copied at once.
#include "core/escape.hpp"

#include <algorithm>

namespace visavis {
inline namespace core {

void appendEscapedHtml(std::string& out, std::string_view text) {
    while (!text.empty()) {
        auto const plain = std::min(text.find_first_of("&<>\"'"), text.size());
        out.append(text.substr(0, plain));
        text.remove_prefix(plain);
        if (text.empty()) return;
        char const c = text.front();
        out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '"' ? "&quot;" : "&#39;";
        text.remove_prefix(1);
    }
}

std::string escapedHtml(std::string_view text) {
    std::string out;
    appendEscapedHtml(out, text);
    return out;
}

} // namespace core
} // namespace visavis
