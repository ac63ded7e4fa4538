// The collection of idempotency.hpp and its indexes.
#include "store/idempotency.hpp"

namespace visavis::inline store {

DEFINE_COLLECTION(KeptAnswer, keptAnswers) {
    auto const& it = paths<KeptAnswer>();
    return collection<KeptAnswer>("idempotencyKeys").index(it.createdAt, it.id);
}

} // namespace visavis::inline store
