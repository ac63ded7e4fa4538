// The arithmetic of splits and shares, and which moves are legal.
#include "payments/rules.hpp"

#include <gtest/gtest.h>

#include <array>

namespace visavis::payments {
namespace {

struct SplitRow {
    MinorUnits amount;
    std::int64_t percentage;
    MinorUnits fee;
};

TEST(Split, IsRoundedHalfEvenAndWhole) {
    for (auto const& row :
         {SplitRow{10'000, 20, 2'000}, SplitRow{9'999, 20, 2'000}, SplitRow{50, 1, 0}, SplitRow{150, 1, 2}, SplitRow{250, 1, 2},
          SplitRow{51, 50, 26}, SplitRow{53, 50, 26}, SplitRow{99'999'999, 20, 20'000'000}, SplitRow{77, 0, 0}, SplitRow{77, 100, 77}}) {
        auto const split = splitOf(row.amount, row.percentage);
        EXPECT_EQ(split.platformFee, row.fee) << row.amount << " at " << row.percentage;
        EXPECT_EQ(split.platformFee + split.specialistPayout, row.amount);
    }
}

Payment paymentOf(MinorUnits amount, std::int64_t percentage) {
    Payment payment;
    payment.amount = amount;
    payment.platformFee = splitOf(amount, percentage).platformFee;
    payment.specialistPayout = amount - payment.platformFee;
    return payment;
}

struct SharesRow {
    char const* name;
    MinorUnits amount;
    std::int64_t percentage;
    std::vector<MinorUnits> refunds;
    std::vector<MinorUnits> platformShares;
};

TEST(Shares, AreProRataAndTheLastTakesTheRest) {
    for (auto const& row :
         {SharesRow{"all at once", 10'000, 20, {10'000}, {2'000}},
          SharesRow{"three thirds", 10'000, 20, {3'333, 3'333, 3'334}, {667, 667, 666}},
          SharesRow{"halves are even", 250, 50, {1, 3, 5, 241}, {0, 2, 2, 121}},
          SharesRow{"one after the other", 5, 20, {1, 1, 1, 1, 1}, {0, 0, 0, 0, 1}},
          SharesRow{"rounding never takes more than a side has", 10, 40, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, {0, 0, 0, 0, 0, 0, 1, 1, 1, 1}},
          SharesRow{"nor the other", 10, 60, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 1, 1, 0, 0, 0, 0}},
          SharesRow{"without a fee", 100, 0, {40, 60}, {0, 0}}, SharesRow{"nothing but a fee", 100, 100, {40, 60}, {40, 60}}}) {
        auto const payment = paymentOf(row.amount, row.percentage);
        std::vector<Refund> earlier;
        for (std::size_t i = 0; i < row.refunds.size(); ++i) {
            auto const shares = sharesOf(payment, earlier, row.refunds[i]);
            EXPECT_EQ(shares.platform, row.platformShares[i]) << row.name << ", refund " << i + 1;
            EXPECT_EQ(shares.platform + shares.specialist, row.refunds[i]) << row.name;
            Refund refund;
            refund.amount = row.refunds[i];
            refund.platformShare = shares.platform;
            refund.specialistShare = shares.specialist;
            refund.status = i % 2 == 0 ? RefundState::pending : RefundState::succeeded;
            earlier.push_back(refund);
            Refund failed = refund; // what failed has taken nothing
            failed.status = RefundState::failed;
            earlier.push_back(failed);
        }
        EXPECT_EQ(refundedTotal(earlier), row.amount) << row.name;
    }
}

// However a payment is cut into refunds, no side bears less than nothing or more than it has, and together they bear all.
TEST(Shares, NeverExceedASide) {
    for (std::int64_t percentage : {0, 1, 7, 20, 33, 50, 99, 100}) {
        for (MinorUnits step = 1; step <= 13; ++step) {
            auto const payment = paymentOf(137, percentage);
            std::vector<Refund> earlier;
            Shares sum;
            for (MinorUnits left = payment.amount; left > 0;) {
                Refund refund;
                refund.amount = std::min(left, step);
                auto const shares = sharesOf(payment, earlier, refund.amount);
                EXPECT_GE(shares.platform, 0);
                EXPECT_GE(shares.specialist, 0);
                refund.platformShare = shares.platform;
                refund.specialistShare = shares.specialist;
                sum.platform += shares.platform;
                sum.specialist += shares.specialist;
                EXPECT_LE(sum.platform, payment.platformFee) << percentage << " % by " << step;
                EXPECT_LE(sum.specialist, payment.specialistPayout) << percentage << " % by " << step;
                earlier.push_back(refund);
                left -= refund.amount;
            }
            EXPECT_EQ(sum.platform, payment.platformFee);
            EXPECT_EQ(sum.specialist, payment.specialistPayout);
        }
    }
}

constexpr std::array states{PaymentStatus::pending, PaymentStatus::succeeded, PaymentStatus::failed, PaymentStatus::refunded,
                            PaymentStatus::chargeback};

TEST(PaymentStates, MoveAlongTheGraphOnly) {
    using S = PaymentStatus;
    std::vector<std::pair<S, S>> const legal{{S::pending, S::succeeded},    {S::pending, S::failed},      {S::failed, S::succeeded},
                                             {S::succeeded, S::refunded},   {S::refunded, S::succeeded},  {S::succeeded, S::chargeback},
                                             {S::chargeback, S::succeeded}, {S::refunded, S::chargeback}, {S::chargeback, S::refunded}};
    for (auto const from : states)
        for (auto const to : states)
            EXPECT_EQ(mayMove(from, to), std::find(legal.begin(), legal.end(), std::pair(from, to)) != legal.end())
                << wordOf(from) << " to " << wordOf(to);
}

TEST(PaymentStates, WhatTheGatewayIsAheadIn) {
    using S = PaymentStatus;
    using I = IntentStatus;
    struct Row {
        S ours;
        I theirs;
        char const* failureCode;
        bool lags;
    };
    for (auto const& row :
         {Row{S::pending, I::succeeded, "", true}, Row{S::failed, I::succeeded, "", true}, Row{S::succeeded, I::succeeded, "", false},
          Row{S::refunded, I::succeeded, "", false}, Row{S::chargeback, I::succeeded, "", false}, Row{S::pending, I::cancelled, "", true},
          Row{S::failed, I::cancelled, "", false}, Row{S::pending, I::needsPayment, "", false},
          Row{S::pending, I::needsPayment, "card_declined", true}, Row{S::failed, I::needsPayment, "card_declined", false},
          Row{S::pending, I::processing, "", false}}) {
        Payment payment;
        payment.status = row.ours;
        payment.stripePaymentIntentId = "pi_1";
        Intent intent;
        intent.status = row.theirs;
        intent.failureCode = row.failureCode;
        EXPECT_EQ(lagsBehind(payment, intent), row.lags) << wordOf(row.ours) << " " << static_cast<int>(row.theirs) << row.failureCode;
        payment.stripePaymentIntentId.reset();
        EXPECT_TRUE(lagsBehind(payment, intent)) << "its id was not noted";
    }
}

TEST(RefundStates, WhatTheGatewayIsAheadIn) {
    using S = RefundState;
    using G = RefundStatus;
    struct Row {
        S ours;
        G theirs;
        bool lags;
    };
    for (auto const& row :
         {Row{S::pending, G::pending, false}, Row{S::pending, G::needsAction, false}, Row{S::pending, G::succeeded, true},
          Row{S::pending, G::failed, true}, Row{S::pending, G::cancelled, true}, Row{S::succeeded, G::pending, false},
          Row{S::succeeded, G::succeeded, false}, Row{S::succeeded, G::failed, true}, Row{S::succeeded, G::cancelled, true},
          Row{S::failed, G::succeeded, false}, Row{S::failed, G::failed, false}, Row{S::failed, G::pending, false}}) {
        Refund refund;
        refund.status = row.ours;
        GatewayRefund seen;
        seen.status = row.theirs;
        EXPECT_EQ(lagsBehind(refund, seen), row.lags) << wordOf(row.ours) << " " << static_cast<int>(row.theirs);
    }
}

} // namespace
} // namespace visavis::payments
