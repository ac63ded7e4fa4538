// SMTP through libcurl.
#include "outbound/smtp.hpp"

#include "outbound/client.hpp"
#include "outbound/curl.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

namespace visavis::outbound {
namespace {

struct Source {
    std::string_view rest;
};

std::size_t onRead(char* buffer, std::size_t size, std::size_t count, void* user) {
    auto& source = *static_cast<Source*>(user);
    auto const part = std::min(size * count, source.rest.size());
    std::memcpy(buffer, source.rest.data(), part);
    source.rest.remove_prefix(part);
    return part;
}

void setLogin(CurlHandle const& handle, SmtpServer const& server) {
    if (server.user.empty()) return;
    setOption(handle, CURLOPT_USERNAME, server.user.c_str());
    setOption(handle, CURLOPT_PASSWORD, server.password.c_str());
}

void setServer(CurlHandle const& handle, SmtpServer const& server) {
    setCommonOptions(handle, server.url, server.connectTimeout.count(), server.totalTimeout.count(), server.caFile);
    setLogin(handle, server);
    setOption(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    setOption(handle, CURLOPT_PROXY, "");
    setOption(handle, CURLOPT_USE_SSL, static_cast<long>(server.requireTls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
}

// The code of a refusal, if it was one: anything else that went wrong has left no final word.
std::optional<int> finalWord(CurlHandle const& handle) {
    long status = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status < 400 || status > 599) return std::nullopt;
    return static_cast<int>(status);
}

// Performs what the handle was told to, and tells the last word.
Result<int> perform(CurlPool& pool, CurlHandle handle) {
    auto const code = curl_easy_perform(handle.get());
    auto const refusal = finalWord(handle);
    pool.giveBack(std::move(handle));
    if (code == CURLE_OK) return 250;
    if (refusal) return *refusal;
    return failure(Code::unavailable, beforeSending(code) ? trouble::notConnected : trouble::noAnswer, curl_easy_strerror(code));
}

} // namespace

SmtpClient::SmtpClient(SmtpServer server) : server_(std::move(server)), pool_(std::make_unique<CurlPool>()) {}

SmtpClient::~SmtpClient() = default;

Result<int> SmtpClient::send(SmtpMessage const& message) {
    CurlList recipients;
    recipients.add("<" + message.to + ">");
    auto const sender = "<" + message.from + ">";
    Source source{message.content};

    auto handle = pool_->take();
    setServer(handle, server_);
    setOption(handle, CURLOPT_MAIL_FROM, sender.c_str());
    setOption(handle, CURLOPT_MAIL_RCPT, recipients.get());
    setOption(handle, CURLOPT_UPLOAD, 1L);
    setOption(handle, CURLOPT_READFUNCTION, &onRead);
    setOption(handle, CURLOPT_READDATA, &source);
    return perform(*pool_, std::move(handle));
}

Result<int> SmtpClient::check() {
    auto handle = pool_->take();
    setServer(handle, server_);
    setOption(handle, CURLOPT_CUSTOMREQUEST, "NOOP");
    setOption(handle, CURLOPT_NOBODY, 1L); // else its answer would be written to standard output
    return perform(*pool_, std::move(handle));
}

} // namespace visavis::outbound
