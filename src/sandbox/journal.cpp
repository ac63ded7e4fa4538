// The journal file: JSON lines, appended, and compacted at each start.
#include "sandbox/journal.hpp"

#include "sandbox/encoding.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace visavis::sandbox {

namespace {

Error unusable(std::filesystem::path const& file, std::string const& why) {
    return failure(Code::unavailable, "sandbox_state", "The sandbox's state " + file.string() + " cannot be used: " + why);
}

std::string lastTrouble() { return std::system_category().message(errno); }

// One write for a whole line, so that a crash leaves it whole or out.
bool writeAll(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        auto const done = ::write(file, bytes.data(), bytes.size());
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(done));
    }
    return true;
}

bool isChange(json::value const& entry) {
    auto const* change = entry.if_array();
    return change && change->size() == 3 && (*change)[0].is_string() && (*change)[1].is_string();
}

} // namespace

void Changes::put(std::string_view table, std::string_view id, json::value const& document) {
    text_ += text_.empty() ? '[' : ',';
    text_ += toUtf8(json::serialize(json::array{text(table), text(id), document}), ""); // what clients send may be no UTF-8
}

Result<std::unique_ptr<Journal>> Journal::open(std::filesystem::path const& file) {
    std::unique_ptr<Journal> journal(new Journal);
    if (file.empty()) return journal;
    CHECK(journal->replay(file));
    CHECK(journal->rewrite(file));
    return journal;
}

Journal::~Journal() {
    if (file_ >= 0) ::close(file_);
}

// Only the last line can be torn; a line before it that cannot be read means that this is not our file.
Result<void> Journal::replay(std::filesystem::path const& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return std::filesystem::exists(file) ? Result<void>(unusable(file, lastTrouble())) : ok;
    for (std::string line; std::getline(in, line);) {
        if (in.eof()) break; // no line end: the process ended while it wrote
        json::error_code ec;
        auto const value = json::parse(line, ec);
        if (ec || !value.is_array()) return unusable(file, "it has a line that is no change");
        apply(value.get_array());
    }
    places_.clear();
    return ok;
}

void Journal::apply(json::array const& line) {
    for (auto const& entry : line) {
        if (!isChange(entry)) continue;
        auto const& change = entry.get_array();
        std::string const name(change[0].get_string());
        std::string const id(change[1].get_string());
        auto& table = tables_[name];
        auto const [place, isNew] = places_.try_emplace({name, id}, table.size());
        if (isNew) {
            table.emplace_back(id, change[2]);
        } else {
            table[place->second].second = change[2];
        }
    }
}

Result<void> Journal::rewrite(std::filesystem::path const& file) {
    auto const fresh = file.string() + ".new";
    file_ = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    if (file_ < 0) return unusable(file, lastTrouble());
    for (auto& [name, table] : tables_) {
        std::erase_if(table, [](Document const& document) { return document.second.is_null(); });
        for (auto const& [id, value] : table) {
            Changes one;
            one.put(name, id, value);
            if (!writeAll(file_, one.text_ + "]\n")) return unusable(file, lastTrouble());
        }
    }
    std::error_code ec;
    std::filesystem::rename(fresh, file, ec);
    if (ec) return unusable(file, ec.message());
    return ok;
}

std::vector<Journal::Document> Journal::take(std::string_view table) {
    std::lock_guard const lock(mutex_);
    auto const found = tables_.find(table);
    if (found == tables_.end()) return {};
    auto documents = std::move(found->second);
    tables_.erase(found);
    return documents;
}

void Journal::append(Changes const& changes) {
    if (file_ < 0 || changes.empty()) return;
    std::lock_guard const lock(mutex_);
    if (!writeAll(file_, changes.text_ + "]\n")) throw std::runtime_error("the sandbox's state cannot be written: " + lastTrouble());
}

} // namespace visavis::sandbox
