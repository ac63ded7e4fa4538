// Sealing: values that must be stored but not read by whoever reads the database, such as OAuth tokens, under a key of the settings.
#pragma once

#include "core/result.hpp"
#include "core/rng.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace visavis::identity {

// Text that a Sealer has made begins with this; what does not is plain.
bool isSealed(std::string_view text);

// XSalsa20-Poly1305 (libsodium's secretbox) with a random nonce: sealed text tells nothing but its length, and cannot be changed unnoticed.
class Sealer {
public:
    // Base64 of 32 bytes (`openssl rand -base64 32`); otherwise Error{invalid, "setting"} that says how to make one.
    static Result<Sealer> of(std::string_view base64Key);

    std::string seal(Rng& rng, std::string_view plain) const;
    // Nothing when it was sealed under another key, was changed, or is no sealed text.
    std::optional<std::string> open(std::string_view sealed) const;

private:
    Sealer() = default;
    std::array<unsigned char, 32> key_{};
};

} // namespace visavis::identity
