// Delivery of webhooks, with the faults that were asked for.
#include "sandbox/stripe/courier.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>

namespace visavis::sandbox::stripe {

namespace {

constexpr std::array pauses{Millis(5'000), Millis(300'000)}; // before the second and the third try
constexpr Millis longestHold{1'000};                         // of a reordered event when no other comes
constexpr Millis longestSleep{1'000};                        // the clock may be moved without our knowing
constexpr outbound::Timeouts timeouts{Millis(2'000), Millis(10'000)};
constexpr int noAnswer = 0;

bool isTaken(int status) { return status >= 200 && status < 300; }

} // namespace

std::string signatureOf(std::string_view secret, std::int64_t seconds, std::string_view body) {
    auto const at = std::to_string(seconds);
    return "t=" + at + ",v1=" + hmacSha256Hex(secret, at + "." + std::string(body));
}

Courier::Courier(World world, Endpoint endpoint, Book& book, std::mutex& lock, std::function<void()> runDue)
    : world_(world),
      endpoint_(std::move(endpoint)),
      book_(book),
      lock_(lock),
      runDue_(std::move(runDue)),
      client_({.userAgent = "Stripe/1.0 (+https://stripe.com/docs/webhooks)"}) {
    book_.onEvent = [this](json::object& event) { take(event); };
    book_.visit("event", [&](json::object const& event) {
        auto const& delivery = objectOf(event, "_delivery");
        if (textOf(delivery, "state") == "pending") {
            parcels_.push_front(
                {std::string(textOf(event, "id")), static_cast<int>(numberOf(delivery, "tries")), {numberOf(delivery, "at")}, {}});
        }
        return true;
    });
}

Courier::~Courier() {
    stop();
    book_.onEvent = nullptr;
}

void Courier::start() {
    thread_ = std::thread([this] { work(); });
}

void Courier::stop() {
    {
        std::lock_guard const lock(lock_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Courier::wake() { wake_.notify_all(); }

// Called by the book, under the lock.
void Courier::take(json::object& event) {
    if (endpoint_.url.empty()) return;
    event["pending_webhooks"] = 1;
    event["_delivery"] = json::object{{"state", "pending"}, {"tries", 0}, {"at", book_.now().ms}};
    parcels_.push_back({std::string(textOf(event, "id")), 0, book_.now(), {}});
    wake_.notify_all();
}

bool Courier::nothingDue() const {
    auto const now = book_.now();
    bool const parcel = std::any_of(parcels_.begin(), parcels_.end(), [&](Parcel const& one) { return one.at <= now; });
    return !busy_ && !parcel && book_.nextDue() > now;
}

bool Courier::idle() {
    std::lock_guard const lock(lock_);
    return nothingDue();
}

bool Courier::waitIdle(Millis deadline) {
    Lock lock(lock_);
    wake_.notify_all();
    return settled_.wait_for(lock, deadline, [this] { return nothingDue(); });
}

std::uint64_t Courier::carried() {
    std::lock_guard const lock(lock_);
    return carried_;
}

void Courier::work() {
    Lock lock(lock_);
    while (!stopping_) {
        runDue_();
        if (auto* parcel = next()) {
            busy_ = true;
            handOver(lock, *parcel);
            busy_ = false;
            continue;
        }
        settled_.notify_all();
        bool const holding = std::any_of(parcels_.begin(), parcels_.end(), [](Parcel const& one) { return one.held; });
        auto const woken = wake_.wait_for(lock, holding ? longestHold : untilNext());
        if (holding && woken == std::cv_status::timeout) release();
    }
}

// The first one due that need not wait for another. Asks for its faults when it is first looked at.
Courier::Parcel* Courier::next() {
    auto const now = book_.now();
    for (std::size_t i = 0; i < parcels_.size(); ++i) {
        auto& parcel = parcels_[i];
        if (parcel.held || parcel.at > now) continue;
        if (!std::exchange(parcel.asked, true)) {
            parcel.faults = world_.faults.take("stripe", "webhook:" + std::string(textOf(*book_.find(parcel.event), "type")));
            parcel.held = parcel.faults.reorder;
        }
        if (!parcel.held) return &parcel;
    }
    return nullptr;
}

void Courier::release() {
    for (auto& parcel : parcels_) parcel.held = false;
}

Millis Courier::untilNext() const {
    auto first = book_.nextDue();
    for (auto const& parcel : parcels_) first = std::min(first, parcel.at);
    return std::clamp(first - book_.now(), Millis(1), longestSleep);
}

// New parcels come at the end of the deque while the lock is free: references to the others stay good.
void Courier::handOver(Lock& lock, Parcel& parcel) {
    auto const& event = *book_.find(parcel.event);
    if (parcel.faults.drop) {
        book_.change(parcel.event)["_delivery"] = json::object{{"state", "dropped"}};
        remove(parcel);
    } else {
        std::string const type(textOf(event, "type"));
        auto const status = carry(lock, parcel, type, json::serialize(shown(event)));
        if (status < 0) return; // we are to stop: the try does not count
        note(parcel, status);
    }
    book_.commit();
    release();
}

int Courier::carry(Lock& lock, Parcel const& parcel, std::string const& type, std::string const& body) {
    auto const& faults = parcel.faults;
    if (faults.latency && wake_.wait_for(lock, *faults.latency, [this] { return stopping_; })) return -1;
    if (faults.reset) return noAnswer;
    ++carried_;
    lock.unlock();
    std::vector<std::thread> more;
    for (int i = 1; i < faults.copies; ++i) more.emplace_back([&] { post(body); });
    auto status = post(body);
    for (auto& thread : more) thread.join();
    world_.requests.add(
        {{"provider", "stripe"}, {"at", toRfc3339(world_.clock.now())}, {"method", "WEBHOOK"}, {"path", type}, {"status", status}});
    lock.lock();
    if (faults.timeoutAfterSuccess) status = noAnswer;
    return faults.status.value_or(status);
}

int Courier::post(std::string const& body) const {
    auto const answer = client_.send({.method = "POST",
                                      .url = endpoint_.url,
                                      .headers = {{"Content-Type", "application/json; charset=utf-8"},
                                                  {"Stripe-Signature", signatureOf(endpoint_.secret, book_.seconds(), body)}},
                                      .body = body,
                                      .timeouts = timeouts,
                                      .once = true});
    return answer ? answer->status : noAnswer;
}

void Courier::note(Parcel& parcel, int status) {
    auto& event = book_.change(parcel.event);
    ++parcel.tries;
    parcel.asked = false;
    parcel.faults = {};
    if (isTaken(status)) {
        event["pending_webhooks"] = 0;
        event.erase("_delivery");
        return remove(parcel);
    }
    bool const over = static_cast<std::size_t>(parcel.tries) > pauses.size();
    if (!over) parcel.at = book_.now() + pauses[static_cast<std::size_t>(parcel.tries) - 1];
    event["_delivery"] = json::object{{"state", over ? "failed" : "pending"}, {"tries", parcel.tries}, {"at", parcel.at.ms}};
    if (over) remove(parcel);
}

void Courier::remove(Parcel const& parcel) {
    std::erase_if(parcels_, [event = parcel.event](Parcel const& one) { return one.event == event; });
}

} // namespace visavis::sandbox::stripe
