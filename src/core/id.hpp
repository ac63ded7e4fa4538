// ObjectIds (12 bytes, 24 hex digits on the wire), typed references, and the source of new ones.
#pragma once

#include "core/rng.hpp"
#include "core/time.hpp"

#include <array>
#include <atomic>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace visavis {
inline namespace core {

struct ObjectId {
    std::array<unsigned char, 12> bytes{};

    auto operator<=>(ObjectId const&) const = default;
    bool isZero() const { return *this == ObjectId{}; }
    std::string hex() const;
    void appendHex(std::string& out) const;
    static std::optional<ObjectId> parse(std::string_view hex);
    // The first 12 bytes of SHA-256: the same id for the same name, wherever it is computed.
    static ObjectId derived(std::string_view name);
};

// The id of a T. A forward declaration of T is enough, so records may refer to each other.
template <class T> struct Ref {
    ObjectId id;

    auto operator<=>(Ref const&) const = default;
    std::string hex() const { return id.hex(); }
};

// Makes ids that sort by time: 4 bytes seconds, 5 bytes random per process, 3 bytes counter (MongoDB's ObjectId layout).
class IdSource {
public:
    explicit IdSource(Rng& rng);
    ObjectId next(Instant now);
    template <class T> Ref<T> make(Instant now) { return {next(now)}; }

private:
    std::array<unsigned char, 5> process_{};
    std::atomic<std::uint32_t> counter_;
};

} // namespace core
} // namespace visavis

template <> struct std::hash<visavis::ObjectId> {
    std::size_t operator()(visavis::ObjectId const& id) const noexcept {
        return std::hash<std::string_view>{}({reinterpret_cast<char const*>(id.bytes.data()), id.bytes.size()});
    }
};
