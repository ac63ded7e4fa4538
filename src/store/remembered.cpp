// Whose documents a query means.
#include "store/remembered.hpp"

#include "store/tx.hpp"

#include <algorithm>

namespace visavis {
inline namespace store {

std::optional<ObjectId> ownerOf(CollectionSpec const& in, std::vector<Condition> const& conditions) {
    auto const named = std::find_if(conditions.begin(), conditions.end(),
                                    [&](Condition const& one) { return one.op == Op::equal && one.path == in.owner; });
    if (named == conditions.end() || named->values.empty()) return std::nullopt;
    auto const* id = std::get_if<ObjectId>(&named->values.front());
    return id == nullptr ? std::nullopt : std::optional(*id);
}

} // namespace store
} // namespace visavis
