// Two small state machines over bytes.
#include "http/framing.hpp"

#include "http/escape.hpp"

#include <algorithm>

namespace visavis::http {

namespace {

constexpr std::size_t maxOverhead = 8 * 1024;
constexpr unsigned maxDigits = 16;
constexpr std::uint64_t maxChunk = std::uint64_t{1} << 40U; // far above any limit, far below an overflow

// What may stand in extensions and trailers: everything but controls, tab excepted.
bool isText(char c) {
    auto const byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7F) || c == '\t';
}

} // namespace

HeadScanner::Found HeadScanner::scan(std::string_view bytes, std::size_t limit) {
    while (seen_ < bytes.size()) {
        auto const feed = bytes.find('\n', seen_);
        if (feed == std::string_view::npos) {
            seen_ = bytes.size();
            break;
        }
        if (feed == 0 || bytes[feed - 1] != '\r') return Found::malformed;
        bool const folded = line_ != 0 && (bytes[line_] == ' ' || bytes[line_] == '\t');
        if (folded) return Found::malformed;
        bool const empty = feed - line_ == 1;
        seen_ = feed + 1;
        line_ = seen_;
        if (empty) return line_ > limit ? Found::tooLarge : Found::head;
    }
    return bytes.size() >= limit ? Found::tooLarge : Found::more;
}

ChunkDecoder::State ChunkDecoder::feed(std::string_view& bytes, std::string& out, std::size_t limit) {
    while (!bytes.empty()) {
        if (at_ == At::data) {
            auto const size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
            if (size > limit - out.size()) return State::tooLarge;
            out.append(bytes.substr(0, size));
            bytes.remove_prefix(size);
            left_ -= size;
            if (left_ == 0) at_ = At::dataReturn;
            continue;
        }
        char const c = bytes.front();
        bytes.remove_prefix(1);
        if (at_ == At::bodyEnd) return c == '\n' ? State::done : State::malformed;
        bool const fits = at_ <= At::sizeEnd ? takeSize(c) : at_ <= At::dataEnd ? takeLine(c) : takeTrailer(c);
        if (!fits) return State::malformed;
        if (at_ == At::data && left_ > limit - out.size()) return State::tooLarge;
    }
    return State::more;
}

// size = 1*HEXDIG [ ";" extension ] CRLF
bool ChunkDecoder::takeSize(char c) {
    if (at_ == At::sizeEnd) return c == '\n' && sizeDone();
    if (c == '\r') {
        at_ = At::sizeEnd;
        return digits_ > 0;
    }
    if (at_ == At::extension) return isText(c) && ++overhead_ <= maxOverhead;
    if (c == ';') {
        at_ = At::extension;
        return digits_ > 0;
    }
    int const digit = hexDigit(c);
    if (digit < 0 || ++digits_ > maxDigits) return false;
    left_ = left_ * 16 + static_cast<unsigned>(digit);
    return left_ <= maxChunk;
}

bool ChunkDecoder::sizeDone() {
    at_ = left_ == 0 ? At::trailer : At::data;
    digits_ = 0;
    return true;
}

// The CRLF after a chunk's data.
bool ChunkDecoder::takeLine(char c) {
    bool const first = at_ == At::dataReturn;
    at_ = first ? At::dataEnd : At::size;
    return c == (first ? '\r' : '\n');
}

// *( field CRLF ) CRLF
bool ChunkDecoder::takeTrailer(char c) {
    if (at_ == At::trailerEnd) {
        at_ = At::trailer;
        return c == '\n';
    }
    if (c == '\r') {
        at_ = at_ == At::trailer ? At::bodyEnd : At::trailerEnd;
        return true;
    }
    bool const folded = at_ == At::trailer && (c == ' ' || c == '\t');
    at_ = At::inTrailer;
    return !folded && isText(c) && ++overhead_ <= maxOverhead;
}

} // namespace visavis::http
