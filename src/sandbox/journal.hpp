// Keeps the sandbox's documents over a crash of the process: every change is a line of a file, written before anybody hears of it.
#pragma once

#include "core/result.hpp"
#include "sandbox/json.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace visavis::sandbox {

// Changes that are kept together or not at all: one line, a JSON array of [table, id, document]; null instead of a document removes it.
class Changes {
public:
    void put(std::string_view table, std::string_view id, json::value const& document);
    void erase(std::string_view table, std::string_view id) { put(table, id, nullptr); }
    bool empty() const { return text_.empty(); }

private:
    friend class Journal;
    std::string text_;
};

// Safe against the end of the process (kill -9), not against the loss of power: nothing is synced. Safe to use from any thread.
class Journal {
public:
    // Replays the file, leaves out a torn last line, and writes what is left to it anew. An empty path keeps nothing.
    // Error: unavailable "sandbox_state" when the file cannot be read or written, or is no journal.
    static Result<std::unique_ptr<Journal>> open(std::filesystem::path const& file);
    ~Journal();
    Journal(Journal const&) = delete;
    Journal& operator=(Journal const&) = delete;

    using Document = std::pair<std::string, json::value>;
    // What the file had under a table, in the order in which the ids first came. Given away once.
    std::vector<Document> take(std::string_view table);
    // Throws when the file cannot take it: the sandbox must not go on with what a restart would forget.
    void append(Changes const& changes);

private:
    using Table = std::vector<Document>;
    Journal() = default;
    Result<void> replay(std::filesystem::path const& file);
    Result<void> rewrite(std::filesystem::path const& file);
    void apply(json::array const& line);

    std::mutex mutex_;
    int file_ = -1;
    std::map<std::string, Table, std::less<>> tables_;
    std::map<std::pair<std::string, std::string>, std::size_t> places_; // while replaying: where a document is in its table
};

} // namespace visavis::sandbox
