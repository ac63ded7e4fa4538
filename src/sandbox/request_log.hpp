// What each vendor saw: the requests that reached the emulators, oldest first, for GET /sandbox/requests.
#pragma once

#include "sandbox/journal.hpp"

#include <cstdint>
#include <deque>
#include <mutex>
#include <string_view>

namespace visavis::sandbox {

class RequestLog {
public:
    static constexpr std::size_t most = 10'000; // the oldest are forgotten

    explicit RequestLog(Journal& journal);

    // {provider, at, method, path, query?, headers, body, status} for HTTP; {provider, at, from, to, status} for mail. Status 0: no answer.
    void add(json::object entry);
    json::object list(std::string_view provider) const; // {items:[…]}; an empty provider means all

private:
    Journal& journal_;
    mutable std::mutex mutex_;
    std::deque<json::object> entries_;
    std::uint64_t first_ = 0; // number of entries_[0]; numbers are the ids in the journal
};

} // namespace visavis::sandbox
