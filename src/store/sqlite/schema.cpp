// Compares sqlite_schema with the layout, text by text, and makes up the difference.
#include "store/sqlite/schema.hpp"

#include "store/sqlite/writes.hpp"

#include <algorithm>
#include <set>

namespace visavis::inline store::sqlite {
namespace {

std::string columnSql(Column const& column) { return quoted(column.path) + " " + sqlType(column.kind); }

std::string tableSql(Layout const& layout) {
    std::string sql = "CREATE TABLE " + quoted(layout.name()) + " (_id BLOB PRIMARY KEY NOT NULL, ";
    for (std::size_t i = 1; i < layout.columns.size(); ++i) sql += columnSql(layout.columns[i]) + ", ";
    return sql + "doc BLOB NOT NULL) STRICT";
}

std::string sideSql(Layout const& layout, Side const& side) {
    std::string columns, keys;
    for (int const key : side.keys) {
        auto const column = key < 0 ? Column{*side.index->multikey, side.elementKind} : layout.columns[static_cast<std::size_t>(key)];
        columns += columnSql(column) + " NOT NULL, ";
    }
    bool named = false;
    for (auto const& key : side.index->keys) {
        keys += (keys.empty() ? "" : ", ") + quoted(key.path);
        named = named || key.path == "_id";
    }
    if (!side.index->unique && !named) keys += ", _id";
    if (side.ofRuns) columns += "_until INTEGER NOT NULL, ";
    return "CREATE TABLE " + quoted(side.table) + " (" + columns + "_id BLOB NOT NULL, PRIMARY KEY (" + keys + ")) WITHOUT ROWID, STRICT";
}

// A list is paged by its index, so an index that is not unique ends in `_id`, in the direction of its last key.
std::string indexSql(Layout const& layout, IndexSpec const& index) {
    std::string keys;
    bool named = false;
    for (auto const& key : index.keys) {
        keys += (keys.empty() ? "" : ", ") + quoted(key.path) + (key.descending ? " DESC" : "");
        named = named || key.path == "_id";
    }
    if (!index.unique && !named) keys += index.keys.back().descending ? ", _id DESC" : ", _id";
    auto const where = partialSql(index);
    return std::string("CREATE ") + (index.unique ? "UNIQUE " : "") + "INDEX " + quoted(indexName(layout, index)) + " ON " +
           quoted(layout.name()) + " (" + keys + ")" + (where.empty() ? "" : " WHERE " + where);
}

// Name -> text of what the store has under a collection's name: "index" or "table".
std::map<std::string, std::string> existing(Connection& db, Layout const& layout, std::string const& type) {
    auto const prefix = layout.name() + ".";
    auto statement = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = ? AND substr(name, 1, ?) = ? AND sql IS NOT NULL");
    statement.bindText(1, type);
    statement.bind(2, static_cast<std::int64_t>(prefix.size()));
    statement.bindText(3, prefix);
    std::map<std::string, std::string> found;
    while (statement.row()) found.emplace(statement.bytes(0), statement.bytes(1));
    return found;
}

std::map<std::string, std::string> columnTypes(Connection& db, Layout const& layout) {
    auto statement = db.prepare("SELECT name, type FROM pragma_table_info(?)");
    statement.bindText(1, layout.name());
    std::map<std::string, std::string> found;
    while (statement.row()) found.emplace(statement.bytes(0), statement.bytes(1));
    return found;
}

class Plan {
public:
    Plan(Connection& db, Layout const& layout)
        : layout_(layout),
          columns_(columnTypes(db, layout)),
          indexes_(existing(db, layout, "index")),
          tables_(existing(db, layout, "table")) {}

    std::vector<SchemaStep> steps() {
        bool const fresh = columns_.empty();
        if (fresh)
            add("", tableSql(layout_));
        else
            mendColumns();
        mendSides();
        if (refill_ && !fresh) steps_.push_back({"", "fill the columns and side tables of " + layout_.name() + " from its documents", {}});
        mendIndexes();
        return std::move(steps_);
    }

private:
    void add(std::string const& index, std::string const& sql) { steps_.push_back({index, sql, sql}); }

    void mendColumns() {
        std::vector<std::string> stale;
        for (auto const& [name, type] : columns_) {
            auto const* column = layout_.column(name);
            if (name != "doc" && (column == nullptr || sqlType(column->kind) != type)) stale.push_back(name);
        }
        if (!stale.empty()) { // a column that an index uses cannot be dropped
            for (auto const& [name, sql] : indexes_) add(name, "DROP INDEX " + quoted(name));
            indexes_.clear();
        }
        for (auto const& name : stale) {
            add(name, "ALTER TABLE " + quoted(layout_.name()) + " DROP COLUMN " + quoted(name));
            columns_.erase(name);
        }
        for (auto const& column : layout_.columns) {
            if (columns_.contains(column.path)) continue;
            add(column.path, "ALTER TABLE " + quoted(layout_.name()) + " ADD COLUMN " + columnSql(column));
            refill_ = true;
        }
    }

