// The ledger of the platform account: balance transactions, and what they add up to.
#pragma once

#include "sandbox/stripe/book.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace visavis::sandbox::stripe {

struct BalanceEntry {
    std::string_view type;   // charge, refund, refund_failure, transfer, transfer_refund, adjustment
    std::string source;      // id of what moved the money
    std::string currency;    // lower case
    std::int64_t amount = 0; // signed, in minor units
    std::int64_t fee = 0;
    bool availableAtOnce = true; // else in seven days
};

// Writes a balance transaction and returns its id.
std::string enter(Book& book, BalanceEntry const& entry);
// Stripe's price for a charge: 2.9 % + 30 minor units.
std::int64_t processingFee(std::int64_t amount);
// What may be paid out of now, in a currency.
std::int64_t availableIn(Book const& book, std::string_view currency);

} // namespace visavis::sandbox::stripe
