// Beast's parser with callbacks that write straight into a Request; only heads go through it, bodies are framing.cpp's.
#include "http/head.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>

namespace visavis::http {

namespace {

namespace beast = boost::beast;
using beast::error_code;
using beast::http::field;

constexpr Refusal malformed{400, "bad_request", "The request is not valid HTTP/1.1."};
constexpr Refusal badFraming{400, "bad_request", "The length of the request body is ambiguous."};
constexpr Refusal badHost{400, "bad_request", "The request needs exactly one Host."};
constexpr Refusal badTarget{400, "bad_request", "The request target must be a path."};
constexpr Refusal badExpectation{417, "expectation_failed", "The only expectation understood is 100-continue."};
constexpr Refusal badVersion{505, "version_not_supported", "Only HTTP/1.1 and HTTP/1.0 are understood."};

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

class HeadParser final : public beast::http::basic_parser<true> {
public:
    HeadParser(Request& request, Framing& framing, std::size_t size) : request_(request), framing_(framing) {
        header_limit(static_cast<std::uint32_t>(size));
        skip(true); // the body is not for this parser
        request_.headers.reserve(size, 12);
    }

    std::optional<Refusal> refusal() const { return refusal_; }

    // What only the whole head can tell.
    std::optional<Refusal> finish() {
        bool const wrong = transferEncodings_ > 0 && framing_.http10;
        if (wrong || transferEncodings_ + contentLengths_ > 1) return badFraming;
        if (hosts_ != 1 && !(framing_.http10 && hosts_ == 0)) return badHost;
        framing_.keepAlive = keep_alive();
        if (transferEncodings_ == 1) framing_.body = Framing::Body::chunked;
        if (framing_.length > 0) framing_.body = Framing::Body::length;
        if (framing_.body == Framing::Body::none || framing_.http10) framing_.expectContinue = false;
        return std::nullopt;
    }

private:
    void refuse(Refusal const& why, error_code& ec) {
        refusal_ = why;
        ec = beast::http::error::bad_value;
    }

    void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target, int version, error_code& ec) override {
        request_.methodWord.assign(method.data(), method.size());
        request_.method = methodOf(request_.methodWord);
        framing_.http10 = version == 10;
        if (!takeTarget(view(target))) refuse(badTarget, ec);
    }

    // Origin form, "*" for OPTIONS, or absolute form, of which the path is kept (RFC 9112 §3.2).
    bool takeTarget(std::string_view target) {
        if (target == "*") {
            request_.target = target;
            return request_.method == Method::options;
        }
        for (std::string_view const scheme : {"http://", "https://"}) {
            if (!equalIgnoringCase(target.substr(0, scheme.size()), scheme)) continue;
            target.remove_prefix(std::min(target.size(), target.find_first_of("/?", scheme.size())));
            request_.target = target.starts_with('/') ? "" : "/";
            request_.target += target;
            return true;
        }
        request_.target = target;
        return target.starts_with('/');
    }

    void on_field_impl(field name, beast::string_view word, beast::string_view text, error_code& ec) override {
        auto const value = view(text);
        request_.headers.add(view(word), value);
        switch (name) {
            case field::host:
                ++hosts_;
                break;
            case field::content_length:
                ++contentLengths_;
                framing_.length = number(value);
                if (!isNumber(value)) refuse(badFraming, ec);
                break;
            case field::transfer_encoding:
                ++transferEncodings_;
                if (!equalIgnoringCase(value, "chunked")) refuse(badFraming, ec);
                break;
            case field::expect:
                framing_.expectContinue = equalIgnoringCase(value, "100-continue");
                if (!framing_.expectContinue) refuse(badExpectation, ec);
                break;
            default:
                break;
        }
    }

    static bool isNumber(std::string_view text) {
        return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    }

    // Beast has refused what does not fit 64 bits by now.
    static std::uint64_t number(std::string_view digits) {
        std::uint64_t value = 0;
        for (char const c : digits) value = value * 10 + static_cast<unsigned char>(c - '0');
        return value;
    }

    void on_header_impl(error_code&) override {}
    void on_finish_impl(error_code&) override {}
    void on_response_impl(int, beast::string_view, int, error_code&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
    std::size_t on_body_impl(beast::string_view, error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view, error_code&) override { return 0; }

    Request& request_;
    Framing& framing_;
    std::optional<Refusal> refusal_;
    unsigned hosts_ = 0;
    unsigned contentLengths_ = 0;
    unsigned transferEncodings_ = 0;
};

Refusal refusalOf(error_code const& ec) {
    if (ec == beast::http::error::bad_version) return badVersion;
    if (ec == beast::http::error::bad_content_length || ec == beast::http::error::multiple_content_length) return badFraming;
    if (ec == beast::http::error::bad_transfer_encoding) return badFraming;
    return malformed;
}

} // namespace

std::optional<Refusal> parseHead(std::string_view head, Request& request, Framing& framing) {
    HeadParser parser(request, framing, head.size());
    error_code ec;
    auto const used = parser.put(boost::asio::buffer(head.data(), head.size()), ec);
    if (parser.refusal()) return parser.refusal();
    if (ec) return refusalOf(ec);
    if (!parser.is_header_done() || used != head.size()) return malformed;
    return parser.finish();
}

} // namespace visavis::http
