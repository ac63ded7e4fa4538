// Currencies and half-even rounding.
#include "core/money.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace visavis {
inline namespace core {
namespace {

using namespace std::string_view_literals;

// Stripe's lists of zero- and three-decimal currencies (its "supported currencies" page); all others have two digits.
constexpr std::array zeroDecimal{"BIF"sv, "CLP"sv, "DJF"sv, "GNF"sv, "JPY"sv, "KMF"sv, "KRW"sv, "MGA"sv,
                                 "PYG"sv, "RWF"sv, "UGX"sv, "VND"sv, "VUV"sv, "XAF"sv, "XOF"sv, "XPF"sv};
constexpr std::array threeDecimal{"BHD"sv, "JOD"sv, "KWD"sv, "OMR"sv, "TND"sv};
constexpr std::array twoDecimal{
    "AED"sv, "AFN"sv, "ALL"sv, "AMD"sv, "ANG"sv, "AOA"sv, "ARS"sv, "AUD"sv, "AWG"sv, "AZN"sv, "BAM"sv, "BBD"sv, "BDT"sv, "BGN"sv, "BMD"sv,
    "BND"sv, "BOB"sv, "BRL"sv, "BSD"sv, "BWP"sv, "BYN"sv, "BZD"sv, "CAD"sv, "CDF"sv, "CHF"sv, "CNY"sv, "COP"sv, "CRC"sv, "CVE"sv, "CZK"sv,
    "DKK"sv, "DOP"sv, "DZD"sv, "EGP"sv, "ETB"sv, "EUR"sv, "FJD"sv, "FKP"sv, "GBP"sv, "GEL"sv, "GHS"sv, "GIP"sv, "GMD"sv, "GTQ"sv, "GYD"sv,
    "HKD"sv, "HNL"sv, "HTG"sv, "HUF"sv, "IDR"sv, "ILS"sv, "INR"sv, "ISK"sv, "JMD"sv, "KES"sv, "KGS"sv, "KHR"sv, "KYD"sv, "KZT"sv, "LAK"sv,
    "LBP"sv, "LKR"sv, "LRD"sv, "LSL"sv, "MAD"sv, "MDL"sv, "MKD"sv, "MMK"sv, "MNT"sv, "MOP"sv, "MUR"sv, "MVR"sv, "MWK"sv, "MXN"sv, "MYR"sv,
    "MZN"sv, "NAD"sv, "NGN"sv, "NIO"sv, "NOK"sv, "NPR"sv, "NZD"sv, "PAB"sv, "PEN"sv, "PGK"sv, "PHP"sv, "PKR"sv, "PLN"sv, "QAR"sv, "RON"sv,
    "RSD"sv, "RUB"sv, "SAR"sv, "SBD"sv, "SCR"sv, "SEK"sv, "SGD"sv, "SHP"sv, "SLE"sv, "SOS"sv, "SRD"sv, "STN"sv, "SZL"sv, "THB"sv, "TJS"sv,
    "TOP"sv, "TRY"sv, "TTD"sv, "TWD"sv, "TZS"sv, "UAH"sv, "USD"sv, "UYU"sv, "UZS"sv, "WST"sv, "XCD"sv, "YER"sv, "ZAR"sv, "ZMW"sv};

static_assert(std::is_sorted(zeroDecimal.begin(), zeroDecimal.end()) && std::is_sorted(threeDecimal.begin(), threeDecimal.end()) &&
              std::is_sorted(twoDecimal.begin(), twoDecimal.end()));

template <std::size_t N> bool in(std::array<std::string_view, N> const& list, std::string_view code) {
    return std::binary_search(list.begin(), list.end(), code);
}

} // namespace

std::optional<Currency> Currency::parse(std::string_view code) {
    if (in(twoDecimal, code) || in(zeroDecimal, code) || in(threeDecimal, code)) return Currency(std::string(code));
    return std::nullopt;
}

int Currency::exponent() const { return in(zeroDecimal, code_) ? 0 : in(threeDecimal, code_) ? 3 : 2; }

MinorUnits Currency::leastCharge() const { return 50; }

std::string Currency::lower() const {
    auto text = code_;
    std::transform(text.begin(), text.end(), text.begin(), [](char c) { return static_cast<char>(c - 'A' + 'a'); });
    return text;
}

MinorUnits proportion(MinorUnits amount, std::int64_t part, std::int64_t whole) {
    assert(whole > 0);
    __extension__ using Wide = __int128;
    auto const product = static_cast<Wide>(amount) * part;
    auto quotient = product / whole;
    auto remainder = product % whole;
    if (remainder < 0) {
        remainder += whole;
        --quotient;
    }
    auto const twice = 2 * remainder;
    if (twice > whole || (twice == whole && quotient % 2 != 0)) ++quotient;
    return static_cast<MinorUnits>(quotient);
}

std::string moneyText(MinorUnits amount, Currency const& currency) {
    auto const negative = amount < 0;
    auto digits = std::to_string(negative ? -amount : amount);
    auto const exponent = static_cast<std::size_t>(currency.exponent());
    if (digits.size() <= exponent) digits.insert(0, exponent + 1 - digits.size(), '0');
    if (exponent > 0) digits.insert(digits.size() - exponent, ".");
    return (negative ? "-" : "") + digits + " " + currency.code();
}

} // namespace core
} // namespace visavis
