// A least-recently-used cache bounded in bytes.
#include "availability/slot_cache.hpp"

namespace visavis::availability {

SlotCache::Bytes SlotCache::find(std::string const& question, std::uint64_t generation, Instant now) {
    std::lock_guard const lock(mutex_);
    auto const found = entries_.find(question);
    if (found == entries_.end()) return nullptr;
    auto const entry = found->second;
    if (entry->generation != generation || now > entry->validUntil) {
        drop(entry);
        return nullptr;
    }
    order_.splice(order_.begin(), order_, entry);
    return entry->bytes;
}

void SlotCache::keep(std::string const& question, std::uint64_t generation, Instant validUntil, Bytes bytes) {
    std::lock_guard const lock(mutex_);
    if (auto const found = entries_.find(question); found != entries_.end()) drop(found->second);
    bytes_ += bytes->size() + question.size();
    order_.push_front({question, generation, validUntil, std::move(bytes)});
    entries_[question] = order_.begin();
    while (bytes_ > mostBytes_) drop(std::prev(order_.end()));
}

void SlotCache::drop(Order::iterator entry) {
    bytes_ -= entry->bytes->size() + entry->question.size();
    entries_.erase(entry->question);
    order_.erase(entry);
}

} // namespace visavis::availability
