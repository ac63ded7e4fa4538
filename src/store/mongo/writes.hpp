// The transaction of the port on MongoDB.
#pragma once

#include "store/mongo/reads.hpp"

#include <set>

namespace visavis::inline store::mongo {

// A call after the transaction was lost to a conflict; the engine turns it into that conflict.
struct Doomed {
    Error error;
};

// The optimism of insertIfAbsent was wrong: the document is there, and the server has aborted the transaction. It is run again with this known.
struct AlreadyThere {};

// Documents that insertIfAbsent met in an earlier run of the same transaction: collection and _id.
using Known = std::set<std::pair<std::string, ObjectId>>;

class MongoTx final : public EngineTx {
public:
    MongoTx(Transaction& transaction, MongoSettings const& settings, Known& known)
        : transaction_(transaction), settings_(settings), known_(known) {}

    std::vector<Bson> find(Query const& query) override;
    std::int64_t count(Query const& query) override;
    std::vector<GroupRow> group(Query const& query, Grouping const& grouping) override;
    std::vector<Joined> join(Query const& query, CollectionSpec const& other, std::string const& reference) override;

    Result<void> insert(CollectionSpec const& into, Bson const& document) override;
    Result<void> insertAll(CollectionSpec const& into, std::vector<Bson> const& documents) override;
    Result<bool> insertIfAbsent(CollectionSpec const& into, Bson const& document) override;
    Result<std::optional<Bson>> update(Query const& query, std::vector<Change> const& changes) override;
    Result<bool> replace(CollectionSpec const& in, Bson const& document, std::int64_t version) override;
    Result<std::int64_t> erase(Query const& query) override;
    void afterCommit(std::function<void()> action) override { actions_.push_back(std::move(action)); }

    std::optional<Error> const& doom() const { return doom_; }
    std::vector<std::function<void()>> takeActions() { return std::move(actions_); }

private:
    void refuseReads() const;
    // Runs a write command. A unique violation dooms the transaction; the reply otherwise.
    Result<Bson> write(CollectionSpec const& collection, Bson const& command);
    Error doomed(CollectionSpec const& collection, Bson const& keyPattern, std::string const& message);

    Transaction& transaction_;
    MongoSettings const& settings_;
    Known& known_;
    std::optional<Error> doom_;
    std::vector<std::function<void()>> actions_;
};

} // namespace visavis::store::mongo
