// Read-only connections, lent to one thread at a time.
#pragma once

#include "store/sqlite/connection.hpp"
#include "store/sqlite/engine.hpp"

#include <condition_variable>
#include <mutex>

namespace visavis::inline store::sqlite {

class ReaderPool {
public:
    explicit ReaderPool(SqliteSettings const& settings);

    // Runs `work` in one read transaction. Throws StoreUnavailable when no connection became free in time.
    void run(std::function<void(Connection&)> const& work);
    // The statements that any of them has run.
    std::vector<std::string> cachedSql();

private:
    Connection* take();
    void giveBack(Connection* connection);

    std::chrono::milliseconds const wait_;
    std::mutex mutex_;
    std::condition_variable freed_;
    std::vector<std::unique_ptr<Connection>> all_;
    std::vector<Connection*> free_;
};

} // namespace visavis::store::sqlite
