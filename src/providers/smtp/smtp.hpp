// E-mail over SMTP as the mailer of notifications.
#pragma once

#include "core/clock.hpp"
#include "notifications/mailer.hpp"
#include "outbound/breaker.hpp"
#include "outbound/smtp.hpp"
#include "providers/smtp/settings.hpp"

namespace visavis::providers::smtp {

class Smtp final : public notifications::Mailer {
public:
    Smtp(Settings settings, Clock const& clock);
    Result<void> send(notifications::Mail const& mail) override;
    notifications::Sender sender() const override { return {settings_.fromAddress, settings_.fromName}; }

private:
    Settings settings_;
    Clock const& clock_;
    outbound::SmtpClient client_;
    outbound::Breaker breaker_; // a server that gives no answer is left alone; one that refuses has answered
};

} // namespace visavis::providers::smtp
