// One adoption from its first look to its last mark.
#include "app/adopt.hpp"

#include "app/adopt_image.hpp"

#include "app/collections.hpp"
#include "record/extended_json.hpp"
#include "store/adoption.hpp"
#include "store/tx.hpp"

#include <bson/bson.h>

namespace visavis::app {
namespace {

constexpr std::size_t batchSize = 100; // documents in a transaction

Ref<Adoption> adoptionId() { return {ObjectId::derived("adoption")}; }

std::string wordOf(MoneyIs money) { return money == MoneyIs::major ? "major" : "minor"; }

Error refusal(std::string what) { return failure(Code::conflict, "adopt", std::move(what)); }

// ---- what there is already ----

std::optional<Adoption> adoptionOf(Engine& engine) {
    return visavis::read(engine, [](Reader& reader) { return reader.get(adoptions, adoptionId()); });
}

std::set<ObjectId> marksOf(Engine& engine) {
    std::set<ObjectId> marks;
    std::string cursor;
    do {
        auto const page = visavis::read(
            engine, [&](Reader& reader) { return reader.find(adoptedDocuments).sort(adoptedDocuments->id).limit(500).page(cursor); });
        for (auto const& document : page->items) marks.insert(document.id.id);
        cursor = page->nextCursor.value_or("");
    } while (!cursor.empty());
    return marks;
}

bool isOfTheSeed(CollectionSpec const& in) {
    static std::set<std::string> const names{"users",    "creatorProfiles", "customers", "availabilitySchedules", "availabilitySlots",
                                             "bookings", "payments",        "reviews",   "notifications",         "sessions"};
    return names.contains(in.name);
}

// Collections that other software does not have: something in them was written by us.
bool hasOurs(Engine& engine) {
    bool any = false;
    engine.read([&](EngineReader& reader) {
        for (auto const* in : allCollections())
            if (!isOfTheSeed(*in) && !reader.find({in, {}, {}, 1, {}}).empty()) any = true;
    });
    return any;
}

// ---- writing ----

struct Written {
    ObjectId id;
    std::optional<Bson> before;
    Bson after;
    std::optional<AdoptedDocument> mark;
};

// A root member of the document that its record does not have, or that nobody may read again.
Bson filtered(Bson const& document, std::function<bool(std::string const&)> const& stays) {
    bson_t doc, rest;
    bson_iter_t it;
    bson_init(&rest);
    if (bson_init_static(&doc, reinterpret_cast<std::uint8_t const*>(document.bytes.data()), document.bytes.size()) &&
        bson_iter_init(&it, &doc))
        while (bson_iter_next(&it))
            if (stays(bson_iter_key(&it))) bson_append_iter(&rest, bson_iter_key(&it), -1, &it);
    Bson made{std::string(reinterpret_cast<char const*>(bson_get_data(&rest)), rest.len)};
    bson_destroy(&rest);
    return made;
}

// The record, and behind it the members of other software.
Bson whole(CollectionSpec const& in, Bson const& record, std::optional<Bson> const& before) {
    if (!before) return record;
    auto const unknown = filtered(*before, [&](std::string const& key) { return key != "_id" && in.shape->find(key) == nullptr; });
    bson_t made, rest;
    bson_init(&made);
    for (auto const* part : {&record, &unknown})
        if (bson_init_static(&rest, reinterpret_cast<std::uint8_t const*>(part->bytes.data()), part->bytes.size()))
            bson_concat(&made, &rest);
    Bson result{std::string(reinterpret_cast<char const*>(bson_get_data(&made)), made.len)};
    bson_destroy(&made);
    return result;
}

AdoptedDocument markOf(CollectionSpec const& in, ObjectId const& id, Bson const& before) {
    AdoptedDocument mark;
    mark.id = {ObjectId::derived("adopted:" + in.name + ":" + id.hex())};
    mark.collection = in.name;
    mark.documentId = id.hex();
    mark.original = toExtendedJson(filtered(before, [&](std::string const& key) {
        auto const* field = in.shape->find(key);
        return field == nullptr || !field->shape->secret;
    }));
    return mark;
}

template <class T> std::vector<Written> changesOf(CollectionSpec const& in, Table<T> const& table) {
    std::vector<Written> all;
    for (auto const& [id, entry] : table) {
        if (entry.isOurs && !entry.isAltered) continue;
        auto record = entry.record;
        if constexpr (requires { record.version; })
            if (entry.isOurs && entry.before) ++record.version;
        Written written{id.id, entry.before, whole(in, toBson(record), entry.before), {}};
        if (!entry.isOurs) written.mark = markOf(in, id.id, *entry.before);
        all.push_back(std::move(written));
    }
    return all;
}

class Writer {
public:
    Writer(MongoEngine& engine, bool again) : engine_(engine), again_(again) {}

