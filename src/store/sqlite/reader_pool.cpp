// The reader pool: short read transactions, so that the WAL never has to be kept for long.
#include "store/sqlite/reader_pool.hpp"

namespace visavis::inline store::sqlite {

ReaderPool::ReaderPool(SqliteSettings const& settings) : wait_(settings.readWait) {
    for (int i = 0; i < settings.readers; ++i) {
        all_.push_back(std::make_unique<Connection>(settings.file.string(), Access::reader, settings.vfs));
        all_.back()->run(
            "PRAGMA query_only = ON; PRAGMA mmap_size = 0; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0;"
            "PRAGMA cache_size = -" +
            std::to_string(settings.readerCacheKiB));
        free_.push_back(all_.back().get());
    }
}

void ReaderPool::run(std::function<void(Connection&)> const& work) {
    auto const back = [this](Connection* connection) { giveBack(connection); };
    std::unique_ptr<Connection, decltype(back)> const lease(take(), back);
    lease->prepare("BEGIN").done();
    try {
        work(*lease);
    } catch (...) {
        lease->run("ROLLBACK");
        throw;
    }
    lease->prepare("COMMIT").done();
}

std::vector<std::string> ReaderPool::cachedSql() {
    std::vector<Connection*> taken;
    std::vector<std::string> sql;
    for (std::size_t i = 0; i < all_.size(); ++i) {
        taken.push_back(take());
        for (auto& text : taken.back()->cachedSql()) sql.push_back(std::move(text));
    }
    for (auto* connection : taken) giveBack(connection);
    return sql;
}

Connection* ReaderPool::take() {
    std::unique_lock lock(mutex_);
    if (!freed_.wait_for(lock, wait_, [&] { return !free_.empty(); })) throw StoreUnavailable("no reader of the store became free in time");
    auto* const connection = free_.back();
    free_.pop_back();
    return connection;
}

void ReaderPool::giveBack(Connection* connection) {
    {
        std::lock_guard const lock(mutex_);
        free_.push_back(connection);
    }
    freed_.notify_one();
}

} // namespace visavis::store::sqlite
