// Carries events to the webhook endpoint in the background (providers.md §1.10), and does what is due by itself in between.
#pragma once

#include "outbound/client.hpp"
#include "sandbox/stripe/book.hpp"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace visavis::sandbox::stripe {

struct Endpoint {
    std::string url; // empty: nobody listens
    std::string secret;
};

// `Stripe-Signature` over the raw body: t=<unix s>,v1=<HMAC-SHA256 of "t.body" in hex>.
std::string signatureOf(std::string_view secret, std::int64_t seconds, std::string_view body);

// Three tries: at once, then 5 s and 5 min after the last one, on the sandbox's clock; each is signed afresh. The thread starts in start().
class Courier {
public:
    // `lock` guards the book. `runDue` is called under it and does what has become due.
    Courier(World world, Endpoint endpoint, Book& book, std::mutex& lock, std::function<void()> runDue);
    ~Courier(); // stop()
    Courier(Courier const&) = delete;
    Courier& operator=(Courier const&) = delete;

    void start();
    void stop();
    void wake(); // there may be something to do: a new event, a moved clock
    bool idle(); // nothing is due and nothing on its way
    bool waitIdle(Millis deadline);
    std::uint64_t carried(); // deliveries tried so far

private:
    struct Parcel {
        std::string event;
        int tries = 0;
        Instant at;
        Faults faults;
        bool asked = false; // for this try's faults
        bool held = false;  // until the next one went
    };
    using Lock = std::unique_lock<std::mutex>;

    void take(json::object& event);
    void work();
    bool nothingDue() const;
    Parcel* next();
    void release();
    Millis untilNext() const;
    void handOver(Lock& lock, Parcel& parcel);
    int carry(Lock& lock, Parcel const& parcel, std::string const& type, std::string const& body);
    int post(std::string const& body) const;
    void note(Parcel& parcel, int status);
    void remove(Parcel const& parcel);

    World world_;
    Endpoint endpoint_;
    Book& book_;
    std::mutex& lock_;
    std::function<void()> runDue_;
    mutable outbound::CurlClient client_;
    std::condition_variable wake_;
    std::condition_variable settled_;
    std::deque<Parcel> parcels_;
    std::thread thread_;
    std::uint64_t carried_ = 0;
    bool busy_ = false;
    bool stopping_ = false;
};

} // namespace visavis::sandbox::stripe
