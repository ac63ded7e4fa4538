// Reads of one snapshot or transaction on a connection.
#pragma once

#include "store/engine.hpp"
#include "store/sqlite/sql.hpp"

namespace visavis::inline store::sqlite {

std::vector<Bson> findDocuments(Connection& db, Layout const& layout, Query const& query);
std::int64_t countDocuments(Connection& db, Layout const& layout, Query const& query);
// In the order of the keys.
std::vector<GroupRow> groupDocuments(Connection& db, Layout const& layout, Query const& query, Grouping const& grouping);
std::vector<Joined> joinDocuments(Connection& db, Layout const& layout, Query const& query, Layout const& other,
                                  std::string const& reference);
// The document with this id.
std::optional<Bson> documentOf(Connection& db, Layout const& layout, Cell const& id);

// Lines of EXPLAIN QUERY PLAN.
std::vector<std::string> planOf(Connection& db, std::string const& sql);

class SqliteReader final : public EngineReader {
public:
    SqliteReader(Connection& db, Layouts const& layouts) : db_(db), layouts_(layouts) {}

    std::vector<Bson> find(Query const& query) override { return findDocuments(db_, layouts_.of(*query.from), query); }
    std::int64_t count(Query const& query) override { return countDocuments(db_, layouts_.of(*query.from), query); }
    std::vector<GroupRow> group(Query const& query, Grouping const& grouping) override {
        return groupDocuments(db_, layouts_.of(*query.from), query, grouping);
    }
    std::vector<Joined> join(Query const& query, CollectionSpec const& other, std::string const& reference) override {
        return joinDocuments(db_, layouts_.of(*query.from), query, layouts_.of(other), reference);
    }

private:
    Connection& db_;
    Layouts const& layouts_;
};

} // namespace visavis::store::sqlite
