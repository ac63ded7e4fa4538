// Cards as PaymentMethods.
#pragma once

#include "sandbox/stripe/call.hpp"

#include <string>
#include <string_view>

namespace visavis::sandbox::stripe {

// From `card[number]`, `card[exp_month]`, … Error: 402 for a date in the past or a CVC that cannot be one.
Result<std::string> newMethod(Book& book, json::object const& data);
// The PaymentMethod a parameter means: a `pm_…` of ours, or a `pm_card_…` that stands for a test card and becomes a new one.
Result<std::string> methodNamed(Book& book, std::string_view id, std::string_view param);
// From `payment_method` or `payment_method_data` of the call; empty if it has neither.
Result<std::string> methodGiven(Call& call);
void attachTo(Book& book, json::object& method, std::string_view customerId);

// `payment_method_data` and the body of POST /v1/payment_methods.
Fields methodFields();

} // namespace visavis::sandbox::stripe
