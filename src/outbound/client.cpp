// HTTP through libcurl.
#include "outbound/client.hpp"

#include "core/text.hpp"
#include "outbound/curl.hpp"

#include <algorithm>
#include <optional>

namespace visavis::outbound {
namespace {

// What the callbacks fill while the answer comes in.
struct Receiver {
    ClientSettings const& settings;
    OutAnswer answer;
    std::size_t headerBytes = 0;
    bool overflow = false;
};

std::size_t onBody(char* bytes, std::size_t, std::size_t count, void* user) {
    auto& receiver = *static_cast<Receiver*>(user);
    receiver.overflow = receiver.overflow || receiver.answer.body.size() + count > receiver.settings.maxBody;
    if (receiver.overflow) return 0;
    receiver.answer.body.append(bytes, count);
    return count;
}

std::size_t onHeader(char* bytes, std::size_t, std::size_t count, void* user) {
    auto& receiver = *static_cast<Receiver*>(user);
    receiver.headerBytes += count;
    receiver.overflow = receiver.overflow || receiver.headerBytes > receiver.settings.maxHeaders;
    if (receiver.overflow) return 0;
    std::string_view const line(bytes, count);
    if (line.starts_with("HTTP/")) receiver.answer.headers.clear(); // a 1xx answer came before this one
    if (auto const colon = line.find(':'); colon != line.npos && !line.starts_with("HTTP/")) {
        receiver.answer.headers.push_back({lowered(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1)))});
    }
    return count;
}

bool isPlain(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

// A line break in a header would start another one.
Result<void> addHeaders(CurlList& list, OutRequest const& request) {
    for (auto const& header : request.headers) {
        if (!isPlain(header.name) || !isPlain(header.value))
            return failure(Code::malformed, "bad_header", "A header holds control characters.");
        list.add(header.name + ": " + header.value);
    }
    list.add("Expect:"); // a request of a few hundred bytes need not ask first
    return ok;
}

void setMethod(CurlHandle const& handle, OutRequest const& request) {
    if (request.method == "HEAD") return setOption(handle, CURLOPT_NOBODY, 1L);
    if (request.method == "GET" && request.body.empty()) return setOption(handle, CURLOPT_HTTPGET, 1L);
    bool const carries = request.method == "POST" || !request.body.empty();
    if (carries) {
        setOption(handle, CURLOPT_POST, 1L);
        setOption(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        setOption(handle, CURLOPT_POSTFIELDS, request.body.data());
    }
    if (request.method != "POST") setOption(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

void setOptions(CurlHandle const& handle, OutRequest const& request, CurlList const& headers, Receiver& receiver) {
    auto const& settings = receiver.settings;
    setCommonOptions(handle, request.url, request.timeouts.connect.count(), request.timeouts.total.count(), settings.caFile);
    setMethod(handle, request);
    setOption(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    setOption(handle, CURLOPT_FOLLOWLOCATION, 0L);
    setOption(handle, CURLOPT_PROXY, settings.proxy.c_str());
    setOption(handle, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
    setOption(handle, CURLOPT_USERAGENT, settings.userAgent.c_str());
    setOption(handle, CURLOPT_HTTPHEADER, headers.get());
    setOption(handle, CURLOPT_FRESH_CONNECT, request.once ? 1L : 0L);
    setOption(handle, CURLOPT_WRITEFUNCTION, &onBody);
    setOption(handle, CURLOPT_WRITEDATA, &receiver);
    setOption(handle, CURLOPT_HEADERFUNCTION, &onHeader);
    setOption(handle, CURLOPT_HEADERDATA, &receiver);
}

Error troubleOf(CURLcode code, CurlHandle const& handle, Receiver const& receiver) {
    long sentBytes = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_REQUEST_SIZE, &sentBytes);
    auto const* key = receiver.overflow ? trouble::tooLarge : sentBytes == 0 ? trouble::notConnected : trouble::noAnswer;
    return failure(Code::unavailable, key, curl_easy_strerror(code));
}

} // namespace

std::string_view OutAnswer::header(std::string_view name) const {
    auto const found = std::find_if(headers.rbegin(), headers.rend(), [&](Header const& h) { return equalIgnoringCase(h.name, name); });
    return found == headers.rend() ? std::string_view() : std::string_view(found->value);
}

CurlClient::CurlClient(ClientSettings settings) : settings_(std::move(settings)), pool_(std::make_unique<CurlPool>()) {}

CurlClient::~CurlClient() = default;

Result<OutAnswer> CurlClient::send(OutRequest const& request) {
    CurlList headers;
    CHECK(addHeaders(headers, request));
    auto handle = pool_->take();
    Receiver receiver{.settings = settings_, .answer = {}};
    setOptions(handle, request, headers, receiver);

    auto const code = curl_easy_perform(handle.get());
    long status = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
    std::optional<Error> error;
    if (code != CURLE_OK) error = troubleOf(code, handle, receiver);
    pool_->giveBack(std::move(handle));
    if (error) return *std::move(error);
    receiver.answer.status = static_cast<int>(status);
    return std::move(receiver.answer);
}

} // namespace visavis::outbound
