// The port to whoever moves the money: what payments asks of a gateway, in our words. providers/stripe implements it.
//
// Errors of every call, so that a caller can tell "it certainly did not happen" from "nobody knows":
//   Code::unavailable "unavailable"  the outcome is unknown (no answer, 5xx, 429, an answer that cannot be read, an open breaker), after
//                                            the retries in line: repeat later with the same idempotency key; after 24 hours look it up first
//                                            (a 5xx may be kept with the key and come again: if it stays, look the object up, then take a new key)
//   Code::conflict    one of `refusal::…`    the gateway refused; nothing happened and repeating the same request is of no use
//   Code::notFound    "not_found"            the gateway knows no such object
#pragma once

#include "core/money.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace visavis::payments {

// The keys of definite refusals.
namespace refusal {
inline constexpr char const* cardDeclined = "card_declined";
inline constexpr char const* amountTooSmall = "amount_too_small";
inline constexpr char const* amountTooLarge = "amount_too_large"; // also: more than is left to refund or to reverse
inline constexpr char const* alreadyRefunded = "already_refunded";
inline constexpr char const* disputed = "charge_disputed";
inline constexpr char const* wrongIntentState = "wrong_payment_state"; // e.g. cancelling what has succeeded: read it again
inline constexpr char const* keyReused = "gateway_key_reused";         // same idempotency key, other parameters: a fault of ours
inline constexpr char const* fundsShort = "gateway_funds_short";       // the balance does not cover the transfer yet
inline constexpr char const* notAllowed = "gateway_not_allowed";       // wrong or restricted API key: an operator must act
inline constexpr char const* refused = "gateway_refused";              // any other refusal
} // namespace refusal

struct NewIntent {
    MinorUnits amount = 0;
    Currency currency;
    std::string bookingId; // becomes the transfer group and metadata booking_id
    std::string paymentId; // metadata payment_id
    std::string description;
    std::optional<std::string> receiptEmail;
    std::string idempotencyKey; // booking:{id}:charge:{n}, at most 255 characters
};

// Everything the gateway may say that we do not know is `pending`.
enum class IntentStatus {
    pending,
    needsPayment, // no card yet, or the last one was declined: the payer may try again
    needsAction,  // the payer must answer the bank (3-D Secure)
    processing,
    succeeded,
    cancelled,
};

struct Intent {
    std::string id;
    std::string clientSecret; // for the payer's browser; never to be logged
    MinorUnits amount = 0;
    MinorUnits amountReceived = 0;
    std::optional<Currency> currency; // absent if it is none we know
    IntentStatus status = IntentStatus::pending;
    std::string latestChargeId; // empty until there is one; so are the strings below
    std::string failureCode;    // of the last attempt, e.g. "card_declined"
    std::string failureMessage;
    std::string declineCode; // e.g. "insufficient_funds"
    bool livemode = false;
    std::string bookingId; // from the metadata
    std::string paymentId;
    std::string customerId;
    std::string paymentMethodType; // "card"
    std::string wallet;            // "apple_pay", "google_pay", …: a card in a wallet
    Instant created;
};

enum class RefundReason { duplicate, fraudulent, requestedByCustomer };

struct NewRefund {
    std::string paymentIntentId;
    MinorUnits amount = 0;
    std::optional<RefundReason> reason;
    std::string bookingId; // metadata booking_id, payment_id, refund_id; empty ones are not sent
    std::string paymentId;
    std::string refundId;
    std::string idempotencyKey;
};

// A refund of a card may still go from succeeded to failed (providers.md §1.6).
enum class RefundStatus { pending, needsAction, succeeded, failed, cancelled };

struct GatewayRefund {
    std::string id;
    std::string paymentIntentId;
    std::string chargeId;
    MinorUnits amount = 0;
    std::optional<Currency> currency;
    RefundStatus status = RefundStatus::pending;
    std::string failureReason;
    std::string refundId; // from the metadata: our row
    Instant created;
};

struct NewTransfer {
    MinorUnits amount = 0;
    Currency currency;
    std::string destination;  // the specialist's connected account
    std::string sourceCharge; // the charge whose money it is
    std::string bookingId;    // transfer group and metadata
    std::string paymentId;
    std::string idempotencyKey;
};

