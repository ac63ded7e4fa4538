// closed → open → half open → closed or open again.
#include "outbound/breaker.hpp"

namespace visavis::outbound {

// A clock that was set back must not keep a provider shut out.
bool Breaker::elapsed(Instant since) const {
    auto const now = clock_.now();
    return now < since || now - since >= rules_.openFor;
}

bool Breaker::admit() {
    std::lock_guard const lock(mutex_);
    if (state_ == State::closed) return true;
    if (!elapsed(since_)) return false;
    state_ = State::halfOpen;
    since_ = clock_.now();
    return true;
}

void Breaker::report(bool succeeded) {
    std::lock_guard const lock(mutex_);
    if (succeeded) {
        state_ = State::closed;
        failures_ = 0;
        return;
    }
    ++failures_;
    if (state_ == State::halfOpen || (state_ == State::closed && failures_ >= rules_.failures)) {
        state_ = State::open;
        since_ = clock_.now();
    }
}

Breaker::State Breaker::state() const {
    std::lock_guard const lock(mutex_);
    return state_;
}

} // namespace visavis::outbound
