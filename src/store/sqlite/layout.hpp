// How a collection lies in SQLite: a table with a column per indexed path and the document, a side table per index over an array.
#pragma once

#include "store/spec.hpp"

#include <map>
#include <memory>

namespace visavis::inline store::sqlite {

struct Column {
    std::string path;
    Kind kind = Kind::string; // a leaf's
};

// Rows of one key per array element. Its columns are the index's keys, then `_id`. Where the elements are integers that only one document may
// have, a run of consecutive ones is one row of its first and last (`_until`, after the keys): a booking claims its five-minute cells by two rows.
struct Side {
    IndexSpec const* index = nullptr;
    std::string table;
    Kind elementKind = Kind::string;
    std::vector<int> keys; // places in Layout::columns; the array itself is -1
    bool ofRuns = false;
    std::vector<std::string> insertSqls; // of one row, of two … of `mostSideRows` rows; of runs one alone
    std::string eraseSql;
    std::string lastBeforeSql; // of runs: the end of the last one that begins at or before an element
};

// Rows that one statement inserts into a side table at most.
constexpr std::size_t mostSideRows = 32;

// A step of the walk through a document: which members become columns (place), which arrays side rows.
struct PathNode {
    std::string name;
    int column = -1;
    std::vector<int> sides;
    std::vector<PathNode> children;
};

struct Layout {
    CollectionSpec const* spec = nullptr;
    std::vector<Column> columns; // the first is `_id`
    std::vector<Side> sides;
    std::vector<IndexSpec const*> plain; // the indexes that are not over an array
    PathNode root;
    std::string insertSql;

    explicit Layout(CollectionSpec const& collection);
    Layout(Layout const&) = delete;
    Layout& operator=(Layout const&) = delete;

    std::string const& name() const { return spec->name; }
    // Place of the column; -1 if the path has none.
    int find(std::string_view path) const;
    Column const* column(std::string_view path) const;

private:
    void addColumn(std::string const& path);
    void addSide(IndexSpec const& index);
    PathNode& nodeAt(std::string_view path);
};

// The collections that an engine was opened with.
class Layouts {
public:
    explicit Layouts(std::vector<CollectionSpec const*> const& collections);
    // Throws std::logic_error if the collection is none of them.
    Layout const& of(CollectionSpec const& collection) const;
    auto begin() const { return all_.begin(); }
    auto end() const { return all_.end(); }

private:
    std::map<std::string, std::unique_ptr<Layout>, std::less<>> all_;
};

std::string quoted(std::string_view identifier);
// "INTEGER", "REAL", "TEXT" or "BLOB".
char const* sqlType(Kind kind);
// "claims.time_taken": of an index, or of its side table.
std::string indexName(Layout const& layout, IndexSpec const& index);
// The condition of a partial index in literals, which SQLite needs to see that a query implies it; empty without one.
std::string partialSql(IndexSpec const& index);

} // namespace visavis::store::sqlite
