// The thread that feeds the open streams.
#include "core/log.hpp"
#include "identity/live.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace visavis::identity {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t askedAtOnce = 500; // users in one question to the store

// Calls `ask` with the ids of all listeners, a bounded number at a time.
template <class T, class Listeners, class IdOf, class Ask> void inPortions(Listeners const& all, IdOf const& idOf, Ask const& ask) {
    std::vector<Ref<T>> ids;
    ids.reserve(std::size(all));
    for (auto const& listener : all) ids.push_back(idOf(*listener));
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    for (std::size_t from = 0; from < ids.size(); from += askedAtOnce) {
        auto const to = std::min(ids.size(), from + askedAtOnce);
        ask(std::vector<Ref<T>>(ids.begin() + static_cast<std::ptrdiff_t>(from), ids.begin() + static_cast<std::ptrdiff_t>(to)));
    }
}

bool lives(AuthSession const& session, Instant now) { return session.expiresAt > now && session.absoluteExpiresAt > now; }

} // namespace

struct Live::Listener {
    std::shared_ptr<http::Stream> stream;
    Ref<User> userId;
    Ref<AuthSession> logIn;
    std::optional<std::int64_t> sent;             // nothing: it must be told to begin anew
    std::optional<std::uint64_t> generation = {}; // of the user when the stream was fed last; nothing: it must be looked after
    Steady::time_point beatAt = {};

    void write(std::string text) const { stream->write(std::move(text)); }
};

Live::Live(Engine& store, Clock const& clock, LiveSettings settings) : store_(store), clock_(clock), settings_(settings) {}

Live::~Live() { stop(); }

void Live::start() {
    thread_ = std::thread([this] { loop(); });
}

void Live::stop() {
    stopping_ = true;
    store_.generations.bump(liveGeneration());
    if (thread_.joinable()) thread_.join();
}

std::size_t Live::streams() const { return openOnes().size(); }

Result<std::function<void(std::shared_ptr<http::Stream>)>> Live::open(Ref<User> userId, Ref<AuthSession> logIn,
                                                                      std::string_view lastEventId) {
    auto const all = openOnes();
    auto const own = std::count_if(all.begin(), all.end(), [&](auto const& listener) { return listener->userId == userId; });
    if (own >= settings_.perUser) {
        auto error = failure(Code::rateLimited, "rate_limited", "There are too many open streams of this account.");
        error.retryAfterSeconds = 5;
        return error;
    }
    // Before the head of the answer goes out: what is committed after the client has seen it is sent.
    auto const sent = visavis::read(store_, [&](Reader& reader) { return startOf(reader, userId, lastEventId); });
    return [this, userId, logIn, sent](std::shared_ptr<http::Stream> const& stream) {
        auto listener = std::make_shared<Listener>(Listener{stream, userId, logIn, sent});
        listener->beatAt = Steady::now() + settings_.heartbeat;
        // The id is noted by the client even without an event: a connection that is lost before the first one resumes here.
        listener->write("retry: 1000\n" + (sent ? "id: " + std::to_string(*sent) + "\n" : std::string()) + "\n");
        {
            std::lock_guard const lock(mutex_);
            listeners_.push_back(std::move(listener));
        }
        store_.generations.bump(liveGeneration());
    };
}

Live::Listeners Live::openOnes() const {
    std::lock_guard const lock(mutex_);
    Listeners all;
    std::copy_if(listeners_.begin(), listeners_.end(), std::back_inserter(all), [](auto const& one) { return !one->stream->closed(); });
    return all;
}

void Live::forgetClosed() {
    std::lock_guard const lock(mutex_);
    std::erase_if(listeners_, [](auto const& listener) { return listener->stream->closed(); });
}

void Live::loop() {
    auto lookAt = Steady::now() + settings_.poll;
    while (!stopping_) {
        auto const seen = store_.generations.of(liveGeneration());
        bool const look = Steady::now() >= lookAt;
        if (look) lookAt = Steady::now() + settings_.poll;
        bool more = false;
        try {
            more = round(look);
        } catch (std::exception const& failed) { // the store cannot answer now: whoever was not served is still due
            log::error("live_failed", {{"what", failed.what()}});
        }
        if (!more && !stopping_) store_.generations.waitFor(liveGeneration(), seen, lookAt);
    }
}

// Serves every stream that is due; true when one of them has more to come.
bool Live::round(bool look) {
    forgetClosed();
    auto const all = openOnes();
    if (look) lookEverywhere(all);
    bool more = false;
    for (auto const& listener : all) {
        auto const generation = store_.generations.of(listener->userId.id);
        if (listener->generation != generation) {
            bool const again = serve(*listener);
            if (!again) listener->generation = generation; // read before the store was: a change in between makes it due again
            more = more || again;
        }
        beat(*listener);
    }
    return more;
}

// What other processes have written: two questions for everybody. Whoever is behind, or logged out, becomes due.
void Live::lookEverywhere(Listeners const& all) {
    if (all.empty()) return;
    std::unordered_map<ObjectId, std::int64_t> last;
    std::unordered_set<ObjectId> living;
    auto const now = clock_.now();
    visavis::read(store_, [&](Reader& reader) {
        inPortions<LiveSequence>(
            all, [](Listener const& one) { return Ref<LiveSequence>{one.userId.id}; },
            [&](std::vector<Ref<LiveSequence>> const& ids) {
                for (auto const& sequence : reader.find(liveSequences, in(liveSequences->id, ids)).all())
                    last[sequence.id.id] = sequence.last;
            });
        inPortions<AuthSession>(
            all, [](Listener const& one) { return one.logIn; },
            [&](std::vector<Ref<AuthSession>> const& ids) {
                for (auto const& session : reader.find(authSessions, in(authSessions->id, ids)).all())
                    if (lives(session, now)) living.insert(session.id.id);
            });
        return true;
    });
    for (auto const& listener : all) {
        auto const found = last.find(listener->userId.id);
        bool const behind = listener->sent != (found == last.end() ? 0 : found->second);
        if (behind || !living.contains(listener->logIn.id)) listener->generation.reset();
    }
}

// One page, or the end when the log-in has ended. True when there is more.
bool Live::serve(Listener& listener) {
    LivePage page;
    bool const alive = visavis::read(store_, [&](Reader& reader) {
        auto const session = reader.get(authSessions, listener.logIn);
        if (!session || !lives(*session, clock_.now())) return false;
        page = pageBehind(reader, listener.userId, listener.sent);
        return true;
    });
    if (!alive) {
        listener.stream->close();
        return false;
    }
    listener.sent = page.sent;
    if (page.text.empty()) return false;
    listener.write(std::move(page.text)); // a reader that is too slow is cut off here, and resumes from what it got
    listener.beatAt = Steady::now() + settings_.heartbeat;
    return page.more && !listener.stream->closed();
}

void Live::beat(Listener& listener) const {
    if (Steady::now() < listener.beatAt) return;
    listener.write(": heartbeat\n\n");
    listener.beatAt = Steady::now() + settings_.heartbeat;
}

} // namespace visavis::identity
