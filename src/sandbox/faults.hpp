// Faults on demand: what goes wrong at which vendor, how often. PUT /sandbox/faults sets the rules, the emulators ask before they act.
#pragma once

#include "core/result.hpp"
#include "core/time.hpp"
#include "sandbox/journal.hpp"

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace visavis::sandbox {

// What shall go wrong with one exchange. Kinds combine (slow and then refused); of each kind the first matching rule applies.
struct Faults {
    std::optional<Millis> latency;
    std::optional<int> status;        // answered instead of doing the work
    bool timeoutAfterSuccess = false; // the work is done, the connection is closed without an answer
    bool reset = false;               // the connection is closed before the work
    int copies = 1;                   // of a webhook, sent at the same time
    bool reorder = false;             // the webhook goes after the next one
    bool drop = false;                // the webhook never goes

    bool any() const { return latency || status || timeoutAfterSuccess || reset || copies != 1 || reorder || drop; }
};

// `{rules:[{provider,match,kind,times,value?}]}`. provider: "stripe" or "smtp". match: method and path prefix ("POST /v1/payment_intents"),
// "webhook:TYPE" (a trailing * fits any rest), or for smtp the verb and the beginning of the recipient ("RCPT ann@", "DATA").
// kind: latency (value ms), status (value), timeout_after_success, reset; for webhooks also duplicate (value = copies, 2 if absent), reorder, drop.
class FaultRules {
public:
    explicit FaultRules(Journal& journal);

    // Replaces all. Error: invalid, with a JSON Pointer for each wrong member; then the old rules stay.
    Result<void> replace(json::value const& body);
    json::object list() const; // {rules:[…]}, `times` being how often each still applies
    // Uses up one time of each rule that applies.
    Faults take(std::string_view provider, std::string_view subject);

private:
    struct Rule {
        std::string provider;
        std::string match;
        std::string kind;
        std::int64_t times = 0;
        std::optional<std::int64_t> value;
    };
    static Result<Rule> read(json::value const& value, std::string const& at);
    json::object document() const;
    void keep();

    Journal& journal_;
    mutable std::mutex mutex_;
    std::vector<Rule> rules_;
};

} // namespace visavis::sandbox
