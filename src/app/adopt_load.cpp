// Every document into memory: those of other software by the tables below, ours as they are.
//
// What a document of other software gets, by collection (its own members, converted, stand besides; `version` becomes 1 everywhere):
//
// users                 verificationToken hashed, OAuth tokens sealed; without a password nobody logs in before a reset
// creatorProfiles       slug (its own if it can be one, else from the name), searchTerms, facetGaps, wordGaps, published; statistics recomputed; email of its user;
//                       isAvailable false without a time zone or a price. Slots follow by the platform's daily check (slotsCheckedOn)
// customers             paidBookings; statistics recomputed; email and emailVerified of its user
// availabilitySchedules nothing (monthlyPattern, prices of windows: empty)
// availabilitySlots     startsAt, endsAt, tzVersion; status, bookingId, customerId, bookedAt, wasBooked by the claims; isRecurring false, so that
//                       generation never takes them away
// bookings              startsAt, endsAt of the slot; statusHistory completed to a legal path; cancelReason, noShowParty, paidWith,
//                       platformFeePercentage from what is stored; policy and bufferMinutes of the profile; holdExpiresAt of a pending one: its start
// payments              fee and payout by the rule, idempotencyKey numbered by booking, refund a mirror of the row in `refunds`
// reviews               nothing; the booking's feedback mirrors it
// notifications         expiresAt 30 days after createdAt
// sessions              nothing
// claims, refunds, ledgerEntries, earningsDays, reviewSummaries: made of the above
#include "app/adopt_read.hpp"

#include <bson/bson.h>

namespace visavis::app {
namespace {

constexpr std::size_t pageSize = 500;

SeedMembers usersOf() { return {.in = &identity::users.spec(), .must = {"email", "name"}, .ours = {"version"}}; }

SeedMembers specialistsOf() {
    return {.in = &profiles::specialists.spec(),
            .must = {"userId", "availability.breakTimes.day", "availability.breakTimes.startTime", "availability.breakTimes.endTime"},
            .money = {"consulting.basePrice"},
            .currency = "consulting.currency",
            .zone = "availability.timezone",
            .ours = {"slug", "preferences", "answeredRequests", "answeredAfterMs", "searchTerms", "facetGaps", "wordGaps", "published",
                     "availabilityVersion", "tzVersion", "horizon", "slotsCheckedOn", "consulting.cancellationPolicy.tiers", "version"},
            .counts = {"totalBookings", "totalEarnings", "averageRating", "reviewCount", "responseTime"}};
}

SeedMembers customersOf() {
    return {.in = &profiles::customers.spec(),
            .must = {"userId"},
            .ours = {"paidBookings", "version"},
            .counts = {"totalBookings", "totalSpent", "averageSpentPerSession"}};
}

SeedMembers schedulesOf() {
    SeedMembers members{
        .in = &availability::schedules.spec(),
        .must = {"specialistId", "type", "dateExceptions.date", "dateExceptions.slots.startTime", "dateExceptions.slots.endTime"},
        .ours = {"monthlyPattern", "dateExceptions.slots.price", "dateExceptions.slots.consultationType", "version"},
        .moments = {"appliedFrom", "appliedTo"}};
    for (auto const* day : {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}) {
        auto const slots = "weeklyPattern." + std::string(day) + ".slots.";
        members.must.insert({slots + "startTime", slots + "endTime"});
        members.ours.insert({slots + "price", slots + "consultationType"});
    }
    return members;
}

SeedMembers slotsOf() {
    return {.in = &availability::slots.spec(),
            .must = {"specialistId", "date", "startTime", "endTime", "price", "status"},
            .money = {"price"},
            .currency = "currency",
            .zone = "timezone",
            .ours = {"startsAt", "endsAt", "isEdited", "wasBooked", "ownPrice", "ownConsultationType", "tzVersion", "version"}};
}

SeedMembers bookingsOf() {
    return {.in = &booking::bookings.spec(),
            .must = {"slotId", "specialistId", "customerId", "sessionPrice", "status", "statusHistory.status", "statusHistory.changedAt",
                     "rescheduleHistory.fromSlotId", "rescheduleHistory.toSlotId", "rescheduleHistory.rescheduledAt",
                     "rescheduleHistory.rescheduledBy"},
            .money = {"sessionPrice"},
            .currency = "currency",
            .ours = {"platformFeePercentage", "bufferMinutes", "policy", "startsAt", "endsAt", "holdExpiresAt", "paidWith", "cancelReason",
                     "noShowParty", "noShowContest", "rescheduleHistory.party", "calendarSequence", "holdExtended", "version"}};
}

SeedMembers paymentsOf() {
    return {.in = &payments::payments.spec(),
            .must = {"bookingId", "specialistId", "customerId", "amount", "currency", "status"},
            .money = {"amount", "platformFee", "specialistPayout", "refund.refundAmount"},
            .rounded = {"platformFee", "specialistPayout"},
            .currency = "currency",
            .ours = {"payoutFrozenAt", "version"}};
}

SeedMembers reviewsOf() {
    return {.in = &reviews::reviews.spec(), .must = {"bookingId", "specialistId", "customerId", "rating"}, .ours = {"version"}};
}

SeedMembers notificationsOf() {
    return {.in = &notifications::notifications.spec(), .must = {"recipientId", "type", "title", "message"}, .ours = {"version"}};
}

SeedMembers sessionsOf() {
    return {.in = &meetings::sessions.spec(),
            .must = {"bookingId", "specialistId", "customerId", "scheduledStartTime", "participants.joinTime"},
            .ours = {"version"}};
}

// Every document with an ObjectId in a collection; others are found by the count.
void eachDocument(Adoptee& adoptee, CollectionSpec const& in, std::function<void(ObjectId const&, Bson)> const& each) {
    std::int64_t met = 0, all = 0;
    Query query{&in, {}, {{"_id", false}}, pageSize, {}};
    for (bool more = true; more;) {
        std::vector<Bson> page;
        adoptee.engine.read([&](EngineReader& reader) {
            page = reader.find(query);
            if (query.after.empty()) all = reader.count({&in, {}, {}, 0, {}});
        });
        more = page.size() == pageSize;
        for (auto& document : page) {
            auto const found = bsonAt(document.bytes, "_id");
            auto const* id = found.size() == 1 ? std::get_if<ObjectId>(&found.front()) : nullptr;
            if (id == nullptr) continue;
            ++met;
            query.after = {*id};
            each(*id, std::move(document));
        }
    }
    if (met != all) adoptee.findings.add(in.name + " has " + std::to_string(all - met) + " documents whose _id is no ObjectId");
}

// Ours is always a 64-bit number.
bool hasOurVersion(Bson const& document) {
    bson_t doc;
    bson_iter_t it;
    return bson_init_static(&doc, reinterpret_cast<std::uint8_t const*>(document.bytes.data()), document.bytes.size()) &&
           bson_iter_init_find(&it, &doc, "version") && BSON_ITER_HOLDS_INT64(&it);
}

// Of an ObjectId its first four bytes say when it was made: what a document without createdAt says all the same.
Instant madeAt(ObjectId const& id) {
    std::int64_t seconds = 0;
    for (int i = 0; i < 4; ++i) seconds = seconds * 256 + id.bytes[static_cast<std::size_t>(i)];
    return {seconds * 1000};
}

template <class T> void completeStamps(Entry<T>& entry) {
    auto& record = entry.record;
    if (!entry.has("createdAt")) record.createdAt = madeAt(record.id.id);
    if constexpr (requires { record.updatedAt; })
        if (!entry.has("updatedAt")) record.updatedAt = record.createdAt;
}

class Loader {
public:
    Loader(Adoptee& adoptee, bool besideOurs, std::set<ObjectId> const& adopted)
        : adoptee_(adoptee), besideOurs_(besideOurs), adopted_(adopted) {}

