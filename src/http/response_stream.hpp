// The Stream a handler holds: a bounded queue between any thread and the connection's I/O thread.
#pragma once

#include "http/stream.hpp"

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace visavis::http {

class ResponseStream final : public Stream {
public:
    // `poke` asks the connection to look at the queue; it is called under the lock, from any thread, and never after detach().
    ResponseStream(std::function<void()> poke, bool chunked, std::size_t limit);

    bool write(std::string chunk) override;
    void close() override;
    bool closed() const override;
    void onClose(std::function<void()> gone) override;

    // The rest is for the connection, on its I/O thread.
    struct Taken {
        std::string bytes;
        bool last = false;    // nothing will follow
        bool overrun = false; // the peer does not keep up: drop it
    };
    Taken take(); // what was queued; what was taken before counts as sent
    void detach();

private:
    void poke();

    mutable std::mutex mutex_;
    std::function<void()> poke_; // empty once detached
    std::vector<std::function<void()>> gone_;
    std::string queued_;
    std::size_t taken_ = 0;
    std::size_t const limit_;
    bool const chunked_;
    bool poked_ = false;
    bool ended_ = false;
    bool overrun_ = false;
};

} // namespace visavis::http
