// How people are shown: pictures of ours only, initials, prices.
#pragma once

#include "profiles/api.hpp"
#include "web/visit.hpp"

namespace visavis::web {

// The path of a picture that was uploaded here; a foreign address is never rendered (DESIGN §6).
std::string picturePath(std::optional<Text<1, 2048>> const& image, std::string const& publicUrl);
// "AK" of "Ada Kessler".
std::string initials(std::string_view name);
// "Free", or the price without its zeros.
std::string priceText(Messages const& t, MinorUnits amount, Currency const& currency);

} // namespace visavis::web
