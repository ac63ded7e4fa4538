// The sandbox's pages for people: the inbox, the bank's 3-D Secure challenge, a connected account's onboarding.
#pragma once

#include "http/message.hpp"
#include "sandbox/guard.hpp"
#include "sandbox/inbox.hpp"
#include "sandbox/stripe/emulator.hpp"

#include <optional>
#include <string_view>

namespace visavis::sandbox {

class Pages {
public:
    Pages(stripe::Emulator& stripe, Inbox& inbox, Guard const& guard) : stripe_(stripe), inbox_(inbox), guard_(guard) {}

    // Nothing if the path is none of ours.
    std::optional<http::Response> handle(http::Request const& request);

private:
    http::Response home() const;
    http::Response inbox() const;
    http::Response mail(std::string_view id) const;
    http::Response mailHtml(std::string_view id) const;
    http::Response challenge(std::string_view id);
    http::Response onboarding(std::string_view id);
    http::Response page(std::string_view title, std::string const& content, std::string_view policy) const;

    stripe::Emulator& stripe_;
    Inbox& inbox_;
    Guard const& guard_;
};

} // namespace visavis::sandbox
