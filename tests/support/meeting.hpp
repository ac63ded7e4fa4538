// Two transactions at one moment: one commits while the other has begun, and has not written yet.
#pragma once

#include "identity/records.hpp"
#include "support/store.hpp"

#include <utility>

namespace visavis::support {

// `work` in a transaction whose snapshot is older than what `faster` commits. SQLite interrupts nobody who decides, so there `faster` comes before.
template <class F, class G> auto overtaken(Engine& store, F const& work, G const& faster) {
    bool met = false;
    auto const meet = [&] {
        if (!std::exchange(met, true)) faster();
    };
    if (!onMongo()) meet();
    return visavis::transact(store, [&](Tx& tx) {
        (void)tx.get(identity::users, Ref<identity::User>{}); // a snapshot begins with the first look
        meet();
        return work(tx);
    });
}

} // namespace visavis::support
