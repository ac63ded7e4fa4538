// Where a message begins and ends in the bytes of a connection: the head's last line and chunked bodies (RFC 9112), read strictly,
// because every tolerance here is a way to smuggle a request past a proxy. Pure: no sockets, bytes may come in any pieces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace visavis::http {

// Finds the end of a head. Refuses lines that end in a bare LF and folded header lines (obs-fold).
class HeadScanner {
public:
    enum class Found : std::uint8_t { more, head, malformed, tooLarge };

    // `bytes` is everything since the start of the head, each time; what was scanned before is not looked at again.
    Found scan(std::string_view bytes, std::size_t limit);
    std::size_t size() const { return line_; } // of a found head, its last empty line included
    void reset() { *this = {}; }

private:
    std::size_t seen_ = 0;
    std::size_t line_ = 0; // where the current line starts
};

// Joins the chunks of a chunked body. Chunk extensions and trailers are checked for form and dropped.
class ChunkDecoder {
public:
    enum class State : std::uint8_t { more, done, malformed, tooLarge };

    // Takes bytes off the front of `bytes` and appends data to `out`, until the body ends or the bytes do.
    State feed(std::string_view& bytes, std::string& out, std::size_t limit);

private:
    enum class At : std::uint8_t { size, extension, sizeEnd, data, dataReturn, dataEnd, trailer, inTrailer, trailerEnd, bodyEnd };

    bool takeSize(char c);
    bool takeLine(char c);
    bool takeTrailer(char c);
    bool sizeDone();

    At at_ = At::size;
    std::uint8_t digits_ = 0;  // of the size line being read
    std::uint64_t left_ = 0;   // bytes of the current chunk still to come
    std::size_t overhead_ = 0; // bytes of extensions and trailers so far
};

} // namespace visavis::http
