// The nightly comparison with the gateway. It lists what happened there since the last time, moves our rows forward by the same verbs that
// webhooks use, and reports what no move of ours can explain. It may be repeated, or break off at any place: the next one begins earlier.
#include "payments/books.hpp"
#include "store/outbox.hpp"

#include <unordered_set>

namespace visavis::payments {
namespace {

constexpr char const* reconciled = "payments.reconciled"; // the audit entry of a run that came to its end
constexpr Days overlap{1};                                // clocks differ, and what began before the last run may have moved after it
constexpr Days longestSpan{30};                           // the gateway keeps its events no longer

// Every item of a list of the gateway, page by page.
template <class List, class Visit> Result<void> each(List const& list, Visit const& visit) {
    std::optional<std::string> cursor;
    do {
        TRY(auto const page, list(cursor));
        for (auto const& item : page.items) CHECK(visit(item));
        cursor = page.cursor;
    } while (cursor);
    return ok;
}

class Reconciliation {
public:
    Reconciliation(Platform& platform, Instant now) : platform_(platform), now_(now), from_(beginning()) {}

    Result<void> run() {
        auto& gateway = platform_.gateway;
        CHECK(each([&](auto const& cursor) { return gateway.listPaymentIntents(from_, cursor); },
                   [&](Intent const& seen) { return compare(seen); }));
        CHECK(each([&](auto const& cursor) { return gateway.listRefundsSince(from_, cursor); },
                   [&](GatewayRefund const& seen) { return compare(seen); }));
        CHECK(askForOpenRefunds());
        CHECK(lookForMissing());
        CHECK(each([&](auto const& cursor) { return gateway.listEvents(from_, cursor); },
                   [&](WebhookEvent const& event) { return store(event); }));
        return note();
    }

private:
    Instant beginning() const {
        auto const& entries = identity::auditEntries;
        auto const last = visavis::read(platform_.store, [&](Reader& reader) {
            return reader.find(entries, entries->action == std::string(reconciled)).sort(desc(entries->at), desc(entries->id)).first();
        });
        return last ? std::max(last->at - overlap, now_ - longestSpan) : now_ - longestSpan;
    }

    template <class F> auto look(F const& f) { return visavis::read(platform_.store, f); }

    Result<void> tell(MoneyAtOdds const& matter) {
        return visavis::transact(platform_.store, [&](Tx& tx) { return report(tx, matter, now_); });
    }
    template <class T> Result<void> noteIfMoved(Collection<T> const& in, T const& before, char const* action) {
        auto const after = look([&](Reader& reader) { return reader.get(in, before.id); });
        if (!after || after->status == before.status) return ok;
        ++repaired_;
        auto const detail = wordOf(before.status) + " → " + wordOf(after->status) + "; news of it was lost";
        return visavis::transact(platform_.store, [&](Tx& tx) {
            return identity::auditOnce(tx, action, before.id.hex() + " " + wordOf(after->status), detail, now_);
        });
    }

    Result<void> compare(Intent const& seen) {
        known_.insert(seen.id);
        bool const paid = seen.status == IntentStatus::succeeded;
        auto const payment = look([&](Reader& reader) { return paymentOf(reader, seen); });
        if (!payment) { // intents of other sellers on the same account name no payment of ours
            if (!paid || seen.paymentId.empty()) return ok;
            return tell({Odds::payment_unknown, seen.id, "Payment intent " + seen.id + " was paid, but we have no payment of it.", {}, {}});
        }
        bool const noted = payment->stripePaymentIntentId == seen.id;
        if (noted && !isOurs(*payment, seen, platform_.gateway.livemode())) return applyIntent(platform_, payment->id, seen, now_);
        if (noted && isCaptured(payment->status) && !paid)
            return tell({Odds::payment_differs, payment->id.hex(), "The gateway has not captured payment intent " + seen.id + ".",
                         payment->id, payment->bookingId});
        if (!lagsBehind(*payment, seen)) return ok;
        CHECK(followIntent(platform_, seen.id, now_)); // reads it again: a list lacks the card's details
        return noteIfMoved(payments, *payment, "payment.repaired");
    }

    Result<void> compare(GatewayRefund const& seen) {
        auto const refund = look([&](Reader& reader) { return refundOf(reader, seen); });
        CHECK(followRefund(platform_, seen, now_));
        return refund ? noteIfMoved(refunds, *refund, "refund.repaired") : ok;
    }

