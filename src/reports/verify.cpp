// The table of invariants, and the report.
#include "reports/verify.hpp"

#include "identity/live.hpp"
#include "meetings/records.hpp"
#include "notifications/records.hpp"
#include "reports/verify_audit.hpp"
#include "reviews/records.hpp"
#include "store/adoption.hpp"
#include "store/idempotency.hpp"
#include "store/outbox.hpp"

#include <iterator>

namespace visavis::reports {
namespace {

constexpr std::size_t batchSize = 500;

struct Invariant {
    char const* id;
    char const* sentence;
    std::vector<void (*)(Audit&)> checks;
};

std::vector<Invariant> const& invariants() {
    static std::vector<Invariant> const table{
        {"I1", "no two active bookings of one specialist (with buffers) or one customer overlap", {checkOverlaps}},
        {"I2", "claims and active bookings match one to one, slot statuses agree", {checkClaims, checkSlots}},
        {"I3", "a paid booking that was confirmed has one captured payment of its price", {checkPaidBookings}},
        {"I4", "captured money has an active booking, or goes back", {checkCapturedMoney}},
        {"I5", "refunds never exceed what was captured", {checkRefunds}},
        {"I6", "payment rows are in a legal state and none has vanished", {checkPaymentStates}},
        {"I7", "statusHistory is a legal path that ends in status", {checkStatusHistories}},
        {"I8", "the outbox drains, each effect once", {checkOutbox, checkRefundCalls}},
        {"I10", "answers kept under an idempotency key are complete", {checkKeptAnswers}},
        {"I11", "statistics equal a recomputation", {checkStatistics, checkReviews, checkEarnings}},
        {"I12", "fee + payout = amount, the ledger balances to zero", {checkSplits, checkLedger}},
        {"I13", "no reminder for a cancelled booking, each at most once", {checkReminders}},
        {"I14", "references resolve", {checkReferences}},
        {"I18", "a profile is published exactly if it is offered, its address confirmed and its account not suspended", {checkPublication}},
        {"I15", "the engine's integrity check is clean and every document can be read", {checkDocuments}},
    };
    return table;
}

// Runs one check; a store too damaged to go on is a finding as well.
void run(void (*check)(Audit&), Audit& audit) {
    try {
        check(audit);
    } catch (StoreUnavailable const&) {
        throw;
    } catch (std::exception const& broken) {
        audit.fault(std::string("the check could not be ended: ") + broken.what());
    }
}

void faultsOfEngine(Engine& store, Audit& audit) {
    try {
        for (auto const& fault : store.checkIndexes(auditedCollections()))
            audit.fault(fault.collection + " " + fault.index + ": " + fault.what);
        for (auto const& fault : store.integrityFaults()) audit.fault(fault);
    } catch (StoreUnavailable const&) {
        throw;
    } catch (std::exception const& broken) {
        audit.fault(std::string("the engine's check could not be ended: ") + broken.what());
    }
}

} // namespace

std::vector<CollectionSpec const*> const& auditedCollections() {
    static std::vector<CollectionSpec const*> const all{
        &identity::users.spec(),
        &identity::authSessions.spec(),
        &identity::oneTimeTokens.spec(),
        &identity::auditEntries.spec(),
        &identity::liveEvents.spec(),
        &identity::liveSequences.spec(),
        &profiles::specialists.spec(),
        &profiles::customers.spec(),
        &profiles::images.spec(),
        &availability::schedules.spec(),
        &availability::slots.spec(),
        &availability::claims.spec(),
        &availability::availabilityRequests.spec(),
        &booking::bookings.spec(),
        &booking::messages.spec(),
        &payments::payments.spec(),
        &payments::refunds.spec(),
        &payments::ledgerEntries.spec(),
        &payments::earningsDays.spec(),
        &payments::webhookInbox.spec(),
        &meetings::sessions.spec(),
        &reviews::reviews.spec(),
        &reviews::reviewSummaries.spec(),
        &notifications::notifications.spec(),
        &outbox.spec(),
        &keptAnswers.spec(),
        &adoptions.spec(),
        &adoptedDocuments.spec(),
    };
    return all;
}

std::vector<Check> verify(Engine& store, Instant now) {
    std::vector<Check> checks;
    for (auto const& invariant : invariants()) checks.push_back({invariant.id, invariant.sentence, 0, {}, 0});
    store.read([&](EngineReader& snapshot) {
        for (std::size_t i = 0; i < checks.size(); ++i) {
            Audit audit(snapshot, now, checks[i]);
            for (auto const check : invariants()[i].checks) run(check, audit);
        }
    });
    store.read([&](EngineReader& snapshot) { // a snapshot of its own: the engine takes another connection for its check
        Audit audit(snapshot, now, checks.back());
        faultsOfEngine(store, audit);
    });
    return checks;
}

std::int64_t violationsIn(std::vector<Check> const& checks) {
    std::int64_t sum = 0;
    for (auto const& check : checks) sum += std::ssize(check.violations) + check.unlisted;
    return sum;
}

std::string verifyReport(std::vector<Check> const& checks) {
    std::string text;
    for (auto const& check : checks) {
        auto const violations = violationsIn({check});
        text += check.invariant + (check.invariant.size() < 3 ? "   " : "  ") + check.sentence + ": " + std::to_string(check.checked) +
                " checked, " + std::to_string(violations) + (violations == 1 ? " violation\n" : " violations\n");
    }
    for (auto const& check : checks) {
        for (auto const& finding : check.violations) text += finding.invariant + "  " + finding.what + "\n";
        if (check.unlisted > 0) text += check.invariant + "  and " + std::to_string(check.unlisted) + " more\n";
    }
    auto const sum = violationsIn(checks);
    return text + std::to_string(sum) + (sum == 1 ? " violation\n" : " violations\n");
}

void Audit::fault(std::string what) {
    if (check_.violations.size() < mostListed)
        check_.violations.push_back({check_.invariant, std::move(what)});
    else
        ++check_.unlisted;
}

bool Audit::isWaiting(std::string const& effectKey) {
    auto const entry = reader.get(outbox, Ref<OutboxEntry>{ObjectId::derived(effectKey)});
    return entry && entry->status == OutboxStatus::waiting;
}

Documents::Documents(EngineReader& engine, CollectionSpec const& from, std::vector<Order> sort, std::vector<Condition> where)
    : engine_(engine) {
    query_.from = &from;
    query_.all = std::move(where);
    query_.sort = std::move(sort);
    if (query_.sort.empty() || query_.sort.back().path != "_id") query_.sort.push_back({"_id", false});
}

Bson const* Documents::next() {
    while (at_ == batch_.size()) {
        if (ended_) return nullptr;
        fill();
    }
    return &batch_[at_++];
}

namespace {

std::optional<std::vector<Scalar>> positionOf(Bson const& document, std::vector<Order> const& sort) {
    std::vector<Scalar> position;
    try {
        for (auto const& key : sort) {
            auto const found = bsonAt(document.bytes, key.path);
            if (found.size() != 1) return std::nullopt;
            position.push_back(found.front());
        }
    } catch (CorruptDocument const&) {
        return std::nullopt;
    }
    return position;
}

} // namespace

// The next position is the last one that can be read and lies further on; what comes behind it is fetched again and left out.
void Documents::fill() {
    query_.limit = batchSize + skip_;
    batch_ = engine_.find(query_);
    ended_ = batch_.size() < query_.limit;
    batch_.erase(batch_.begin(), batch_.begin() + static_cast<std::ptrdiff_t>(std::min(skip_, batch_.size())));
    at_ = 0;
    for (std::size_t last = batch_.size(); last > 0; --last) {
        auto position = positionOf(batch_[last - 1], query_.sort);
        if (!position || *position <= query_.after) continue;
        query_.after = std::move(*position);
        skip_ = batch_.size() - last;
        return;
    }
    skip_ += batch_.size();
}

} // namespace visavis::reports
