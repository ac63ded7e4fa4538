// Try, judge, wait, try again.
#include "outbound/channel.hpp"

namespace visavis::outbound {
namespace {

// A refusal is a sign of life; silence, 429 and 5xx are not.
bool isAlive(Result<OutAnswer> const& outcome) { return outcome && outcome->status != 429 && outcome->status < 500; }

} // namespace

Result<OutAnswer> Channel::attempt(OutRequest const& request) {
    if (!breaker_.admit())
        return failure(Code::unavailable, trouble::circuitOpen, "The provider has been failing and is left alone for a while.");
    auto outcome = means_.client.send(request);
    breaker_.report(isAlive(outcome));
    return outcome;
}

Result<OutAnswer> Channel::call(OutRequest const& request) {
    auto outcome = attempt(request);
    for (int next = 2; next <= retry_.tries && worthRepeating(outcome); ++next) {
        if (outcome && retryAfter(*outcome) > retry_.longestAsked) break;
        if (!means_.waiter.wait(retryDelay(retry_, next, outcome, means_.rng))) break;
        auto again = attempt(request);
        // An open circuit says less than what opened it.
        if (!again && again.error().key == trouble::circuitOpen) break;
        outcome = std::move(again);
    }
    return outcome;
}

Result<OutAnswer> Channel::callOnce(OutRequest request) {
    request.once = true;
    return attempt(request);
}

} // namespace visavis::outbound
