// What becomes of a refund after it was made.
#pragma once

#include "sandbox/stripe/book.hpp"

#include <string>

namespace visavis::sandbox::stripe {

void refundSucceeds(Book& book, std::string const& id);
void refundFails(Book& book, std::string const& id);

} // namespace visavis::sandbox::stripe
