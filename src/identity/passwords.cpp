// bcrypt by libcrypt's reentrant functions.
#include "identity/passwords.hpp"

#include "core/text.hpp"

#include <crypt.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace visavis::identity {

// A place among the running hashes, given back on every way out.
class Passwords::Place {
public:
    explicit Place(Passwords& passwords) : passwords_(passwords) {}
    Place(Place const&) = delete;
    Place& operator=(Place const&) = delete;
    ~Place() { passwords_.leave(); }

private:
    Passwords& passwords_;
};

namespace {

std::string bcrypt(std::string const& password, std::string const& setting) {
    auto const data = std::make_unique<crypt_data>();
    auto const* hashed = crypt_r(password.c_str(), setting.c_str(), data.get());
    if (hashed == nullptr || hashed[0] == '*') throw std::runtime_error("bcrypt failed");
    return hashed;
}

} // namespace

Passwords::Passwords(Rng& rng, int cost, int parallel, int queue) : rng_(rng), cost_(cost), parallel_(parallel), queue_(queue) {
    auto const made = hash(rng.token());
    decoy_ = *made;
}

Result<void> Passwords::enter() {
    std::unique_lock lock(mutex_);
    if (running_ >= parallel_ && waiting_ >= queue_) return unavailable("Too many log-ins at once. Try again in a moment.", 2);
    ++waiting_;
    free_.wait(lock, [this] { return running_ < parallel_; });
    --waiting_;
    ++running_;
    return ok;
}

void Passwords::leave() {
    {
        std::lock_guard const lock(mutex_);
        --running_;
    }
    free_.notify_one();
}

Result<std::string> Passwords::hash(std::string const& password) {
    CHECK(enter());
    Place const place(*this);
    std::array<char, 16> salt{};
    rng_.fill(salt.data(), salt.size());
    std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> setting{};
    if (crypt_gensalt_rn("$2b$", static_cast<unsigned long>(cost_), salt.data(), static_cast<int>(salt.size()), setting.data(),
                         static_cast<int>(setting.size())) == nullptr)
        throw std::runtime_error("bcrypt refused its cost");
    return bcrypt(password, setting.data());
}

Result<bool> Passwords::matches(std::string const& password, std::string const& hash) {
    CHECK(enter());
    Place const place(*this);
    // bcrypt reads up to a NUL and 72 bytes: a password that has more to it is none that we ever took.
    bool const plausible = !hash.empty() && password.size() <= 72 && password.find('\0') == password.npos;
    auto const& known = plausible ? hash : decoy_;
    return equalInConstantTime(bcrypt(plausible ? password : "", known), known) && plausible;
}

} // namespace visavis::identity
