// The table of test cards.
#include "sandbox/stripe/cards.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace visavis::sandbox::stripe {

namespace {

constexpr Decline generic{"card_declined", "generic_decline", "Your card was declined.", "try_again_later"};
constexpr Decline funds{"card_declined", "insufficient_funds", "Your card has insufficient funds.", "try_again_later"};
constexpr Decline lost{"card_declined", "lost_card", "Your card was declined.", "do_not_try_again"};
constexpr Decline stolen{"card_declined", "stolen_card", "Your card was declined.", "do_not_try_again"};
constexpr Decline expired{"expired_card", {}, "Your card has expired.", "confirm_card_data", "exp_month"};
constexpr Decline cvc{"incorrect_cvc", {}, "Your card's security code is incorrect.", "confirm_card_data", "cvc"};
constexpr Decline processing{
    "processing_error", {}, "An error occurred while processing your card. Try again in a little bit.", "try_again_later"};
constexpr Decline velocity{"card_declined", "card_velocity_exceeded",
                           "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
                           "try_again_later"};
constexpr Decline radar{"card_declined", "fraudulent", "Your card was declined.", "do_not_try_again"};
constexpr Decline number{"incorrect_number", {}, "Your card number is incorrect.", "confirm_card_data", "number"};
constexpr Decline noTestCard{"card_declined", "test_mode_live_card",
                             "Your card was declined. Your request was in test mode, but used a non test card.", "do_not_try_again"};

// clang-format off
constexpr std::array cards{
    TestCard{"4242424242424242", "pm_card_visa"},
    TestCard{.number = "4000056655665556", .methods = "pm_card_visa_debit", .funding = "debit"},
    TestCard{.number = "5555555555554444", .methods = "pm_card_mastercard", .brand = "mastercard"},
    TestCard{.number = "378282246310005", .methods = "pm_card_amex", .brand = "amex"},
    TestCard{.number = "6011111111111117", .methods = "pm_card_discover", .brand = "discover"},
    TestCard{.number = "4000000000000077", .methods = "pm_card_bypassPending", .availableAtOnce = true},
    TestCard{"4000000000000002", "pm_card_visa_chargeDeclined pm_card_chargeDeclined", Asks::never, generic},
    TestCard{"4000000000009995", "pm_card_visa_chargeDeclinedInsufficientFunds pm_card_chargeDeclinedInsufficientFunds", Asks::never, funds},
    TestCard{"4000000000009987", "pm_card_visa_chargeDeclinedLostCard pm_card_chargeDeclinedLostCard", Asks::never, lost},
    TestCard{"4000000000009979", "pm_card_visa_chargeDeclinedStolenCard pm_card_chargeDeclinedStolenCard", Asks::never, stolen},
    TestCard{"4000000000000069", "pm_card_chargeDeclinedExpiredCard pm_card_visa_chargeDeclinedExpiredCard", Asks::never, expired},
    TestCard{"4000000000000127", "pm_card_chargeDeclinedIncorrectCvc pm_card_visa_chargeDeclinedIncorrectCvc", Asks::never, cvc},
    TestCard{"4000000000000119", "pm_card_chargeDeclinedProcessingError pm_card_visa_chargeDeclinedProcessingError", Asks::never, processing},
    TestCard{"4000000000006975", "pm_card_chargeDeclinedVelocityLimitExceeded pm_card_visa_chargeDeclinedVelocityLimitExceeded", Asks::never, velocity},
    TestCard{"4100000000000019", "pm_card_radarBlock", Asks::never, radar},
    TestCard{"4242424242424241", "", Asks::never, number},
    TestCard{"4000000000000341", "pm_card_chargeCustomerFail", Asks::never, generic, true},
    TestCard{"4000002500003155", "pm_card_authenticationRequiredOnSetup", Asks::unlessSetUp},
    TestCard{"4000002760003184", "pm_card_authenticationRequired", Asks::always},
    TestCard{"4000003800000446", "pm_card_authenticationRequiredSetupForOffSession", Asks::onSession},
    TestCard{"4000008260003178", "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds", Asks::always, funds, true},
    TestCard{"4000000000003220", "pm_card_threeDSecure2Required", Asks::always},
    TestCard{"4000008400001629", "pm_card_threeDSecureRequiredChargeDeclined", Asks::always, generic, true},
    TestCard{.number = "4000000000000259", .methods = "pm_card_createDispute", .afterwards = Afterwards::dispute},
    TestCard{.number = "4000000000002685", .methods = "pm_card_createDisputeProductNotReceived", .afterwards = Afterwards::disputeNotReceived},
    TestCard{.number = "4000000000001976", .methods = "pm_card_createDisputeInquiry", .afterwards = Afterwards::inquiry},
    TestCard{.number = "4000000000005423", .methods = "pm_card_createIssuerFraudRecord", .afterwards = Afterwards::fraudWarning},
    TestCard{.number = "4000000000007726", .methods = "pm_card_pendingRefund", .refunds = Refunds::pendThenSucceed},
    TestCard{.number = "4000000000005126", .methods = "pm_card_refundFail", .refunds = Refunds::succeedThenFail},
};
// clang-format on
constexpr TestCard wrongNumber{"", "", Asks::never, number};
constexpr TestCard unknownCard{"", "", Asks::never, noTestCard};

bool names(std::string_view words, std::string_view word) {
    auto const at = (" " + std::string(words) + " ").find(" " + std::string(word) + " ");
    return !word.empty() && at != std::string::npos;
}

} // namespace

TestCard const& cardOf(std::string_view given) {
    auto const found = std::find_if(cards.begin(), cards.end(), [&](TestCard const& card) { return card.number == given; });
    if (found != cards.end()) return *found;
    return passesLuhn(given) ? unknownCard : wrongNumber;
}

TestCard const* cardOfMethod(std::string_view methodId) {
    auto const found = std::find_if(cards.begin(), cards.end(), [&](TestCard const& card) { return names(card.methods, methodId); });
    return found == cards.end() ? nullptr : found;
}

bool passesLuhn(std::string_view digits) {
    if (digits.size() < 12 || digits.size() > 19) return false;
    int sum = 0;
    bool twice = false;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, twice = !twice) {
        if (*digit < '0' || *digit > '9') return false;
        int const value = (*digit - '0') * (twice ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
    }
    return sum % 10 == 0;
}

} // namespace visavis::sandbox::stripe
