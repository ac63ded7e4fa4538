// From a mail to a message, and from a server's last word to an error of the port (RFC 5321 §4.2.1).
#include "providers/smtp/smtp.hpp"

#include "providers/smtp/mime.hpp"

#include <spdlog/spdlog.h>

namespace visavis::providers::smtp {
namespace {

outbound::SmtpServer serverOf(Settings const& settings) {
    return {.url = settings.url,
            .user = settings.user,
            .password = settings.password,
            .requireTls = settings.requireTls,
            .caFile = settings.caFile,
            .totalTimeout = settings.timeout};
}

Error rejected(std::string detail) { return conflict("mail_rejected", std::move(detail)); }

Error later(std::string detail) {
    auto error = failure(Code::unavailable, "mail_unavailable", std::move(detail));
    error.retryAfterSeconds = 300; // greylisting lasts minutes
    return error;
}

// Refused log-ins are 5yz too, but the mail is not at fault: it goes when an operator has mended the settings.
bool concernsLogIn(int status) { return status == 530 || status == 534 || status == 535 || status == 538; }

} // namespace

Smtp::Smtp(Settings settings, Clock const& clock)
    : settings_(std::move(settings)), clock_(clock), client_(serverOf(settings_)), breaker_(clock) {}

Result<void> Smtp::send(notifications::Mail const& mail) {
    if (!isAddress(mail.to)) return rejected("The address cannot be written to.");
    if (!breaker_.admit()) return later("The mail server has not answered for a while.");
    auto const message = mimeMessage(mail, {settings_.fromAddress, settings_.fromName}, clock_.now());
    auto const status = client_.send({settings_.fromAddress, mail.to, message});
    breaker_.report(status.has_value());
    if (!status) {
        spdlog::warn("smtp: {}: {}", status.error().key, status.error().detail);
        return later("The mail server did not answer.");
    }
    if (*status < 400) return ok;
    spdlog::warn("smtp: refused with {}", *status);
    if (*status < 500 || concernsLogIn(*status)) return later("The mail server does not take the mail now.");
    return rejected("The mail server refused the mail for good.");
}

} // namespace visavis::providers::smtp
