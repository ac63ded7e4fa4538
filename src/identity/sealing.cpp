// secretbox, and its text form: "sealed:1:" and the base64 of nonce and box.
#include "identity/sealing.hpp"

#include "core/text.hpp"

#include <sodium.h>

namespace visavis::identity {
namespace {

constexpr std::string_view prefix = "sealed:1:";
constexpr std::size_t overhead = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;

unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }
unsigned char const* raw(std::string_view bytes) { return reinterpret_cast<unsigned char const*>(bytes.data()); }

std::optional<std::string> fromBase64(std::string_view text) {
    std::string bytes(text.size() / 4 * 3 + 3, '\0');
    std::size_t size = 0;
    if (sodium_base642bin(raw(bytes), bytes.size(), text.data(), text.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0)
        return std::nullopt;
    bytes.resize(size);
    return bytes;
}

} // namespace

bool isSealed(std::string_view text) { return text.starts_with(prefix); }

Result<Sealer> Sealer::of(std::string_view base64Key) {
    auto const bytes = fromBase64(base64Key);
    Sealer sealer;
    if (!bytes || bytes->size() != sealer.key_.size())
        return failure(Code::invalid, "setting",
                       "Setting store.sealing_key: must be the base64 of 32 bytes. `openssl rand -base64 32` makes one; keep it as long as "
                       "the data, and put it into the settings file or into VISAVIS_STORE__SEALING_KEY.");
    std::copy(bytes->begin(), bytes->end(), sealer.key_.begin());
    return sealer;
}

std::string Sealer::seal(Rng& rng, std::string_view plain) const {
    std::string box(overhead + plain.size(), '\0');
    rng.fill(box.data(), crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(raw(box) + crypto_secretbox_NONCEBYTES, raw(plain), plain.size(), raw(box), key_.data());
    return std::string(prefix) + base64(box);
}

std::optional<std::string> Sealer::open(std::string_view sealed) const {
    if (!isSealed(sealed)) return std::nullopt;
    auto const box = fromBase64(sealed.substr(prefix.size()));
    if (!box || box->size() < overhead) return std::nullopt;
    std::string plain(box->size() - overhead, '\0');
    std::string_view const boxed = std::string_view(*box).substr(crypto_secretbox_NONCEBYTES);
    if (crypto_secretbox_open_easy(raw(plain), raw(boxed), boxed.size(), raw(std::string_view(*box)), key_.data()) != 0)
        return std::nullopt;
    return plain;
}

} // namespace visavis::identity
