// The ways in of specialists and customers (API: Specialists and customers).
#pragma once

#include "profiles/service.hpp"

namespace visavis::profiles {

// A profile as its owner sees it: the document without what only slots and searches need.
struct OwnProfile {
    Ref<Specialist> id;
    Ref<User> userId;
    Email email;
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
    PaymentSettings paymentSettings;
    Preferences preferences;
    std::int64_t totalBookings = 0;
    MinorUnits totalEarnings = 0;
    double averageRating = 0;
    std::int64_t reviewCount = 0;
    double responseTime = 0;
    SubscriptionPlan subscriptionPlan{};
    bool isVerified = false;
    bool published = false; // shown in the directory: isAvailable and an address that is confirmed
    Instant createdAt;
    Instant updatedAt;
    std::int64_t version = 0;
};
RECORD(OwnProfile, id, userId, email, creatorName, slug, bio, phone, location, company, website, profileImage, headline, specialties,
       languages, certifications, yearsOfExperience, availability, consulting, paymentSettings, preferences, totalBookings, totalEarnings,
       averageRating, reviewCount, responseTime, subscriptionPlan, isVerified, published, createdAt, updatedAt, version)

// What everybody may know: when, how long, for how much; no address, phone, account or earnings.
struct PublicAvailability {
    std::optional<Zone> timezone;
    bool isAvailable = false;
    WorkingHours workingHours;
    Bounded<0, 8760> minBookingNotice;
    Bounded<0, 365> maxAdvanceBooking;
    Bounded<0, 480> bufferTime;
};
RECORD(PublicAvailability, timezone, isAvailable, workingHours, minBookingNotice, maxAdvanceBooking, bufferTime)

struct PublicSpecialist {
    Ref<Specialist> id;
    Text<3, 60> slug;
    Text<1, 100> creatorName;
    std::optional<Lines<0, 5000>> bio;
    std::optional<Text<1, 200>> location;
    std::optional<Text<1, 200>> company;
    std::optional<Url> website;
    std::optional<Text<1, 2048>> profileImage;
    std::optional<Text<1, 200>> headline;
    std::vector<Text<1, 60>> specialties;
    std::vector<Text<1, 60>> languages;
    std::vector<Text<1, 200>> certifications;
    std::optional<Bounded<0, 80>> yearsOfExperience;
    PublicAvailability availability;
    Consulting consulting;
    std::int64_t totalBookings = 0;
    double averageRating = 0;
    std::int64_t reviewCount = 0;
    double responseTime = 0;
    bool isVerified = false;
    Instant createdAt;
};
RECORD(PublicSpecialist, id, slug, creatorName, bio, location, company, website, profileImage, headline, specialties, languages,
       certifications, yearsOfExperience, availability, consulting, totalBookings, averageRating, reviewCount, responseTime, isVerified,
       createdAt)

PublicSpecialist publicView(Specialist const& specialist);

// "-price" on the wire is no name that C++ knows.
WORDS(SpecialistSort, newest, rating, price, dearest)

} // namespace visavis::profiles

template <> inline std::vector<std::string> const& visavis::wordsOf<visavis::profiles::SpecialistSort>() {
    static std::vector<std::string> const words{"newest", "rating", "price", "-price"};
    return words;
}

namespace visavis::profiles {

struct SpecialistSearch {
    std::optional<Text<0, 200>> q; // all its words, in name, headline, specialties or bio
    std::optional<Text<0, 60>> specialty;
    std::optional<Text<0, 60>> language;
    std::optional<Price> minPrice; // minor units as they stand, whatever the currency
    std::optional<Price> maxPrice;
    std::optional<Currency> currency;
    std::optional<double> minRating;
    std::optional<SpecialistSort> sort;
    std::optional<Bounded<1, 100>> limit;
    std::optional<std::string> cursor;
};
RECORD(SpecialistSearch, q, specialty, language, minPrice, maxPrice, currency, minRating, sort, limit, cursor)

struct SpecialistPath {
    std::string idOrSlug;
};
RECORD(SpecialistPath, idOrSlug)

using SpecialistPatch = identity::Patch<WritableSpecialist, Specialist>;
using CustomerPatch = identity::Patch<WritableCustomer, Customer>;

Result<Page<PublicSpecialist>> listSpecialists(Call& call, SpecialistSearch const& search);
Result<PublicSpecialist> showSpecialist(Call& call, SpecialistPath const& path);
Result<OwnProfile> mySpecialist(Call& call);
Result<OwnProfile> patchSpecialist(Call& call, SpecialistPatch const& patch);
// The PATCH within a transaction: the profile as it is then. A later slice may do more in the same transaction.
Result<Specialist> patchSpecialistIn(Call& call, Tx& tx, SpecialistPatch const& patch);
Result<Customer> myCustomer(Call& call);
Result<Customer> patchCustomer(Call& call, CustomerPatch const& patch);

} // namespace visavis::profiles
