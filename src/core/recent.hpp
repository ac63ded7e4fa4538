// The values that were used last, by a key, bounded in bytes; for any number of threads.
#pragma once

#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace visavis {
inline namespace core {

template <class T> class Recent {
public:
    explicit Recent(std::size_t mostBytes) : mostBytes_(mostBytes) {}

    std::optional<T> find(std::string_view key) {
        std::lock_guard const lock(mutex_);
        auto const found = entries_.find(key);
        if (found == entries_.end()) return std::nullopt;
        order_.splice(order_.begin(), order_, found->second);
        return found->second->value;
    }

    // In the place of what was kept under this key. `bytes` are the value's own.
    void keep(std::string key, T value, std::size_t bytes) {
        std::lock_guard const lock(mutex_);
        if (auto const found = entries_.find(key); found != entries_.end()) drop(found->second);
        bytes += key.size();
        bytes_ += bytes;
        order_.push_front({std::move(key), std::move(value), bytes});
        entries_[order_.front().key] = order_.begin();
        while (bytes_ > mostBytes_) drop(std::prev(order_.end()));
    }

private:
    struct Entry {
        std::string key;
        T value;
        std::size_t bytes;
    };
    using Order = std::list<Entry>; // most recently used first

    void drop(typename Order::iterator entry) {
        bytes_ -= entry->bytes;
        entries_.erase(entry->key);
        order_.erase(entry);
    }

    std::size_t mostBytes_;
    std::mutex mutex_;
    Order order_;
    std::unordered_map<std::string_view, typename Order::iterator> entries_; // keys are the entries' own
    std::size_t bytes_ = 0;
};

} // namespace core
} // namespace visavis
