// Finished answers of the slot listing, per specialist and question. Never stale: an entry holds for one generation of the specialist
// (which goes up between a commit and its acknowledgement) and until the first slot edge leaves the range (DESIGN §6).
#pragma once

#include "core/recent.hpp"
#include "core/time.hpp"

#include <memory>

namespace visavis::availability {

class SlotCache {
public:
    using Bytes = std::shared_ptr<std::string const>;

    explicit SlotCache(std::size_t mostBytes = 64 * 1024 * 1024) : entries_(mostBytes) {}

    // The answer to `question`, if it was made under this generation and still holds now.
    Bytes find(std::string const& question, std::uint64_t generation, Instant now) {
        auto const entry = entries_.find(question);
        return entry && entry->generation == generation && now <= entry->validUntil ? entry->bytes : nullptr;
    }
    void keep(std::string const& question, std::uint64_t generation, Instant validUntil, Bytes bytes) {
        auto const size = bytes->size();
        entries_.keep(question, {generation, validUntil, std::move(bytes)}, size);
    }

private:
    struct Entry {
        std::uint64_t generation;
        Instant validUntil;
        Bytes bytes;
    };
    Recent<Entry> entries_;
};

} // namespace visavis::availability
