// Hand-written serialisation: every byte of it is on the path of every answer.
#include "http/serialise.hpp"

#include <array>
#include <charconv>

#include <fmt/format.h>

namespace visavis::http {

namespace {

constexpr std::string_view weekdays = "MonTueWedThuFriSatSun";
constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";

void appendNumber(std::string& out, std::uint64_t number) {
    std::array<char, 20> digits;
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

bool isOurs(std::string_view name) {
    switch (name.size()) {
        case 4:
            return equalIgnoringCase(name, "Date");
        case 10:
            return equalIgnoringCase(name, "Connection") || equalIgnoringCase(name, "Keep-Alive");
        case 14:
            return equalIgnoringCase(name, "Content-Length");
        case 17:
            return equalIgnoringCase(name, "Transfer-Encoding");
        default:
            return false;
    }
}

bool isToken(std::string_view name) {
    for (char const c : name) {
        bool const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && std::string_view("!#$%&'*+-.^_`|~").find(c) == std::string_view::npos) return false;
    }
    return !name.empty();
}

bool isSafeValue(std::string_view value) { return value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos; }

} // namespace

std::string dateLine(Instant now) {
    auto const seconds = (now.ms - (((now.ms % 1000) + 1000) % 1000)) / 1000;
    auto const days = (seconds - (((seconds % 86'400) + 86'400) % 86'400)) / 86'400;
    LocalDate const date{static_cast<std::int32_t>(days)};
    auto const day = civil(date);
    auto const rest = seconds - days * 86'400;
    return fmt::format("Date: {}, {:02} {} {:04} {:02}:{:02}:{:02} GMT\r\n",
                       weekdays.substr(static_cast<std::size_t>(date.weekday()) * 3, 3), day.day,
                       months.substr(static_cast<std::size_t>(day.month - 1) * 3, 3), day.year, rest / 3600, rest / 60 % 60, rest % 60);
}

bool mayHaveBody(int status) { return status >= 200 && status != 204 && status != 304; }

bool appendHead(std::string& out, Response const& response, Delivery const& delivery) {
    for (auto const& [name, value] : response.headers) {
        if (!isToken(name) || !isSafeValue(value)) return false;
    }
    if (response.status == 200) {
        out += "HTTP/1.1 200 OK\r\n";
    } else {
        out += "HTTP/1.1 ";
        appendNumber(out, static_cast<std::uint64_t>(response.status));
        out.append(" ").append(reason(response.status)).append("\r\n");
    }
    out += delivery.date;
    for (auto const& [name, value] : response.headers) {
        if (!isOurs(name)) out.append(name).append(": ").append(value).append("\r\n");
    }
    if (!delivery.keepAlive) out += "Connection: close\r\n";
    if (delivery.keepAlive && delivery.http10) out += "Connection: keep-alive\r\n";
    if (response.stream) {
        if (!delivery.http10) out += "Transfer-Encoding: chunked\r\n";
    } else if (mayHaveBody(response.status)) {
        out += "Content-Length: ";
        appendNumber(out, response.content().size());
        out += "\r\n";
    }
    out += "\r\n";
    return true;
}

} // namespace visavis::http
