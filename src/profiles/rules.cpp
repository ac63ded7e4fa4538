// The checks behind PATCH /specialists/me and /customers/me, gathered so that a form learns of all its faults at once.
#include "profiles/rules.hpp"

#include "profiles/search_terms.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace visavis::profiles {
namespace {

using namespace std::string_view_literals;

constexpr std::int64_t step = 5; // minutes: wall times, durations and buffers are multiples, so that booked cells never collide falsely
constexpr std::size_t mostBreaks = 200;
constexpr std::size_t mostUnavailable = 730;
constexpr std::size_t mostDurations = 12;
constexpr std::size_t mostTiers = 10;
constexpr MinorUnits highestPrice = 99'999'999;

constexpr std::array weekdays{"monday"sv, "tuesday"sv, "wednesday"sv, "thursday"sv, "friday"sv, "saturday"sv, "sunday"sv};

constexpr std::array reserved{"about"sv,       "account"sv,   "admin"sv,     "api"sv,     "assets"sv,    "auth"sv,
                              "bookings"sv,    "customers"sv, "dashboard"sv, "help"sv,    "healthz"sv,   "join"sv,
                              "legal"sv,       "login"sv,     "logout"sv,    "metrics"sv, "new"sv,       "null"sv,
                              "pay"sv,         "privacy"sv,   "register"sv,  "search"sv,  "settings"sv,  "slots"sv,
                              "specialists"sv, "static"sv,    "support"sv,   "terms"sv,   "undefined"sv, "webhooks"sv};

bool isOneOf(auto const& words, std::string_view word) { return std::find(words.begin(), words.end(), word) != words.end(); }

bool isLetterOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

class Faults {
public:
    void add(std::string path, char const* code, std::string message) { list_.push_back({std::move(path), code, std::move(message)}); }
    void multiple(std::int64_t minutes, std::string path) {
        if (minutes % step != 0) add(std::move(path), "not_multiple", "Must be a multiple of 5 minutes.");
    }
    void atMost(std::size_t size, std::size_t most, std::string path) {
        if (size > most) add(std::move(path), "too_long", "Must have at most " + std::to_string(most) + " elements.");
    }
    bool any() const { return !list_.empty(); }
    Error error() && { return invalidMembers(std::move(list_)); }

private:
    std::vector<FieldError> list_;
};

void checkTimes(LocalTime start, LocalTime end, std::string const& at, Faults& faults) {
    faults.multiple(start.minutes, at + "/startTime");
    faults.multiple(end.minutes, at + "/endTime");
    if (end <= start) faults.add(at + "/endTime", "not_after_start", "Must be after startTime.");
}

void checkDay(std::optional<WorkingDay> const& day, std::string_view name, Faults& faults) {
    if (!day) return;
    auto const at = "/availability/workingHours/" + std::string(name);
    if (day->startTime && day->endTime && day->enabled) return checkTimes(*day->startTime, *day->endTime, at, faults);
    if (day->startTime) faults.multiple(day->startTime->minutes, at + "/startTime");
    if (day->endTime) faults.multiple(day->endTime->minutes, at + "/endTime");
    if (day->enabled && day->startTime.has_value() != day->endTime.has_value())
        faults.add(at + (day->startTime ? "/endTime" : "/startTime"), "required", "Must be given with the other time.");
}

void checkWorkingHours(WorkingHours const& hours, Faults& faults) {
    auto const days = {&hours.monday, &hours.tuesday, &hours.wednesday, &hours.thursday, &hours.friday, &hours.saturday, &hours.sunday};
    auto name = weekdays.begin();
    for (auto const* day : days) checkDay(*day, *name++, faults);
}

void checkBreak(BreakTime const& pause, std::string const& at, Faults& faults) {
    checkTimes(pause.startTime, pause.endTime, at, faults);
    if (pause.recurring && !isOneOf(weekdays, lowered(pause.day.value)))
        faults.add(at + "/day", "format", "Must be a weekday, e.g. monday.");
    if (!pause.recurring && !parseDate(pause.day.value))
        faults.add(at + "/day", "format", "Must be a day YYYY-MM-DD when the break does not recur.");
}

void checkAvailability(Availability const& availability, Faults& faults) {
    checkWorkingHours(availability.workingHours, faults);
    faults.atMost(availability.breakTimes.size(), mostBreaks, "/availability/breakTimes");
    for (std::size_t i = 0; i < availability.breakTimes.size(); ++i)
        checkBreak(availability.breakTimes[i], "/availability/breakTimes/" + std::to_string(i), faults);
    faults.atMost(availability.unavailableDates.size(), mostUnavailable, "/availability/unavailableDates");
    faults.multiple(availability.bufferTime, "/availability/bufferTime");
}

void checkDurations(Consulting const& consulting, Faults& faults) {
    auto const& durations = consulting.sessionDurations;
    std::string const at = "/consulting/sessionDurations";
    if (durations.empty()) faults.add(at, "too_short", "Must have at least 1 element.");
    faults.atMost(durations.size(), mostDurations, at);
    std::set<std::int64_t> seen;
    for (std::size_t i = 0; i < durations.size(); ++i) {
        faults.multiple(durations[i], at + "/" + std::to_string(i));
        if (!seen.insert(durations[i]).second) faults.add(at + "/" + std::to_string(i), "duplicate", "Is there already.");
    }
    if (!durations.empty() && !seen.contains(consulting.defaultDuration))
        faults.add("/consulting/defaultDuration", "not_one_of", "Must be one of sessionDurations.");
}

// 0, or what the payment provider can charge: also for every length but the default one.
void checkPrices(Consulting const& consulting, MinorUnits least, Faults& faults) {
    if (!consulting.basePrice || *consulting.basePrice == 0) return;
    auto const range = "Must be 0 or between " + std::to_string(least) + " and " + std::to_string(highestPrice) + " (in minor units).";
    if (*consulting.basePrice < least) return faults.add("/consulting/basePrice", "out_of_range", range);
    for (std::size_t i = 0; i < consulting.sessionDurations.size(); ++i) {
        auto const price = priceFor(consulting, consulting.sessionDurations[i]);
        if (price >= least && price <= highestPrice) continue;
        faults.add("/consulting/sessionDurations/" + std::to_string(i), "price_out_of_range",
                   "Pro rata it would cost " + std::to_string(price) + ". " + range);
    }
}

// More notice never gives less back.
void checkTiers(std::vector<PolicyTier> const& tiers, Faults& faults) {
    std::string const at = "/consulting/cancellationPolicy/tiers";
    faults.atMost(tiers.size(), mostTiers, at);
    for (std::size_t i = 0; i < tiers.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) {
            auto const here = at + "/" + std::to_string(i);
            if (tiers[i].hoursBefore == tiers[j].hoursBefore) faults.add(here + "/hoursBefore", "duplicate", "Is there already.");
            bool const earlier = tiers[i].hoursBefore > tiers[j].hoursBefore;
            bool const more = tiers[i].refundPercentage > tiers[j].refundPercentage;
            bool const same = tiers[i].refundPercentage == tiers[j].refundPercentage || tiers[i].hoursBefore == tiers[j].hoursBefore;
            if (!same && earlier != more)
                faults.add(here + "/refundPercentage", "not_monotone", "Cancelling earlier must not give less back.");
        }
}

bool isLanguageTag(std::string_view tag) {
    bool first = true;
    while (true) {
        auto const hyphen = tag.find('-');
        auto const part = tag.substr(0, hyphen);
        bool const plain = std::all_of(part.begin(), part.end(), [&](char c) { return isLetterOrDigit(c | 0x20) && (!first || c > '9'); });
        if (!plain || part.empty() || part.size() > 8 || (first && part.size() < 2)) return false;
        if (hyphen == tag.npos) return true;
        tag.remove_prefix(hyphen + 1);
        first = false;
    }
}

Result<void> checkComplete(WritableSpecialist const& profile) {
    if (!profile.availability.isAvailable) return ok;
    Faults faults;
    if (!profile.availability.timezone) faults.add("/availability/timezone", "required", "Must be given before the profile is published.");
    if (!profile.consulting.basePrice)
        faults.add("/consulting/basePrice", "required", "Must be given before the profile is published; 0 is free.");
    if (!faults.any()) return ok;
    auto error = std::move(faults).error();
    error.key = "incomplete";
    error.detail = "A profile needs a time zone and a price to be published.";
    return error;
}

} // namespace