struct GatewayTransfer {
    std::string id;
    MinorUnits amount = 0;
    MinorUnits amountReversed = 0;
    std::optional<Currency> currency;
    std::string destination;
    bool reversed = false; // all of it
};

struct NewReversal {
    std::string transferId;
    MinorUnits amount = 0;
    std::string bookingId;
    std::string paymentId;
    std::string idempotencyKey;
};

struct GatewayReversal {
    std::string id;
    std::string transferId;
    MinorUnits amount = 0;
};

enum class DisputeStatus { open, underReview, won, lost, other }; // inquiries that closed and whatever we do not know are `other`

struct GatewayDispute {
    std::string id;
    std::string paymentIntentId;
    std::string chargeId;
    MinorUnits amount = 0;
    std::optional<Currency> currency;
    DisputeStatus status = DisputeStatus::other;
    bool inquiry = false; // a question of the bank: no money has moved
    std::string reason;
    std::optional<Instant> dueBy;
    bool refundable = false;
};

// A notice from the gateway. It is a hint, not a proof: processing reads the object again and believes that (DESIGN §6).
struct WebhookEvent {
    std::string id;
    std::string type; // the gateway's word, e.g. "payment_intent.succeeded"
    bool livemode = false;
    std::string objectId;
    std::string objectKind;      // "payment_intent", "charge", "refund", "dispute", "transfer", …
    std::string paymentIntentId; // the intent that the object is or belongs to; empty if it names none
    Instant created;
    std::string rawBody; // the bytes that were signed
};

// One page, newest first. No cursor: it was the last.
template <class T> struct GatewayPage {
    std::vector<T> items;
    std::optional<std::string> cursor;
};

class Gateway {
public:
    Gateway() = default;
    Gateway(Gateway const&) = delete;
    Gateway& operator=(Gateway const&) = delete;
    virtual ~Gateway() = default;

    virtual Result<Intent> createPaymentIntent(NewIntent const& input) = 0;
    virtual Result<Intent> getPaymentIntent(std::string const& id) = 0;
    // Cancelling what is cancelled answers the intent; what has succeeded is refused with `wrongIntentState`.
    virtual Result<Intent> cancelPaymentIntent(std::string const& id, std::string const& idempotencyKey) = 0;

    virtual Result<GatewayRefund> createRefund(NewRefund const& input) = 0;
    virtual Result<GatewayRefund> getRefund(std::string const& id) = 0;
    virtual Result<GatewayPage<GatewayRefund>> listRefunds(std::string const& paymentIntentId,
                                                           std::optional<std::string> const& cursor) = 0;

    virtual Result<GatewayTransfer> createTransfer(NewTransfer const& input) = 0;
    virtual Result<GatewayReversal> reverseTransfer(NewReversal const& input) = 0;
    virtual Result<GatewayDispute> getDispute(std::string const& id) = 0;

    // For reconciliation: what was created at or after an instant, newest first. Events are kept 30 days by the gateway.
    virtual Result<GatewayPage<Intent>> listPaymentIntents(Instant createdAfter, std::optional<std::string> const& cursor) = 0;
    virtual Result<GatewayPage<GatewayRefund>> listRefundsSince(Instant createdAfter, std::optional<std::string> const& cursor) = 0;
    virtual Result<GatewayPage<WebhookEvent>> listEvents(Instant createdAfter, std::optional<std::string> const& cursor) = 0;

    // Checks the signature over the raw bytes, then reads them. A wrong signature, one more than 300 s old or in the future, or a body that
    // is no event: Code::malformed "bad_signature". A wrong livemode passes: the caller stores such an event without effect.
    virtual Result<WebhookEvent> verifyWebhook(std::string_view rawBody, std::string_view signatureHeader, Instant now) const = 0;

    virtual std::string const& publishableKey() const = 0;
    // Whether this gateway is set up for real money; objects and events of the other kind are not ours.
    virtual bool livemode() const = 0;
};

} // namespace visavis::payments
