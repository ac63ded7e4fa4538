// Walking through the parts of pictures. Every length is checked against what is left, so that no part can lie.
#include "profiles/pictures.hpp"

#include <array>
#include <cstdint>

namespace visavis::profiles {
namespace {

using namespace std::string_view_literals;

constexpr std::uint32_t largestSide = 16'384;

std::uint32_t byteAt(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

std::uint32_t bigEndian(std::string_view bytes, std::size_t at, int count) {
    std::uint32_t value = 0;
    for (int i = 0; i < count; ++i) value = value << 8 | byteAt(bytes, at + static_cast<std::size_t>(i));
    return value;
}

std::uint32_t littleEndian(std::string_view bytes, std::size_t at, int count) {
    std::uint32_t value = 0;
    for (int i = count; i-- > 0;) value = value << 8 | byteAt(bytes, at + static_cast<std::size_t>(i));
    return value;
}

bool isSize(std::uint32_t width, std::uint32_t height) {
    return width >= 1 && height >= 1 && width <= largestSide && height <= largestSide;
}

// CRC-32 of chunk type and data (ISO 15948, annex D).
std::uint32_t crc(std::string_view bytes) {
    static auto const table = [] {
        std::array<std::uint32_t, 256> made{};
        for (std::uint32_t n = 0; n < 256; ++n) {
            auto c = n;
            for (int bit = 0; bit < 8; ++bit) c = (c & 1) != 0 ? 0xEDB88320U ^ (c >> 1) : c >> 1;
            made[n] = c;
        }
        return made;
    }();
    std::uint32_t value = 0xFFFFFFFFU;
    for (char const byte : bytes) value = table[(value ^ static_cast<unsigned char>(byte)) & 0xFF] ^ (value >> 8);
    return ~value;
}

constexpr auto pngSignature = "\x89PNG\r\n\x1A\n"sv;

// Chunks of length, type, data and CRC: IHDR first, at least one IDAT, IEND last.
bool isWholePng(std::string_view bytes) {
    bytes.remove_prefix(pngSignature.size());
    bool first = true, hasData = false;
    while (bytes.size() >= 12) {
        auto const length = bigEndian(bytes, 0, 4);
        if (length > bytes.size() - 12) return false;
        auto const type = bytes.substr(4, 4);
        if (crc(bytes.substr(4, 4 + length)) != bigEndian(bytes, 8 + length, 4)) return false;
        if (first != (type == "IHDR"sv)) return false;
        if (first && (length != 13 || !isSize(bigEndian(bytes, 8, 4), bigEndian(bytes, 12, 4)))) return false;
        first = false;
        hasData = hasData || (type == "IDAT"sv && length > 0);
        bytes.remove_prefix(12 + length);
        if (type == "IEND"sv) return hasData && length == 0 && bytes.empty();
    }
    return false;
}

bool standsAlone(std::uint32_t marker) { return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7); }

// SOF0 … SOF15 but for DHT, JPG and DAC: the marker of a frame, which says its size.
bool isFrame(std::uint32_t marker) { return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC; }

// Behind the compressed data of a scan: at its next marker that is neither a stuffed byte nor a restart.
std::string_view behindScan(std::string_view bytes) {
    std::size_t at = 0;
    while (at + 1 < bytes.size()) {
        auto const next = byteAt(bytes, at + 1);
        if (byteAt(bytes, at) == 0xFF && next != 0x00 && next != 0xFF && !standsAlone(next)) return bytes.substr(at);
        ++at;
    }
    return {};
}

// Segments behind SOI: a frame before the first scan, EOI at the very end.
bool isWholeJpeg(std::string_view bytes) {
    bytes.remove_prefix(2);
    bool hasFrame = false, hasScan = false;
    while (bytes.size() >= 2 && byteAt(bytes, 0) == 0xFF) {
        auto const marker = byteAt(bytes, 1);
        if (marker == 0xFF) { // a fill byte
            bytes.remove_prefix(1);
            continue;
        }
        if (marker == 0xD9) return hasScan && bytes.size() == 2;
        if (marker == 0x00 || marker == 0xD8 || standsAlone(marker) || bytes.size() < 4) return false;
        auto const length = bigEndian(bytes, 2, 2);
        if (length < 2 || length > bytes.size() - 2) return false;
        if (isFrame(marker)) {
            if (hasFrame || length < 8 || !isSize(bigEndian(bytes, 7, 2), bigEndian(bytes, 5, 2))) return false;
            hasFrame = true;
        }
        bytes.remove_prefix(2 + length);
        if (marker != 0xDA) continue;
        if (!hasFrame) return false;
        hasScan = true;
        bytes = behindScan(bytes);
    }
    return false;
}

// The size that a chunk of image data says of itself; false if it is none.
bool isImageData(std::string_view type, std::string_view data) {
    if (type == "VP8 "sv) // a key frame's start code, then 14 bits each
        return data.size() >= 10 && (byteAt(data, 0) & 1) == 0 && data.substr(3, 3) == "\x9D\x01\x2A"sv &&
               isSize(littleEndian(data, 6, 2) & 0x3FFF, littleEndian(data, 8, 2) & 0x3FFF);
    if (data.size() < 5 || byteAt(data, 0) != 0x2F) return false;
    auto const bits = littleEndian(data, 1, 4);
    return isSize((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1);
}

// RIFF chunks of type, length and data, padded to an even length; the file's length is the RIFF chunk's.
bool isWholeWebp(std::string_view bytes) {
    if (littleEndian(bytes, 4, 4) != bytes.size() - 8) return false;
    bytes.remove_prefix(12);
    bool first = true, extended = false, hasImage = false;
    while (bytes.size() >= 8) {
        auto const type = bytes.substr(0, 4);
        auto const length = littleEndian(bytes, 4, 4);
        if (length > bytes.size() - 8) return false;
        auto const data = bytes.substr(8, length);
        if (type == "VP8X"sv) {
            if (!first || length != 10 || !isSize(littleEndian(data, 4, 3) + 1, littleEndian(data, 7, 3) + 1)) return false;
            extended = true;
        } else if (type == "VP8 "sv || type == "VP8L"sv) {
            if ((!first && !extended) || !isImageData(type, data)) return false;
            hasImage = true;
        } else if (type == "ANMF"sv) { // a frame of an animation holds its image data as chunks of its own
            if (!extended || length < 24) return false;
            hasImage = true;
        } else if (first) {
            return false;
        }
        first = false;
        auto const padded = length + (length & 1);
        if (padded > bytes.size() - 8) return false;
        bytes.remove_prefix(8 + padded);
    }
    return hasImage && bytes.empty();
}

} // namespace

std::string_view mediaType(Picture kind) {
    switch (kind) {
        case Picture::png:
            return "image/png";
        case Picture::jpeg:
            return "image/jpeg";
        case Picture::webp:
            return "image/webp";
    }
    return {};
}

std::optional<Picture> kindOf(std::string_view bytes) {
    if (bytes.starts_with(pngSignature)) return Picture::png;
    if (bytes.starts_with("\xFF\xD8\xFF"sv)) return Picture::jpeg;
    if (bytes.size() >= 12 && bytes.starts_with("RIFF"sv) && bytes.substr(8, 4) == "WEBP"sv) return Picture::webp;
    return std::nullopt;
}

bool isWhole(Picture kind, std::string_view bytes) {
    switch (kind) {
        case Picture::png:
            return isWholePng(bytes);
        case Picture::jpeg:
            return isWholeJpeg(bytes);
        case Picture::webp:
            return isWholeWebp(bytes);
    }
    return false;
}

} // namespace visavis::profiles
