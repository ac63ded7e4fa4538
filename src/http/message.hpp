// What a handler receives and what it answers: plain values that know nothing of sockets.
#pragma once

#include "core/text.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace visavis::http {

class Stream;

enum class Method : std::uint8_t { get, head, post, put, patch, del, options, other };

std::string_view word(Method method);   // "GET" …; Method::other has no word of its own and gives ""
Method methodOf(std::string_view word); // case-sensitive (RFC 9110 §9.1); unknown words give Method::other

struct Header {
    std::string name;
    std::string value;
};

// Header fields in the order they came, kept in one block of text. Names compare without case; a repeated name stays repeated.
class Headers {
public:
    struct View {
        std::string_view name;
        std::string_view value;
    };

    void add(std::string_view name, std::string_view value);
    void reserve(std::size_t bytes, std::size_t fields);
    std::size_t size() const { return spans_.size(); }
    View operator[](std::size_t index) const;
    // The first value of that name, or an empty view when there is none.
    std::string_view get(std::string_view name) const;
    std::size_t count(std::string_view name) const;

private:
    struct Span {
        std::uint32_t at;
        std::uint32_t nameSize;
        std::uint32_t valueSize;
    };
    std::string text_;
    std::vector<Span> spans_;
};

struct Request {
    Method method = Method::get;
    std::string methodWord = "GET"; // as sent, also when the method is `other`
    std::string target = "/";       // origin form, percent-encoded as sent; "*" for OPTIONS *
    Headers headers;
    std::string body;        // whole, chunks already joined
    std::string peer;        // IP address of the connection's other end, without the port
    std::uint32_t route = 0; // what Plan::route said, for a dispatcher that would rather not match twice

    std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
    std::string_view query() const { // without the question mark
        auto const mark = target.find('?');
        return mark == std::string::npos ? std::string_view() : std::string_view(target).substr(mark + 1);
    }
    std::string_view header(std::string_view name) const { return headers.get(name); }
    std::size_t headerCount(std::string_view name) const { return headers.count(name); }
};

// The server itself writes Content-Length, Transfer-Encoding, Connection and Date; the same names in `headers` are left out.
struct Response {
    int status = 200;
    std::vector<Header> headers;
    std::string body;
    std::shared_ptr<std::string const> shared; // sent instead of `body` when set, without a copy
    bool close = false;                        // close the connection after this answer
    bool hangUp = false;                       // close the connection without any answer: how the sandbox loses one
    // When set there is no body: the function is called on an I/O thread once the head is on its way, and must be quick.
    std::function<void(std::shared_ptr<Stream>)> stream;

    std::string_view content() const { return shared ? std::string_view(*shared) : std::string_view(body); }
    Response& with(std::string name, std::string value) {
        headers.push_back({std::move(name), std::move(value)});
        return *this;
    }
};

// Why the server itself refuses a request. The texts are constants.
struct Refusal {
    int status;              // 400, 408, 413, 417, 431, 500, 503, 505
    std::string_view code;   // bad_request, request_timeout, too_large, expectation_failed, headers_too_large, internal, unavailable, …
    std::string_view detail; // for people
};

Response answer(int status, std::string contentType, std::string body);
// RFC 9457 body of the answers the server gives by itself: {type,title,status,code,detail}.
Response problem(int status, std::string_view code, std::string_view detail);
std::string_view reason(int status); // "Not Found"; "" for a status this table does not have

} // namespace visavis::http
