// The smallest pictures of each kind: every part that the format asks for, and pixels that nobody looks at.
#pragma once

#include <cstdint>
#include <string>

namespace visavis::support {

inline std::string bigEndian(std::uint32_t value, int count) {
    std::string bytes;
    for (int i = count; i-- > 0;) bytes += static_cast<char>(value >> (8 * i) & 0xFF);
    return bytes;
}

inline std::string littleEndian(std::uint32_t value, int count) {
    std::string bytes;
    for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xFF);
    return bytes;
}

// Bit by bit, unlike the table that it checks.
inline std::uint32_t crc32(std::string const& bytes) {
    std::uint32_t crc = 0xFFFFFFFFU;
    for (char const byte : bytes) {
        crc ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xEDB88320U : 0);
    }
    return ~crc;
}

inline std::string pngChunk(std::string const& type, std::string const& data) {
    return bigEndian(static_cast<std::uint32_t>(data.size()), 4) + type + data + bigEndian(crc32(type + data), 4);
}

inline std::string pngOf(std::uint32_t width, std::uint32_t height, std::string const& data = "pixels") {
    auto const header = bigEndian(width, 4) + bigEndian(height, 4) + std::string("\x08\x02\x00\x00\x00", 5);
    return std::string("\x89PNG\r\n\x1A\n", 8) + pngChunk("IHDR", header) + pngChunk("IDAT", data) + pngChunk("IEND", "");
}

inline std::string jpegOf(std::uint32_t width, std::uint32_t height) {
    auto const segment = [](char marker, std::string const& data) {
        return std::string("\xFF") + marker + bigEndian(static_cast<std::uint32_t>(data.size() + 2), 2) + data;
    };
    return std::string("\xFF\xD8", 2) + segment('\xE0', std::string("JFIF\0\1\1\0\0\1\0\1\0\0", 14)) +
           segment('\xC0', '\x08' + bigEndian(height, 2) + bigEndian(width, 2) + std::string("\x01\x01\x11\x00", 4)) +
           segment('\xDA', std::string("\x01\x01\x00\x00\x3F\x00", 6)) + std::string("\x2A\xFF\x00\xFF\xD0\x55", 6) +
           std::string("\xFF\xD9", 2);
}

inline std::string webpOf(std::uint32_t width, std::uint32_t height) {
    auto const data = "\x2F" + littleEndian((width - 1) | (height - 1) << 14, 4) + "pixels";
    auto const chunk =
        "VP8L" + littleEndian(static_cast<std::uint32_t>(data.size()), 4) + data + (data.size() % 2 == 1 ? std::string(1, '\0') : "");
    return "RIFF" + littleEndian(static_cast<std::uint32_t>(chunk.size() + 4), 4) + "WEBP" + chunk;
}

} // namespace visavis::support
