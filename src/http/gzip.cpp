// zlib, at once: answers fit into memory.
#include "http/gzip.hpp"

#include "core/text.hpp"

#include <cassert>

#include <zlib.h>

namespace visavis::http {
namespace {

constexpr int gzipFormat = 15 + 16; // the largest window, with a gzip header (zlib.h, deflateInit2)

Bytef* bytesOf(std::string_view text) { return reinterpret_cast<Bytef*>(const_cast<char*>(text.data())); }

// "gzip;q=0" and its spellings say no.
bool isRefusal(std::string_view parameters) {
    auto const q = parameters.find("q=");
    if (q == parameters.npos) return false;
    auto const weight = trimmed(parameters.substr(q + 2));
    return weight.find_first_not_of("0.") == weight.npos;
}

} // namespace

bool acceptsGzip(std::string_view header) {
    bool any = false;
    for (auto rest = header; !rest.empty();) {
        auto const comma = rest.find(',');
        auto const piece = rest.substr(0, comma);
        rest = comma == rest.npos ? std::string_view() : rest.substr(comma + 1);
        auto const semicolon = piece.find(';');
        auto const name = trimmed(piece.substr(0, semicolon));
        bool const taken = semicolon == piece.npos || !isRefusal(piece.substr(semicolon + 1));
        if (equalIgnoringCase(name, "gzip")) return taken;
        any = any || (name == "*" && taken);
    }
    return any;
}

std::string gzipped(std::string_view bytes, int level) {
    z_stream stream{};
    [[maybe_unused]] int const begun = deflateInit2(&stream, level, Z_DEFLATED, gzipFormat, 8, Z_DEFAULT_STRATEGY);
    assert(begun == Z_OK);
    std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
    stream.next_in = bytesOf(bytes);
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = bytesOf(out);
    stream.avail_out = static_cast<uInt>(out.size());
    [[maybe_unused]] int const ended = deflate(&stream, Z_FINISH);
    assert(ended == Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string gunzipped(std::string_view bytes) {
    z_stream stream{};
    if (inflateInit2(&stream, gzipFormat) != Z_OK) return {};
    stream.next_in = bytesOf(bytes);
    stream.avail_in = static_cast<uInt>(bytes.size());
    std::string out;
    int state = Z_OK;
    while (state == Z_OK) {
        char block[16 * 1024];
        stream.next_out = reinterpret_cast<Bytef*>(block);
        stream.avail_out = sizeof block;
        state = inflate(&stream, Z_NO_FLUSH);
        out.append(block, sizeof block - stream.avail_out);
        if (state == Z_OK && stream.avail_in == 0 && stream.avail_out != 0) break;
    }
    inflateEnd(&stream);
    return state == Z_STREAM_END ? out : std::string();
}

} // namespace visavis::http
