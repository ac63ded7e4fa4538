// A log-in that this process remembers: nothing that ends or changes it goes unnoticed, on any engine.
#include "profiles/accounts.hpp"
#include "profiles/service.hpp"
#include "support/platform.hpp"

namespace visavis::profiles {
namespace {

using identity::Caller;

struct Person {
    identity::User user;
    std::string token;
    Ref<identity::AuthSession> logIn;
};

struct RememberedLogIn : testing::Test {
    support::TestPlatform parts;

    template <class F> auto write(F const& work) { return visavis::transact(*parts.store, work); }
    Person enter(char const* email) {
        auto call = parts.call();
        auto const user = *write([&](Tx& tx) -> Result<identity::User> {
            TRY(auto made, identity::createUser(call, tx, {Email{email}, "x", "Ada", identity::UserType::customer, {}, false}));
            CHECK(createCustomer(call, tx, made, {}));
            return made;
        });
        return logInOf(user);
    }
    Person logInOf(identity::User const& user) {
        auto call = parts.call();
        auto const opened = *write([&](Tx& tx) { return identity::openSession(call, tx, user); });
        return {user, opened.token, opened.session.id};
    }
    std::optional<Caller> known(Person const& who) {
        Caller caller;
        caller.ip = "192.0.2.9";
        return recall(parts.platform, who.token, parts.clock.now(), caller) ? std::optional(caller) : std::nullopt;
    }
    std::optional<Caller> recognised(Person const& who) {
        Caller caller;
        caller.ip = "192.0.2.9";
        return recognise(parts.platform, who.token, parts.clock.now(), caller) ? std::optional(caller) : std::nullopt;
    }
};

TEST_F(RememberedLogIn, SaysTheSameAsTheStore) {
    auto const ada = enter("ada@example.org");
    EXPECT_FALSE(known(ada)) << "nobody has asked yet";
    auto const first = recognised(ada);
    ASSERT_TRUE(first);
    auto const again = known(ada);
    ASSERT_EQ(again.has_value(), parts.store->alone());
    if (!again) return;
    EXPECT_EQ(again->userId, first->userId);
    EXPECT_EQ(again->userType, first->userType);
    EXPECT_EQ(again->customerId, first->customerId);
    EXPECT_EQ(again->logIn, first->logIn);
    EXPECT_EQ(again->ip, "192.0.2.9");
}

// What each does to the one who is remembered, and whether the log-in lives on.
struct Row {
    char const* name;
    std::function<Result<void>(RememberedLogIn&, Tx&, Person const&)> act;
    bool lives;
};

// clang-format off
Row const rows[] = {
    {"logged out", [](RememberedLogIn&, Tx& tx, Person const& who) { return identity::endSession(tx, who.user.id, who.logIn); }, false},
    {"all log-ins ended", [](RememberedLogIn&, Tx& tx, Person const& who) { return identity::endSessions(tx, who.user.id, {}); }, false},
    {"all others ended", [](RememberedLogIn&, Tx& tx, Person const& who) { return identity::endSessions(tx, who.user.id, who.logIn); }, true},
    {"gone, whoever took it", [](RememberedLogIn&, Tx& tx, Person const& who) -> Result<void> { CHECK(tx.erase(identity::authSessions, identity::authSessions->userId == who.user.id)); return ok; }, false},
    {"password changed", [](RememberedLogIn& at, Tx& tx, Person const& who) { return identity::changePassword(tx, who.user.id, "y", {}, at.parts.clock.now()); }, false},
    {"suspended", [](RememberedLogIn& at, Tx& tx, Person const& who) { auto user = *tx.get(identity::users, who.user.id); return identity::suspendUser(tx, user, at.parts.clock.now()); }, false},
    {"made an administrator", [](RememberedLogIn&, Tx& tx, Person const& who) -> Result<void> { CHECK(tx.update(identity::users, identity::users->id == who.user.id, set(identity::users->roles, {identity::Role::admin}))); return ok; }, true},
    {"address confirmed", [](RememberedLogIn&, Tx& tx, Person const& who) -> Result<void> { CHECK(tx.update(identity::users, identity::users->id == who.user.id, set(identity::users->isVerified, true))); return ok; }, true},
};
// clang-format on

TEST_F(RememberedLogIn, LearnsAtOnceWhatChanges) {
    int n = 0;
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        auto const who = enter(("p" + std::to_string(n++) + "@example.org").c_str());
        auto const before = recognised(who);
        ASSERT_TRUE(before);
        ASSERT_TRUE(write([&](Tx& tx) { return row.act(*this, tx, who); }));
        EXPECT_FALSE(known(who)) << "what is remembered is outdated";
        auto const after = recognised(who);
        EXPECT_EQ(after.has_value(), row.lives);
        if (!after) continue;
        auto const user = *parts.get(identity::users, who.user.id);
        EXPECT_EQ(after->roles, user.roles);
        EXPECT_EQ(after->isVerified, user.isVerified);
    }
}

TEST_F(RememberedLogIn, StaysWhileOthersComeAndGo) {
    auto const ada = enter("ada@example.org");
    ASSERT_TRUE(recognised(ada));
    auto const eve = enter("eve@example.org");
    ASSERT_TRUE(write([&](Tx& tx) { return identity::endSession(tx, eve.user.id, eve.logIn); }));
    EXPECT_EQ(known(ada).has_value(), parts.store->alone());
}

TEST_F(RememberedLogIn, SlidesAndEndsInItsTime) {
    auto const ada = enter("ada@example.org");
    auto const seen = [&] { return parts.get(identity::authSessions, ada.logIn)->lastSeenAt; };
    ASSERT_TRUE(recognised(ada));
    parts.clock.advance(Minutes(59));
    EXPECT_EQ(known(ada).has_value(), parts.store->alone());
    parts.clock.advance(Minutes(1));
    EXPECT_FALSE(known(ada)) << "it wants to slide";
    ASSERT_TRUE(recognised(ada));
    EXPECT_EQ(seen(), parts.clock.now());
    ASSERT_TRUE(recognised(ada));
    parts.clock.advance(Days(31));
    EXPECT_FALSE(known(ada));
    EXPECT_FALSE(recognised(ada));
}

TEST_F(RememberedLogIn, OnlyTheRequestThatSlidSaysSo) {
    auto const ada = enter("ada@example.org");
    auto const slidTo = [&] {
        auto const caller = recognised(ada);
        EXPECT_TRUE(caller);
        return caller ? caller->slidTo : std::nullopt;
    };
    EXPECT_EQ(slidTo(), std::nullopt);
    parts.clock.advance(Hours(1));
    EXPECT_EQ(slidTo(), parts.clock.now() + Days(30));
    EXPECT_EQ(slidTo(), std::nullopt);
    EXPECT_EQ(slidTo(), std::nullopt);
}

} // namespace
} // namespace visavis::profiles
