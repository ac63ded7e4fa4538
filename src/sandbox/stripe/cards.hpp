// Stripe's test cards (providers.md §1.12) and what each of them does.
#pragma once

#include <cstdint>
#include <string_view>

namespace visavis::sandbox::stripe {

enum class Asks : std::uint8_t {
    never,
    unlessSetUp, // asks on-session always, off-session only if it was not saved with authentication
    onSession,   // asks on-session, never off-session
    always,      // so that off-session always fails
};

enum class Afterwards : std::uint8_t { nothing, dispute, disputeNotReceived, inquiry, fraudWarning };
enum class Refunds : std::uint8_t { succeed, pendThenSucceed, succeedThenFail };

struct Decline {
    std::string_view code; // empty: none
    std::string_view declineCode = {};
    std::string_view message = {};
    std::string_view advice = {};
    std::string_view param = {};
};

struct TestCard {
    std::string_view number;
    std::string_view methods; // payment_method ids that stand for it, divided by spaces
    Asks asks = Asks::never;
    Decline decline = {};
    bool declinesOnlyCharges = false; // it can be saved
    Afterwards afterwards = Afterwards::nothing;
    Refunds refunds = Refunds::succeed;
    bool availableAtOnce = false;
    std::string_view brand = "visa";
    std::string_view funding = "credit";
};

// Any number gets a card: one that is no test card declines, as Stripe's test mode does.
TestCard const& cardOf(std::string_view number);
// Null if the id stands for no test card.
TestCard const* cardOfMethod(std::string_view methodId);
bool passesLuhn(std::string_view number);

} // namespace visavis::sandbox::stripe
