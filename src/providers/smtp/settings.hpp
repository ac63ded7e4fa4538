// How mail leaves: the server, and who it comes from.
#pragma once

#include "core/time.hpp"

#include <string>

namespace visavis::providers::smtp {

struct Settings {
    std::string url; // smtp://host:587/our-host-name (STARTTLS) or smtps://host:465/our-host-name
    std::string user;
    std::string password;
    bool requireTls = true; // off only for the sandbox's sink on loopback
    std::string caFile;     // empty: the system's certificates
    std::string fromAddress = "mail@visavis.localhost";
    std::string fromName = "Visavis";
    Millis timeout{20'000};
};

} // namespace visavis::providers::smtp
