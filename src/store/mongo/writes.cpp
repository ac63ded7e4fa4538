// Writes, and which unique index refused one.
#include "store/mongo/writes.hpp"

#include "store/mongo/statements.hpp"

#include <algorithm>

namespace visavis::inline store::mongo {
namespace {

constexpr int duplicateKey = 11000;
constexpr std::size_t batch = 1'000; // documents in one command: far below what a message may hold

ObjectId idOf(Bson const& document) {
    auto const found = bsonAt(document.bytes, "_id");
    auto const* id = found.empty() ? nullptr : std::get_if<ObjectId>(&found.front());
    if (id == nullptr) throw std::logic_error("a document without an ObjectId as its _id");
    return *id;
}

// An empty array under a unique multikey index claims nothing on one engine and collides on another.
void refuseEmptyClaims(CollectionSpec const& collection, Bson const& document) {
    for (auto const& index : collection.indexes) {
        if (!index.unique || !index.multikey || !bsonAt(document.bytes, *index.multikey).empty()) continue;
        bool const applies = !index.where || (index.where->equals ? flagAt(document, index.where->path) == *index.where->equals
                                                                  : has(document, index.where->path));
        if (applies) throw std::logic_error(collection.name + "." + index.name + ": an empty array under a unique index");
    }
}

bool sameKeys(IndexSpec const& index, Bson const& keyPattern) {
    View const view(keyPattern);
    bson_iter_t it;
    std::size_t at = 0;
    for (bson_iter_init(&it, view.get()); bson_iter_next(&it); ++at)
        if (at >= index.keys.size() || index.keys[at].path != bson_iter_key(&it)) return false;
    return at == index.keys.size();
}

// The unique index that the server names, by its keys or in its text ("… index: slot_taken dup key: …").
std::string violated(CollectionSpec const& collection, Bson const& keyPattern, std::string const& message) {
    for (auto const& index : collection.indexes)
        if (index.unique && sameKeys(index, keyPattern)) return index.name;
    for (auto const& index : collection.indexes)
        if (index.unique && message.find("index: " + index.name + " ") != message.npos) return index.name;
    return "_id";
}

std::vector<Scalar> idCondition(Query const& query) {
    for (auto const& condition : query.all)
        if (condition.path == "_id" && condition.op == Op::equal) return condition.values;
    throw std::logic_error("update of " + query.from->name + " does not name the _id");
}

} // namespace

std::vector<Bson> MongoTx::find(Query const& query) {
    refuseReads();
    return findDocuments(transaction_, query, settings_);
}

std::int64_t MongoTx::count(Query const& query) {
    refuseReads();
    return countDocuments(transaction_, query, settings_);
}

std::vector<GroupRow> MongoTx::group(Query const& query, Grouping const& grouping) {
    refuseReads();
    return groupDocuments(transaction_, query, grouping, settings_);
}

std::vector<Joined> MongoTx::join(Query const& query, CollectionSpec const& other, std::string const& reference) {
    refuseReads();
    return joinDocuments(transaction_, query, other, reference, settings_);
}

Result<void> MongoTx::insert(CollectionSpec const& into, Bson const& document) { return insertAll(into, {document}); }

Result<void> MongoTx::insertAll(CollectionSpec const& into, std::vector<Bson> const& documents) {
    if (doom_) return *doom_;
    for (std::size_t from = 0; from < documents.size(); from += batch) {
        std::vector<Bson> const part(documents.begin() + static_cast<std::ptrdiff_t>(from),
                                     documents.begin() + static_cast<std::ptrdiff_t>(std::min(from + batch, documents.size())));
        for (auto const& document : part) refuseEmptyClaims(into, document);
        CHECK(write(into, Builder().putText("insert", into.name).put("documents", part).take()));
    }
    return ok;
}

// First without a look: mostly nothing is there, and a look costs a round trip.
Result<bool> MongoTx::insertIfAbsent(CollectionSpec const& into, Bson const& document) {
    if (doom_) return *doom_;
    std::pair const place(into.name, idOf(document));
    if (known_.contains(place) && !find({&into, {{"_id", Op::equal, {place.second}}}, {}, 1, {}}).empty()) return false;
    auto const inserted = insert(into, document);
    if (!inserted && inserted.error().key == "_id") {
        known_.insert(place);
        throw AlreadyThere{};
    }
    if (!inserted) return inserted.error();
    return true;
}

Result<std::optional<Bson>> MongoTx::update(Query const& query, std::vector<Change> const& changes) {
    if (doom_) return *doom_;
    (void)idCondition(query);
    auto const& collection = *query.from;
    Builder command;
    command.putText("findAndModify", collection.name).put("query", filterOf(query)).put("update", updateOf(changes)).put("new", true);
    TRY(auto const reply, write(collection, command.take()));
    if (numberAt(reply, "lastErrorObject.n") == 0) return std::optional<Bson>{};
    auto now = documentAt(reply, "value");
    refuseEmptyClaims(collection, now);
    return std::optional<Bson>(std::move(now));
}

Result<bool> MongoTx::replace(CollectionSpec const& in, Bson const& document, std::int64_t version) {
    if (doom_) return *doom_;
    refuseEmptyClaims(in, document);
    auto const filter = Builder().put("_id", idOf(document)).put("version", version).take();
    auto const statement = Builder().put("q", filter).put("u", document).take();
    auto const command = Builder().putText("update", in.name).put("updates", std::vector<Bson>{statement}).take();
    TRY(auto const reply, write(in, command));
    return numberAt(reply, "n") == 1;
}

Result<std::int64_t> MongoTx::erase(Query const& query) {
    if (doom_) return *doom_;
    auto const statement = Builder().put("q", filterOf(query)).putInt("limit", 0).take();
    auto const command = Builder().putText("delete", query.from->name).put("deletes", std::vector<Bson>{statement}).take();
    TRY(auto const reply, write(*query.from, command));
    return numberAt(reply, "n");
}

void MongoTx::refuseReads() const {
    if (doom_) throw Doomed{*doom_};
}

Result<Bson> MongoTx::write(CollectionSpec const& collection, Bson const& command) {
    Outcome outcome;
    auto const& client = transaction_.client();
    bool const went = mongoc_client_command_with_opts(client.get(), client.database().c_str(), View(command).get(), nullptr,
                                                      transaction_.options(), outcome.reply(), outcome.error());
    auto reply = outcome.document();
    auto const faults = documentsAt(reply, "writeErrors");
    if (went && faults.empty()) return reply;
    auto const& fault = faults.empty() ? reply : faults.front();
    auto const code = faults.empty() ? static_cast<std::int64_t>(outcome.error()->code) : numberAt(fault, "code");
    auto const message = textAt(fault, "errmsg");
    if (code == duplicateKey) return doomed(collection, documentAt(fault, "keyPattern"), message);
    if (faults.empty()) outcome.fail("write to " + collection.name);
    throw Failed("write to " + collection.name + ": " + message, static_cast<int>(code), false, false);
}

Error MongoTx::doomed(CollectionSpec const& collection, Bson const& keyPattern, std::string const& message) {
    doom_ = conflict(violated(collection, keyPattern, message));
    return *doom_;
}

} // namespace visavis::store::mongo
