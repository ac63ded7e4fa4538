// find, count, group and join. Sums over members that have no column are added up from the documents.
#include "store/sqlite/reads.hpp"

#include <algorithm>
#include <cstring>

namespace visavis::inline store::sqlite {
namespace {

void appendRows(Connection& db, Sql const& sql, std::vector<Bson>& found) {
    auto statement = db.prepare(sql.text);
    sql.bindTo(statement);
    while (statement.row()) found.push_back({std::string(statement.bytes(0))});
}

Scalar scalarOf(Statement const& statement, int column, Kind kind) {
    if (statement.isNull(column)) return {};
    switch (kind) {
        case Kind::boolean:
            return statement.integer(column) != 0;
        case Kind::integer:
            return statement.integer(column);
        case Kind::instant:
        case Kind::day:
            return Instant{statement.integer(column)};
        case Kind::number:
            return statement.real(column);
        case Kind::string:
            return std::string(statement.bytes(column));
        default:
            break;
    }
    ObjectId id;
    auto const bytes = statement.bytes(column);
    std::memcpy(id.bytes.data(), bytes.data(), std::min(bytes.size(), id.bytes.size()));
    return id;
}

bool haveColumns(Layout const& layout, std::vector<std::string> const& paths) {
    return std::all_of(paths.begin(), paths.end(), [&](auto const& path) { return layout.find(path) >= 0; });
}

std::vector<GroupRow> groupColumns(Connection& db, Layout const& layout, Query const& query, Grouping const& grouping) {
    std::string keys, what = "count(*)";
    for (auto const& path : grouping.by) keys += (keys.empty() ? "" : ", ") + quoted(path);
    for (auto const& path : grouping.sums) what += ", coalesce(sum(" + quoted(path) + "), 0)";
    if (!keys.empty()) what += ", " + keys;
    auto sql = whereSql(layout, query);
    sql.text = "SELECT " + what + " FROM " + quoted(layout.name()) + sql.text;
    if (!keys.empty()) sql.text += " GROUP BY " + keys + " ORDER BY " + keys;
    auto statement = db.prepare(sql.text);
    sql.bindTo(statement);
    std::vector<GroupRow> rows;
    while (statement.row()) {
        GroupRow row;
        int at = 0;
        row.count = statement.integer(at++);
        for (std::size_t i = 0; i < grouping.sums.size(); ++i) row.sums.push_back(statement.integer(at++));
        for (auto const& path : grouping.by) row.key.push_back(scalarOf(statement, at++, layout.column(path)->kind));
        if (row.count > 0) rows.push_back(std::move(row));
    }
    return rows;
}

std::int64_t wholeNumber(std::string_view document, std::string const& path) {
    auto const found = bsonAt(document, path);
    if (found.empty()) return 0;
    if (auto const* number = std::get_if<std::int64_t>(&found.front())) return *number;
    throw CorruptDocument("sum over " + path + ", which is no integer");
}

std::vector<GroupRow> groupByDocument(Connection& db, Layout const& layout, Query const& query, Grouping const& grouping) {
    auto sql = whereSql(layout, query);
    auto statement = db.prepare("SELECT doc FROM " + quoted(layout.name()) + sql.text);
    sql.bindTo(statement);
    std::map<std::vector<Scalar>, GroupRow> rows;
    while (statement.row()) {
        auto const document = statement.bytes(0);
        std::vector<Scalar> key;
        for (auto const& path : grouping.by) {
            auto found = bsonAt(document, path);
            key.push_back(found.empty() ? Scalar{} : std::move(found.front()));
        }
        auto& row = rows.try_emplace(key, GroupRow{key, std::vector<std::int64_t>(grouping.sums.size()), 0}).first->second;
        ++row.count;
        for (std::size_t i = 0; i < grouping.sums.size(); ++i)
            if (__builtin_add_overflow(row.sums[i], wholeNumber(document, grouping.sums[i]), &row.sums[i]))
                throw std::overflow_error("sum over " + grouping.sums[i] + " of " + layout.name());
    }
    std::vector<GroupRow> list;
    list.reserve(rows.size());
    for (auto& [key, row] : rows) list.push_back(std::move(row));
    return list;
}

} // namespace

std::vector<Bson> findDocuments(Connection& db, Layout const& layout, Query const& query) {
    std::vector<Bson> found;
    appendRows(db, selectSql(layout, query, "doc"), found);
    if (hasTail(layout, query) && (query.limit == 0 || found.size() < query.limit)) {
        auto sql = selectSql(layout, query, "doc", true);
        if (query.limit > 0) sql.limit = static_cast<std::int64_t>(query.limit - found.size());
        appendRows(db, sql, found);
    }
    return found;
}

std::int64_t countDocuments(Connection& db, Layout const& layout, Query const& query) {
    auto const sql = countSql(layout, query);
    auto statement = db.prepare(sql.text);
    sql.bindTo(statement);
    return statement.row() ? statement.integer(0) : 0;
}

std::vector<GroupRow> groupDocuments(Connection& db, Layout const& layout, Query const& query, Grouping const& grouping) {
    if (haveColumns(layout, grouping.by) && haveColumns(layout, grouping.sums)) return groupColumns(db, layout, query, grouping);
    return groupByDocument(db, layout, query, grouping);
}

std::vector<Joined> joinDocuments(Connection& db, Layout const& layout, Query const& query, Layout const& other,
                                  std::string const& reference) {
    std::vector<Joined> rows;
    for (auto& document : findDocuments(db, layout, query)) {
        auto const named = bsonAt(document.bytes, reference);
        auto found = named.empty() ? std::nullopt : documentOf(db, other, cellOf(named.front()));
        rows.push_back({std::move(document), std::move(found)});
    }
    return rows;
}

std::optional<Bson> documentOf(Connection& db, Layout const& layout, Cell const& id) {
    auto statement = db.prepare("SELECT doc FROM " + quoted(layout.name()) + " WHERE _id = ?");
    statement.bind(1, id);
    if (!statement.row()) return std::nullopt;
    return Bson{std::string(statement.bytes(0))};
}

std::vector<std::string> planOf(Connection& db, std::string const& sql) {
    auto statement = db.prepare("EXPLAIN QUERY PLAN " + sql);
    std::vector<std::string> lines;
    while (statement.row()) lines.emplace_back(statement.bytes(3));
    return lines;
}

} // namespace visavis::store::sqlite