    template <class T>
    void seed(Table<T>& table, SeedMembers const& members, std::function<std::optional<Zone>(Bson const&)> const& zone = {}) {
        eachDocument(adoptee_, *members.in, [&](ObjectId const& id, Bson document) {
            auto const mark = ObjectId::derived("adopted:" + members.in->name + ":" + id.hex());
            if (adopted_.contains(mark) || (besideOurs_ && hasOurVersion(document)))
                return ours(table, *members.in, id, std::move(document));
            auto& entry = table[{id}];
            entry.record.id = {id};
            if constexpr (std::is_same_v<T, Specialist>) entry.record.availability.timezone.reset(); // UTC is no guess of ours to make
            Reading const how{adoptee_.how.money, zone ? zone(document) : std::nullopt};
            readSeed(members, how, id, document, &entry.record, entry.seen, adoptee_.image.unknown, adoptee_.findings);
            completeStamps(entry);
            entry.record.version = 1;
            entry.before = std::move(document);
        });
    }

    template <class T> void derived(Table<T>& table, Collection<T> const& in) {
        eachDocument(adoptee_, in.spec(), [&](ObjectId const& id, Bson document) { ours(table, in.spec(), id, std::move(document)); });
    }

private:
    template <class T> void ours(Table<T>& table, CollectionSpec const& in, ObjectId const& id, Bson document) {
        try {
            auto& entry = table[{id}];
            entry.isOurs = true;
            entry.record = fromBson<T>(document.bytes);
            entry.before = std::move(document);
        } catch (CorruptDocument const& damage) {
            adoptee_.findings.add(in, id, damage.what());
        }
    }

    Adoptee& adoptee_;
    bool besideOurs_;
    std::set<ObjectId> const& adopted_;
};

} // namespace

void loadImage(Adoptee& adoptee, bool besideOurs, std::set<ObjectId> const& adopted) {
    auto& image = adoptee.image;
    Loader loader(adoptee, besideOurs, adopted);
    loader.seed(image.users, usersOf());
    loader.seed(image.specialists, specialistsOf());
    loader.seed(image.customers, customersOf());
    // Days of a schedule, and of a slot that names no zone, are its specialist's.
    auto const zoneOf = [&](Bson const& document) -> std::optional<Zone> {
        auto const found = bsonAt(document.bytes, "specialistId");
        auto const* id = found.empty() ? nullptr : std::get_if<ObjectId>(&found.front());
        auto const* specialist = id == nullptr ? nullptr : recordOf(image.specialists, Ref<Specialist>{*id});
        return specialist == nullptr ? std::nullopt : specialist->availability.timezone;
    };
    loader.seed(image.schedules, schedulesOf(), zoneOf);
    loader.seed(image.slots, slotsOf(), zoneOf);
    loader.seed(image.bookings, bookingsOf());
    loader.seed(image.payments, paymentsOf());
    loader.seed(image.reviews, reviewsOf());
    loader.seed(image.notifications, notificationsOf());
    loader.seed(image.sessions, sessionsOf());
    loader.derived(image.claims, availability::claims);
    loader.derived(image.refunds, payments::refunds);
    loader.derived(image.ledgerEntries, payments::ledgerEntries);
    loader.derived(image.earningsDays, payments::earningsDays);
    loader.derived(image.reviewSummaries, reviews::reviewSummaries);
}

} // namespace visavis::app