Result<void> checkSpecialist(WritableSpecialist const& profile, identity::PaymentRules const& payments) {
    Faults faults;
    if (!isSlug(profile.slug.value))
        faults.add("/slug", "format", "Must be a-z, 0-9 and single hyphens inside, and no id or reserved word.");
    faults.atMost(profile.specialties.size(), 30, "/specialties");
    faults.atMost(profile.languages.size(), 30, "/languages");
    faults.atMost(profile.certifications.size(), 50, "/certifications");
    checkAvailability(profile.availability, faults);
    checkDurations(profile.consulting, faults);
    checkPrices(profile.consulting, payments.least(profile.consulting.currency.code()), faults);
    checkTiers(profile.consulting.cancellationPolicy.tiers, faults);
    if (faults.any()) return std::move(faults).error();
    return checkComplete(profile);
}

Result<void> checkCustomer(WritableCustomer const& customer) {
    if (customer.language && !isLanguageTag(customer.language->value))
        return invalid("/language", "format", "Must be a language tag, e.g. en or pt-BR.");
    return ok;
}

WritableSpecialist normalised(WritableSpecialist profile) {
    for (auto& pause : profile.availability.breakTimes) pause.day = lowered(pause.day.value);
    return profile;
}

bool isSlug(std::string_view slug) {
    if (slug.size() < 3 || slug.size() > 60 || slug.front() == '-' || slug.back() == '-' || slug.find("--") != slug.npos) return false;
    if (!std::all_of(slug.begin(), slug.end(), [](char c) { return isLetterOrDigit(c) || c == '-'; })) return false;
    return !ObjectId::parse(slug) && !isOneOf(reserved, slug);
}

std::string slugFrom(std::string_view name, std::string_view suffix) {
    std::string slug;
    for (char const c : folded(name)) {
        if (isLetterOrDigit(c))
            slug += c;
        else if (!slug.empty() && slug.back() != '-')
            slug += '-';
        if (slug.size() == 50) break;
    }
    while (!slug.empty() && slug.back() == '-') slug.pop_back();
    if (slug.empty()) slug = "specialist";
    return suffix.empty() ? slug : slug + "-" + std::string(suffix);
}

} // namespace visavis::profiles
