// Finished answers of the slot listing, per specialist and question. Never stale: an entry holds for one generation of the specialist
// (which goes up between a commit and its acknowledgement) and until the first slot edge leaves the range (DESIGN §6).
#pragma once

#include "core/id.hpp"
#include "core/time.hpp"

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace visavis::availability {

class SlotCache {
public:
    using Bytes = std::shared_ptr<std::string const>;

    explicit SlotCache(std::size_t mostBytes = 64 * 1024 * 1024) : mostBytes_(mostBytes) {}

    // The answer to `question`, if it was made under this generation and still holds now.
    Bytes find(std::string const& question, std::uint64_t generation, Instant now);
    void keep(std::string const& question, std::uint64_t generation, Instant validUntil, Bytes bytes);

private:
    struct Entry {
        std::string question;
        std::uint64_t generation;
        Instant validUntil;
        Bytes bytes;
    };
    using Order = std::list<Entry>; // most recently used first
    void drop(Order::iterator entry);

    std::size_t mostBytes_;
    std::mutex mutex_;
    Order order_;
    std::unordered_map<std::string, Order::iterator> entries_;
    std::size_t bytes_ = 0;
};

} // namespace visavis::availability
