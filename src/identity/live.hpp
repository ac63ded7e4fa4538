// Live updates (API: GET /events): what the open pages of a user are told, in the order in which it was committed.
//
// A verb publishes in the transaction of the change itself. Every user has a sequence of their own, counted up by that transaction: two
// transactions that tell the same user meet at the counter, so a number is never visible before a smaller one, whatever the engine and however
// many processes. There is no counter that all users share. A stream remembers the number that it sent last, and that is the Last-Event-ID.
#pragma once

#include "core/clock.hpp"
#include "http/stream.hpp"
#include "identity/records.hpp"
#include "record/json.hpp"
#include "store/tx.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <string_view>
#include <thread>

namespace visavis::identity {

WORDS(LiveKind, booking, payment, notification)

struct LiveEvent {
    Ref<LiveEvent> id; // of user and sequence
    Ref<User> userId;
    std::int64_t sequence = 0; // 1, 2, 3 … without a gap; what is older than a day is missing at the start
    LiveKind kind{};
    std::string data; // JSON on one line
    Instant at;
};
RECORD(LiveEvent, id, userId, sequence, kind, data, at)

COLLECTION(LiveEvent, liveEvents)

// How far a user's events are counted. Its id is the user's. It outlives the events, so that a number is never given twice.
struct LiveSequence {
    Ref<LiveSequence> id;
    std::int64_t last = 0;
    std::int64_t version = 0;
};
RECORD(LiveSequence, id, last, version)

COLLECTION(LiveSequence, liveSequences)

// Events are kept for so long; who comes back later gets `reset` and reads everything anew.
inline constexpr Hours liveLifetime{24};

// Tells a user: with the commit, or not at all.
Result<void> publishText(Tx& tx, Ref<User> userId, LiveKind kind, std::string data, Instant now);
template <class T> Result<void> publish(Tx& tx, Ref<User> userId, LiveKind kind, T const& data, Instant now) {
    return publishText(tx, userId, kind, toJson(data), now);
}
// Writes where everybody writes who tells this user something: of a transaction that publishes to the user and one that calls this, the later sees
// what the earlier did, on any engine. Nobody is told anything.
Result<void> meetPublishers(Tx& tx, Ref<User> userId);
// The streams of a user look again once this commits: a log-in has ended.
void wakeStreams(Tx& tx, Ref<User> userId);
// The counter that goes up whenever a stream of anybody has to look again.
ObjectId liveGeneration();

// Job: removes what is past its time, a bounded number per transaction.
Result<void> expireEvents(Engine& store, Instant now);

// Where a stream stands: the number sent last; nothing when the client named one that we cannot go on from.
std::optional<std::int64_t> startOf(Reader& reader, Ref<User> userId, std::string_view lastEventId);
// What comes behind `sent`, as text of the protocol (HTML Living Standard, server-sent events), and where the stream stands then.
struct LivePage {
    std::string text;
    std::int64_t sent = 0;
    bool more = false;
};
LivePage pageBehind(Reader& reader, Ref<User> userId, std::optional<std::int64_t> sent);

struct LiveSettings {
    Millis poll{1'000};       // how late news of another process may be
    Millis heartbeat{20'000}; // API: 20 s
    std::int64_t perUser = INT64_MAX;
};

// The open streams of this process, and the one thread that feeds them. News of this process wakes it, news of others is found by looking:
// one query for all users that are connected.
class Live {
public:
    Live(Engine& store, Clock const& clock, LiveSettings settings);
    ~Live(); // stop()
    Live(Live const&) = delete;
    Live& operator=(Live const&) = delete;

    void start();
    void stop();

    // What the handler hands to the connection. rateLimited when the user has too many streams open.
    Result<std::function<void(std::shared_ptr<http::Stream>)>> open(Ref<User> userId, Ref<AuthSession> logIn, std::string_view lastEventId);
    std::size_t streams() const;

private:
    struct Listener;
    using Listeners = std::vector<std::shared_ptr<Listener>>;

    void loop();
    bool round(bool look);
    Listeners openOnes() const;
    void forgetClosed();
    void lookEverywhere(Listeners const& all);
    bool serve(Listener& listener);
    void beat(Listener& listener) const;

    Engine& store_;
    Clock const& clock_;
    LiveSettings const settings_;
    mutable std::mutex mutex_;
    Listeners listeners_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

} // namespace visavis::identity
