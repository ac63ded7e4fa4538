// Looking up and filling in messages, and choosing the language.
#include "web/words.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <cassert>

namespace visavis::web {
namespace {

std::string_view codeOf(Language language) { return notifications::tableOf(language).code; }

// "de-AT;q=0.8": the language, and its weight in thousandths (0 when malformed).
std::pair<std::string_view, int> weighted(std::string_view piece) {
    auto const semicolon = piece.find(';');
    auto const name = trimmed(piece.substr(0, semicolon));
    if (semicolon == piece.npos) return {name, 1000};
    auto weight = trimmed(piece.substr(semicolon + 1));
    if (!weight.starts_with("q=")) return {name, 0};
    weight.remove_prefix(2);
    int thousandths = 0;
    int scale = 1000;
    for (char const c : weight) {
        if (c == '.') continue;
        if (c < '0' || c > '9') return {name, 0};
        thousandths += (c - '0') * scale;
        scale /= 10;
    }
    return {name, std::min(thousandths, 1000)};
}

} // namespace

Words::Words(Language language) : language_(language) {
    auto const names = messageLanguages();
    auto const found = std::find(names.begin(), names.end(), codeOf(language));
    assert(found != names.end());
    row_ = static_cast<std::size_t>(found - names.begin());
}

std::string_view Words::code() const { return codeOf(language_); }

std::string_view Words::plain(std::string_view key) const {
    auto const keys = messageKeys();
    auto const found = std::lower_bound(keys.begin(), keys.end(), key);
    return found != keys.end() && *found == key ? text(static_cast<std::size_t>(found - keys.begin())) : std::string_view();
}

std::string Words::filled(std::string_view pattern, Values values) {
    std::string out;
    while (true) {
        auto const open = pattern.find('{');
        out.append(pattern.substr(0, open));
        if (open == pattern.npos) return out;
        auto const close = pattern.find('}', open);
        auto inside = pattern.substr(open + 1, close - open - 1);
        pattern.remove_prefix(close + 1);
        auto const bar = inside.find('|');
        auto const found =
            std::find_if(values.begin(), values.end(), [&](auto const& value) { return value.first == inside.substr(0, bar); });
        if (found == values.end()) continue;
        if (bar == inside.npos) {
            out += found->second->text;
            continue;
        }
        inside.remove_prefix(bar + 1);
        auto const second = inside.find('|');
        out.append(found->second->one || second == inside.npos ? inside.substr(0, second) : inside.substr(second + 1));
    }
}

std::optional<Language> languageNamed(std::string_view code) {
    for (auto const language : notifications::languages)
        if (equalIgnoringCase(codeOf(language), code.substr(0, code.find('-')))) return language;
    return std::nullopt;
}

Language acceptedLanguage(std::string_view header) {
    auto best = Language::en;
    int most = 0;
    for (auto rest = header; !rest.empty();) {
        auto const comma = rest.find(',');
        auto const [name, weight] = weighted(rest.substr(0, comma));
        rest = comma == rest.npos ? std::string_view() : rest.substr(comma + 1);
        auto const language = name == "*" ? std::optional(Language::en) : languageNamed(name);
        if (!language || weight <= most) continue;
        best = *language;
        most = weight;
    }
    return best;
}

} // namespace visavis::web
