// Cursors to documents.
#include "store/mongo/reads.hpp"

#include "store/mongo/statements.hpp"

#include <algorithm>

namespace visavis::inline store::mongo {
namespace {

constexpr std::int64_t bigBatch = 10'000; // a listing comes in one round trip; the server's own bound is 16 MiB

// Options of a read in the transaction: its session and how long the server may work on it.
void fill(Builder& options, Transaction& transaction, MongoSettings const& settings) {
    bson_concat(options.raw(), transaction.options());
    options.put("maxTimeMS", static_cast<std::int64_t>(settings.readTime.count()));
}

template <class Each> void walk(mongoc_cursor_t* cursor, std::string const& doing, Each const& each) {
    std::unique_ptr<mongoc_cursor_t, decltype(&mongoc_cursor_destroy)> const owned(cursor, &mongoc_cursor_destroy);
    bson_t const* row = nullptr;
    while (mongoc_cursor_next(cursor, &row)) each(row);
    bson_error_t error;
    bson_t const* reply = nullptr;
    if (mongoc_cursor_error_document(cursor, &error, &reply)) failWith(error, reply, doing);
}

struct Collection {
    Collection(Transaction& transaction, std::string const& name)
        : handle(mongoc_client_get_collection(transaction.client().get(), transaction.client().database().c_str(), name.c_str())) {}
    Collection(Collection const&) = delete;
    Collection& operator=(Collection const&) = delete;
    ~Collection() { mongoc_collection_destroy(handle); }

    mongoc_collection_t* handle;
};

template <class Each>
void aggregate(Transaction& transaction, Query const& query, std::vector<Bson> const& stages, MongoSettings const& settings,
               Each const& each) {
    Collection const from(transaction, query.from->name);
    auto const pipeline = Builder().put("pipeline", stages).take();
    Builder options;
    fill(options, transaction, settings);
    walk(mongoc_collection_aggregate(from.handle, MONGOC_QUERY_NONE, View(pipeline).get(), options.raw(), nullptr),
         "aggregate " + query.from->name, each);
}

// $sum goes on as a double when 64 bits are not enough.
std::int64_t sumAt(Bson const& row, std::string const& path, Query const& query) {
    auto const found = bsonAt(row.bytes, path);
    if (found.empty()) return 0;
    if (auto const* number = std::get_if<std::int64_t>(&found.front())) return *number;
    throw std::overflow_error("sum " + path + " of " + query.from->name);
}

} // namespace

std::vector<Bson> findDocuments(Transaction& transaction, Query const& query, MongoSettings const& settings) {
    Collection const from(transaction, query.from->name);
    Builder options;
    fill(options, transaction, settings);
    if (!query.sort.empty()) options.put("sort", sortOf(query));
    if (query.limit > 0) options.put("limit", static_cast<std::int64_t>(query.limit));
    options.put("batchSize", query.limit > 0 ? std::min(static_cast<std::int64_t>(query.limit), bigBatch) : bigBatch);
    auto const filter = filterOf(query);
    std::vector<Bson> found;
    walk(mongoc_collection_find_with_opts(from.handle, View(filter).get(), options.raw(), nullptr), "find " + query.from->name,
         [&](bson_t const* row) { found.push_back(document(row)); });
    return found;
}

std::int64_t countDocuments(Transaction& transaction, Query const& query, MongoSettings const& settings) {
    auto const rows = groupDocuments(transaction, query, {}, settings); // the count command is not for transactions
    return rows.empty() ? 0 : rows.front().count;
}

std::vector<GroupRow> groupDocuments(Transaction& transaction, Query const& query, Grouping const& grouping,
                                     MongoSettings const& settings) {
    std::vector<GroupRow> rows;
    aggregate(transaction, query, groupPipeline(query, grouping), settings, [&](bson_t const* found) {
        auto const document = mongo::document(found);
        GroupRow row;
        for (std::size_t i = 0; i < grouping.by.size(); ++i) {
            auto key = bsonAt(document.bytes, "_id.k" + std::to_string(i));
            row.key.push_back(key.empty() ? Scalar{} : std::move(key.front()));
        }
        for (std::size_t i = 0; i < grouping.sums.size(); ++i) row.sums.push_back(sumAt(document, "s" + std::to_string(i), query));
        row.count = sumAt(document, "count", query);
        rows.push_back(std::move(row));
    });
    std::sort(rows.begin(), rows.end(), [](GroupRow const& a, GroupRow const& b) { return a.key < b.key; });
    return rows;
}

std::vector<Joined> joinDocuments(Transaction& transaction, Query const& query, CollectionSpec const& other, std::string const& reference,
                                  MongoSettings const& settings) {
    std::vector<Joined> rows;
    aggregate(transaction, query, joinPipeline(query, other.name, reference), settings, [&](bson_t const* found) {
        auto const row = mongo::document(found);
        auto others = documentsAt(row, "other");
        rows.push_back({documentAt(row, "document"), others.empty() ? std::nullopt : std::optional(std::move(others.front()))});
    });
    return rows;
}

} // namespace visavis::store::mongo
