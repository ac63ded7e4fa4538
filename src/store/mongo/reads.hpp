// find, count, group and join in a transaction, which is what makes them see one snapshot.
#pragma once

#include "store/mongo/connection.hpp"

namespace visavis::inline store::mongo {

std::vector<Bson> findDocuments(Transaction& transaction, Query const& query, MongoSettings const& settings);
std::int64_t countDocuments(Transaction& transaction, Query const& query, MongoSettings const& settings);
// In the order of their keys.
std::vector<GroupRow> groupDocuments(Transaction& transaction, Query const& query, Grouping const& grouping, MongoSettings const& settings);
std::vector<Joined> joinDocuments(Transaction& transaction, Query const& query, CollectionSpec const& other, std::string const& reference,
                                  MongoSettings const& settings);

class MongoReader final : public EngineReader {
public:
    MongoReader(Transaction& transaction, MongoSettings const& settings) : transaction_(transaction), settings_(settings) {}

    std::vector<Bson> find(Query const& query) override { return findDocuments(transaction_, query, settings_); }
    std::int64_t count(Query const& query) override { return countDocuments(transaction_, query, settings_); }
    std::vector<GroupRow> group(Query const& query, Grouping const& grouping) override {
        return groupDocuments(transaction_, query, grouping, settings_);
    }
    std::vector<Joined> join(Query const& query, CollectionSpec const& other, std::string const& reference) override {
        return joinDocuments(transaction_, query, other, reference, settings_);
    }

private:
    Transaction& transaction_;
    MongoSettings const& settings_;
};

} // namespace visavis::store::mongo
