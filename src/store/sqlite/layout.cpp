// Derives tables, columns and side tables from a collection's indexes.
#include "store/sqlite/layout.hpp"

#include <stdexcept>

namespace visavis::inline store::sqlite {
namespace {

[[noreturn]] void broken(CollectionSpec const& spec, std::string const& what) {
    throw std::logic_error("collection " + spec.name + ": " + what);
}

// The leaf's kind at a path; through an optional, and through an array if wanted.
Kind leafKind(CollectionSpec const& spec, std::string const& path, bool ofElement) {
    auto const* shape = shapeAt(*spec.shape, path);
    while (shape != nullptr && (shape->kind == Kind::optional || (ofElement && shape->kind == Kind::array))) shape = shape->inner;
    if (shape == nullptr || !shape->isLeaf()) broken(spec, "an index names " + path + ", which is no scalar member");
    return shape->kind;
}

// The parameters are the keys, with the first element in the array's place, then `_id`, then the elements of further rows: what rows of a
// document have in common is bound once. A collision leaves the rows before it (FAIL), so that SQLite need not keep the pages as they were:
// the transaction is rolled back anyway.
std::string sideInsertSql(Side const& side, std::size_t rows) {
    std::string sql = "INSERT OR FAIL INTO " + quoted(side.table) + " VALUES ";
    for (std::size_t row = 0; row < rows; ++row) {
        sql += row == 0 ? "(" : ", (";
        for (std::size_t i = 0; i < side.keys.size(); ++i)
            sql += "?" + std::to_string(side.keys[i] < 0 && row > 0 ? side.keys.size() + 1 + row : i + 1) + ", ";
        sql += "?" + std::to_string(side.keys.size() + 1) + ")";
    }
    return sql;
}

std::string runInsertSql(Side const& side) {
    std::string sql = "INSERT OR FAIL INTO " + quoted(side.table) + " VALUES (";
    for (std::size_t i = 1; i <= side.keys.size(); ++i) sql += "?" + std::to_string(i) + ", ";
    return sql + "?" + std::to_string(side.keys.size() + 2) + ", ?" + std::to_string(side.keys.size() + 1) + ")";
}

std::string keyPath(Layout const& layout, Side const& side, int key) {
    return quoted(key < 0 ? *side.index->multikey : layout.columns.at(static_cast<std::size_t>(key)).path);
}

std::string lastRunSql(Layout const& layout, Side const& side) {
    std::string sql = "SELECT _until FROM " + quoted(side.table) + " WHERE ";
    for (std::size_t i = 0; i < side.keys.size(); ++i)
        sql += (i == 0 ? "" : " AND ") + keyPath(layout, side, side.keys[i]) + (side.keys[i] < 0 ? " <= ?" : " = ?");
    return sql + " ORDER BY " + quoted(*side.index->multikey) + " DESC LIMIT 1";
}

std::string sideEraseSql(Layout const& layout, Side const& side) {
    std::string sql = "DELETE FROM " + quoted(side.table) + " WHERE ";
    int at = 0;
    for (int const key : side.keys) sql += keyPath(layout, side, key) + " = ?" + std::to_string(++at) + " AND ";
    return sql + "_id = ?" + std::to_string(at + 1);
}

} // namespace

std::string quoted(std::string_view identifier) {
    std::string text = "\"";
    for (char const c : identifier) text.append(c == '"' ? 2 : 1, c);
    return text + '"';
}

char const* sqlType(Kind kind) {
    switch (kind) {
        case Kind::boolean:
        case Kind::integer:
        case Kind::instant:
        case Kind::day:
            return "INTEGER";
        case Kind::number:
            return "REAL";
        case Kind::string:
            return "TEXT";
        default:
            return "BLOB";
    }
}

std::string indexName(Layout const& layout, IndexSpec const& index) { return layout.name() + "." + index.name; }

std::string partialSql(IndexSpec const& index) {
    if (!index.where) return {};
    return quoted(index.where->path) + (index.where->equals ? (*index.where->equals ? " = 1" : " = 0") : " IS NOT NULL");
}

Layout::Layout(CollectionSpec const& collection) : spec(&collection) {
    addColumn("_id");
    for (auto const& index : collection.indexes) {
        for (auto const& other : collection.indexes)
            if (&other != &index && other.name == index.name) broken(collection, "two indexes are named " + index.name);
        for (auto const& key : index.keys)
            if (key.path != index.multikey) addColumn(key.path);
        if (index.where) addColumn(index.where->path);
        if (!index.multikey) plain.push_back(&index);
    }
    for (auto const& index : collection.indexes)
        if (index.multikey) addSide(index);
    insertSql = "INSERT INTO " + quoted(name()) + " (";
    for (auto const& column : columns) insertSql += quoted(column.path) + ", ";
    insertSql += "doc) VALUES (";
    for (std::size_t i = 1; i <= columns.size(); ++i) insertSql += "?" + std::to_string(i) + ", ";
    insertSql += "?" + std::to_string(columns.size() + 1) + ")";
}

void Layout::addColumn(std::string const& path) {
    if (find(path) >= 0) return;
    nodeAt(path).column = static_cast<int>(columns.size());
    columns.push_back({path, leafKind(*spec, path, false)});
}

void Layout::addSide(IndexSpec const& index) {
    Side side;
    side.index = &index;
    side.table = indexName(*this, index);
    side.elementKind = leafKind(*spec, *index.multikey, true);
    for (auto const& key : index.keys)
        if (key.path != "_id") side.keys.push_back(key.path == *index.multikey ? -1 : find(key.path));
    side.ofRuns = index.unique && side.elementKind == Kind::integer && side.keys.back() < 0;
    if (side.ofRuns) {
        side.insertSqls.push_back(runInsertSql(side));
        side.lastBeforeSql = lastRunSql(*this, side);
    } else {
        for (std::size_t rows = 1; rows <= mostSideRows; ++rows) side.insertSqls.push_back(sideInsertSql(side, rows));
    }
    side.eraseSql = sideEraseSql(*this, side);
    nodeAt(*index.multikey).sides.push_back(static_cast<int>(sides.size()));
    sides.push_back(std::move(side));
}

PathNode& Layout::nodeAt(std::string_view path) {
    auto* node = &root;
    while (true) {
        auto const dot = path.find('.');
        auto const step = path.substr(0, dot);
        PathNode* next = nullptr;
        for (auto& child : node->children)
            if (child.name == step) next = &child;
        if (next == nullptr) next = &node->children.emplace_back(PathNode{std::string(step), -1, {}, {}});
        if (dot == path.npos) return *next;
        node = next;
        path.remove_prefix(dot + 1);
    }
}

int Layout::find(std::string_view path) const {
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (columns[i].path == path) return static_cast<int>(i);
    return -1;
}

Column const* Layout::column(std::string_view path) const {
    auto const at = find(path);
    return at < 0 ? nullptr : &columns[static_cast<std::size_t>(at)];
}

Layouts::Layouts(std::vector<CollectionSpec const*> const& collections) {
    for (auto const* collection : collections)
        if (!all_.emplace(collection->name, std::make_unique<Layout>(*collection)).second) broken(*collection, "is given twice");
}

Layout const& Layouts::of(CollectionSpec const& collection) const {
    auto const found = all_.find(collection.name);
    if (found == all_.end()) broken(collection, "the store was not opened for it");
    return *found->second;
}

} // namespace visavis::store::sqlite