    Result<void> write(CollectionSpec const& in, std::vector<Written> const& all) {
        for (std::size_t from = 0; from < all.size(); from += batchSize) {
            auto const to = std::min(from + batchSize, all.size());
            std::vector<Written> const batch(all.begin() + static_cast<std::ptrdiff_t>(from),
                                             all.begin() + static_cast<std::ptrdiff_t>(to));
            auto const written = engine_.transactUnindexed([&](EngineTx& tx) { return exchange(tx, in, batch); });
            if (written) continue;
            auto error = written.error();
            error.detail = in.name + " from " + batch.front().id.hex() + " on: " + (error.detail.empty() ? error.key : error.detail) +
                           "\nWhat was taken over before stays; the same command goes on from there.";
            return error;
        }
        return ok;
    }

private:
    // Documents go and come back whole, with their marks: all of it, or nothing.
    Result<void> exchange(EngineTx& tx, CollectionSpec const& in, std::vector<Written> const& batch) {
        Condition named{"_id", Op::in, {}};
        std::vector<Bson> documents, marks;
        std::map<ObjectId, Bson const*> before;
        for (auto const& written : batch) {
            documents.push_back(written.after);
            if (written.mark) marks.push_back(toBson(*written.mark));
            if (!written.before) continue;
            named.values.emplace_back(written.id);
            before[written.id] = &*written.before;
        }
        if (!before.empty()) {
            CHECK(checkUnchanged(tx, in, named, before));
            CHECK(tx.erase({&in, {named}, {}, 0, {}}));
        }
        CHECK(tx.insertAll(in, documents));
        if (!again_) return tx.insertAll(adoptedDocuments.spec(), marks);
        for (auto const& mark : marks) CHECK(tx.insertIfAbsent(adoptedDocuments.spec(), mark));
        return ok;
    }

    static Result<void> checkUnchanged(EngineTx& tx, CollectionSpec const& in, Condition const& named,
                                       std::map<ObjectId, Bson const*> const& before) {
        auto const now = tx.find({&in, {named}, {}, 0, {}});
        bool same = now.size() == before.size();
        for (auto const& document : now) same = same && document == *before.at(std::get<ObjectId>(bsonAt(document.bytes, "_id").front()));
        if (same) return ok;
        return refusal("Documents were changed meanwhile: stop the software that writes this database, and begin again.");
    }

