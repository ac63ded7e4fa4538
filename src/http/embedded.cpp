// Which form of a file an answer has.
#include "http/embedded.hpp"

#include "http/gzip.hpp"

namespace visavis::http {

Response fileAnswer(Request const& request, EmbeddedFile const& file) {
    bool const packed = !file.packed.empty() && acceptsGzip(request.header("accept-encoding"));
    auto response = answer(200, std::string(file.contentType), std::string(packed ? file.packed : file.plain));
    if (packed) response.with("Content-Encoding", "gzip");
    response.with("Vary", "Accept-Encoding");
    return response;
}

} // namespace visavis::http
