// The verbs of profiles: specialists and customers, and who is behind a log-in.
#pragma once

#include "identity/service.hpp"
#include "profiles/records.hpp"

namespace visavis::profiles {

using identity::Call;
using identity::Platform;

// Fills `caller` from a token; false when it proves nothing. Slides the log-in's end.
bool recognise(Platform& platform, std::string_view token, Instant now, identity::Caller& caller);

Result<Specialist> createSpecialist(Call& call, Tx& tx, User const& user, std::optional<Zone> timezone);
Result<Customer> createCustomer(Call& call, Tx& tx, User const& user, std::optional<Zone> timezone);

std::optional<Specialist> specialistOf(Reader& reader, Ref<User> userId);
std::optional<Customer> customerOf(Reader& reader, Ref<User> userId);
// By id or slug; only when published.
std::optional<Specialist> publishedSpecialist(Reader& reader, std::string_view idOrSlug);

// availabilityVersion goes up in the transaction that changes a slot, and caches of this process learn of it at its commit.
Result<void> bumpAvailability(Tx& tx, Ref<Specialist> specialistId);

// Statistics change in the transaction that causes them (DESIGN §6).
Result<void> countConfirmed(Tx& tx, Ref<Specialist> specialistId, Ref<Customer> customerId);
Result<void> countPayment(Tx& tx, Ref<Specialist> specialistId, Ref<Customer> customerId, MinorUnits amount, MinorUnits payout);
Result<void> countRefund(Tx& tx, Ref<Specialist> specialistId, Ref<Customer> customerId, MinorUnits amount, MinorUnits specialistShare);

// isVerified of the user reached the copies: emailVerified, published.
Result<void> emailVerified(Tx& tx, User const& user, Instant now);

}  // namespace visavis::profiles
