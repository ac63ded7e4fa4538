// Live updates on a real store: in order, without a gap, resumed, reset, and the end of a log-in is the end of its stream.
#include "identity/live.hpp"
#include "core/log.hpp"
#include "identity/service.hpp"
#include "support/platform.hpp"

#include <condition_variable>

namespace visavis::identity {
namespace {

using namespace std::chrono_literals;

struct News {
    std::int64_t value = 0;
};
RECORD(News, value)

// What a browser makes of the stream.
struct Seen {
    std::string id, name, data;

    bool operator==(Seen const&) const = default;
};

std::vector<Seen> eventsIn(std::string const& text) {
    std::vector<Seen> events;
    Seen next;
    for (std::size_t at = 0; at < text.size();) {
        auto const end = text.find('\n', at);
        auto const line = text.substr(at, end - at);
        at = end + 1;
        if (line.starts_with("id: ")) next.id = line.substr(4);
        if (line.starts_with("event: ")) next.name = line.substr(7);
        if (line.starts_with("data: ")) next.data = line.substr(6);
        if (!line.empty()) continue;
        if (!next.data.empty()) events.push_back(next); // an event without data only notes the id
        next = {next.id, "", ""};
    }
    return events;
}

// A connection whose peer takes at most `room` bytes and then no more.
class FakeStream final : public http::Stream {
public:
    explicit FakeStream(std::size_t room = SIZE_MAX) : room_(room) {}

    bool write(std::string chunk) override {
        std::lock_guard const lock(mutex_);
        if (closed_) return false;
        closed_ = text_.size() + chunk.size() > room_;
        if (!closed_) text_ += chunk;
        changed_.notify_all();
        return !closed_;
    }
    void close() override {
        std::lock_guard const lock(mutex_);
        closed_ = true;
        changed_.notify_all();
    }
    bool closed() const override {
        std::lock_guard const lock(mutex_);
        return closed_;
    }
    void onClose(std::function<void()>) override {}

    std::string text() const {
        std::lock_guard const lock(mutex_);
        return text_;
    }
    std::vector<Seen> events() const { return eventsIn(text()); }
    // Waits until something holds; false after half a minute.
    template <class F> bool until(F const& holds) const {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, 30s, [&] { return holds(text_, closed_); });
    }
    bool has(std::size_t count) const {
        return until([&](std::string const& text, bool) { return eventsIn(text).size() >= count; });
    }
    bool ended() const {
        return until([](std::string const&, bool closed) { return closed; });
    }

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::string text_;
    std::size_t room_;
    bool closed_ = false;
};

class LiveUpdates : public testing::Test {
protected:
    LiveUpdates() {
        for (auto* user : {&ann, &bob}) {
            User record;
            record.id = user->id = host.ids.make<User>(host.clock.now());
            record.email = {record.id.hex() + "@example.test"};
            record.name = "Somebody";
            user->logIn = openLogIn(record);
        }
        live.start();
    }

    struct Person {
        Ref<User> id;
        Ref<AuthSession> logIn;
    };

    Ref<AuthSession> openLogIn(User const& record) {
        auto call = host.call();
        auto const opened = visavis::transact(*host.store, [&](Tx& tx) -> Result<LogIn> {
            if (!tx.get(users, record.id)) CHECK(tx.insert(users, record));
            return openSession(call, tx, record);
        });
        return opened->session.id;
    }
    void tell(Person const& whom, std::int64_t value) {
        auto const told =
            visavis::transact(*host.store, [&](Tx& tx) { return publish(tx, whom.id, LiveKind::booking, News{value}, host.clock.now()); });
        ASSERT_TRUE(told);
    }
    std::shared_ptr<FakeStream> open(Live& hub, Person const& who, std::string const& lastEventId = "", std::size_t room = SIZE_MAX) {
        auto stream = std::make_shared<FakeStream>(room);
        auto const begin = hub.open(who.id, who.logIn, lastEventId);
        EXPECT_TRUE(begin);
        if (begin) (*begin)(stream);
        return stream;
    }
    std::shared_ptr<FakeStream> open(Person const& who, std::string const& lastEventId = "", std::size_t room = SIZE_MAX) {
        return open(live, who, lastEventId, room);
    }
    Seen seen(std::int64_t number, std::int64_t value) {
        return {std::to_string(number), "booking", "{\"value\":" + std::to_string(value) + "}"};
    }

