// Random bytes from libsodium, or from a seed.
#include "core/rng.hpp"

#include <sodium.h>

#include <array>
#include <cstring>

namespace visavis {
inline namespace core {

std::uint64_t Rng::number() {
    std::uint64_t value = 0;
    fill(&value, sizeof value);
    return value;
}

std::string Rng::token() {
    std::array<unsigned char, 32> bytes{};
    fill(bytes.data(), bytes.size());
    std::array<char, 44> text{};
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return text.data();
}

void SystemRng::fill(void* bytes, std::size_t count) { randombytes_buf(bytes, count); }

void SeededRng::fill(void* bytes, std::size_t count) {
    std::lock_guard const lock(mutex_);
    for (std::size_t done = 0; done < count;) {
        auto const word = engine_();
        auto const part = std::min(sizeof word, count - done);
        std::memcpy(static_cast<char*>(bytes) + done, &word, part);
        done += part;
    }
}

} // namespace core
} // namespace visavis
