// The verbs of profiles: specialists and customers, and who is behind a log-in.
#pragma once

#include "identity/live.hpp"
#include "identity/service.hpp"
#include "profiles/events.hpp"
#include "profiles/records.hpp"

namespace visavis::profiles {

using identity::Call;
using identity::Platform;

// Fills `caller` from a token; false when it proves nothing. Slides the log-in's end.
// Log-ins are remembered where no other process writes, for as long as nothing of their user changes and they need not slide.
bool recognise(Platform& platform, std::string_view token, Instant now, identity::Caller& caller);
// The same from memory alone.
bool recall(Platform& platform, std::string_view token, Instant now, identity::Caller& caller);

// What a specialist may change of the profile (API: PATCH /specialists/me).
struct WritableSpecialist {
    Text<1, 100> creatorName;
    Text<3, 60> slug;
    std::optional<Lines<0, 5000>> bio;
    std::optional<Text<1, 40>> phone;
    std::optional<Text<1, 200>> location;
    std::optional<Text<1, 200>> company;
    std::optional<Url> website;
    std::optional<Text<1, 2048>> profileImage;
    std::optional<Text<1, 200>> headline;
    std::vector<Text<1, 60>> specialties;
    std::vector<Text<1, 60>> languages;
    std::vector<Text<1, 200>> certifications;
    std::optional<Bounded<0, 80>> yearsOfExperience;
    Availability availability;
    Consulting consulting;
    Preferences preferences;
};
RECORD(WritableSpecialist, creatorName, slug, bio, phone, location, company, website, profileImage, headline, specialties, languages,
       certifications, yearsOfExperience, availability, consulting, preferences)

struct WritableCustomer {
    Text<1, 100> name;
    std::optional<Text<1, 40>> phone;
    std::optional<Text<1, 2048>> profileImage;
    std::optional<Text<1, 200>> company;
    std::optional<Text<1, 100>> role;
    std::optional<Zone> timezone;
    std::optional<Text<2, 35>> language;
    Preferences preferences;
    std::optional<Address> address;
};
RECORD(WritableCustomer, name, phone, profileImage, company, role, timezone, language, preferences, address)

Result<Specialist> createSpecialist(Call& call, Tx& tx, User const& user, std::optional<Zone> timezone);
Result<Customer> createCustomer(Call& call, Tx& tx, User const& user, std::optional<Zone> timezone);

// `current` as the caller wants it, checked, stored, and told to whom it concerns: a change that slots depend on bumps
// availabilityVersion and emits AvailabilityRulesChanged. invalid, incomplete; version_mismatch; conflict slug_taken.
Result<Specialist> updateSpecialist(Call& call, Tx& tx, Specialist current, WritableSpecialist const& wanted);
Result<Customer> updateCustomer(Call& call, Tx& tx, Customer current, WritableCustomer const& wanted);

// The picture that a user has uploaded, in the place of the one before; none: it goes. Whoever calls this writes the user's profile too.
Result<void> keepImage(Tx& tx, Ref<User> userId, std::optional<Image> const& image);

// The price of a session of so many minutes: pro rata, rounded half to even. 0 while there is none (such a profile is never published).
MinorUnits priceFor(Consulting const& consulting, std::int64_t minutes);

std::optional<Specialist> specialistOf(Reader& reader, Ref<User> userId);
std::optional<Customer> customerOf(Reader& reader, Ref<User> userId);
// By id or slug; only when published.
std::optional<Specialist> publishedSpecialist(Reader& reader, std::string_view idOrSlug);

// availabilityVersion goes up in the transaction that changes a slot, and caches of this process learn of it at its commit.
Result<void> bumpAvailability(Tx& tx, Ref<Specialist> specialistId);
// Slots were made up to and with `horizon` by this version of the tz database; bumps too.
Result<void> slotsMade(Tx& tx, Ref<Specialist> specialistId, LocalDate horizon, std::string const& tzVersion);
Result<void> slotsChecked(Tx& tx, Ref<Specialist> specialistId, LocalDate utcDay);

// Statistics change in the transaction that causes them (DESIGN §6).
Result<void> countConfirmed(Tx& tx, Ref<Specialist> specialistId, Ref<Customer> customerId);
Result<void> countPayment(Tx& tx, Ref<Specialist> specialistId, Ref<Customer> customerId, MinorUnits amount, MinorUnits payout);
// The mean and number of the specialist's public reviews, as they are now.
Result<void> rated(Tx& tx, Ref<Specialist> specialistId, double averageRating, std::int64_t reviewCount);
Result<void> countRefund(Tx& tx, Ref<Specialist> specialistId, Ref<Customer> customerId, MinorUnits amount, MinorUnits specialistShare);

// So many requests were answered after `waited` in all.
Result<void> countAnswers(Tx& tx, Ref<Specialist> specialistId, std::int64_t answers, Millis waited);

// Both sides of a booking are told at once, on their open pages.
template <class T>
Result<void> publishToBoth(Tx& tx, Ref<Specialist> specialistId, Ref<Customer> customerId, identity::LiveKind kind, T const& data,
                           Instant now) {
    if (auto const specialist = tx.get(specialists, specialistId)) CHECK(identity::publish(tx, specialist->userId, kind, data, now));
    if (auto const customer = tx.get(customers, customerId)) CHECK(identity::publish(tx, customer->userId, kind, data, now));
    return ok;
}

// The user's isVerified reaches the copies: emailVerified, published.
Result<void> emailVerified(Tx& tx, User const& user, Instant now);
// The user's isActive reaches the copies: the customer's status, published.
Result<void> accountChanged(Tx& tx, User const& user, Instant now);
// The same for `published` alone, after whatever changed about the user (verified, suspended, lifted).
Result<void> refreshPublication(Tx& tx, User const& user, Instant now);

} // namespace visavis::profiles
