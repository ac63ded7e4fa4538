// The settings that rules of the domain read. Members are spelled as in the settings file (TOML), hence snake_case.
#pragma once

#include "record/record.hpp"

namespace visavis::identity {

struct LimitSettings {
    bool enabled = true;                 // false is for load tests and refused together with live providers
    std::int64_t login_per_account = 10; // a minute, per (account, IP)
    std::int64_t login_per_ip = 60;      // a minute
    std::int64_t register_per_ip = 60;   // a minute
    std::int64_t mail_per_address = 5;   // an hour
    std::int64_t open_holds = 2;         // per customer
    std::int64_t holds_per_day = 30;     // per customer
    std::int64_t free_bookings_per_pair = 3;
    std::int64_t requests_per_hour = 5;       // of a customer for times that are not offered
    std::int64_t messages_per_hour = 60;      // of one side of a booking
    std::int64_t generations_per_minute = 10; // of a specialist's slots, by request
    std::int64_t streams_per_user = 20;       // open at the same time
};
RECORD(LimitSettings, enabled, login_per_account, login_per_ip, register_per_ip, mail_per_address, open_holds, holds_per_day,
       free_bookings_per_pair, requests_per_hour, messages_per_hour, generations_per_minute, streams_per_user)

struct AuthSettings {
    std::int64_t bcrypt_cost = 12;
    std::int64_t bcrypt_queue = 64; // waiting log-ins; more are told to come back
    std::int64_t session_days = 30; // slides with use
    std::int64_t session_absolute_days = 90;
    std::int64_t verification_hours = 24;
    std::int64_t reset_minutes = 60;
};
RECORD(AuthSettings, bcrypt_cost, bcrypt_queue, session_days, session_absolute_days, verification_hours, reset_minutes)

// A function, since GCC 12 cannot check a struct whose member is initialised by a list of strings.
inline std::vector<std::string> sandboxWebhookSecrets() { return {"whsec_test_secret"}; }

struct PaymentRules {
    std::int64_t platform_fee_percentage = 20;
    std::map<std::string, std::int64_t> min; // least price per currency in minor units; others: 50
    std::int64_t hold_minutes = 15;
    std::int64_t hold_extension_minutes = 10;
    std::int64_t processing_minutes = 60; // how long an expired hold waits for a payment in processing
    std::vector<std::string> stripe_webhook_secrets = sandboxWebhookSecrets();
    std::string stripe_api_base = "https://api.stripe.com";
    std::string stripe_secret_key = "sk_test_visavis";
    std::string stripe_publishable_key = "pk_test_visavis";
    std::string stripe_version = "2026-10-28.endive";

    std::int64_t least(std::string const& currency) const {
        auto const found = min.find(currency);
        return found == min.end() ? 50 : found->second;
    }
};
RECORD(PaymentRules, platform_fee_percentage, min, hold_minutes, hold_extension_minutes, processing_minutes, stripe_webhook_secrets,
       stripe_api_base, stripe_secret_key, stripe_publishable_key, stripe_version)

struct MailSettings {
    std::string smtp_url = "smtp://127.0.0.1:25";
    std::string smtp_user;
    std::string smtp_password;
    bool require_tls = true; // false is for a sink on this machine
    std::string from = "no-reply@visavis.example";
    std::string from_name = "Visavis";
};
RECORD(MailSettings, smtp_url, smtp_user, smtp_password, require_tls, from, from_name)

} // namespace visavis::identity
