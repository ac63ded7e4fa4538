// Each damage done by hand to a store is found by its invariant, which names the row, and by no other.
#include "reports/verify.hpp"
#include "reports/verify_testing.hpp"

#include <set>

namespace visavis::reports {
namespace {

using booking::Booking;
using booking::bookings;
using booking::BookingStatus;
using payments::Payment;
using payments::PaymentStatus;

// Changes one stored document, by hand.
template <class T, class F> std::string change(Market& market, Collection<T> const& in, Ref<T> id, F const& damage) {
    market.transact([&](Tx& tx) -> Result<bool> {
        auto record = *tx.get(in, id);
        damage(record);
        if constexpr (requires { record.version; }) {
            CHECK(tx.replace(in, record));
        } else {
            CHECK(tx.erase(in, in->id == id));
            CHECK(tx.insert(in, record));
        }
        return true;
    });
    return in.spec().name + " " + id.hex();
}

template <class T> std::string remove(Market& market, Collection<T> const& from, Ref<T> id) {
    market.transact([&](Tx& tx) { return tx.erase(from, from->id == id); });
    return id.hex();
}

template <class T> std::string add(Market& market, Collection<T> const& into, T const& record) {
    market.transact([&](Tx& tx) -> Result<bool> {
        CHECK(tx.insert(into, record));
        return true;
    });
    return into.spec().name + " " + record.id.hex();
}

Ref<availability::Slot> slotOf(Market& market, Ref<Booking> id) { return market.booking(id).slotId; }
Ref<availability::Claim> claimOf(Ref<Booking> id) { return {id.id}; }

// The first slot that fulfils a condition.
template <class F> Ref<availability::Slot> slotWhere(Market& market, F const& condition) {
    for (auto const& slot : market.all(availability::slots))
        if (condition(slot)) return slot.id;
    throw std::logic_error("no such slot");
}

payments::LedgerEntry entryOf(Market& market, std::string const& prefix, payments::Account account) {
    for (auto const& entry : market.all(payments::ledgerEntries))
        if (entry.posting.starts_with(prefix) && entry.account == account) return entry;
    throw std::logic_error("no such entry");
}

payments::Refund refundOf(Market& market, Ref<Booking> id) {
    for (auto const& refund : market.all(payments::refunds))
        if (refund.bookingId == id) return refund;
    throw std::logic_error("no such refund");
}

Ref<payments::EarningsDay> earningsDay(Market& market) { return market.all(payments::earningsDays).front().id; }
OutboxEntry firstEntry(Market& market) { return market.all(outbox).front(); }
KeptAnswer keptAnswer(Market& market) { return market.all(keptAnswers).front(); }

struct Row {
    char const* name;
    std::string (*damage)(Market&); // says how a finding must name the row
    std::set<std::string> found;    // the invariants that must find something, and no other may
};

std::string changeBooking(Market& market, Ref<Booking> id, void (*damage)(Booking&)) { return change(market, bookings, id, damage); }
std::string changePayment(Market& market, Ref<Booking> id, void (*damage)(Payment&)) {
    return change(market, payments::payments, market.paymentOf(id).id, damage);
}

// clang-format off
Row const bookingRows[] = {
    {"a booking is moved over another one of its specialist", [](Market& m) {
        auto const other = m.booking(m.partlyRefunded);
        return change(m, bookings, m.confirmed, [&](Booking& b) { b.startsAt = other.startsAt - Minutes(30); b.endsAt = b.startsAt + Hours(1); });
    }, {"I1", "I2"}},
    {"a buffer reaches into the next booking", [](Market& m) {
        change(m, bookings, m.confirmed, [&](Booking& b) { b.bufferMinutes = 24 * 60; });
        return "bookings " + m.partlyRefunded.hex();
    }, {"I1", "I2"}},
    {"a customer is in two sessions at once", [](Market& m) {
        auto const other = m.booking(m.confirmed);
        change(m, bookings, m.gratis, [&](Booking& b) { b.startsAt = other.startsAt; b.endsAt = other.endsAt; });
        return std::string("overlaps bookings");
    }, {"I1", "I2"}},
    {"a claim is gone", [](Market& m) { remove(m, availability::claims, claimOf(m.gratis)); return "bookings " + m.gratis.hex(); }, {"I2"}},
    {"a claim is given back under its booking", [](Market& m) {
        change(m, availability::claims, claimOf(m.confirmed), [](auto& claim) { claim.active = false; });
        return "bookings " + m.confirmed.hex();
    }, {"I2"}},
    {"a cancelled booking keeps its claim", [](Market& m) {
        change(m, availability::claims, claimOf(m.expired), [](auto& claim) { claim.active = true; });
        return "bookings " + m.expired.hex();
    }, {"I2"}},
    {"a claim has a cell too few", [](Market& m) {
        return change(m, availability::claims, claimOf(m.confirmed), [](auto& claim) { claim.specialistCells.pop_back(); });
    }, {"I2"}},
    {"a claim has other times", [](Market& m) {
        return change(m, availability::claims, claimOf(m.gratis), [](auto& claim) { claim.claimEndsAt = claim.claimEndsAt + Minutes(5); });
    }, {"I2"}},
    {"a claim is of another customer", [](Market& m) {
        return change(m, availability::claims, claimOf(m.gratis), [&](auto& claim) { claim.customerId = m.second; });
    }, {"I2"}},
    {"a claim outlives its booking", [](Market& m) {
        remove(m, bookings, m.gratis);
        return "claims " + m.gratis.hex();
    }, {"I2", "I11", "I14"}},
    {"a booked slot is offered", [](Market& m) {
        return change(m, availability::slots, slotOf(m, m.confirmed), [](auto& slot) { slot.status = availability::SlotStatus::available; });
    }, {"I2"}},
    {"a slot is booked by nobody", [](Market& m) {
        auto const id = slotWhere(m, [](auto const& slot) { return slot.status == availability::SlotStatus::available; });
        return change(m, availability::slots, id, [](auto& slot) { slot.status = availability::SlotStatus::booked; });
    }, {"I2"}},
    {"a slot beside a booking's buffer is offered", [](Market& m) {
        auto const id = slotWhere(m, [](auto const& slot) { return slot.status == availability::SlotStatus::blocked; });
        return change(m, availability::slots, id, [](auto& slot) { slot.status = availability::SlotStatus::available; });
    }, {"I2"}},
    {"a free slot is blocked for no reason", [](Market& m) {
        auto const id = slotWhere(m, [](auto const& slot) { return slot.status == availability::SlotStatus::available; });
        return change(m, availability::slots, id, [](auto& slot) { slot.status = availability::SlotStatus::blocked; });
    }, {"I2"}},
    {"a slot names the booking of another", [](Market& m) {
        return change(m, availability::slots, slotOf(m, m.confirmed), [&](auto& slot) { slot.bookingId = m.gratis; });
    }, {"I2"}},
};

Row const moneyRows[] = {
    {"a confirmed booking costs more than was paid", [](Market& m) {
        return changeBooking(m, m.confirmed, [](Booking& b) { b.sessionPrice += 1; });
    }, {"I3"}},
    {"a confirmed booking was paid in another currency", [](Market& m) {
        return changeBooking(m, m.confirmed, [](Booking& b) { b.currency = *Currency::parse("EUR"); });
    }, {"I3"}},
    {"a free booking was paid", [](Market& m) { return changeBooking(m, m.confirmed, [](Booking& b) { b.sessionPrice = 0; }); }, {"I3"}},
    {"a confirmed booking's payment is pending again", [](Market& m) {
        changePayment(m, m.confirmed, [](Payment& p) { p.status = PaymentStatus::pending; p.succeededAt.reset(); });
        return "bookings " + m.confirmed.hex();
    }, {"I3", "I11", "I12"}},
    {"a lost slot's money stays", [](Market& m) {
        change(m, payments::refunds, refundOf(m, m.late).id, [](auto& refund) { refund.amount -= 100; refund.platformShare -= 100; });
        return "payments " + m.paymentOf(m.late).id.hex();
    }, {"I4", "I5", "I6", "I11", "I12"}},
    {"a lost slot's money could not be given back, and nobody was told", [](Market& m) {
        change(m, payments::refunds, refundOf(m, m.late).id, [](auto& refund) {
            refund.status = payments::RefundState::failed;
            refund.failedAt = refund.refundedAt;
        });
        return "payments " + m.paymentOf(m.late).id.hex();
    }, {"I4", "I5", "I6", "I11", "I12"}},
    {"a paid booking is never confirmed", [](Market& m) {
        change(m, payments::payments, m.paymentOf(m.held).id, [&](Payment& p) { p.status = PaymentStatus::succeeded; p.succeededAt = p.createdAt; });
        return "payments " + m.paymentOf(m.held).id.hex();
    }, {"I4", "I11", "I12"}},
    {"a double charge is kept", [](Market& m) {
        auto const other = m.paymentOf(m.taker).id;
        change(m, bookings, m.confirmed, [&](Booking& b) { b.paidWith = other; });
        return "payments " + m.paymentOf(m.confirmed).id.hex();
    }, {"I4"}},
    {"an absent specialist keeps the money", [](Market& m) {
        changeBooking(m, m.ended, [](Booking& b) {
            b.status = BookingStatus::noShow;
            b.noShowParty = booking::Party::specialist;
            b.statusHistory.push_back({b.status, b.statusHistory.back().changedAt, {}, {}});
        });
        return "payments " + m.paymentOf(m.ended).id.hex();
    }, {"I4"}},
    {"what the sides disagree about can be paid out", [](Market& m) {
        auto const user = m.host.get(profiles::customers, m.first)->userId;
        change(m, bookings, m.missed, [&](Booking& b) { b.noShowContest = booking::NoShowContest{{}, b.updatedAt, user, {}, {}}; });
        return "payments " + m.paymentOf(m.missed).id.hex();
    }, {"I4"}},
    {"more is refunded than was captured", [](Market& m) {
        change(m, payments::refunds, refundOf(m, m.partlyRefunded).id, [](auto& r) { r.amount += 10'000; r.platformShare += 10'000; });
        return "payments " + m.paymentOf(m.partlyRefunded).id.hex();
    }, {"I5", "I6", "I11", "I12"}},
    {"a refund is in another currency", [](Market& m) {
        return change(m, payments::refunds, refundOf(m, m.partlyRefunded).id, [](auto& refund) { refund.currency = *Currency::parse("EUR"); });
    }, {"I5"}},
    {"a payment's refund total is wrong", [](Market& m) {
        return changePayment(m, m.partlyRefunded, [](Payment& p) { p.refund->refundAmount += 1; });
    }, {"I5"}},
    {"a captured payment lacks its moment", [](Market& m) { return changePayment(m, m.confirmed, [](Payment& p) { p.succeededAt.reset(); }); }, {"I6", "I11"}},
    {"a captured payment lacks its intent", [](Market& m) { return changePayment(m, m.confirmed, [](Payment& p) { p.stripePaymentIntentId.reset(); }); }, {"I6"}},
    {"a payment is called refunded", [](Market& m) {
        return changePayment(m, m.confirmed, [](Payment& p) { p.status = PaymentStatus::refunded; p.refundedAt = p.succeededAt; });
    }, {"I6", "I11"}},
    {"a payment row has vanished before another", [](Market& m) {
        return changePayment(m, m.held, [](Payment& p) { p.idempotencyKey.back() = '2'; });
    }, {"I6"}},
    {"a refund bears more on one side than that has", [](Market& m) {
        return change(m, payments::refunds, refundOf(m, m.partlyRefunded).id, [](auto& r) { r.platformShare += 5'000; r.specialistShare -= 5'000; });
    }, {"I11", "I12"}},
    {"a refund is asked for by nobody", [](Market& m) {
        return change(m, payments::refunds, refundOf(m, m.partlyRefunded).id, [](auto& refund) {
            refund.status = payments::RefundState::pending;
            refund.refundedAt.reset();
            refund.stripeRefundId.reset();
        });
    }, {"I8", "I11", "I12"}},
    {"a refund row has vanished", [](Market& m) {
        remove(m, payments::refunds, refundOf(m, m.partlyRefunded).id);
        return "payments " + m.paymentOf(m.partlyRefunded).id.hex();
    }, {"I5", "I11", "I12"}},
};

Row const otherRows[] = {
    {"a history is empty", [](Market& m) { return changeBooking(m, m.held, [](Booking& b) { b.statusHistory.clear(); }); }, {"I7"}},
    {"a history does not begin with pending", [](Market& m) {
        return changeBooking(m, m.confirmed, [](Booking& b) { b.statusHistory.erase(b.statusHistory.begin()); });
    }, {"I7"}},
    {"a history ends elsewhere", [](Market& m) {
        return changeBooking(m, m.confirmed, [](Booking& b) { b.status = BookingStatus::completed; });
    }, {"I7"}},
    {"a step is not legal", [](Market& m) {
        return changeBooking(m, m.held, [](Booking& b) {
            b.status = BookingStatus::completed;
            b.sessionPrice = 0;
            b.statusHistory.push_back({BookingStatus::completed, b.updatedAt, {}, {}});
        });
    }, {"I7"}},
    {"a history runs backwards", [](Market& m) {
        return changeBooking(m, m.confirmed, [](Booking& b) { b.statusHistory.front().changedAt = b.statusHistory.back().changedAt + Hours(1); });
    }, {"I7"}},
    {"a cancelled booking lost its reason", [](Market& m) { return changeBooking(m, m.expired, [](Booking& b) { b.cancelReason.reset(); }); }, {"I7"}},
    {"a moved booking is elsewhere than its history says", [](Market& m) {
        auto const elsewhere = m.booking(m.confirmed).slotId;
        return change(m, bookings, m.moved, [&](Booking& b) { b.rescheduleHistory.back().toSlotId = elsewhere; });
    }, {"I7"}},
    {"a history of moves has a gap", [](Market& m) {
        return changeBooking(m, m.moved, [](Booking& b) {
            auto const last = b.rescheduleHistory.back();
            b.rescheduleHistory.push_back(last);
            ++b.calendarSequence;
        });
    }, {"I7"}},
    {"a booking was moved more than twice", [](Market& m) {
        return changeBooking(m, m.moved, [](Booking& b) {
            auto back = b.rescheduleHistory.back();
            std::swap(back.fromSlotId, back.toSlotId);
            auto const there = b.rescheduleHistory.back();
            b.rescheduleHistory.insert(b.rescheduleHistory.end(), {back, there});
            b.calendarSequence += 2;
        });
    }, {"I7"}},
    {"a change of time is not counted", [](Market& m) { return changeBooking(m, m.moved, [](Booking& b) { --b.calendarSequence; }); }, {"I7"}},
    {"a session was over before it began", [](Market& m) {
        return changeBooking(m, m.ended, [](Booking& b) { b.statusHistory.back().changedAt = b.startsAt; });
    }, {"I7"}},
    {"a session was missed before it began", [](Market& m) {
        return changeBooking(m, m.missed, [](Booking& b) {
            b.statusHistory.erase(b.statusHistory.end() - 2); // completed
            b.statusHistory.back().changedAt = b.startsAt;
        });
    }, {"I7"}},
    {"a session that had begun was cancelled", [](Market& m) {
        return changeBooking(m, m.cancelled, [](Booking& b) { b.statusHistory.back().changedAt = b.startsAt + Millis(1); });
    }, {"I7"}},
    {"a contest is about nothing", [](Market& m) {
        auto const user = m.host.get(profiles::customers, m.first)->userId;
        return change(m, bookings, m.gratis, [&](Booking& b) { b.noShowContest = booking::NoShowContest{{}, b.updatedAt, user, {}, {}}; });
    }, {"I7"}},
    {"an effect was given up", [](Market& m) {
        return change(m, outbox, firstEntry(m).id, [](auto& entry) { entry.status = OutboxStatus::failed; entry.doneAt.reset(); });
    }, {"I8"}},
    {"an effect is long overdue", [](Market& m) {
        auto const entry = firstEntry(m);
        auto const where = change(m, outbox, entry.id, [&](auto& e) { e.status = OutboxStatus::waiting; e.doneAt.reset(); e.nextAt = m.host.clock.now() - Minutes(61); });
        return where;
    }, {"I8"}},
    {"an effect is done at no time", [](Market& m) { return change(m, outbox, firstEntry(m).id, [](auto& entry) { entry.doneAt.reset(); }); }, {"I8"}},
    {"an effect is queued twice", [](Market& m) {
        auto entry = firstEntry(m);
        entry.id = {*ObjectId::parse(noteA)};
        entry.effectKey += ":again";
        return add(m, outbox, entry);
    }, {"I8"}},
    {"a kept answer lost its hash", [](Market& m) { return change(m, keptAnswers, keptAnswer(m).id, [](auto& kept) { kept.bodyHash.clear(); }); }, {"I10"}},
    {"a kept answer is half a body", [](Market& m) { return change(m, keptAnswers, keptAnswer(m).id, [](auto& kept) { kept.body = "{\"id\":"; }); }, {"I10"}},
    {"a specialist's bookings are counted wrong", [](Market& m) {
        return change(m, profiles::specialists, m.paid, [](auto& specialist) { ++specialist.totalBookings; });
    }, {"I11"}},
    {"a specialist's earnings are a cent off", [](Market& m) {
        return change(m, profiles::specialists, m.paid, [](auto& specialist) { --specialist.totalEarnings; });
    }, {"I11"}},
    {"a day's earnings are a cent off", [](Market& m) {
        return change(m, payments::earningsDays, earningsDay(m), [](auto& day) { ++day.totalEarnings; });
    }, {"I11"}},
    {"a day counts a payment too many", [](Market& m) {
        return change(m, payments::earningsDays, earningsDay(m), [](auto& day) { ++day.transactionCount; });
    }, {"I11"}},
    {"a day is put into another month", [](Market& m) {
        return change(m, payments::earningsDays, earningsDay(m), [](auto& day) { day.month = "1999-12"; });
    }, {"I11"}},
    {"a day's earnings are gone", [](Market& m) {
        remove(m, payments::earningsDays, earningsDay(m));
        return "creatorProfiles " + m.paid.hex();
    }, {"I11"}},
    {"a customer's spending is a cent off", [](Market& m) {
        return change(m, profiles::customers, m.second, [](auto& customer) { ++customer.totalSpent; });
    }, {"I11"}},
    {"a customer's mean is of other numbers", [](Market& m) {
        return change(m, profiles::customers, m.first, [](auto& customer) { ++customer.averageSpentPerSession; });
    }, {"I11"}},
    {"a review is counted that is not there", [](Market& m) {
        return change(m, profiles::specialists, m.free, [](auto& specialist) { ++specialist.reviewCount; });
    }, {"I11"}},
    {"a specialist's mean is not of their reviews", [](Market& m) {
        return change(m, profiles::specialists, m.free, [](auto& specialist) { specialist.averageRating = 4.1; });
    }, {"I11"}},
    {"a summary lost a review", [](Market& m) {
        return change(m, reviews::reviewSummaries, Ref<reviews::ReviewSummary>{m.free.id}, [](auto& summary) { --summary.histogram[3]; });
    }, {"I11"}},
    {"a summary has an aspect that nobody rated", [](Market& m) {
        return change(m, reviews::reviewSummaries, Ref<reviews::ReviewSummary>{m.free.id}, [](auto& summary) { summary.expertise = {5, 1}; });
    }, {"I11"}},
    {"a summary is gone", [](Market& m) {
        remove(m, reviews::reviewSummaries, Ref<reviews::ReviewSummary>{m.free.id});
        return "creatorProfiles " + m.free.hex();
    }, {"I11"}},
    {"a booking says other than its review", [](Market& m) {
        auto const review = m.all(reviews::reviews).front();
        changeBooking(m, review.bookingId, [](Booking& b) { b.feedback->customerRating = Bounded<1, 5>{1}; });
        return "reviews " + review.id.hex();
    }, {"I11"}},
    {"a picture of nobody", [](Market& m) {
        profiles::Image image;
        image.id = {*ObjectId::parse(noteA)};
        image.userId = {*ObjectId::parse(noteB)};
        return add(m, profiles::images, image);
    }, {"I14"}},
    {"a fee and a payout are more than the amount", [](Market& m) {
        return changePayment(m, m.held, [](Payment& p) { p.platformFee += 1; });
    }, {"I12"}},
    {"a fee is not of its percentage", [](Market& m) {
        return changePayment(m, m.held, [](Payment& p) { p.platformFee += 1; p.specialistPayout -= 1; });
    }, {"I12"}},
    {"a posting does not balance", [](Market& m) {
        return change(m, payments::ledgerEntries, entryOf(m, "charge:", payments::Account::customer).id, [](auto& entry) { entry.amount += 1; });
    }, {"I12"}},
    {"a posting is shifted between accounts", [](Market& m) {
        change(m, payments::ledgerEntries, entryOf(m, "refund:", payments::Account::platform).id, [](auto& entry) { entry.amount += 1; });
        change(m, payments::ledgerEntries, entryOf(m, "refund:", payments::Account::specialist).id, [](auto& entry) { entry.amount -= 1; });
        return std::string("posting refund:");
    }, {"I12"}},
    {"a capture is not in the ledger", [](Market& m) {
        auto const id = m.paymentOf(m.confirmed).id;
        for (auto const account : {payments::Account::customer, payments::Account::platform, payments::Account::specialist})
            remove(m, payments::ledgerEntries, entryOf(m, "charge:" + id.hex(), account).id);
        return "payments " + id.hex();
    }, {"I12"}},
    {"a posting records what never happened", [](Market& m) {
        auto entry = entryOf(m, "charge:", payments::Account::customer);
        entry.id = {*ObjectId::parse(noteA)};
        entry.posting = std::string("charge:") + noteB;
        entry.amount = 0;
        return add(m, payments::ledgerEntries, entry);
    }, {"I12"}},
    {"a reminder of a cancelled booking", [](Market& m) {
        m.host.clock.advance(Millis(1));
        return add(m, notifications::notifications, reminder(m, m.expired, noteA));
    }, {"I13"}},
    {"a reminder came twice", [](Market& m) {
        add(m, notifications::notifications, reminder(m, m.confirmed, noteA));
        return add(m, notifications::notifications, reminder(m, m.confirmed, noteB));
    }, {"I13"}},
    {"a session is followed up that never was", [](Market& m) {
        auto note = reminder(m, m.confirmed, noteA);
        note.type = notifications::NotificationType::session_completed;
        return add(m, notifications::notifications, note);
    }, {"I13"}},
    {"a mean time to answers is of other requests", [](Market& m) {
        return change(m, profiles::specialists, m.paid, [](auto& specialist) { specialist.responseTime += 1; });
    }, {"I11"}},
    {"an answered request is not counted", [](Market& m) {
        availability::AvailabilityRequest request;
        request.id = {*ObjectId::parse(noteA)};
        request.specialistId = m.paid;
        request.customerId = m.first;
        request.createdAt = m.host.clock.now();
        request.answeredAt = request.createdAt + Hours(1);
        add(m, availability::availabilityRequests, request);
        return "creatorProfiles " + m.paid.hex();
    }, {"I11"}},
    {"an open page is told of nobody", [](Market& m) {
        identity::LiveEvent event;
        event.id = {*ObjectId::parse(noteA)};
        event.userId = {*ObjectId::parse(noteB)};
        event.sequence = 1;
        event.data = "{}";
        event.at = m.host.clock.now();
        return add(m, identity::liveEvents, event);
    }, {"I14"}},
    {"a user is gone", [](Market& m) {
        remove(m, identity::users, m.host.get(profiles::customers, m.second)->userId);
        return "customers " + m.second.hex();
    }, {"I14"}},
    {"a schedule is gone from under its slots", [](Market& m) {
        remove(m, availability::schedules, m.all(availability::schedules).front().id);
        return std::string("availabilitySlots ");
    }, {"I14"}},
    {"a suspended account is published", [](Market& m) {
        auto const one = m.all(profiles::specialists).front();
        change(m, identity::users, one.userId, [](auto& user) { user.isActive = false; });
        return "creatorProfiles " + one.id.hex();
    }, {"I18"}},
    {"a confirmed address does not show", [](Market& m) {
        return change(m, profiles::specialists, m.all(profiles::specialists).front().id, [](auto& specialist) { specialist.published = false; });
    }, {"I18"}},
    {"a history names nobody", [](Market& m) {
        return changeBooking(m, m.held, [](Booking& b) { b.statusHistory.front().changedBy = Ref<identity::User>{*ObjectId::parse(noteA)}; });
    }, {"I14"}},
};
// clang-format on

std::vector<Row> rows() {
    std::vector<Row> all(std::begin(bookingRows), std::end(bookingRows));
    all.insert(all.end(), std::begin(moneyRows), std::end(moneyRows));
    all.insert(all.end(), std::begin(otherRows), std::end(otherRows));
    return all;
}

struct Damage : testing::TestWithParam<Row> {};

TEST_P(Damage, IsFoundByItsInvariantAlone) {
    Market market;
    auto const name = GetParam().damage(market);
    auto const checks = verify(*market.readOnly(), market.host.clock.now());
    std::set<std::string> found;
    bool named = false;
    for (auto const& check : checks)
        for (auto const& violation : check.violations) {
            found.insert(violation.invariant);
            named = named || violation.what.find(name) != std::string::npos;
        }
    EXPECT_EQ(found, GetParam().found) << verifyReport(checks);
    EXPECT_TRUE(named) << name << "\n" << verifyReport(checks);
    EXPECT_FALSE(isClean(checks));
}

std::string nameOf(testing::TestParamInfo<Row> const& info) {
    std::string name = info.param.name;
    for (auto& c : name)
        if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
    return name;
}

INSTANTIATE_TEST_SUITE_P(Rows, Damage, testing::ValuesIn(rows()), nameOf);

TEST(Verify, EveryInvariantHasADamage) {
    std::set<std::string> damaged{"I15"}; // below
    for (auto const& row : rows()) damaged.insert(row.found.begin(), row.found.end());
    Market market;
    for (auto const& check : verify(*market.readOnly(), market.host.clock.now()))
        EXPECT_TRUE(damaged.contains(check.invariant)) << check.invariant;
}

} // namespace
} // namespace visavis::reports
