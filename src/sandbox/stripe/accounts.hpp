// Connected accounts: what the onboarding page does when the specialist is through with it.
#pragma once

#include "sandbox/stripe/book.hpp"

#include <string>

namespace visavis::sandbox::stripe {

void completeOnboarding(Book& book, std::string const& accountId);

} // namespace visavis::sandbox::stripe