    void mendSides() {
        std::map<std::string, std::string> wanted;
        for (auto const& side : layout_.sides) wanted.emplace(side.table, sideSql(layout_, side));
        for (auto const& [name, sql] : tables_)
            if (!wanted.contains(name) || wanted[name] != sql) add(name, "DROP TABLE " + quoted(name));
        for (auto const& side : layout_.sides) {
            auto const& sql = wanted[side.table];
            auto const found = tables_.find(side.table);
            if (found != tables_.end() && found->second == sql) continue;
            add(side.index->name, sql);
            refill_ = true;
        }
    }

    void mendIndexes() {
        std::map<std::string, std::string> wanted;
        for (auto const* index : layout_.plain) wanted.emplace(indexName(layout_, *index), indexSql(layout_, *index));
        for (auto const& [name, sql] : indexes_)
            if (!wanted.contains(name) || wanted[name] != sql) add(name, "DROP INDEX " + quoted(name));
        for (auto const* index : layout_.plain) {
            auto const& sql = wanted[indexName(layout_, *index)];
            auto const found = indexes_.find(indexName(layout_, *index));
            if (found == indexes_.end() || found->second != sql) add(index->name, sql);
        }
    }

    Layout const& layout_;
    std::map<std::string, std::string> columns_, indexes_, tables_;
    std::vector<SchemaStep> steps_;
    bool refill_ = false;
};

std::string refillSql(Layout const& layout) {
    std::string sql = "UPDATE " + quoted(layout.name()) + " SET doc = doc";
    for (std::size_t i = 1; i < layout.columns.size(); ++i) sql += ", " + quoted(layout.columns[i].path) + " = ?" + std::to_string(i + 1);
    return sql + " WHERE _id = ?1";
}

void refillDocument(Connection& db, Layout const& layout, std::string const& sql, std::string_view document) {
    auto const cells = cellsOf(layout, document);
    auto statement = db.prepare(sql);
    int at = 0;
    for (auto const& cell : cells.columns) statement.bind(++at, cell);
    if (!statement.tried()) throw std::runtime_error("documents of " + layout.name() + " do not fit its indexes");
    for (std::size_t i = 0; i < layout.sides.size(); ++i) {
        auto const keys = sideKeys(layout, i, cells);
        if (keys && !insertSideRows(db, layout.sides[i], *keys, sideRows(layout.sides[i], cells.arrays[i]), cells.columns.front()))
            throw std::runtime_error("documents of " + layout.name() + " violate the unique index " + layout.sides[i].index->name);
    }
}

// Everything that is derived from documents, from the documents; a page of them at a time.
void refill(Connection& db, Layout const& layout) {
    for (auto const& side : layout.sides) db.run("DELETE FROM " + quoted(side.table));
    auto const sql = refillSql(layout);
    auto const next = "SELECT rowid, doc FROM " + quoted(layout.name()) + " WHERE rowid > ? ORDER BY rowid LIMIT 1000";
    std::int64_t last = -1;
    while (true) {
        std::vector<std::string> documents;
        {
            auto page = db.prepare(next);
            page.bind(1, last);
            while (page.row()) last = page.integer(0), documents.emplace_back(page.bytes(1));
        }
        if (documents.empty()) return;
        for (auto const& document : documents) refillDocument(db, layout, sql, document);
    }
}

void take(Connection& db, Layout const& layout, SchemaStep const& step) {
    if (step.sql.empty()) return refill(db, layout);
    try {
        db.run(step.sql);
    } catch (SqliteError const& error) {
        throw std::runtime_error("migrating " + layout.name() + " " + step.index + ": " + error.what());
    }
}

} // namespace

std::vector<SchemaStep> missingSteps(Connection& db, Layout const& layout) { return Plan(db, layout).steps(); }

void migrate(Connection& db, std::vector<Layout const*> const& layouts) {
    db.run("BEGIN IMMEDIATE");
    try {
        for (auto const* layout : layouts)
            for (auto const& step : missingSteps(db, *layout)) take(db, *layout, step);
    } catch (...) {
        db.run("ROLLBACK");
        throw;
    }
    db.run("COMMIT");
}

} // namespace visavis::store::sqlite