    support::TestPlatform host;
    Person ann, bob;
    Live live{*host.store, host.clock, {Millis(20), Millis(20'000), 3}};
};

TEST_F(LiveUpdates, GoToWhomTheyConcernInOrder) {
    auto const anns = open(ann);
    auto const bobs = open(bob);
    EXPECT_TRUE(anns->until([](auto const& text, bool) { return text == "retry: 1000\nid: 0\n\n"; }))
        << "a connection that is lost before the first event resumes as well";
    for (std::int64_t value = 1; value <= 3; ++value) tell(ann, value);
    tell(bob, 9);
    ASSERT_TRUE(anns->has(3) && bobs->has(1));
    EXPECT_EQ(anns->events(), (std::vector{seen(1, 1), seen(2, 2), seen(3, 3)}));
    EXPECT_EQ(bobs->events(), std::vector{seen(1, 9)});
}

TEST_F(LiveUpdates, AreNotTherewithoutTheirCommit) {
    auto const anns = open(ann);
    auto const failed = visavis::transact(*host.store, [&](Tx& tx) -> Result<void> {
        CHECK(publish(tx, ann.id, LiveKind::booking, News{1}, host.clock.now()));
        return conflict("no");
    });
    EXPECT_FALSE(failed);
    tell(ann, 2);
    ASSERT_TRUE(anns->has(1));
    EXPECT_EQ(anns->events(), std::vector{seen(1, 2)}) << "the number was not used up either";
}

TEST_F(LiveUpdates, ResumeWithWhatWasMissed) {
    tell(ann, 1);
    tell(ann, 2);
    tell(ann, 3);
    auto const all = open(ann, "0");
    auto const some = open(ann, "2");
    auto const fresh = open(ann);
    tell(ann, 4);
    ASSERT_TRUE(all->has(4) && some->has(2) && fresh->has(1));
    EXPECT_EQ(all->events(), (std::vector{seen(1, 1), seen(2, 2), seen(3, 3), seen(4, 4)}));
    EXPECT_EQ(some->events(), (std::vector{seen(3, 3), seen(4, 4)}));
    EXPECT_EQ(fresh->events(), std::vector{seen(4, 4)});
}

TEST_F(LiveUpdates, ManyMissedOnesComeInPages) {
    for (std::int64_t value = 1; value <= 250; ++value) tell(ann, value);
    auto const resumed = open(ann, "0");
    ASSERT_TRUE(resumed->has(250));
    auto const events = resumed->events();
    ASSERT_EQ(events.size(), 250u);
    for (std::int64_t number = 1; number <= 250; ++number) EXPECT_EQ(events[static_cast<std::size_t>(number - 1)], seen(number, number));
}

// What cannot be gone on from begins anew, and goes on from there.
TEST_F(LiveUpdates, ResetWhoCannotBeBroughtUpToDate) {
    struct Row {
        char const* name;
        char const* lastEventId;
    };
    tell(ann, 1);
    host.clock.advance(Hours(24));
    tell(ann, 2);
    ASSERT_TRUE(expireEvents(*host.store, host.clock.now()));
    std::int64_t value = 2;
    for (auto const& row : {Row{"expired", "0"}, Row{"of another server", "77"}, Row{"no number", "abc"}, Row{"negative", "-1"},
                            Row{"too large", "99999999999999999999"}, Row{"half a number", "1x"}, Row{"a space", "1 "}}) {
        auto const resumed = open(ann, row.lastEventId);
        ASSERT_TRUE(resumed->has(1)) << row.name;
        EXPECT_EQ(resumed->events(), std::vector(1, Seen{std::to_string(value), "reset", "{}"})) << row.name;
        tell(ann, ++value);
        ASSERT_TRUE(resumed->has(2)) << row.name;
        EXPECT_EQ(resumed->events().at(1), seen(value, value)) << row.name;
        resumed->close();
    }
    auto const kept = open(ann, "1");
    ASSERT_TRUE(kept->has(1));
    EXPECT_EQ(kept->events().front(), seen(2, 2)) << "not older than a day";
}

TEST_F(LiveUpdates, GoAfterADay) {
    for (std::int64_t value = 1; value <= 1'100; ++value) tell(ann, value);
    host.clock.advance(Hours(24) - Millis(1));
    ASSERT_TRUE(expireEvents(*host.store, host.clock.now()));
    EXPECT_EQ(host.all(liveEvents).size(), 1'100u);
    host.clock.advance(Millis(1));
    ASSERT_TRUE(expireEvents(*host.store, host.clock.now()));
    EXPECT_TRUE(host.all(liveEvents).empty());
    auto const resumed = open(ann, "1099");
    ASSERT_TRUE(resumed->has(1));
    EXPECT_EQ(resumed->events().front(), (Seen{"1100", "reset", "{}"})) << "also when nothing is left that could show the gap";
}

TEST_F(LiveUpdates, EndWithTheLogIn) {
    auto const anns = open(ann);
    auto const bobs = open(bob);
    ASSERT_TRUE(visavis::transact(*host.store, [&](Tx& tx) { return endSession(tx, ann.id, ann.logIn); }));
    EXPECT_TRUE(anns->ended());
    tell(ann, 1);
    EXPECT_TRUE(anns->events().empty());
    host.clock.advance(Days(30));
    EXPECT_TRUE(bobs->ended()) << "nobody had used it for so long";
}

TEST_F(LiveUpdates, EndForEveryOtherLogInWhenThePasswordChanges) {
    auto const mine = open(ann);
    User same;
    same.id = ann.id;
    auto const stolen = open({ann.id, openLogIn(same)});
    ASSERT_TRUE(visavis::transact(*host.store, [&](Tx& tx) { return changePassword(tx, ann.id, "hash", ann.logIn, host.clock.now()); }));
    EXPECT_TRUE(stolen->ended());
    tell(ann, 1);
    EXPECT_TRUE(mine->has(1));
}

// The peer takes a little and then no more: it is cut off, and goes on from what it got, until it has everything.
TEST_F(LiveUpdates, ASlowReaderIsCutOffAndResumes) {
    for (std::int64_t value = 1; value <= 1'000; ++value) tell(ann, value);
    std::vector<Seen> got;
    std::string position = "0";
    int connections = 0;
    while (got.size() < 1'000 && ++connections < 100) {
        auto const stream = open(ann, position, 6'000);
        ASSERT_TRUE(stream->until([&](auto const& text, bool closed) { return closed || got.size() + eventsIn(text).size() == 1'000; }));
        stream->close();
        for (auto const& event : stream->events()) got.push_back(event);
        position = got.empty() ? "0" : got.back().id;
    }
    EXPECT_GT(connections, 3);
    ASSERT_EQ(got.size(), 1'000u);
    for (std::int64_t number = 1; number <= 1'000; ++number) EXPECT_EQ(got[static_cast<std::size_t>(number - 1)], seen(number, number));
}

// Another process sees only the store: here an engine of its own on the same file, whose streams nothing wakes.
TEST_F(LiveUpdates, CrossProcesses) {
    auto const other = host.place.look(app::allCollections());
    Live far(*other, host.clock, {Millis(20), Millis(20'000), 3});
    far.start();
    auto const anns = open(far, ann);
    auto const bobs = open(far, bob);
    for (std::int64_t value = 1; value <= 150; ++value) tell(ann, value);
    ASSERT_TRUE(anns->has(150));
    for (std::int64_t number = 1; number <= 150; ++number)
        EXPECT_EQ(anns->events()[static_cast<std::size_t>(number - 1)], seen(number, number));
    EXPECT_TRUE(bobs->events().empty());
    ASSERT_TRUE(visavis::transact(*host.store, [&](Tx& tx) { return endSession(tx, bob.id, bob.logIn); }));
    EXPECT_TRUE(bobs->ended());
}

// Many tell the same two users at once, each in transactions about both.
TEST_F(LiveUpdates, ManyWritersMakeOneOrder) {
    auto const anns = open(ann, "0");
    auto const bobs = open(bob, "0");
    constexpr int writers = 4, each = 60;
    std::vector<std::thread> threads;
    for (int writer = 0; writer < writers; ++writer)
        threads.emplace_back([&] {
            for (int i = 0; i < each; ++i)
                EXPECT_EQ(support::keyOf(visavis::transact(*host.store,
                                                           [&](Tx& tx) -> Result<void> {
                                                               CHECK(publish(tx, ann.id, LiveKind::booking, News{i}, host.clock.now()));
                                                               return publish(tx, bob.id, LiveKind::payment, News{i}, host.clock.now());
                                                           })),
                          "ok");
        });
    for (auto& thread : threads) thread.join();
    for (auto const& stream : {anns, bobs}) {
        ASSERT_TRUE(stream->has(writers * each));
        auto const events = stream->events();
        for (std::size_t i = 0; i < events.size(); ++i) EXPECT_EQ(events[i].id, std::to_string(i + 1));
    }
}

TEST_F(LiveUpdates, ThereIsALimitForOneUser) {
    auto const first = open(ann);
    auto const second = open(ann);
    auto const third = open(ann);
    EXPECT_EQ(live.streams(), 3u);
    auto const fourth = live.open(ann.id, ann.logIn, "");
    ASSERT_FALSE(fourth);
    EXPECT_EQ(fourth.error().code, Code::rateLimited);
    EXPECT_GT(fourth.error().retryAfterSeconds, 0);
    EXPECT_TRUE(live.open(bob.id, bob.logIn, ""));
    first->close();
    EXPECT_TRUE(live.open(ann.id, ann.logIn, "")) << "one has gone";
}

TEST_F(LiveUpdates, AHeartbeatComesWhenNothingElseDoes) {
    Live quick(*host.store, host.clock, {Millis(5), Millis(5), 3});
    quick.start();
    auto const stream = open(quick, ann);
    EXPECT_TRUE(stream->until([](auto const& text, bool) { return text.find(": heartbeat\n\n") != text.npos; }));
    EXPECT_TRUE(stream->events().empty());
}

} // namespace
} // namespace visavis::identity
