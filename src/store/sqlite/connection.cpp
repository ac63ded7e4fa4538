// Thin owner of sqlite3 and sqlite3_stmt handles, and the one place that decides what a SQLite error means.
#include "store/sqlite/connection.hpp"

#include <spdlog/spdlog.h>
#include <sqlite3.h>

#include <cstdlib>

namespace visavis::inline store::sqlite {
namespace {

// More distinct statements than the application has; a limit only against a growing cache.
constexpr std::size_t mostStatements = 2'000;

int flagsOf(Access access) {
    int const flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    return access == Access::reader ? flags | SQLITE_OPEN_READONLY : flags | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
}

// What the connection that writes cannot survive: after a failed sync the pages may be gone although the next sync says ok.
bool isFatal(int code) {
    switch (code & 0xff) {
        case SQLITE_IOERR:
        case SQLITE_FULL:
        case SQLITE_NOMEM:
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_CANTOPEN:
            return true;
        default:
            return false;
    }
}

} // namespace

void prepareLibrary() {
    // Statistics of memory would take a lock in every allocation, and nobody reads them. Refused, harmlessly, once SQLite is in use.
    static int const configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)configured;
}

Statement::~Statement() { sqlite3_reset(handle_); }

void Statement::bind(int at, Cell const& cell) {
    switch (cell.type) {
        case Cell::Type::null:
            sqlite3_bind_null(handle_, at);
            break;
        case Cell::Type::integer:
            sqlite3_bind_int64(handle_, at, cell.integer);
            break;
        case Cell::Type::real:
            sqlite3_bind_double(handle_, at, cell.real);
            break;
        case Cell::Type::text:
            bindText(at, cell.bytes);
            break;
        case Cell::Type::blob:
            bindBlob(at, cell.bytes);
            break;
    }
}

void Statement::bind(int at, std::int64_t value) { sqlite3_bind_int64(handle_, at, value); }
void Statement::bindBlob(int at, std::string_view bytes) { sqlite3_bind_blob64(handle_, at, bytes.data(), bytes.size(), SQLITE_STATIC); }
void Statement::bindText(int at, std::string_view text) {
    sqlite3_bind_text64(handle_, at, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

bool Statement::row() {
    auto const code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) connection_.fail(code, sqlite3_sql(handle_));
    return false;
}

void Statement::done() {
    while (row()) {
    }
}

bool Statement::tried() {
    auto const code = sqlite3_step(handle_);
    if (code == SQLITE_DONE) return true;
    if ((code & 0xff) == SQLITE_CONSTRAINT) return false;
    connection_.fail(code, sqlite3_sql(handle_));
}

bool Statement::isNull(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }
double Statement::real(int column) const { return sqlite3_column_double(handle_, column); }

std::string_view Statement::bytes(int column) const {
    auto const* data = static_cast<char const*>(sqlite3_column_blob(handle_, column));
    return {data == nullptr ? "" : data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

Cell Statement::cell(int column) const {
    switch (sqlite3_column_type(handle_, column)) {
        case SQLITE_INTEGER:
            return {Cell::Type::integer, integer(column), 0, {}};
        case SQLITE_FLOAT:
            return {Cell::Type::real, 0, real(column), {}};
        case SQLITE_TEXT:
            return {Cell::Type::text, 0, 0, bytes(column)};
        case SQLITE_BLOB:
            return {Cell::Type::blob, 0, 0, bytes(column)};
        default:
            return {};
    }
}

Connection::Connection(std::string const& file, Access access, std::string const& vfs) : access_(access) {
    prepareLibrary();
    auto const code = sqlite3_open_v2(file.c_str(), &db_, flagsOf(access), vfs.empty() ? nullptr : vfs.c_str());
    if (code != SQLITE_OK) {
        std::string const why = db_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(db_);
        sqlite3_close(db_);
        throw SqliteError(code, "cannot open " + file + ": " + why);
    }
    if (access != Access::reader) return;
    sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_busy_timeout(db_, 2'000); // while another process recovers the WAL index
}

Connection::~Connection() {
    for (auto const& [sql, statement] : cache_) sqlite3_finalize(statement);
    sqlite3_close(db_);
}

Statement Connection::prepare(std::string const& sql) {
    auto const found = cache_.find(sql);
    if (found != cache_.end()) {
        if (sqlite3_stmt_busy(found->second)) throw std::logic_error("statement used inside itself: " + sql);
        return {*this, found->second};
    }
    if (cache_.size() >= mostStatements)
        std::erase_if(cache_, [](auto const& entry) { return !sqlite3_stmt_busy(entry.second) && (sqlite3_finalize(entry.second), true); });
    sqlite3_stmt* made = nullptr;
    auto const code = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    if (code != SQLITE_OK) fail(code, sql);
    cache_.emplace(sql, made);
    return {*this, made};
}

void Connection::run(std::string const& sql) {
    auto const code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(sqlite3_extended_errcode(db_), sql);
}

std::string Connection::textOf(std::string const& sql) {
    auto statement = prepare(sql);
    std::string text;
    while (statement.row()) text = statement.bytes(0);
    return text;
}

std::int64_t Connection::totalChanges() const { return sqlite3_total_changes64(db_); }

std::vector<std::string> Connection::cachedSql() const {
    std::vector<std::string> all;
    for (auto const& [sql, statement] : cache_) all.push_back(sql);
    return all;
}

void Connection::fail(int code, std::string const& doing) const {
    std::string const why = std::string(sqlite3_errstr(code)) + " (" + sqlite3_errmsg(db_) + ") in: " + doing;
    if (access_ == Access::writer && isFatal(code)) {
        spdlog::critical("the store cannot be written, giving up so that a restart recovers what was acknowledged: {}", why);
        spdlog::default_logger_raw()->flush();
        std::abort();
    }
    throw SqliteError(code, why);
}

} // namespace visavis::store::sqlite
