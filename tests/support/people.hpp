// What every test of a slice needs of people: accounts, office hours, and verbs that must succeed.
#pragma once

#include "identity/service.hpp"
#include "profiles/service.hpp"
#include "support/platform.hpp"

#include <stdexcept>

namespace visavis::support {

template <class T> T must(Result<T> outcome) {
    if (!outcome) throw std::logic_error(outcome.error().key + ": " + outcome.error().detail);
    return *std::move(outcome);
}
inline void must(Result<void> const& outcome) {
    if (!outcome) throw std::logic_error(outcome.error().key + ": " + outcome.error().detail);
}

// NAME@example.org, confirmed; nobody can log in.
inline identity::User newUser(TestPlatform& host, std::string const& name, std::optional<identity::UserType> type) {
    auto call = host.call();
    return must(visavis::transact(*host.store, [&](Tx& tx) {
        return identity::createUser(call, tx, {*parseEmail(name + "@example.org"), "$2b$", Text<1, 100>(name), type, {}, true});
    }));
}

// Monday to Friday, nine to five.
inline void openOfficeHours(profiles::WorkingHours& hours) {
    profiles::WorkingDay const day{{true}, LocalTime{9 * 60}, LocalTime{17 * 60}};
    hours.monday = hours.tuesday = hours.wednesday = hours.thursday = hours.friday = day;
}

} // namespace visavis::support
