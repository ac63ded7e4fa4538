// The bounded log of what the emulators saw.
#include "sandbox/request_log.hpp"

#include <charconv>

namespace visavis::sandbox {

namespace {

constexpr std::string_view table = "requests";

std::uint64_t numberFrom(std::string_view id) {
    std::uint64_t number = 0;
    std::from_chars(id.data(), id.data() + id.size(), number);
    return number;
}

} // namespace

RequestLog::RequestLog(Journal& journal) : journal_(journal) {
    auto documents = journal_.take(table);
    if (!documents.empty()) first_ = numberFrom(documents.front().first);
    for (auto& [id, value] : documents) {
        if (value.is_object()) entries_.push_back(std::move(value.get_object()));
    }
}

void RequestLog::add(json::object entry) {
    std::lock_guard const lock(mutex_);
    Changes changes;
    changes.put(table, std::to_string(first_ + entries_.size()), entry);
    entries_.push_back(std::move(entry));
    if (entries_.size() > most) {
        changes.erase(table, std::to_string(first_++));
        entries_.pop_front();
    }
    journal_.append(changes);
}

json::object RequestLog::list(std::string_view provider) const {
    std::lock_guard const lock(mutex_);
    json::array items;
    for (auto const& entry : entries_) {
        if (provider.empty() || textOf(entry, "provider") == provider) items.push_back(entry);
    }
    return {{"items", std::move(items)}};
}

} // namespace visavis::sandbox
