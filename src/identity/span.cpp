// Words of a query to a span.
#include "identity/span.hpp"

namespace visavis::identity {
namespace {

// An instant as it is; a day as its first instant in the zone, or with `after` the first instant behind it.
Result<Instant> edgeOf(std::string const& text, Zone const& zone, bool after, char const* member) {
    if (auto const instant = parseRfc3339(text)) return *instant;
    if (auto const day = parseDate(text)) return zone.startOf(*day + (after ? 1 : 0));
    return invalid(member, "format", "Must be an instant or a day YYYY-MM-DD.");
}

} // namespace

Result<Span> spanOf(std::optional<std::string> const& from, std::optional<std::string> const& to, Zone const& zone, Span const& widest) {
    auto span = widest;
    if (from) {
        TRY(span.from, edgeOf(*from, zone, false, "/from"));
    }
    if (to) {
        TRY(span.to, edgeOf(*to, zone, true, "/to"));
    }
    bool const areDays = from && to && parseDate(*from) && parseDate(*to); // the day before `from` ends where `from` begins
    bool const isBackwards = from && to && (areDays ? *parseDate(*to) < *parseDate(*from) : span.to < span.from);
    if (isBackwards) return invalid("/to", "order", "Must not be before from.");
    return span;
}

} // namespace visavis::identity
