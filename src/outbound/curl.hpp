// What client.cpp and smtp.cpp share of libcurl: reusable handles, header lists and setting options. Private to outbound.
#pragma once

#include <curl/curl.h>

#include <cassert>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <vector>

namespace visavis::outbound {

struct CurlClose {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using CurlHandle = std::unique_ptr<CURL, CurlClose>;

// A handle keeps its open connections while it waits here.
class CurlPool {
public:
    CurlPool() {
        static CURLcode const started = curl_global_init(CURL_GLOBAL_DEFAULT);
        if (started != CURLE_OK) throw std::bad_alloc();
    }

    CurlHandle take() {
        {
            std::lock_guard const lock(mutex_);
            if (!idle_.empty()) {
                auto handle = std::move(idle_.back());
                idle_.pop_back();
                return handle;
            }
        }
        CurlHandle handle(curl_easy_init());
        if (!handle) throw std::bad_alloc();
        return handle;
    }

    void giveBack(CurlHandle handle) {
        curl_easy_reset(handle.get());
        std::lock_guard const lock(mutex_);
        if (idle_.size() < 32) idle_.push_back(std::move(handle));
    }

private:
    std::mutex mutex_;
    std::vector<CurlHandle> idle_;
};

// Options only fail for want of memory or because this libcurl was built without them.
template <class Value> void setOption(CurlHandle const& handle, CURLoption option, Value value) {
    [[maybe_unused]] auto const done = curl_easy_setopt(handle.get(), option, value);
    assert(done == CURLE_OK);
}

class CurlList {
public:
    CurlList() = default;
    CurlList(CurlList const&) = delete;
    CurlList& operator=(CurlList const&) = delete;
    ~CurlList() { curl_slist_free_all(first_); }
    void add(std::string const& line) {
        auto* const longer = curl_slist_append(first_, line.c_str());
        if (longer == nullptr) throw std::bad_alloc();
        first_ = longer;
    }
    curl_slist* get() const { return first_; }

private:
    curl_slist* first_ = nullptr;
};

// What holds for HTTP and SMTP alike. No signals: many threads; no environment proxy: settings decide.
inline void setCommonOptions(CurlHandle const& handle, std::string const& url, long connectMs, long totalMs, std::string const& caFile) {
    setOption(handle, CURLOPT_URL, url.c_str());
    setOption(handle, CURLOPT_NOSIGNAL, 1L);
    setOption(handle, CURLOPT_CONNECTTIMEOUT_MS, connectMs);
    setOption(handle, CURLOPT_TIMEOUT_MS, totalMs);
    setOption(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    setOption(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    setOption(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!caFile.empty()) setOption(handle, CURLOPT_CAINFO, caFile.c_str());
}

// Nothing had been sent when these happened.
inline bool beforeSending(CURLcode code) {
    switch (code) {
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_URL_MALFORMAT:
        case CURLE_COULDNT_RESOLVE_PROXY:
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_CONNECT:
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_USE_SSL_FAILED:
            return true;
        default:
            return false;
    }
}

} // namespace visavis::outbound
