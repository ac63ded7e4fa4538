// Which form of an answer a caller prefers.
#include "identity/answer.hpp"

#include <charconv>

namespace visavis::identity {
namespace {

// How much a media type of an Accept header is wanted (RFC 9110 §12.5.1): its weight in thousandths, and of two with the same weight the
// earlier one. Nothing if it is not named or refused.
struct Wish {
    int weight;
    std::ptrdiff_t earliness;
    auto operator<=>(Wish const&) const = default;
};

// Of "; q=0.25": 250; a parameter that is none of these, as "charset", weighs nothing.
int weightOf(std::string_view parameters) {
    auto const at = lowered(parameters).find("q=");
    if (at == std::string::npos) return 1'000;
    double weight = 1;
    auto const number = parameters.substr(at + 2);
    std::from_chars(number.data(), number.data() + number.size(), weight);
    return static_cast<int>(std::clamp(weight, 0.0, 1.0) * 1'000);
}

std::optional<Wish> wishFor(std::string_view accept, std::string_view type) {
    for (std::size_t at = 0; at < accept.size();) {
        auto const end = std::min(accept.find(',', at), accept.size());
        auto const range = accept.substr(at, end - at);
        auto const semicolon = std::min(range.find(';'), range.size());
        auto const weight = weightOf(range.substr(semicolon));
        if (equalIgnoringCase(trimmed(range.substr(0, semicolon)), type) && weight > 0) return Wish{weight, -std::ptrdiff_t(at)};
        at = end + 1;
    }
    return std::nullopt;
}

} // namespace

bool prefersCsv(std::string_view accept) {
    auto const csv = wishFor(accept, "text/csv");
    return csv && csv > wishFor(accept, "application/json");
}

} // namespace visavis::identity