    MongoEngine& engine_;
    bool again_; // an earlier adoption has ended: other software has written since, and some marks may be there
};

Result<void> noteAdoption(MongoEngine& engine, Adoption const& adoption, bool isNew) {
    return engine.transactUnindexed([&](EngineTx& tx) -> Result<void> {
        if (!isNew) CHECK(tx.erase({&adoptions.spec(), {{"_id", Op::equal, {adoption.id.id}}}, {}, 0, {}}));
        return tx.insert(adoptions.spec(), toBson(adoption));
    });
}

// ---- saying ----

void sayChanges(Image& image, std::function<void(std::string const&)> const& say) {
    image.each([&]<class T>(Collection<T> const& in, Table<T> const& table) {
        for (auto const& written : changesOf(in.spec(), table)) {
            if (!written.before) say(in.spec().name + " " + written.id.hex() + ": new");
            Bson const nothing{std::string("\5\0\0\0\0", 5)};
            for (auto const& line : changeLines(in.spec(), written.id, written.before.value_or(nothing), written.after)) say(line);
        }
    });
}

void sayUnknown(Image const& image, std::function<void(std::string const&)> const& say) {
    for (auto const& [member, count] : image.unknown)
        say(member + ": not used; " + std::to_string(count) + (count == 1 ? " value is" : " values are") + " kept in adoptedDocuments");
}

// ---- the whole of it ----

void settleAll(Adoptee& adoptee) {
    settleUsers(adoptee);
    settleProfiles(adoptee);
    settleSlotTimes(adoptee);
    settlePayments(adoptee);
    settleBookings(adoptee);
    settleReviews(adoptee);
    settleClaims(adoptee);
    settleSlots(adoptee);
    settleNotifications(adoptee);
    settleSessions(adoptee);
    settleStatistics(adoptee);
    settleBooks(adoptee);
    if (!adoptee.findings.empty()) return; // the rest would only say it again
    checkReferences(adoptee);
    checkUnique(adoptee);
}

bool hasForeign(Image& image) {
    bool any = false;
    image.each([&]<class T>(Collection<T> const&, Table<T> const& table) {
        for (auto const& [id, entry] : table) any = any || !entry.isOurs;
    });
    return any;
}

Result<void> checkTokens(Adoptee const& adoptee) {
    if (adoptee.tokensLeft.empty()) return ok;
    return failure(Code::invalid, "setting",
                   "Setting store.sealing_key: is needed, since " + std::to_string(adoptee.tokensLeft.size()) +
                       " users have OAuth tokens in clear, such as users " + adoptee.tokensLeft.begin()->hex() +
                       ". `openssl rand -base64 32` makes one; keep it as long as the data, and put it into the settings file or into "
                       "VISAVIS_STORE__SEALING_KEY.");
}

Result<void> carryOut(Adoptee& adoptee, Adoption adoption, bool isNew, bool again, std::function<void(std::string const&)> const& say) {
    auto& engine = adoptee.engine;
    engine.prepare(allCollections());
    CHECK(noteAdoption(engine, adoption, isNew));
    Writer writer(engine, again);
    Result<void> outcome = ok;
    adoptee.image.each([&]<class T>(Collection<T> const& in, Table<T> const& table) {
        if (!outcome) return;
        auto const changes = changesOf(in.spec(), table);
        outcome = writer.write(in.spec(), changes);
        if (outcome && !changes.empty()) say(in.spec().name + ": " + std::to_string(changes.size()) + " written");
    });
    if (!outcome) return outcome;
    sayUnknown(adoptee.image, say);
    // Done before the indexes: without them nobody can write, so that no document of ours is ever there while the adoption is not done.
    adoption.doneAt = adoptee.how.now;
    CHECK(noteAdoption(engine, adoption, false));
    auto const steps = engine.migrate(allCollections(), false).size();
    if (steps > 0) say(std::to_string(steps) + " indexes made");
    return ok;
}

} // namespace

std::optional<MoneyIs> parseMoneyIs(std::string_view word) {
    if (word == "major") return MoneyIs::major;
    if (word == "minor") return MoneyIs::minor;
    return std::nullopt;
}

Result<void> refuseForeign(Engine& engine) {
    if (auto const begun = adoptionOf(engine); begun && !begun->doneAt)
        return refusal("An adoption was interrupted here: `migrate --adopt --money " + begun->money + "` goes on with it.");
    if (hasOurs(engine)) return ok;
    std::string found;
    engine.read([&](EngineReader& reader) {
        for (auto const* in : allCollections())
            if (isOfTheSeed(*in) && found.empty() && !reader.find({in, {{"version", Op::absent, {}}}, {}, 1, {}}).empty()) found = in->name;
    });
    if (found.empty()) return ok;
    return refusal("Other software has written documents of " + found +
                   " here. Take them over by `migrate --adopt --money major` (49.5 is 49.50 dollars) or `--money minor` (4950 is 49.50 "
                   "dollars); with `--dry-run` it says what would change.");
}

Result<void> adopt(MongoEngine& engine, Rng& rng, Adopting const& how, std::function<void(std::string const&)> const& say) {
    auto const earlier = adoptionOf(engine);
    bool const interrupted = earlier && !earlier->doneAt, again = earlier && earlier->doneAt;
    if (interrupted && earlier->money != wordOf(how.money))
        return refusal("This adoption was begun with --money " + earlier->money + ", and goes on with it.");
    Adoption adoption;
    adoption.id = adoptionId();
    adoption.money = wordOf(how.money);
    adoption.besideOurs = interrupted ? earlier->besideOurs : again || hasOurs(engine);
    adoption.startedAt = interrupted ? earlier->startedAt : how.now;

    Adoptee adoptee{engine, rng, how, {}, {}, {}};
    loadImage(adoptee, adoption.besideOurs, interrupted ? marksOf(engine) : std::set<ObjectId>{});
    if (!interrupted && !hasForeign(adoptee.image) && adoptee.findings.empty()) {
        say("Nothing to take over.");
        for (auto const& step : engine.migrate(allCollections(), how.dryRun)) say(step);
        return ok;
    }
    settleAll(adoptee);
    if (!adoptee.findings.empty()) return adoptee.findings.error();
    CHECK(checkTokens(adoptee));
    if (!how.dryRun) return carryOut(adoptee, adoption, !earlier, again, say);
    sayChanges(adoptee.image, say);
    sayUnknown(adoptee.image, say);
    return ok;
}

} // namespace visavis::app
