// Chunked framing and the queue's bound.
#include "http/response_stream.hpp"

#include <fmt/format.h>

#include <utility>

namespace visavis::http {

ResponseStream::ResponseStream(std::function<void()> poke, bool chunked, std::size_t limit)
    : poke_(std::move(poke)), limit_(limit), chunked_(chunked) {}

bool ResponseStream::write(std::string chunk) {
    std::lock_guard const lock(mutex_);
    if (!poke_ || ended_) return false;
    if (chunk.empty()) return true; // an empty chunk would end the body
    if (queued_.size() + taken_ + chunk.size() > limit_) {
        ended_ = overrun_ = true;
        poke();
        return false;
    }
    if (chunked_) fmt::format_to(std::back_inserter(queued_), "{:x}\r\n", chunk.size());
    queued_ += chunk;
    if (chunked_) queued_ += "\r\n";
    poke();
    return true;
}

void ResponseStream::close() {
    std::lock_guard const lock(mutex_);
    if (!poke_ || ended_) return;
    ended_ = true;
    if (chunked_) queued_ += "0\r\n\r\n";
    poke();
}

bool ResponseStream::closed() const {
    std::lock_guard const lock(mutex_);
    return !poke_ || ended_;
}

void ResponseStream::onClose(std::function<void()> gone) {
    {
        std::lock_guard const lock(mutex_);
        if (poke_) {
            gone_.push_back(std::move(gone));
            return;
        }
    }
    gone();
}

void ResponseStream::poke() {
    if (!std::exchange(poked_, true)) poke_();
}

ResponseStream::Taken ResponseStream::take() {
    std::lock_guard const lock(mutex_);
    poked_ = false;
    taken_ = queued_.size();
    return {std::exchange(queued_, {}), ended_, overrun_};
}

void ResponseStream::detach() {
    std::vector<std::function<void()>> gone;
    std::function<void()> poke;
    {
        std::lock_guard const lock(mutex_);
        poke = std::exchange(poke_, nullptr);
        gone.swap(gone_);
        queued_ = {};
    }
    for (auto const& call : gone) call();
}

} // namespace visavis::http
