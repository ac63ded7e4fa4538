// Words of the protocol, the header block, and the answers the server gives by itself.
#include "http/message.hpp"

#include <array>
#include <cassert>
#include <limits>

namespace visavis::http {

namespace {

constexpr std::array<std::string_view, 8> words{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", ""};

// Only texts of this file's callers come here, but a quote in one of them must not break the document.
void appendQuoted(std::string& out, std::string_view text) {
    out += '"';
    for (char const c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (static_cast<unsigned char>(c) >= 0x20) out += c;
    }
    out += '"';
}

} // namespace

std::string_view word(Method method) { return words[static_cast<std::size_t>(method)]; }

Method methodOf(std::string_view text) {
    for (std::size_t i = 0; i < words.size() - 1; ++i) {
        if (words[i] == text) return static_cast<Method>(i);
    }
    return Method::other;
}

void Headers::add(std::string_view name, std::string_view value) {
    assert(text_.size() + name.size() + value.size() <= std::numeric_limits<std::uint32_t>::max());
    auto const at = static_cast<std::uint32_t>(text_.size());
    text_.append(name).append(value);
    spans_.push_back({at, static_cast<std::uint32_t>(name.size()), static_cast<std::uint32_t>(value.size())});
}

void Headers::reserve(std::size_t bytes, std::size_t fields) {
    text_.reserve(bytes);
    spans_.reserve(fields);
}

Headers::View Headers::operator[](std::size_t index) const {
    assert(index < spans_.size());
    auto const& span = spans_[index];
    std::string_view const text(text_);
    return {text.substr(span.at, span.nameSize), text.substr(span.at + span.nameSize, span.valueSize)};
}

std::string_view Headers::get(std::string_view name) const {
    for (std::size_t i = 0; i < size(); ++i) {
        if (spans_[i].nameSize == name.size() && equalIgnoringCase((*this)[i].name, name)) return (*this)[i].value;
    }
    return {};
}

std::size_t Headers::count(std::string_view name) const {
    std::size_t found = 0;
    for (std::size_t i = 0; i < size(); ++i) {
        if (spans_[i].nameSize == name.size() && equalIgnoringCase((*this)[i].name, name)) ++found;
    }
    return found;
}

Response answer(int status, std::string contentType, std::string body) {
    Response response;
    response.status = status;
    if (!contentType.empty()) response.headers.push_back({"Content-Type", std::move(contentType)});
    response.body = std::move(body);
    return response;
}

Response problem(int status, std::string_view code, std::string_view detail) {
    std::string body = R"({"type":"about:blank","title":)";
    appendQuoted(body, reason(status));
    body.append(",\"status\":").append(std::to_string(status)).append(",\"code\":");
    appendQuoted(body, code);
    body += ",\"detail\":";
    appendQuoted(body, detail);
    body += '}';
    return answer(status, "application/problem+json", std::move(body));
}

// clang-format off
std::string_view reason(int status) {
    switch (status) {
        case 200: return "OK";
        case 201: return "Created";
        case 202: return "Accepted";
        case 204: return "No Content";
        case 206: return "Partial Content";
        case 301: return "Moved Permanently";
        case 302: return "Found";
        case 303: return "See Other";
        case 304: return "Not Modified";
        case 307: return "Temporary Redirect";
        case 308: return "Permanent Redirect";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 402: return "Payment Required";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 406: return "Not Acceptable";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 410: return "Gone";
        case 412: return "Precondition Failed";
        case 413: return "Content Too Large";
        case 415: return "Unsupported Media Type";
        case 417: return "Expectation Failed";
        case 422: return "Unprocessable Content";
        case 425: return "Too Early";
        case 428: return "Precondition Required";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 501: return "Not Implemented";
        case 502: return "Bad Gateway";
        case 503: return "Service Unavailable";
        case 504: return "Gateway Timeout";
        case 505: return "HTTP Version Not Supported";
        default: return "";
    }
}
// clang-format on

} // namespace visavis::http
