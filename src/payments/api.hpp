// The handlers of payments.
#pragma once

#include "http/message.hpp"
#include "payments/service.hpp"

namespace visavis::payments {

struct Received {
    bool received = true;
};
RECORD(Received, received)

// POST /webhooks/stripe: 200 once the event is stored durably under its id; 400 bad_signature without storing anything.
Result<Received> receiveStripe(Call& call, http::Request const& request);

}  // namespace visavis::payments
