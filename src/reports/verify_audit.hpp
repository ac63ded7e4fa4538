// What every check of verify uses: documents streamed a batch at a time, and findings that name collection and id. Private to reports.
#pragma once

#include "reports/verify.hpp"
#include "store/tx.hpp"

namespace visavis::reports {

// The documents of a collection in ascending order, however many there are. Those whose position cannot be read are delivered too.
class Documents {
public:
    Documents(EngineReader& engine, CollectionSpec const& from, std::vector<Order> sort = {}, std::vector<Condition> where = {});

    // The next one, or null at the end. Valid until the next call.
    Bson const* next();

private:
    void fill();

    EngineReader& engine_;
    Query query_;
    std::vector<Bson> batch_;
    std::size_t at_ = 0;
    std::size_t skip_ = 0; // documents behind query_.after that were delivered already, but have no position of their own
    bool ended_ = false;
};

// The same as records. A damaged one is passed over here: I15 names it.
template <class T> class Records {
public:
    Records(EngineReader& engine, Collection<T> const& from, std::initializer_list<SortKey<T>> keys = {}, Where<T> where = {})
        : documents_(engine, from.spec(), orders(keys), std::move(where.all)) {}

    std::optional<T> next() {
        while (auto const* document = documents_.next()) {
            try {
                return fromBson<T>(document->bytes);
            } catch (CorruptDocument const&) {
            }
        }
        return std::nullopt;
    }

private:
    static std::vector<Order> orders(std::initializer_list<SortKey<T>> keys) {
        std::vector<Order> list;
        for (auto const& key : keys) list.push_back(key.order);
        return list;
    }

    Documents documents_;
};

// One invariant being checked.
class Audit {
public:
    Audit(EngineReader& snapshot, Instant at, Check& into) : engine(snapshot), reader(snapshot), now(at), check_(into) {}

    EngineReader& engine;
    Reader reader;
    Instant const now;

    void count() { ++check_.checked; }
    void fault(std::string what);
    void fault(CollectionSpec const& in, ObjectId const& id, std::string_view what) {
        fault(in.name + " " + id.hex() + ": " + std::string(what));
    }
    template <class T> void expect(bool holds, Collection<T> const& in, T const& record, std::string_view what) {
        if (!holds) fault(in.spec(), record.id.id, what);
    }

    // Calls `judge` with every record. A judge that meets a damaged document elsewhere gives up on its record: I15 names the damage.
    template <class T, class Judge>
    void each(Collection<T> const& in, std::initializer_list<SortKey<std::type_identity_t<T>>> keys, Where<std::type_identity_t<T>> where,
              Judge const& judge) {
        Records<T> records(engine, in, keys, std::move(where));
        while (auto const record = records.next()) {
            try {
                judge(*record);
            } catch (CorruptDocument const&) {
            }
        }
    }
    template <class T, class Judge> void each(Collection<T> const& in, Judge const& judge) { each(in, {}, {}, judge); }

    // Whether an event is still to be carried out: what it will put right is no violation yet.
    bool isWaiting(std::string const& effectKey);

private:
    Check& check_;
};

// verify_bookings.cpp
void checkOverlaps(Audit& audit);        // I1
void checkClaims(Audit& audit);          // I2
void checkStatusHistories(Audit& audit); // I7
// verify_slots.cpp
void checkSlots(Audit& audit); // I2
// verify_payments.cpp
void checkPaidBookings(Audit& audit);  // I3
void checkCapturedMoney(Audit& audit); // I4
void checkRefunds(Audit& audit);       // I5
void checkRefundCalls(Audit& audit);   // I8
void checkPaymentStates(Audit& audit); // I6
// verify_ledger.cpp
void checkSplits(Audit& audit); // I12
void checkLedger(Audit& audit); // I12
// verify_statistics.cpp
void checkStatistics(Audit& audit); // I11
// verify_profiles.cpp
void checkPublication(Audit& audit); // I18
// verify_reviews.cpp
void checkReviews(Audit& audit); // I11
// verify_earnings.cpp
void checkEarnings(Audit& audit); // I11
// verify_delivery.cpp
void checkOutbox(Audit& audit);      // I8
void checkKeptAnswers(Audit& audit); // I10
void checkReminders(Audit& audit);   // I13
// verify_documents.cpp
void checkReferences(Audit& audit); // I14
void checkDocuments(Audit& audit);  // I15

// The members of stored documents that name other documents.
struct Reference {
    CollectionSpec const* from;
    std::string path; // dotted, through arrays too
    CollectionSpec const* to;
};
std::vector<Reference> const& references();

} // namespace visavis::reports
