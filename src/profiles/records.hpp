// creatorProfiles (specialists) and customers: what people say of themselves, and statistics that equal a recomputation.
#pragma once

#include "identity/records.hpp"

namespace visavis::profiles {

using identity::User;

// One weekday of the profile's working hours. A day without times is closed, whatever `enabled` says.
struct WorkingDay {
    Flag<true> enabled;
    std::optional<LocalTime> startTime;
    std::optional<LocalTime> endTime;
};
RECORD(WorkingDay, enabled, startTime, endTime)

struct WorkingHours {
    std::optional<WorkingDay> monday, tuesday, wednesday, thursday, friday, saturday, sunday;
};
RECORD(WorkingHours, monday, tuesday, wednesday, thursday, friday, saturday, sunday)

// `day` is a weekday's name, or with recurring:false the date YYYY-MM-DD (DESIGN §7).
struct BreakTime {
    Text<1, 10> day;
    LocalTime startTime;
    LocalTime endTime;
    Flag<true> recurring;
};
RECORD(BreakTime, day, startTime, endTime, recurring)

struct Availability {
    std::optional<Zone> timezone = Zone{};
    bool isAvailable = false; // published
    WorkingHours workingHours;
    std::vector<BreakTime> breakTimes;
    std::vector<LocalDate> unavailableDates;
    Bounded<0, 8760> minBookingNotice{24}; // hours
    Bounded<0, 365> maxAdvanceBooking{90}; // days
    Bounded<0, 480> bufferTime{0};         // minutes
};
RECORD(Availability, timezone, isAvailable, workingHours, breakTimes, unavailableDates, minBookingNotice, maxAdvanceBooking, bufferTime)

// Cancelling at least `hoursBefore` the start gives back `refundPercentage`.
struct PolicyTier {
    Bounded<0, 8760> hoursBefore;
    Bounded<0, 100> refundPercentage;
};
RECORD(PolicyTier, hoursBefore, refundPercentage)

struct CancellationPolicy {
    Bounded<0, 8760> refundableBefore{24}; // hours
    Bounded<0, 100> refundPercentage{100};
    std::vector<PolicyTier> tiers; // when given, they say it all
};
RECORD(CancellationPolicy, refundableBefore, refundPercentage, tiers)

using SessionMinutes = Bounded<5, 720>;
using Price = Bounded<0, 99'999'999>; // minor units; 0 is free

struct Consulting {
    std::vector<SessionMinutes> sessionDurations{SessionMinutes{60}};
    SessionMinutes defaultDuration{60};
    std::optional<Price> basePrice; // of a session of defaultDuration
    Currency currency;
    CancellationPolicy cancellationPolicy;
};
RECORD(Consulting, sessionDurations, defaultDuration, basePrice, currency, cancellationPolicy)

struct PaymentSettings {
    std::optional<std::string> stripeAccountId;
    std::optional<std::string> bankAccountId;
    std::optional<Currency> currency;
};
RECORD(PaymentSettings, stripeAccountId, bankAccountId, currency)

WORDS(SubscriptionPlan, free, pro)

struct Preferences {
    Flag<true> emailNotifications;
    Flag<true> smsNotifications;
    Flag<true> remindersEnabled;
};
RECORD(Preferences, emailNotifications, smsNotifications, remindersEnabled)

struct Specialist {
    Ref<Specialist> id;
    Ref<User> userId;
    Email email;
    Text<1, 100> creatorName;
    Text<3, 60> slug; // a-z, 0-9 and hyphens; the link that a specialist shares

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
    double responseTime = 0; // mean hours to the first answer to a request
    std::int64_t answeredRequests = 0;
    std::int64_t answeredAfterMs = 0; // of all of them together

    SubscriptionPlan subscriptionPlan{};
    bool isVerified = false; // the platform's badge

    std::vector<std::string> searchTerms; // what the directory finds it by, see search_terms.hpp
    std::int64_t facetGaps = 0;           // bits of facets that it does not have, see search_terms.hpp
    std::int64_t wordGaps = 0;            // bits of words that it does not have
    bool published = false;               // isAvailable, address verified, not suspended: what the directory shows
    std::int64_t availabilityVersion = 0; // goes up with every change of a slot
    std::string tzVersion;                // of the tz database that the slots were made with
    std::optional<LocalDate> horizon;     // slots are made up to and with this local day
    LocalDate slotsCheckedOn;             // the UTC day on which they were last brought up to date

    Instant createdAt;
    Instant updatedAt;
    std::int64_t version = 0;
};
RECORD(Specialist, id, userId, email, creatorName, slug, bio, phone, location, company, website, profileImage, headline, specialties,
       languages, certifications, yearsOfExperience, availability, consulting, paymentSettings, preferences, totalBookings, totalEarnings,
       averageRating, reviewCount, responseTime, answeredRequests, answeredAfterMs, subscriptionPlan, isVerified, searchTerms, facetGaps,
       wordGaps, published, availabilityVersion, tzVersion, horizon, slotsCheckedOn, createdAt, updatedAt, version)

// The mean that responseTime shows.
inline double meanHours(std::int64_t milliseconds, std::int64_t number) {
    return number == 0 ? 0 : static_cast<double>(milliseconds) / 3'600'000.0 / static_cast<double>(number);
}

COLLECTION(Specialist, specialists)

// A picture that somebody has uploaded; everybody may see it under its id, which is as good as random. One per user.
struct Image {
    Ref<Image> id; // derived from owner and content: another picture has another address
    Ref<User> userId;
    std::string contentType; // as we found it to be
    std::string content;     // base64
    Instant createdAt;
    std::int64_t version = 0;
};
RECORD(Image, id, userId, contentType, content, createdAt, version)

COLLECTION(Image, images)

WORDS(CustomerStatus, active, suspended, deleted)

struct SavedPaymentMethod {
    std::string stripePaymentMethodId;
    bool isDefault = false;
    std::string cardLast4;
    std::string cardBrand;
};
RECORD(SavedPaymentMethod, stripePaymentMethodId, isDefault, cardLast4, cardBrand)

struct Address {
    std::optional<Text<1, 200>> street, city, state;
    std::optional<Text<1, 20>> zipCode;
    std::optional<Text<1, 100>> country;
};
RECORD(Address, street, city, state, zipCode, country)

struct Customer {
    Ref<Customer> id;
    Ref<User> userId;
    Email email;

    Text<1, 100> name;
    std::optional<Text<1, 40>> phone;
    std::optional<Text<1, 2048>> profileImage;
    std::optional<Text<1, 200>> company;
    std::optional<Text<1, 100>> role;

    std::optional<Zone> timezone;
    std::optional<Text<2, 35>> language;
    Preferences preferences;

    std::int64_t totalBookings = 0;
    MinorUnits totalSpent = 0;
    MinorUnits averageSpentPerSession = 0;
    std::int64_t paidBookings = 0; // the divisor of the mean

    std::optional<std::string> defaultPaymentMethodId;
    std::vector<SavedPaymentMethod> savedPaymentMethods;

    std::optional<Address> address;

    CustomerStatus status{};
    bool emailVerified = false;

    Instant createdAt;
    Instant updatedAt;
    std::int64_t version = 0;
};
RECORD(Customer, id, userId, email, name, phone, profileImage, company, role, timezone, language, preferences, totalBookings, totalSpent,
       averageSpentPerSession, paidBookings, defaultPaymentMethodId, savedPaymentMethods, address, status, emailVerified, createdAt,
       updatedAt, version)

COLLECTION(Customer, customers)

} // namespace visavis::profiles
