// What this process remembers between requests; bounded in bytes, and only as long as it is true (store/remembered.hpp).
#pragma once

#include "store/remembered.hpp"

#include <memory>
#include <string>

namespace visavis::reports {
struct Earnings;
}

namespace visavis::identity {

struct Caller;

struct Memory {
    // Who is behind a token, by its hash. Nothing of a log-in is remembered where other processes write.
    Remembered<std::string, std::shared_ptr<Caller const>> logIns{8 * 1024 * 1024};
    // Finished answers of the slot listing, by the question; they hold for one generation of the specialist (DESIGN §6).
    Remembered<std::string, std::shared_ptr<std::string const>> listings;
    // How many notifications a user has not read.
    Remembered<ObjectId, std::int64_t> unread{4 * 1024 * 1024};

    // What a specialist has earned, by specialist and question.
    Remembered<std::string, std::shared_ptr<reports::Earnings const>> earnings{4 * 1024 * 1024};
    // How many published profiles have a search term: an estimate that is minutes old, which only a search's plan depends on.
    Remembered<std::string, std::int64_t> frequencies{1024 * 1024};

    explicit Memory(std::size_t listingBytes = 64 * 1024 * 1024) : listings(listingBytes) {}
};

} // namespace visavis::identity
