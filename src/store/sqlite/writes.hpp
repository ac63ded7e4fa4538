// A transaction on the writer's connection: documents, their columns and their side rows change together.
#pragma once

#include "store/sqlite/reads.hpp"

namespace visavis::inline store::sqlite {

// Thrown by the reads of a doomed transaction, which have no other way to say so; the writer turns it back into the error.
struct Doomed {
    Error error;
};

class SqliteTx final : public EngineTx {
public:
    SqliteTx(Connection& db, Layouts const& layouts) : db_(db), layouts_(layouts) {}

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

    // The conflict that no commit may follow.
    std::optional<Error> const& doom() const { return doom_; }
    std::vector<std::function<void()>> takeActions() { return std::move(actions_); }

private:
    void refuseReads() const;
    Result<void> put(Layout const& layout, Bson const& document);
    Result<void> rewrite(Layout const& layout, std::string_view was, std::string_view now);
    Result<void> insertSides(Layout const& layout, DocumentCells const& was, DocumentCells const& now, bool unique);
    void eraseSides(Layout const& layout, DocumentCells const& was, DocumentCells const& now);
    Error doomed(std::string const& problem);
    std::string violated(Layout const& layout, DocumentCells const& cells);

    Connection& db_;
    Layouts const& layouts_;
    std::optional<Error> doom_;
    std::vector<std::function<void()>> actions_;
};

// The row of a document in its table (all columns, `doc`), as insertSql wants it. False if a constraint is violated.
bool insertRow(Connection& db, Layout const& layout, DocumentCells const& cells, std::string_view document);
// Rows of a document in a side table. False if a key is taken; the rows before it are there then.
bool insertSideRows(Connection& db, Side const& side, std::vector<Cell> const& keys, std::vector<SideRow> const& rows, Cell const& id);
// One such row, as Side::eraseSql wants it.
void bindSideRow(Statement& statement, Side const& side, std::vector<Cell> const& keys, Cell const& element, Cell const& id);

} // namespace visavis::store::sqlite
