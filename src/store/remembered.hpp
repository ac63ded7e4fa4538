// What this process remembers of the store, so that it need not ask again. Never stale: a value holds until a document of its owner changes.
#pragma once

#include "store/engine.hpp"

#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace visavis {
inline namespace store {

// Goes up with every change of a document that belongs to this id (CollectionSpec::owners).
inline std::uint64_t ownersGeneration(Engine const& engine, ObjectId const& owner) {
    return engine.generations.of(owner) + engine.generations.of(everyOwner());
}

// How long a value holds.
struct Hold {
    ObjectId owner;
    std::uint64_t generation = 0;
    Instant validUntil = lastInstant; // still holds at that instant
};

// What a value that is made now may be kept under; nothing where other processes write. Ask before the snapshot that it is made from: should a
// commit come between, it is kept under a generation that is over.
inline std::optional<Hold> holdOn(Engine const& engine, ObjectId const& owner) {
    return engine.alone() ? std::optional(Hold{owner, ownersGeneration(engine, owner)}) : std::nullopt;
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

    // `further` is about what key and value take elsewhere, in bytes: of strings and vectors, and behind pointers.
    void keep(Key key, Hold const& hold, Value value, std::size_t further) {
        std::lock_guard const lock(mutex_);
        if (auto const found = entries_.find(key); found != entries_.end()) drop(found->second);
        auto const bytes = entryBytes + further;
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

public:
    // With the nodes of list and map, and the map's own key.
    static constexpr std::size_t entryBytes = sizeof(Entry) + sizeof(Key) + 8 * sizeof(void*);

private:
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

// The value that was kept under a hold of holdOn(), if it is still true.
template <class Key, class Value>
std::optional<Value> recalled(Engine const& engine, Remembered<Key, Value>& memory, Key const& key, Instant now) {
    if (!engine.alone()) return std::nullopt;
    return memory.find(key,
                       [&](Hold const& hold) { return now <= hold.validUntil && hold.generation == ownersGeneration(engine, hold.owner); });
}

} // namespace store
} // namespace visavis