    // Those may be older than the list goes back.
    Result<void> askForOpenRefunds() {
        std::string cursor;
        do {
            TRY(auto const page, look([&](Reader& reader) {
                    return reader.find(refunds, refunds->status == RefundState::pending)
                        .sort(refunds->requestedAt, refunds->id)
                        .limit(200)
                        .page(cursor);
                }));
            for (auto const& refund : page.items) CHECK(ask(refund));
            cursor = page.nextCursor.value_or("");
        } while (!cursor.empty());
        return ok;
    }
    Result<void> ask(Refund const& refund) {
        auto const payment = look([&](Reader& reader) { return reader.get(payments, refund.paymentId); });
        if (!payment) return ok;
        auto const seen = refundAtGateway(platform_, *payment, refund);
        if (!seen && seen.error().code == Code::unavailable) return seen.error();
        if (!seen || !*seen) return askAgain(*payment, refund);
        CHECK(applyRefund(platform_, refund.id, **seen, now_));
        return noteIfMoved(refunds, refund, "refund.repaired");
    }

    // Its call is still to be made, unless it was given up: then it is made again as the first time, under the same key, and somebody is told.
    Result<void> askAgain(Payment const& payment, Refund const& refund) {
        auto const key = recordName(std::type_identity<RefundRequested>{}) + (":" + refund.id.hex());
        return visavis::transact(platform_.store, [&](Tx& tx) -> Result<void> {
            TRY(bool const wasGivenUp, revive(tx, key, now_));
            if (!wasGivenUp) return ok;
            return report(tx,
                          {Odds::refund_given_up, refund.id.hex(),
                           "A refund of " + moneyText(refund.amount, refund.currency) +
                               " could not be made for many hours. It is tried again every night.",
                           payment.id, payment.bookingId},
                          now_);
        });
    }

    // Captured by us, unknown to the gateway. The list may lack what is younger than it, and what clocks put before its beginning.
    Result<void> lookForMissing() {
        std::string cursor;
        do {
            TRY(auto const page, look([&](Reader& reader) {
                    return reader.find(payments, payments->createdAt >= from_ + Hours(1) && payments->createdAt < now_ - Hours(1))
                        .sort(payments->createdAt, payments->id)
                        .limit(200)
                        .page(cursor);
                }));
            for (auto const& payment : page.items)
                if (isCaptured(payment.status) && !known_.contains(payment.stripePaymentIntentId.value_or(""))) miss(payment);
            cursor = page.nextCursor.value_or("");
        } while (!cursor.empty());
        if (missing_ == 0) return ok;
        return tell({Odds::payment_missing, toRfc3339(now_),
                     "The gateway does not know the payment intents of " + std::to_string(missing_) +
                         " captured payments, the first being " + firstMissing_->id.hex() + ".",
                     firstMissing_->id, firstMissing_->bookingId});
    }
    void miss(Payment const& payment) {
        ++missing_;
        if (!firstMissing_) firstMissing_ = payment;
    }

    // An event that never came is stored as if it had: all else follows by itself.
    Result<void> store(WebhookEvent const& event) {
        if (look([&](Reader& reader) { return reader.get(webhookInbox, receiptId(event.id)).has_value(); })) return ok;
        TRY(bool const fresh, visavis::transact(platform_.store, [&](Tx& tx) { return storeEvent(tx, event, now_); }));
        missedEvents_ += fresh ? 1 : 0;
        return ok;
    }

    Result<void> note() {
        auto const detail = std::to_string(known_.size()) + " payment intents since " + toRfc3339(from_) + ", " +
                            std::to_string(repaired_) + " repairs, " + std::to_string(missedEvents_) + " events that had not come, " +
                            std::to_string(missing_) + " payments missing";
        return visavis::transact(platform_.store,
                                 [&](Tx& tx) { return identity::auditOnce(tx, reconciled, toRfc3339(now_), detail, now_); });
    }

    Platform& platform_;
    Instant now_;
    Instant from_;
    std::unordered_set<std::string> known_; // intents that the gateway has
    std::int64_t repaired_ = 0;
    std::int64_t missedEvents_ = 0;
    std::int64_t missing_ = 0;
    std::optional<Payment> firstMissing_;
};

} // namespace

Result<void> reconcile(Platform& platform, Instant now) { return Reconciliation(platform, now).run(); }

} // namespace visavis::payments
