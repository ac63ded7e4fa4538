// Which form of an answer a caller prefers.
#include "identity/answer.hpp"

namespace visavis::identity {
namespace {

// The place of a media type in an Accept header (RFC 9110 §12.5.1), by which the earlier one of two wins; nothing if it is not named or refused.
std::optional<std::size_t> placeOf(std::string_view accept, std::string_view type) {
    for (std::size_t at = 0; at < accept.size();) {
        auto const end = std::min(accept.find(',', at), accept.size());
        auto const range = accept.substr(at, end - at);
        auto const semicolon = std::min(range.find(';'), range.size());
        auto const parameters = lowered(range.substr(semicolon));
        bool const refused = parameters.find("q=0") != parameters.npos && parameters.find_first_of("123456789") == parameters.npos;
        if (equalIgnoringCase(trimmed(range.substr(0, semicolon)), type) && !refused) return at;
        at = end + 1;
    }
    return std::nullopt;
}

} // namespace

bool prefersCsv(std::string_view accept) {
    auto const csv = placeOf(accept, "text/csv");
    auto const json = placeOf(accept, "application/json");
    return csv && (!json || *csv < *json);
}

} // namespace visavis::identity
