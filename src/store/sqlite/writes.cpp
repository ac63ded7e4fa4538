// Writes of one transaction. Unique side rows go first, so that a lost race has mostly written nothing yet.
#include "store/sqlite/writes.hpp"

#include "store/sqlite/bson_edit.hpp"

#include <algorithm>

namespace visavis::inline store::sqlite {
namespace {

Cell const& idOf(DocumentCells const& cells) { return cells.columns.front(); }

// The rows that a document has in a side table now and had not before.
std::vector<SideRow> newRows(Layout const& layout, std::size_t at, DocumentCells const& now, std::vector<Cell> const& keys,
                             DocumentCells const& was) {
    auto rows = sideRows(layout.sides[at], now.arrays[at]);
    if (was.arrays[at].empty() || sideKeys(layout, at, was) != keys) return rows;
    auto const before = sideRows(layout.sides[at], was.arrays[at]);
    std::vector<SideRow> added;
    std::set_difference(rows.begin(), rows.end(), before.begin(), before.end(), std::back_inserter(added));
    return added;
}

// Whether a run meets one that is there. Those do not overlap, so the last that begins before its end is also the one that ends last.
bool isTaken(Connection& db, Side const& side, std::vector<Cell> const& keys, SideRow const& run) {
    auto statement = db.prepare(side.lastBeforeSql);
    int at = 0;
    for (std::size_t i = 0; i + 1 < keys.size(); ++i) statement.bind(++at, keys[i]);
    statement.bind(++at, run.until);
    return statement.row() && statement.integer(0) >= run.element.integer;
}

bool insertRun(Connection& db, Side const& side, std::vector<Cell> const& keys, SideRow const& run, Cell const& id) {
    if (isTaken(db, side, keys, run)) return false;
    auto statement = db.prepare(side.insertSqls.front());
    bindSideRow(statement, side, keys, run.element, id);
    statement.bind(static_cast<int>(keys.size()) + 2, run.until);
    return statement.tried();
}

// A condition on a member that no index knows, such as `version`.
bool isLookedUp(Layout const& layout, Condition const& condition) {
    return condition.op == Op::equal && layout.find(condition.path) < 0 &&
           std::none_of(layout.sides.begin(), layout.sides.end(),
                        [&](Side const& side) { return *side.index->multikey == condition.path; });
}

bool fulfils(Bson const& document, Condition const& condition) {
    return bsonAt(document.bytes, condition.path) == std::vector<Scalar>{condition.values.at(0)};
}

// Whether a side table's rows of a document are the same before and after: most updates leave arrays alone.
bool isUntouched(Layout const& layout, std::size_t at, DocumentCells const& was, DocumentCells const& now) {
    auto const& side = layout.sides[at];
    auto const same = [&](int column) {
        auto const place = static_cast<std::size_t>(column);
        return column < 0 || was.columns[place] == now.columns[place];
    };
    if (side.index->where && !same(layout.find(side.index->where->path))) return false;
    return was.arrays[at] == now.arrays[at] && std::all_of(side.keys.begin(), side.keys.end(), same);
}

} // namespace

bool insertRow(Connection& db, Layout const& layout, DocumentCells const& cells, std::string_view document) {
    auto statement = db.prepare(layout.insertSql);
    int at = 0;
    for (auto const& cell : cells.columns) statement.bind(++at, cell);
    statement.bindBlob(at + 1, document);
    return statement.tried();
}

bool insertSideRows(Connection& db, Side const& side, std::vector<Cell> const& keys, std::vector<SideRow> const& rows, Cell const& id) {
    if (side.ofRuns) return std::all_of(rows.begin(), rows.end(), [&](auto const& run) { return insertRun(db, side, keys, run, id); });
    for (std::size_t first = 0; first < rows.size(); first += mostSideRows) {
        auto const count = std::min(mostSideRows, rows.size() - first);
        auto statement = db.prepare(side.insertSqls[count - 1]);
        bindSideRow(statement, side, keys, rows[first].element, id);
        for (std::size_t row = 1; row < count; ++row) statement.bind(static_cast<int>(keys.size() + 1 + row), rows[first + row].element);
        if (!statement.tried()) return false;
    }
    return true;
}

void bindSideRow(Statement& statement, Side const& side, std::vector<Cell> const& keys, Cell const& element, Cell const& id) {
    int at = 0;
    for (std::size_t i = 0; i < keys.size(); ++i) statement.bind(++at, side.keys[i] < 0 ? element : keys[i]);
    statement.bind(++at, id);
}

std::vector<Bson> SqliteTx::find(Query const& query) {
    refuseReads();
    return findDocuments(db_, layouts_.of(*query.from), query);
}

std::int64_t SqliteTx::count(Query const& query) {
    refuseReads();
    return countDocuments(db_, layouts_.of(*query.from), query);
}

std::vector<GroupRow> SqliteTx::group(Query const& query, Grouping const& grouping) {
    refuseReads();
    return groupDocuments(db_, layouts_.of(*query.from), query, grouping);
}

std::vector<Joined> SqliteTx::join(Query const& query, CollectionSpec const& other, std::string const& reference) {
    refuseReads();
    return joinDocuments(db_, layouts_.of(*query.from), query, layouts_.of(other), reference);
}

Result<void> SqliteTx::insert(CollectionSpec const& into, Bson const& document) {
    if (doom_) return *doom_;
    return put(layouts_.of(into), document);
}

Result<void> SqliteTx::insertAll(CollectionSpec const& into, std::vector<Bson> const& documents) {
    for (auto const& document : documents) CHECK(insert(into, document));
    return ok;
}

Result<bool> SqliteTx::insertIfAbsent(CollectionSpec const& into, Bson const& document) {
    if (doom_) return *doom_;
    auto const& layout = layouts_.of(into);
    auto const cells = cellsOf(layout, document.bytes);
    {
        auto statement = db_.prepare("SELECT 1 FROM " + quoted(layout.name()) + " WHERE _id = ?");
        statement.bind(1, idOf(cells));
        if (statement.row()) return false;
    }
    CHECK(put(layout, document));
    return true;
}

Result<std::optional<Bson>> SqliteTx::update(Query const& query, std::vector<Change> const& changes) {
    if (doom_) return *doom_;
    if (std::none_of(query.all.begin(), query.all.end(), [](auto const& c) { return c.path == "_id" && c.op == Op::equal; }))
        throw std::logic_error("update of " + query.from->name + " does not name the _id");
    auto const& layout = layouts_.of(*query.from);
    auto led = query; // by the _id, which is there; the rest is looked up in the document
    std::erase_if(led.all, [&](Condition const& condition) { return isLookedUp(layout, condition); });
    auto const found = findDocuments(db_, layout, led);
    bool const matches = !found.empty() && std::all_of(query.all.begin(), query.all.end(), [&](Condition const& condition) {
        return !isLookedUp(layout, condition) || fulfils(found.front(), condition);
    });
    if (!matches) return std::optional<Bson>{};
    Bson now{changed(found.front().bytes, changes)};
    CHECK(rewrite(layout, found.front().bytes, now.bytes));
    return std::optional<Bson>(std::move(now));
}

Result<bool> SqliteTx::replace(CollectionSpec const& in, Bson const& document, std::int64_t version) {
    if (doom_) return *doom_;
    auto const& layout = layouts_.of(in);
    auto const was = documentOf(db_, layout, idOf(cellsOf(layout, document.bytes)));
    if (!was || bsonAt(was->bytes, "version") != std::vector<Scalar>{version}) return false;
    CHECK(rewrite(layout, was->bytes, document.bytes));
    return true;
}

Result<std::int64_t> SqliteTx::erase(Query const& query) {
    if (doom_) return *doom_;
    auto const& layout = layouts_.of(*query.from);
    auto const found = findDocuments(db_, layout, query);
    for (auto const& document : found) {
        auto const cells = cellsOf(layout, document.bytes);
        eraseSides(layout, cells,
                   DocumentCells{std::vector<Cell>(layout.columns.size()), std::vector<std::vector<Cell>>(layout.sides.size())});
        auto statement = db_.prepare("DELETE FROM " + quoted(layout.name()) + " WHERE _id = ?");
        statement.bind(1, idOf(cells));
        statement.done();
    }
    return static_cast<std::int64_t>(found.size());
}

void SqliteTx::refuseReads() const {
    if (doom_) throw Doomed{*doom_};
}

Result<void> SqliteTx::put(Layout const& layout, Bson const& document) {
    auto const cells = cellsOf(layout, document.bytes);
    DocumentCells const none{std::vector<Cell>(layout.columns.size()), std::vector<std::vector<Cell>>(layout.sides.size())};
    CHECK(insertSides(layout, none, cells, true));
    if (!insertRow(db_, layout, cells, document.bytes)) return doomed(violated(layout, cells));
    return insertSides(layout, none, cells, false);
}

// Sets only the columns whose value changes: SQLite maintains every index over a column that an UPDATE names.
Result<void> SqliteTx::rewrite(Layout const& layout, std::string_view was, std::string_view now) {
    auto const before = cellsOf(layout, was);
    auto const after = cellsOf(layout, now);
    eraseSides(layout, before, after); // first, since a run that grows would meet what it was
    CHECK(insertSides(layout, before, after, true));
    std::string sql = "UPDATE " + quoted(layout.name()) + " SET ";
    for (std::size_t i = 1; i < layout.columns.size(); ++i)
        if (before.columns[i] != after.columns[i]) sql += quoted(layout.columns[i].path) + " = ?, ";
    {
        auto statement = db_.prepare(sql + "doc = ? WHERE _id = ?");
        int at = 0;
        for (std::size_t i = 1; i < layout.columns.size(); ++i)
            if (before.columns[i] != after.columns[i]) statement.bind(++at, after.columns[i]);
        statement.bindBlob(++at, now);
        statement.bind(++at, idOf(before));
        if (!statement.tried()) return doomed(violated(layout, after));
    }
    return insertSides(layout, before, after, false);
}

Result<void> SqliteTx::insertSides(Layout const& layout, DocumentCells const& was, DocumentCells const& now, bool unique) {
    for (std::size_t i = 0; i < layout.sides.size(); ++i) {
        auto const& side = layout.sides[i];
        if (side.index->unique != unique) continue;
        if (unique && now.arrays[i].empty() && isIn(layout, *side.index, now))
            throw std::logic_error(indexName(layout, *side.index) +
                                   ": an empty array claims nothing on one engine and collides on another");
        if (isUntouched(layout, i, was, now)) continue;
        auto const keys = sideKeys(layout, i, now);
        bool const free = !keys || insertSideRows(db_, side, *keys, newRows(layout, i, now, *keys, was), idOf(now));
        if (!free) return doomed(side.index->name);
    }
    return ok;
}

void SqliteTx::eraseSides(Layout const& layout, DocumentCells const& was, DocumentCells const& now) {
    for (std::size_t i = 0; i < layout.sides.size(); ++i) {
        if (isUntouched(layout, i, was, now)) continue;
        auto const keys = sideKeys(layout, i, was);
        if (!keys) continue;
        for (auto const& row : newRows(layout, i, was, *keys, now)) {
            auto statement = db_.prepare(layout.sides[i].eraseSql);
            bindSideRow(statement, layout.sides[i], *keys, row.element, idOf(was));
            statement.done();
        }
    }
}

Error SqliteTx::doomed(std::string const& problem) {
    doom_ = conflict(problem);
    return *doom_;
}

// Which unique index the document collides with: asked of the table, because the text of SQLite's message is for people.
std::string SqliteTx::violated(Layout const& layout, DocumentCells const& cells) {
    for (auto const* index : layout.plain) {
        if (!index->unique || !isIn(layout, *index, cells)) continue;
        std::string sql = "SELECT 1 FROM " + quoted(layout.name()) + " WHERE _id <> ?";
        for (auto const& key : index->keys) sql += " AND " + quoted(key.path) + " = ?";
        if (index->where) sql += " AND " + partialSql(*index);
        auto statement = db_.prepare(sql);
        int at = 0;
        statement.bind(++at, idOf(cells));
        for (auto const& key : index->keys) statement.bind(++at, cells.columns[static_cast<std::size_t>(layout.find(key.path))]);
        if (statement.row()) return index->name;
    }
    return "_id";
}

} // namespace visavis::store::sqlite
