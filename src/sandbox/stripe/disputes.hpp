// What a payer's bank does to a charge afterwards: disputes, inquiries and early fraud warnings.
#pragma once

#include "sandbox/stripe/book.hpp"
#include "sandbox/stripe/cards.hpp"

#include <string>

namespace visavis::sandbox::stripe {

void open(Book& book, std::string const& chargeId, Afterwards what);
// The bank's verdict on submitted evidence.
void closeDispute(Book& book, std::string const& disputeId, bool won);

} // namespace visavis::sandbox::stripe
