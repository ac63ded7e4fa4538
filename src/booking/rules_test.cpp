// Tables of the rules of a booking's life.
#include "booking/rules.hpp"

#include <gtest/gtest.h>

#include <set>

namespace visavis::booking {
namespace {

using S = BookingStatus;
constexpr std::array everyStatus{S::pending, S::confirmed, S::cancelled, S::completed, S::noShow};

Instant const start = *parseRfc3339("2026-03-09T15:00:00.000Z");

Booking confirmed() {
    Booking booking;
    booking.startsAt = start;
    booking.endsAt = start + Hours(1);
    booking.sessionDuration = 60;
    booking.sessionPrice = 10'000;
    booking.policy = {{24}, {100}, {}};
    move(booking, S::pending, start - Days(10), {});
    move(booking, S::confirmed, start - Days(10), {});
    return booking;
}

TEST(BookingRules, MoveAlongTheGraphAlone) {
    std::set<std::pair<S, S>> const legal{{S::pending, S::confirmed},  {S::pending, S::cancelled},   {S::confirmed, S::completed},
                                          {S::confirmed, S::noShow},   {S::confirmed, S::cancelled}, {S::completed, S::noShow},
                                          {S::cancelled, S::confirmed}};
    for (auto const from : everyStatus)
        for (auto const to : everyStatus) {
            auto const step = wordOf(from) + " to " + wordOf(to);
            EXPECT_EQ(isLegalStep(from, to), legal.contains({from, to})) << step;
            Booking booking;
            booking.status = from;
            EXPECT_EQ(mayMove(booking, to), legal.contains({from, to}) && from != S::cancelled) << step << " for no reason";
            for (auto const reason : {CancelReason::platform, CancelReason::by_customer, CancelReason::by_specialist}) {
                booking.cancelReason = reason;
                if (from == S::cancelled) {
                    EXPECT_FALSE(mayMove(booking, to)) << step << " after " << wordOf(reason);
                }
            }
            booking.cancelReason = CancelReason::hold_expired;
            EXPECT_EQ(mayMove(booking, to), legal.contains({from, to})) << step << " after hold_expired";
        }
}

TEST(BookingRules, AHistoryNeverRunsBackwards) {
    auto booking = confirmed();
    auto const confirmedAt = booking.statusHistory.back().changedAt;
    booking.updatedAt = confirmedAt - Hours(1); // as other software may have left it
    move(booking, S::cancelled, confirmedAt - Millis(5), {});
    EXPECT_EQ(booking.statusHistory.back().changedAt, confirmedAt);
    EXPECT_EQ(booking.updatedAt, confirmedAt);
    move(booking, S::confirmed, confirmedAt + Millis(5), {});
    EXPECT_EQ(booking.statusHistory.back().changedAt, confirmedAt + Millis(5));
}

struct TermsRow {
    char const* name;
    profiles::CancellationPolicy policy;
    Millis before; // the start
    std::int64_t percentage;
    Millis changesBefore; // the start
};

TEST(BookingRules, ThePolicySaysWhatACustomerGetsBack) {
    profiles::CancellationPolicy const usual{{24}, {100}, {}}, half{{24}, {50}, {}}, none{{24}, {0}, {}}, always{{0}, {100}, {}};
    profiles::CancellationPolicy const tiers{{24}, {100}, {{{48}, {100}}, {{24}, {50}}, {{2}, {10}}}};
    profiles::CancellationPolicy const flat{{24}, {100}, {{{48}, {50}}, {{24}, {50}}}};
    TermsRow const rows[] = {
        {"long before", usual, Hours(100), 100, Hours(24)},
        {"a moment before the edge", usual, Hours(24) + Millis(1), 100, Hours(24)},
        {"on the edge", usual, Hours(24), 100, Hours(24)},
        {"a moment after the edge", usual, Hours(24) - Millis(1), 0, Hours(0)},
        {"at the start", usual, Hours(0), 0, Hours(0)},
        {"half on the edge", half, Hours(24), 50, Hours(24)},
        {"half after it", half, Hours(23), 0, Hours(0)},
        {"never anything: nothing changes", none, Hours(100), 0, Hours(0)},
        {"until the start", always, Hours(0), 100, Hours(0)},
        {"the first tier", tiers, Hours(49), 100, Hours(48)},
        {"on its edge", tiers, Hours(48), 100, Hours(48)},
        {"the second tier", tiers, Hours(48) - Millis(1), 50, Hours(24)},
        {"on the edge of the second", tiers, Hours(24), 50, Hours(24)},
        {"the third tier", tiers, Hours(24) - Millis(1), 10, Hours(2)},
        {"behind all tiers", tiers, Hours(2) - Millis(1), 0, Hours(0)},
        {"an edge that changes nothing", flat, Hours(50), 50, Hours(24)},
    };
    for (auto const& row : rows) {
        auto booking = confirmed();
        booking.policy = row.policy;
        auto const terms = cancellationTerms(booking, Party::customer, 10'000, start - row.before);
        EXPECT_TRUE(terms.allowed) << row.name;
        EXPECT_EQ(terms.refundPercentage, row.percentage) << row.name;
        EXPECT_EQ(terms.refundAmount, 100 * row.percentage) << row.name;
        EXPECT_EQ(terms.changesAt, start - row.changesBefore) << row.name;
    }
}

TEST(BookingRules, WhoCancelsWhatAndWhen) {
    struct Row {
        char const* name;
        S status;
        std::optional<Party> by;
        Millis before;
        bool allowed;
        std::int64_t percentage;
    };
    Row const rows[] = {
        {"the specialist, late", S::confirmed, Party::specialist, Minutes(1), true, 100},
        {"staff, late", S::confirmed, {}, Minutes(1), true, 100},
        {"the specialist at the start", S::confirmed, Party::specialist, Minutes(0), true, 100},
        {"the specialist after the start", S::confirmed, Party::specialist, Millis(-1), false, 0},
        {"staff after the start", S::confirmed, {}, Millis(-1), false, 0},
        {"the customer after the start", S::confirmed, Party::customer, Millis(-1), false, 0},
        {"a hold costs nothing", S::pending, Party::customer, Minutes(1), true, 100},
        {"what is cancelled", S::cancelled, Party::customer, Hours(48), false, 0},
        {"what is cancelled, by staff", S::cancelled, {}, Hours(48), false, 0},
        {"what is completed", S::completed, Party::specialist, Hours(48), false, 0},
        {"what was missed", S::noShow, Party::customer, Hours(48), false, 0},
    };
    for (auto const& row : rows) {
        auto booking = confirmed();
        booking.status = row.status;
        auto const terms = cancellationTerms(booking, row.by, 9'999, start - row.before);
        EXPECT_EQ(terms.allowed, row.allowed) << row.name;
        EXPECT_EQ(terms.refundPercentage, row.percentage) << row.name;
        EXPECT_EQ(terms.refundAmount, row.allowed ? 9'999 : 0) << row.name;
        EXPECT_EQ(terms.changesAt.has_value(), row.allowed) << row.name;
    }
}

TEST(BookingRules, APercentageIsOfWhatIsLeftAndRoundedHalfEven) {
    auto booking = confirmed();
    booking.policy = {{24}, {50}, {}};
    struct Row {
        MinorUnits left, back;
    };
    for (auto const& row : std::vector<Row>{{0, 0}, {1, 0}, {3, 2}, {5, 2}, {9'999, 5'000}, {10'001, 5'000}, {6'667, 3'334}})
        EXPECT_EQ(cancellationTerms(booking, Party::customer, row.left, start - Days(2)).refundAmount, row.back) << row.left;
}

TEST(BookingRules, WhoeverWasMovedByOthersLeavesAtNoCost) {
    auto booking = confirmed();
    auto const late = start - Minutes(5);
    booking.rescheduleHistory = {{{}, {}, start - Days(5), {}, {}, Party::specialist}};
    EXPECT_EQ(cancellationTerms(booking, Party::customer, 10'000, late).refundAmount, 10'000);
    EXPECT_EQ(cancellationTerms(booking, Party::customer, 10'000, late).changesAt, start);
    booking.rescheduleHistory.push_back({{}, {}, start - Days(4), {}, {}, Party::customer});
    EXPECT_EQ(cancellationTerms(booking, Party::customer, 10'000, late).refundAmount, 0) << "this time was the customer's own choice";
    booking.rescheduleHistory.push_back({{}, {}, start - Days(3), {}, {}, {}});
    EXPECT_EQ(cancellationTerms(booking, Party::customer, 10'000, late).refundAmount, 10'000) << "staff moved it";
}

TEST(BookingRules, AHoldsAnswerEndsWithIt) {
    auto booking = confirmed();
    booking.status = S::pending;
    booking.holdExpiresAt = start - Days(3) + Minutes(15);
    EXPECT_EQ(cancellationTerms(booking, Party::customer, 0, start - Days(3)).changesAt, booking.holdExpiresAt);
    EXPECT_EQ(cancellationTerms(booking, Party::customer, 0, *booking.holdExpiresAt).changesAt, start) << "it waits to be let go";
}

TEST(BookingRules, MovingHasItsLimits) {
    struct Row {
        char const* name;
        std::optional<Party> by;
        Millis before;
        std::vector<std::optional<Party>> earlier;
        char const* outcome;
    };
    std::optional<Party> const customer = Party::customer, specialist = Party::specialist, staff;
    Row const rows[] = {
        {"the customer in time", customer, Hours(24), {}, "ok"},
        {"the customer too late", customer, Hours(24) - Millis(1), {}, "too_late"},
        {"a second time", customer, Hours(30), {customer}, "ok"},
        {"a third time", customer, Hours(30), {customer, customer}, "too_many_reschedules"},
        {"others do not count", customer, Hours(30), {specialist, customer, staff}, "ok"},
        {"the specialist late", specialist, Minutes(0), {}, "ok"},
        {"the specialist too late", specialist, Millis(-1), {}, "too_late"},
        {"the specialist as often as needed", specialist, Hours(1), {specialist, specialist, specialist}, "ok"},
        {"staff", staff, Minutes(0), {customer, customer}, "ok"},
        {"staff too late", staff, Millis(-1), {}, "too_late"},
    };
    for (auto const& row : rows) {
        auto booking = confirmed();
        for (auto const& by : row.earlier) booking.rescheduleHistory.push_back({{}, {}, start - Days(5), {}, {}, by});
        auto const outcome = checkReschedulable(booking, row.by, start - row.before);
        EXPECT_EQ(outcome ? "ok" : outcome.error().key, row.outcome) << row.name;
    }
}

TEST(BookingRules, MovingChangesNeitherLengthNorPrice) {
    auto const booking = confirmed();
    Slot slot;
    slot.duration = 60;
    slot.price = 10'000;
    auto const outcome = [&] {
        auto const checked = checkSameTerms(booking, slot);
        return checked ? "ok" : checked.error().key;
    };
    EXPECT_EQ(outcome(), "ok");
    slot.price = 10'001;
    EXPECT_EQ(outcome(), "price_differs");
    slot.price = 10'000;
    slot.currency = *Currency::parse("EUR");
    EXPECT_EQ(outcome(), "price_differs");
    slot.duration = 30;
    EXPECT_EQ(outcome(), "duration_differs");
}

TEST(BookingRules, AnAbsenceIsReportedWithinItsWindow) {
    struct Row {
        char const* name;
        std::int64_t minutes;
        Millis after; // the start
        char const* outcome;
    };
    Row const rows[] = {
        {"before the start", 60, Minutes(-1), "too_early"},
        {"a long session, a moment too early", 60, Minutes(15) - Millis(1), "too_early"},
        {"a long session", 60, Minutes(15), "ok"},
        {"31 minutes are long", 31, Minutes(14), "too_early"},
        {"a short session, a moment too early", 30, Minutes(10) - Millis(1), "too_early"},
        {"a short session", 30, Minutes(10), "ok"},
        {"the last moment", 60, Hours(49), "ok"},
        {"a moment too late", 60, Hours(49) + Millis(1), "too_late"},
    };
    for (auto const& row : rows) {
        auto booking = confirmed();
        booking.sessionDuration = row.minutes;
        booking.endsAt = start + Minutes(row.minutes);
        auto const outcome = checkNoShowWindow(booking, start + row.after);
        EXPECT_EQ(outcome ? "ok" : outcome.error().key, row.outcome) << row.name;
    }
}

} // namespace
} // namespace visavis::booking
