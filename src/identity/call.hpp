// Call: who asks, when, and what a verb may reach. Idempotency lives in its transact(), once, and in no verb.
#pragma once

#include "core/clock.hpp"
#include "core/id.hpp"
#include "identity/answer.hpp"
#include "identity/memory.hpp"
#include "identity/records.hpp"
#include "identity/settings.hpp"
#include "store/idempotency.hpp"

#include <functional>

namespace visavis::payments {
class Gateway;
}
namespace visavis::profiles {
struct Specialist;
struct Customer;
} // namespace visavis::profiles

namespace visavis::identity {

class JobControl;
class Live;
class Passwords;
class RateLimiter;

// What every verb and job may reach; made once by app/wire.cpp.
struct Platform {
    Engine& store;
    Clock const& clock;
    Rng& rng;
    IdSource& ids;
    std::string const& publicUrl; // without a slash at its end
    LimitSettings const& limits;
    AuthSettings const& auth;
    PaymentRules const& payments;
    Passwords& passwords;
    RateLimiter& limiter;
    payments::Gateway& gateway;
    Memory& memory;
    // Filled in by app/wire.cpp for operators: the text of /metrics, and what is not ready (empty: ready).
    std::function<std::string()> metrics = {};
    std::function<std::string()> notReady = {};
    // The open streams of GET /events; null where nobody serves them.
    Live* live = nullptr;
    // The background work, for operators; null where none runs.
    JobControl* jobs = nullptr;
};

// Who asks. Without a log-in only `ip` is set.
struct Caller {
    std::optional<Ref<User>> userId;
    std::optional<UserType> userType;
    std::vector<Role> roles;
    bool isVerified = false;
    std::optional<Ref<profiles::Specialist>> specialistId;
    std::optional<Ref<profiles::Customer>> customerId;
    std::optional<Ref<AuthSession>> logIn;
    std::optional<Instant> slidTo; // where this request has moved the end of the log-in, which a browser has to be told
    std::string ip;
    std::string userAgent;

    bool hasRole(Role role) const { return std::find(roles.begin(), roles.end(), role) != roles.end(); }
    bool isStaff() const { return !roles.empty(); }
};

class Call {
public:
    Call(Platform& parts, Caller caller, Instant at) : platform(parts), store(parts.store), who(std::move(caller)), now(at) {}

    Platform& platform;
    Engine& store;
    Caller who;
    Instant now;
    std::optional<PendingKey> key;       // of the Idempotency-Key header
    std::optional<std::int64_t> ifMatch; // of the If-Match header
    std::string accept;                  // of the Accept header
    std::string lastEventId;             // of the Last-Event-ID header
    std::vector<http::Header> headers;   // further headers of the answer (cookies)

    template <class T> Ref<T> newId() { return platform.ids.make<T>(now); }
    Ref<User> user() const { return *who.userId; }
    Ref<profiles::Specialist> specialist() const { return *who.specialistId; }
    Ref<profiles::Customer> customer() const { return *who.customerId; }

    // The transaction that a handler ends with: what it returns is the answer, kept with it under the caller's key.
    // Steps before that use visavis::transact(call.store, …).
    template <class F> auto transact(F const& work) {
        using R = std::invoke_result_t<F const&, Tx&>;
        return visavis::transact(store, [&](Tx& tx) -> R {
            auto outcome = work(tx);
            if (!outcome || !key) return outcome;
            auto const rendered = render(*outcome);
            CHECK(keepAnswer(tx, *key, rendered.status, rendered.body, now));
            return outcome;
        });
    }

    // 412 when the caller's If-Match names another version.
    Result<void> checkVersion(std::int64_t version) const {
        if (ifMatch && *ifMatch != version)
            return failure(Code::precondition, "version_mismatch", "The resource has changed since it was read.");
        return ok;
    }
};

} // namespace visavis::identity
