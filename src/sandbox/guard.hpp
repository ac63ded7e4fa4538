// Who may talk to the sandbox: programs and pages of this machine, and no page that somebody else made (DESIGN §8).
#pragma once

#include "http/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace visavis::sandbox {

// localhost, *.localhost, 127.0.0.0/8 and [::1], with or without a port.
bool isLocalHost(std::string_view host);

class Guard {
public:
    explicit Guard(std::vector<std::string> publicOrigins) : origins_(std::move(publicOrigins)) {}

    // The refusal, if it is one: 421 for a foreign Host, 403 for a foreign Origin, 415 for a control write that is no JSON.
    std::optional<http::Response> refuse(http::Request const& request) const;
    // Whether pages of that origin may read what Stripe's API answers: the server's may.
    bool mayShare(std::string_view origin) const;
    // Adds the CORS fields for it.
    void share(http::Request const& request, http::Response& response) const;
    // For Content-Security-Policy: frame-ancestors.
    std::string ancestors() const;

private:
    bool isOwn(http::Request const& request, std::string_view origin) const;
    std::vector<std::string> origins_;
};

} // namespace visavis::sandbox
