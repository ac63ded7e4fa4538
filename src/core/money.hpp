// Money: int64 minor units beside a currency; rounding is half-even and done in one place.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace visavis {
inline namespace core {

// Amounts in the currency's smallest unit (cents, yen, fils).
using MinorUnits = std::int64_t;

// ISO 4217, three capitals; only currencies that the payment provider's list or ISO knows are accepted.
class Currency {
public:
    Currency() = default;
    static std::optional<Currency> parse(std::string_view code);
    std::string code() const { return code_; }
    // Digits after the point: 2 for USD, 0 for JPY, 3 for KWD.
    int exponent() const;
    // The provider's least charge in minor units (Stripe: about 0.50 USD).
    MinorUnits leastCharge() const;
    std::string lower() const;

    friend bool operator==(Currency const&, Currency const&) = default;

private:
    explicit Currency(std::string code) : code_(std::move(code)) {}
    std::string code_ = "USD";
};

// amount · part / whole, rounded half to even, in 128 bits. `whole` > 0.
MinorUnits proportion(MinorUnits amount, std::int64_t part, std::int64_t whole);

// "49.50 USD", "5000 JPY".
std::string moneyText(MinorUnits amount, Currency const& currency);

} // namespace core
} // namespace visavis
