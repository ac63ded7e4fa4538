// What this process remembers of the store, so that it need not ask again. Never stale: a value holds until a document of its owner changes.
#pragma once

#include "store/engine.hpp"

#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace visavis {
inline namespace store {

// Goes up with every change of a document that belongs to this id (CollectionSpec::owners). Read it before the snapshot that a value is made
// from: should a commit come between, the value is kept under a generation that is over.
inline std::uint64_t ownersGeneration(Engine const& engine, ObjectId const& owner) {
    return engine.generations.of(owner) + engine.generations.of(everyOwner());
}

// How long a value holds.
struct Hold {
    ObjectId owner;
    std::uint64_t generation = 0;
    Instant validUntil; // still holds at that instant
};

inline bool holds(Engine const& engine, Hold const& hold, Instant now) {
    return now <= hold.validUntil && hold.generation == ownersGeneration(engine, hold.owner);
}

// Values by key, the least recently used go first. Any thread.
template <class Key, class Value> class Remembered {
public:
    explicit Remembered(std::size_t mostBytes) : mostBytes_(mostBytes) {}

    // The value, if `stillHolds(hold)`; one that does not is forgotten.
    template <class F> std::optional<Value> find(Key const& key, F const& stillHolds) {
        std::lock_guard const lock(mutex_);
        auto const found = entries_.find(key);
        if (found == entries_.end()) return std::nullopt;
        auto const entry = found->second;
        if (!stillHolds(entry->hold)) {
            drop(entry);
            return std::nullopt;
        }
        order_.splice(order_.begin(), order_, entry);
        return entry->value;
    }

    // `bytes` is about what key and value take.
    void keep(Key key, Hold const& hold, Value value, std::size_t bytes) {
        std::lock_guard const lock(mutex_);
        if (auto const found = entries_.find(key); found != entries_.end()) drop(found->second);
        bytes_ += bytes;
        order_.push_front({std::move(key), hold, std::move(value), bytes});
        entries_[order_.front().key] = order_.begin();
        while (bytes_ > mostBytes_) drop(std::prev(order_.end()));
    }

private:
    struct Entry {
        Key key;
        Hold hold;
        Value value;
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
    std::unordered_map<Key, typename Order::iterator> entries_;
    std::size_t bytes_ = 0;
};

} // namespace store
} // namespace visavis
