// The sending half of an answer that does not end by itself (Server-Sent Events): chunks are pushed from any thread.
#pragma once

#include <functional>
#include <string>

namespace visavis::http {

// Every member may be called from any thread, also after the connection or the whole server is gone.
class Stream {
public:
    Stream() = default;
    Stream(Stream const&) = delete;
    Stream& operator=(Stream const&) = delete;
    virtual ~Stream() = default;

    // Queues a chunk. False when the stream is closed, or when more than Limits::streamBuffer bytes wait for a peer that does
    // not read; then nothing of the chunk was queued and the connection is dropped, so that a slow reader costs no memory.
    virtual bool write(std::string chunk) = 0;
    // Sends what is queued, then the end of the body; the connection ends with it.
    virtual void close() = 0;
    virtual bool closed() const = 0;
    // `gone` is called once, on an I/O thread, when the stream has ended for any reason: closed, peer gone, server draining.
    // Called at once, on the calling thread, when that has happened already. It must be quick and must not throw.
    virtual void onClose(std::function<void()> gone) = 0;
};

} // namespace visavis::http
