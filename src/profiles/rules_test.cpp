// Each row: a change to a profile that is right, and the fault it must give.
#include "profiles/rules.hpp"

#include "support/platform.hpp"

namespace visavis::profiles {
namespace {

using support::faultAt;

WritableSpecialist rightProfile() {
    WritableSpecialist profile;
    profile.creatorName = "Ada";
    profile.slug = "ada-lovelace";
    return profile;
}

struct Row {
    char const* name;
    char const* patch; // merged as PATCH /specialists/me would
    char const* path;  // of the fault; nothing when the profile stays right
    char const* code;
};

class SpecialistRules : public testing::TestWithParam<Row> {};

TEST_P(SpecialistRules, Judge) {
    auto const& row = GetParam();
    auto const wanted = patched<WritableSpecialist, Specialist>(rightProfile(), *parseJson(row.patch));
    auto const judged = wanted ? checkSpecialist(normalised(*wanted), {}) : Result<void>(wanted.error());
    if (row.path == nullptr) {
        EXPECT_TRUE(judged) << (judged ? "" : judged.error().fields.at(0).path + " " + judged.error().fields.at(0).code);
    } else {
        ASSERT_FALSE(judged);
        EXPECT_EQ(judged.error().code, Code::invalid);
        EXPECT_EQ(judged.error().key, "invalid");
        EXPECT_EQ(faultAt(judged.error(), row.path), row.code) << judged.error().fields.at(0).path;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Hours, SpecialistRules,
    testing::Values(
        Row{"day", R"({"availability":{"workingHours":{"monday":{"enabled":true,"startTime":"09:00","endTime":"17:00"}}}})", nullptr, ""},
        Row{"toMidnight", R"({"availability":{"workingHours":{"sunday":{"enabled":true,"startTime":"23:30","endTime":"24:00"}}}})", nullptr,
            ""},
        Row{"fiveMinutes", R"({"availability":{"workingHours":{"monday":{"enabled":true,"startTime":"09:00","endTime":"09:05"}}}})",
            nullptr, ""},
        Row{"closedDay", R"({"availability":{"workingHours":{"monday":{"enabled":false}}}})", nullptr, ""},
        Row{"closedDayMayBeUpsideDown",
            R"({"availability":{"workingHours":{"monday":{"enabled":false,"startTime":"17:00","endTime":"09:00"}}}})", nullptr, ""},
        Row{"enabledWithoutTimes", R"({"availability":{"workingHours":{"monday":{"enabled":true}}}})", nullptr, ""},
        Row{"onlyAStart", R"({"availability":{"workingHours":{"monday":{"enabled":true,"startTime":"09:00"}}}})",
            "/availability/workingHours/monday/endTime", "required"},
        Row{"onlyAnEnd", R"({"availability":{"workingHours":{"monday":{"enabled":true,"endTime":"09:00"}}}})",
            "/availability/workingHours/monday/startTime", "required"},
        Row{"upsideDown", R"({"availability":{"workingHours":{"friday":{"enabled":true,"startTime":"17:00","endTime":"09:00"}}}})",
            "/availability/workingHours/friday/endTime", "not_after_start"},
        Row{"empty", R"({"availability":{"workingHours":{"friday":{"enabled":true,"startTime":"09:00","endTime":"09:00"}}}})",
            "/availability/workingHours/friday/endTime", "not_after_start"},
        Row{"oddStart", R"({"availability":{"workingHours":{"tuesday":{"enabled":true,"startTime":"09:01","endTime":"17:00"}}}})",
            "/availability/workingHours/tuesday/startTime", "not_multiple"},
        Row{"oddEndOfAClosedDay", R"({"availability":{"workingHours":{"tuesday":{"enabled":false,"endTime":"17:04"}}}})",
            "/availability/workingHours/tuesday/endTime", "not_multiple"},
        Row{"noTime", R"({"availability":{"workingHours":{"tuesday":{"enabled":true,"startTime":"24:05","endTime":"25:00"}}}})",
            "/availability/workingHours/tuesday/startTime", "format"},
        Row{"buffer", R"({"availability":{"bufferTime":15}})", nullptr, ""},
        Row{"oddBuffer", R"({"availability":{"bufferTime":7}})", "/availability/bufferTime", "not_multiple"},
        Row{"negativeNotice", R"({"availability":{"minBookingNotice":-1}})", "/availability/minBookingNotice", "out_of_range"},
        Row{"farHorizon", R"({"availability":{"maxAdvanceBooking":366}})", "/availability/maxAdvanceBooking", "out_of_range"},
        Row{"noZone", R"({"availability":{"timezone":"Mars/Olympus"}})", "/availability/timezone", "format"}),
    [](auto const& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Breaks, SpecialistRules,
    testing::Values(
        Row{"weekday", R"({"availability":{"breakTimes":[{"day":"Monday","startTime":"12:00","endTime":"13:00","recurring":true}]}})",
            nullptr, ""},
        Row{"recurringByDefault", R"({"availability":{"breakTimes":[{"day":"monday","startTime":"12:00","endTime":"13:00"}]}})", nullptr,
            ""},
        Row{"date", R"({"availability":{"breakTimes":[{"day":"2026-03-09","startTime":"12:00","endTime":"13:00","recurring":false}]}})",
            nullptr, ""},
        Row{"noWeekday", R"({"availability":{"breakTimes":[{"day":"someday","startTime":"12:00","endTime":"13:00"}]}})",
            "/availability/breakTimes/0/day", "format"},
        Row{"dateThatRecurs", R"({"availability":{"breakTimes":[{"day":"2026-03-09","startTime":"12:00","endTime":"13:00"}]}})",
            "/availability/breakTimes/0/day", "format"},
        Row{"weekdayOnce", R"({"availability":{"breakTimes":[{"day":"monday","startTime":"12:00","endTime":"13:00","recurring":false}]}})",
            "/availability/breakTimes/0/day", "format"},
        Row{"noDate", R"({"availability":{"breakTimes":[{"day":"2026-02-30","startTime":"12:00","endTime":"13:00","recurring":false}]}})",
            "/availability/breakTimes/0/day", "format"},
        Row{"upsideDown", R"({"availability":{"breakTimes":[{"day":"monday","startTime":"13:00","endTime":"12:00"}]}})",
            "/availability/breakTimes/0/endTime", "not_after_start"},
        Row{"oddSecond",
            R"({"availability":{"breakTimes":[{"day":"monday","startTime":"12:00","endTime":"13:00"},{"day":"monday","startTime":"15:00","endTime":"15:03"}]}})",
            "/availability/breakTimes/1/endTime", "not_multiple"}),
    [](auto const& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Consulting, SpecialistRules,
    testing::Values(
        Row{"durations", R"({"consulting":{"sessionDurations":[30,45,60,90],"defaultDuration":45}})", nullptr, ""},
        Row{"noDuration", R"({"consulting":{"sessionDurations":[]}})", "/consulting/sessionDurations", "too_short"},
        Row{"manyDurations", R"({"consulting":{"sessionDurations":[5,10,15,20,25,30,35,40,45,50,55,60,65]}})",
            "/consulting/sessionDurations", "too_long"},
        Row{"durationTwice", R"({"consulting":{"sessionDurations":[60,30,60]}})", "/consulting/sessionDurations/2", "duplicate"},
        Row{"oddDuration", R"({"consulting":{"sessionDurations":[60,42]}})", "/consulting/sessionDurations/1", "not_multiple"},
        Row{"shortDuration", R"({"consulting":{"sessionDurations":[60,0]}})", "/consulting/sessionDurations/1", "out_of_range"},
        Row{"defaultIsNone", R"({"consulting":{"sessionDurations":[30,45]}})", "/consulting/defaultDuration", "not_one_of"},
        Row{"free", R"({"consulting":{"basePrice":0,"sessionDurations":[5,60]}})", nullptr, ""},
        Row{"leastPrice", R"({"consulting":{"basePrice":50}})", nullptr, ""},
        Row{"belowTheLeast", R"({"consulting":{"basePrice":49}})", "/consulting/basePrice", "out_of_range"},
        Row{"highestPrice", R"({"consulting":{"basePrice":99999999}})", nullptr, ""},
        Row{"aboveTheHighest", R"({"consulting":{"basePrice":100000000}})", "/consulting/basePrice", "out_of_range"},
        Row{"negativePrice", R"({"consulting":{"basePrice":-1}})", "/consulting/basePrice", "out_of_range"},
        Row{"brokenPrice", R"({"consulting":{"basePrice":99.5}})", "/consulting/basePrice", "type"},
        Row{"proRataBelow", R"({"consulting":{"basePrice":98,"sessionDurations":[30,60]}})", "/consulting/sessionDurations/0",
            "price_out_of_range"},
        // 99 cents for half the time are 49.5, which is 50 when rounded half to even.
        Row{"proRataRoundedUp", R"({"consulting":{"basePrice":99,"sessionDurations":[30,60]}})", nullptr, ""},
        Row{"proRataAbove", R"({"consulting":{"basePrice":66666667,"sessionDurations":[60,90]}})", "/consulting/sessionDurations/1",
            "price_out_of_range"},
        Row{"noCurrency", R"({"consulting":{"currency":"ABC"}})", "/consulting/currency", "format"},
        Row{"tiers",
            R"({"consulting":{"cancellationPolicy":{"tiers":[{"hoursBefore":48,"refundPercentage":100},{"hoursBefore":24,"refundPercentage":50}]}}})",
            nullptr, ""},
        Row{"tiersInAnyOrder",
            R"({"consulting":{"cancellationPolicy":{"tiers":[{"hoursBefore":0,"refundPercentage":10},{"hoursBefore":48,"refundPercentage":10}]}}})",
            nullptr, ""},
        Row{"tierTwice",
            R"({"consulting":{"cancellationPolicy":{"tiers":[{"hoursBefore":24,"refundPercentage":50},{"hoursBefore":24,"refundPercentage":20}]}}})",
            "/consulting/cancellationPolicy/tiers/1/hoursBefore", "duplicate"},
        Row{"earlierGivesLess",
            R"({"consulting":{"cancellationPolicy":{"tiers":[{"hoursBefore":24,"refundPercentage":50},{"hoursBefore":48,"refundPercentage":20}]}}})",
            "/consulting/cancellationPolicy/tiers/1/refundPercentage", "not_monotone"},
        Row{"tooMuchBack", R"({"consulting":{"cancellationPolicy":{"refundPercentage":101}}})",
            "/consulting/cancellationPolicy/refundPercentage", "out_of_range"}),
    [](auto const& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Slug, SpecialistRules,
    testing::Values(Row{"plain", R"({"slug":"ada"})", nullptr, ""}, Row{"digits", R"({"slug":"4ever-2"})", nullptr, ""},
                    Row{"capitals", R"({"slug":"Ada"})", "/slug", "format"}, Row{"hyphenFirst", R"({"slug":"-ada"})", "/slug", "format"},
                    Row{"hyphenLast", R"({"slug":"ada-"})", "/slug", "format"}, Row{"twoHyphens", R"({"slug":"a--da"})", "/slug", "format"},
                    Row{"accent", R"({"slug":"adé"})", "/slug", "format"}, Row{"short", R"({"slug":"me"})", "/slug", "too_short"},
                    Row{"reserved", R"({"slug":"admin"})", "/slug", "format"},
                    Row{"likeAnId", R"({"slug":"0123456789abcdef01234567"})", "/slug", "format"}),
    [](auto const& row) { return row.param.name; });

TEST(SpecialistRules, ListsAreBounded) {
    auto profile = rightProfile();
    profile.specialties.resize(31, "go");
    profile.languages.resize(31, "en");
    profile.certifications.resize(51, "x");
    profile.availability.unavailableDates.resize(731);
    auto const judged = checkSpecialist(profile, {});
    ASSERT_FALSE(judged);
    for (auto const* path : {"/specialties", "/languages", "/certifications", "/availability/unavailableDates"})
        EXPECT_EQ(faultAt(judged.error(), path), "too_long") << path;
}

TEST(SpecialistRules, TheLeastPriceIsASettingPerCurrency) {
    identity::PaymentRules payments;
    payments.min["USD"] = 500;
    auto profile = rightProfile();
    profile.consulting.basePrice = Price{499};
    EXPECT_EQ(faultAt(checkSpecialist(profile, payments).error(), "/consulting/basePrice"), "out_of_range");
    profile.consulting.currency = *Currency::parse("EUR");
    EXPECT_TRUE(checkSpecialist(profile, payments));
}

TEST(SpecialistRules, PublishingNeedsAZoneAndAPrice) {
    auto profile = rightProfile();
    profile.availability.isAvailable = true;
    profile.availability.timezone.reset();
    auto const both = checkSpecialist(profile, {});
    ASSERT_FALSE(both);
    EXPECT_EQ(both.error().key, "incomplete");
    EXPECT_EQ(both.error().code, Code::invalid);
    EXPECT_EQ(faultAt(both.error(), "/availability/timezone"), "required");
    EXPECT_EQ(faultAt(both.error(), "/consulting/basePrice"), "required");
    profile.availability.timezone = Zone{};
    EXPECT_EQ(checkSpecialist(profile, {}).error().key, "incomplete");
    profile.consulting.basePrice = Price{0};
    EXPECT_TRUE(checkSpecialist(profile, {}));
}

TEST(SpecialistRules, AllFaultsAreToldAtOnce) {
    auto profile = rightProfile();
    profile.slug = "Ada";
    profile.availability.bufferTime = {7};
    profile.consulting.basePrice = Price{1};
    EXPECT_EQ(checkSpecialist(profile, {}).error().fields.size(), 3u);
}

TEST(CustomerRules, LanguagesAreTags) {
    struct Case {
        char const* tag;
        bool right;
    };
    for (auto const& [tag, right] : {Case{"en", true},
                                     {"pt-BR", true},
                                     {"zh-Hant-TW", true},
                                     {"de-1996", true},
                                     {"e", false},
                                     {"english language", false},
                                     {"en-", false},
                                     {"1x", false},
                                     {"en_US", false},
                                     {"abcdefghi", false}}) {
        WritableCustomer customer;
        customer.language = tag;
        EXPECT_EQ(checkCustomer(customer).has_value(), right) << tag;
    }
}

TEST(Slugs, ComeFromNames) {
    struct Case {
        char const* name;
        char const* slug;
    };
    for (auto const& [name, slug] : {Case{"Ada Lovelace", "ada-lovelace"},
                                     {"  Dr. Zoë O'Hara, PhD ", "dr-zoe-o-hara-phd"},
                                     {"Łukasz Straße", "lukasz-strasse"},
                                     {"李小龍", "specialist"},
                                     {"---", "specialist"}})
        EXPECT_EQ(slugFrom(name, {}), slug);
    EXPECT_EQ(slugFrom("Ada", "x7k2p"), "ada-x7k2p");
    auto const longest = slugFrom(std::string(100, 'x'), "x7k2p");
    EXPECT_TRUE(isSlug(longest)) << longest;
}

TEST(Prices, AreProRataHalfToEven) {
    Consulting consulting;
    EXPECT_EQ(priceFor(consulting, 60), 0);
    consulting.basePrice = Price{5001};
    EXPECT_EQ(priceFor(consulting, 60), 5001);
    EXPECT_EQ(priceFor(consulting, 30), 2500); // 2500.5
    EXPECT_EQ(priceFor(consulting, 90), 7502); // 7501.5
    EXPECT_EQ(priceFor(consulting, 20), 1667);
}

} // namespace
} // namespace visavis::profiles
