// Passwords: bcrypt ($2b$) on few threads at a time, so that a storm of log-ins cannot starve the rest.
#pragma once

#include "core/result.hpp"
#include "core/rng.hpp"

#include <condition_variable>
#include <mutex>
#include <string>

namespace visavis::identity {

// weak_password: fewer than 8 characters or a common one; password_too_long: more than the 72 bytes that bcrypt reads. Pure. `member` is
// the JSON Pointer of the input's member.
Result<void> checkPassword(std::string_view password, char const* member = "/password");

class Passwords {
public:
    // `cost` is bcrypt's; at most `parallel` hashes run at once and `queue` more wait, further callers get Error{unavailable}.
    Passwords(Rng& rng, int cost, int parallel, int queue);

    Result<std::string> hash(std::string const& password);
    // An empty `hash` stands for an unknown account: it takes the same time and is false.
    Result<bool> matches(std::string const& password, std::string const& hash);

private:
    class Place;
    Result<void> enter();
    void leave();

    Rng& rng_;
    int cost_;
    int parallel_;
    int queue_;
    std::mutex mutex_;
    std::condition_variable free_;
    int running_ = 0;
    int waiting_ = 0;
    std::string decoy_; // hash of a random password, compared with for unknown accounts
};

} // namespace visavis::identity
