// Whose documents a query means.
#include "store/remembered.hpp"

#include "store/tx.hpp"

#include <algorithm>

namespace visavis {
inline namespace store {

std::vector<ObjectId> ownersOf(CollectionSpec const& in, std::vector<Condition> const& conditions) {
    std::vector<ObjectId> owners;
    for (auto const& path : in.owners) {
        auto const named = std::find_if(conditions.begin(), conditions.end(),
                                        [&](Condition const& one) { return one.op == Op::equal && one.path == path; });
        auto const* id = named == conditions.end() ? nullptr : std::get_if<ObjectId>(&named->values.at(0));
        owners.push_back(id == nullptr ? everyOwner() : *id);
    }
    return owners;
}

} // namespace store
} // namespace visavis
