// One SQLite connection with its prepared statements; used by one thread at a time.
#pragma once

#include "store/sqlite/cells.hpp"

#include <stdexcept>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace visavis::inline store::sqlite {

struct SqliteError : std::runtime_error {
    int code; // extended result code

    SqliteError(int resultCode, std::string const& what) : std::runtime_error(what), code(resultCode) {}
};

class Connection;

// Settings of the SQLite library that must precede its first use in the process.
void prepareLibrary();

// A statement on loan from its connection's cache, reset when it goes. What is bound must outlive it.
class Statement {
public:
    Statement(Connection& connection, sqlite3_stmt* handle) : connection_(connection), handle_(handle) {}
    Statement(Statement const&) = delete;
    Statement& operator=(Statement const&) = delete;
    ~Statement();

    void bind(int at, Cell const& cell); // places count from 1
    void bind(int at, std::int64_t value);
    void bindBlob(int at, std::string_view bytes);
    void bindText(int at, std::string_view text);

    bool row();   // steps to the next row; throws SqliteError
    void done();  // runs a statement that gives no rows
    bool tried(); // the same; false if a constraint is violated

    bool isNull(int column) const;
    std::int64_t integer(int column) const;
    double real(int column) const;
    std::string_view bytes(int column) const; // of text and blobs; until the next step
    Cell cell(int column) const;

private:
    Connection& connection_;
    sqlite3_stmt* handle_;
};

enum class Access {
    writer, // the one that writes: it ends the process when a commit or the disk fails, because nobody can know what is on disk then
    reader, // read-only, never checkpoints
    copy,   // writes a file that nobody else knows yet
};

class Connection {
public:
    Connection(std::string const& file, Access access, std::string const& vfs);
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;
    ~Connection();

    Statement prepare(std::string const& sql);
    void run(std::string const& sql);           // without caching; may hold several statements
    std::string textOf(std::string const& sql); // the first column of the last row

    std::int64_t totalChanges() const;
    sqlite3* handle() const { return db_; }
    std::vector<std::string> cachedSql() const;
    [[noreturn]] void fail(int code, std::string const& doing) const;

private:
    sqlite3* db_ = nullptr;
    Access access_;
    std::unordered_map<std::string, sqlite3_stmt*> cache_;
};

} // namespace visavis::store::sqlite
