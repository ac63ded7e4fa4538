// The checks behind the leaf types.
#include "record/leaf.hpp"

#include <boost/url/parse.hpp>

#include <algorithm>

namespace visavis {
inline namespace record {
namespace {

bool isLocalPart(char c) {
    constexpr std::string_view others = ".!#$%&'*+/=?^_`{|}~-";
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || others.find(c) != others.npos;
}

// Letters, digits and inner hyphens, in at least two labels.
bool isDomain(std::string_view domain) {
    if (domain.find('.') == domain.npos || domain.size() > 253) return false;
    while (true) {
        auto const dot = domain.find('.');
        auto const label = domain.substr(0, dot);
        if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
        if (!std::all_of(label.begin(), label.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }))
            return false;
        if (dot == domain.npos) return true;
        domain.remove_prefix(dot + 1);
    }
}

} // namespace

std::optional<Issue> checkText(std::string_view text, std::int64_t least, std::int64_t most, Breaks breaks) {
    auto const length = textLength(text, breaks);
    if (!length) return Issue{"characters", "Must be text without control characters."};
    auto const count = static_cast<std::int64_t>(*length);
    if (count < least) return Issue{"too_short", "Must have at least " + std::to_string(least) + " characters."};
    if (count > most) return Issue{"too_long", "Must have at most " + std::to_string(most) + " characters."};
    return {};
}

std::optional<Issue> checkInstant(Instant instant) {
    if (instant >= firstInstant && instant <= lastInstant) return {};
    return Issue{"out_of_range", "Must be within the years 1 to 9999."};
}

std::optional<Email> parseEmail(std::string_view text) {
    auto const address = lowered(trimmed(text));
    auto const at = address.find('@');
    if (at == address.npos || at == 0 || at > 64 || address.size() > 254) return std::nullopt;
    auto const local = std::string_view(address).substr(0, at);
    if (local.front() == '.' || local.back() == '.' || local.find("..") != local.npos) return std::nullopt;
    if (!std::all_of(local.begin(), local.end(), isLocalPart)) return std::nullopt;
    if (!isDomain(std::string_view(address).substr(at + 1))) return std::nullopt;
    return Email{address};
}

bool isUrl(std::string_view text) {
    if (text.empty() || text.size() > 2048) return false;
    auto const url = boost::urls::parse_uri(text);
    if (!url || (url->scheme() != "https" && url->scheme() != "http")) return false;
    return !url->has_userinfo() && !url->host().empty();
}

std::string wireWord(std::string_view enumerator) {
    std::string word;
    for (char const c : enumerator) {
        if (c >= 'A' && c <= 'Z') {
            word += '-';
            word += static_cast<char>(c - 'A' + 'a');
        } else {
            word += c;
        }
    }
    return word;
}

Issue notOneOf(std::vector<std::string> const& words) {
    std::string list;
    for (auto const& word : words) list += (list.empty() ? "" : ", ") + word;
    return {"not_one_of", "Must be one of: " + list + "."};
}

} // namespace record
} // namespace visavis
