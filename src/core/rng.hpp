// The only source of randomness: the system's for real use, a seeded one for simulations.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <random>
#include <string>

namespace visavis {
inline namespace core {

class Rng {
public:
    Rng() = default;
    Rng(Rng const&) = delete;
    Rng& operator=(Rng const&) = delete;
    virtual ~Rng() = default;
    virtual void fill(void* bytes, std::size_t count) = 0;

    std::uint64_t number();
    // Uniform in [0, bound).
    std::uint64_t below(std::uint64_t bound) { return number() % bound; }
    // 256 random bits as 43 characters of base64url without padding: what mails and cookies carry.
    std::string token();
};

class SystemRng final : public Rng {
public:
    void fill(void* bytes, std::size_t count) override;
};

class SeededRng final : public Rng {
public:
    explicit SeededRng(std::uint64_t seed) : engine_(seed) {}
    void fill(void* bytes, std::size_t count) override;

private:
    std::mutex mutex_;
    std::mt19937_64 engine_;
};

} // namespace core
} // namespace visavis
