// Earnings of any range equal a sum over the payments themselves, whatever edges the range has.
#include "reports/earnings.hpp"

#include "payments/testing.hpp"

namespace visavis::reports {
namespace {

using payments::Payment;

class EarningsOf : public payments::Till {
protected:
    // Payments at every sixth hour or so over three months, in two currencies, many of them refunded in part or as a whole.
    EarningsOf() {
        SeededRng dice(5);
        while (now() < *parseRfc3339("2026-05-05T00:00:00Z")) {
            auto const payment = pay(1'000 + static_cast<MinorUnits>(dice.below(9'000)), dice.below(4) == 0 ? "EUR" : "USD");
            auto const fate = dice.below(6);
            if (fate == 0) refund(payment);
            if (fate == 1) refund(payment, 333), refund(payment, 77);
            if (fate == 2) late_.push_back(payment);
            host.clock.advance(Minutes(static_cast<std::int64_t>(dice.below(1'200))));
        }
        for (auto const& payment : late_) refund(payment, 250);
    }

    Earnings of(Instant from, Instant to) {
        return visavis::read(*host.store, [&](Reader& reader) { return earningsOf(reader, specialistId, {from, to}); });
    }
    // The long way.
    std::map<std::string, std::pair<MinorUnits, std::int64_t>> summed(Instant from, Instant to) {
        std::map<std::string, std::pair<MinorUnits, std::int64_t>> sums;
        auto const returned = host.all(payments::refunds);
        for (auto const& payment : host.all(payments::payments)) {
            if (payment.status != payments::PaymentStatus::succeeded || *payment.succeededAt < from || *payment.succeededAt >= to) continue;
            auto& [total, count] = sums[payment.currency.code() + " " + toRfc3339(*payment.succeededAt).substr(0, 7)];
            total += payment.specialistPayout;
            ++count;
            for (auto const& refund : returned)
                if (refund.paymentId == payment.id) total -= refund.specialistShare;
        }
        return sums;
    }
    void expectSame(Instant from, Instant to) {
        auto sums = summed(from, to);
        for (auto const& item : of(from, to).items) {
            MinorUnits total = 0;
            std::int64_t count = 0;
            for (auto const& month : item.byMonth) {
                auto const key = item.currency.code() + " " + month.month;
                EXPECT_EQ(sums[key], std::pair(month.totalEarnings, month.transactionCount))
                    << key << " of " << toRfc3339(from) << " " << toRfc3339(to);
                sums.erase(key);
                total += month.totalEarnings;
                count += month.transactionCount;
            }
            EXPECT_EQ(item.totalEarnings, total);
            EXPECT_EQ(item.transactionCount, count);
            EXPECT_EQ(item.pendingPayout, total);
            EXPECT_EQ(item.paidOut, 0);
        }
        EXPECT_TRUE(sums.empty()) << sums.begin()->first << " of " << toRfc3339(from) << " " << toRfc3339(to);
    }

private:
    std::vector<Payment> late_;
};

TEST_F(EarningsOf, AnyRangeIsWhatItsPaymentsSumUpTo) {
    auto const at = [](char const* text) { return *parseRfc3339(text); };
    auto const noon = at("2026-04-10T12:00:00Z");
    std::vector<std::pair<Instant, Instant>> ranges{
        {firstInstant, lastInstant},
        {at("2026-04-01T00:00:00Z"), at("2026-05-01T00:00:00Z")},
        {at("2026-04-01T00:00:00.001Z"), at("2026-04-30T23:59:59.999Z")},
        {noon, noon + Hours(3)},
        {noon, noon + Days(1)},
        {noon, noon + Hours(30)},
        {noon, noon},
        {at("2026-04-10T00:00:00Z"), noon},
        {noon, at("2026-04-11T00:00:00Z")},
        {at("2026-04-10T00:00:00Z"), at("2026-04-11T00:00:00Z")},
        {noon, lastInstant},
        {firstInstant, noon},
        {at("2030-01-01T00:00:00Z"), lastInstant},
    };
    // And edges that fall exactly on payments.
    auto const all = host.all(payments::payments);
    for (std::size_t i = 0; i + 20 < all.size(); i += 17) ranges.emplace_back(all[i].createdAt, all[i + 20].createdAt);
    for (auto const& [from, to] : ranges) expectSame(from, to);
    ASSERT_EQ(of(firstInstant, lastInstant).items.size(), 2U);
}

// Each of these changes what was earned, also where only the edge of a range sees it: what is remembered is outdated by all of them.
TEST_F(EarningsOf, WhatIsRememberedIsNeverStale) {
    auto call = host.call({.userType = identity::UserType::specialist, .specialistId = specialistId});
    auto const today = toRfc3339(now() - Hours(1));
    auto const answers = [&](std::optional<std::string> const& from) { return toJson(myEarnings(call, {from, {}})->value); };
    auto const recalled = [&](std::optional<std::string> const& from) {
        auto const known = recallEarnings(call, {from, {}});
        return known ? toJson(known->value) : std::string("-");
    };
    Payment last;
    auto const setRight = [&] {
        auto const& days = payments::earningsDays;
        auto const some = host.all(days).front();
        ASSERT_TRUE(visavis::transact(*host.store, [&](Tx& tx) {
            return tx.update(days, days->id == some.id, Changes<payments::EarningsDay>{}.inc(days->totalEarnings, 1));
        }));
    };
    struct Row {
        char const* name;
        std::function<void()> act;
    };
    for (auto const& row : {Row{"at first", [] {}}, Row{"a payment", [&] { last = pay(5'000); }},
                            Row{"a partial refund", [&] { refund(last, 1'000); }}, Row{"another one", [&] { refund(last, 500); }},
                            Row{"the rest", [&] { refund(last); }}, Row{"a day that is set right", setRight}}) {
        row.act();
        for (auto const& from : {std::optional<std::string>{}, std::optional(today)}) {
            auto const span = from ? *parseRfc3339(*from) : firstInstant;
            EXPECT_EQ(recalled(from), "-") << row.name;
            auto const first = answers(from);
            EXPECT_EQ(first, toJson(of(span, Zone{}.dateAt(lastInstant).midnightUtc()))) << row.name;
            EXPECT_EQ(recalled(from), host.store->alone() ? first : "-") << row.name;
            EXPECT_EQ(answers(from), first) << row.name;
        }
    }
    call.accept = "text/csv";
    EXPECT_TRUE(myEarnings(call, {})->csv) << "a table of what is remembered";
}

TEST_F(EarningsOf, OthersEarnTheirOwn) {
    auto const nobody = visavis::read(*host.store, [&](Reader& reader) {
        return earningsOf(reader, {*ObjectId::parse("0123456789abcdef01234567")}, {firstInstant, lastInstant});
    });
    EXPECT_TRUE(nobody.items.empty());
}

TEST(EarningsCsv, HasARowPerCurrencyAndMonth) {
    Earnings earnings;
    earnings.items.resize(2);
    earnings.items[0].currency = *Currency::parse("EUR");
    earnings.items[0].byMonth = {{"2026-03", 8'000, 1}, {"2026-04", 16'000, 2}};
    earnings.items[1].byMonth = {{"2026-03", 400, 1}};
    EXPECT_EQ(earningsCsv(earnings),
              "currency,month,totalEarnings,transactionCount\r\nEUR,2026-03,8000,1\r\nEUR,2026-04,16000,2\r\n"
              "USD,2026-03,400,1\r\n");
}

TEST(Accept, CsvIsGivenToWhoWantsItMostOrNamesItFirst) {
    struct Row {
        char const* accept;
        bool csv;
    };
    for (auto const& row :
         {Row{"", false}, Row{"*/*", false}, Row{"application/json", false}, Row{"text/csv", true}, Row{"Text/CSV; charset=utf-8", true},
          Row{"text/html, text/csv;q=0.9", true}, Row{"application/json, text/csv", false}, Row{"text/csv, application/json", true},
          Row{"text/csv;q=0", false}, Row{"text/csv; q=0.0, */*", false}, Row{"text/csv2", false}, Row{",,text/csv,", true},
          Row{"application/json;q=0, text/csv", true}, Row{"application/json;q=0.1, text/csv", true},
          Row{"text/csv;q=0.1, application/json", false}, Row{"text/csv;Q=0.25, application/json; q=0.5", false},
          Row{"application/json;q=0.5, text/csv;q=0.5", false}, Row{"text/csv;q=none, application/json", true}})
        EXPECT_EQ(identity::prefersCsv(row.accept), row.csv) << row.accept;
}

} // namespace
} // namespace visavis::reports
