// What happens when a card meets a PaymentIntent: asked for authentication, declined, charged, captured.
#pragma once

#include "sandbox/stripe/call.hpp"
#include "sandbox/stripe/cards.hpp"

#include <string>
#include <string_view>

namespace visavis::sandbox::stripe {

struct Attempt {
    bool offSession = false;
    bool inBrowser = false; // Stripe.js goes on with `use_stripe_sdk`; without it there is a redirect to return_url
    std::string returnUrl;
};

// Tries the intent's payment_method. Error: 402 card_error, the intent then being at requires_payment_method.
Result<void> attempt(Call& call, std::string const& intentId, Attempt const& how);
// The payer's answer to the bank. What follows (a decline too) is to be seen in the intent.
void finishChallenge(Call& call, std::string const& intentId, bool passed);
// Whether the card asks the payer now.
bool asksNow(TestCard const& card, json::object const& method, bool offSession);
json::object nextAction(Call const& call, std::string const& id, Attempt const& how);

// Captures all of it or a part; the rest is released.
void capture(Call& call, std::string const& intentId, std::int64_t amount);
// Books a charge's money: a balance transaction with Stripe's fee.
void settleCharge(Book& book, std::string const& chargeId);

// A card_error. `intent` may be null.
Error cardError(Decline const& decline, json::object const* intent, json::object const* method);
inline constexpr Decline wantsAuthentication{"authentication_required", "authentication_required",
                                             "Your card was declined. This transaction requires authentication.", "try_again_later"};

} // namespace visavis::sandbox::stripe
