// Log-ins, tokens and their ends, on a real store.
#include "identity/service.hpp"

#include "support/meeting.hpp"
#include "support/platform.hpp"

namespace visavis::identity {
namespace {

using support::keyOf;

struct IdentityTest : testing::Test {
    support::TestPlatform parts;
    std::string const password = "kx7#pqrs";

    template <class F> auto write(F const& work) { return visavis::transact(*parts.store, work); }
    User make(char const* email, bool isVerified = false) {
        auto call = parts.call();
        auto const hash = *parts.passwords.hash(password);
        return *write([&](Tx& tx) { return createUser(call, tx, {Email{email}, hash, "Ada", UserType::customer, {}, isVerified}); });
    }
    LogIn open(User const& user) {
        auto call = parts.call();
        return *write([&](Tx& tx) { return openSession(call, tx, user); });
    }
    bool isKnown(std::string const& token) {
        return visavis::read(*parts.store, [&](Reader& reader) { return recognise(reader, token, parts.clock.now()).has_value(); });
    }
    std::string verificationToken(User const& user) {
        return *write([&](Tx& tx) { return newVerificationToken(parts.platform, tx, user.id, parts.clock.now()); });
    }
    std::string resetToken(User const& user) {
        return *write([&](Tx& tx) { return newResetToken(parts.platform, tx, user.id, parts.clock.now()); });
    }
    std::string verify(std::string const& token) {
        return keyOf(write([&](Tx& tx) { return verifyEmail(tx, token, parts.clock.now()); }));
    }
    std::string reset(std::string const& token) {
        auto const hash = *parts.passwords.hash("another one 9");
        return keyOf(write([&](Tx& tx) { return resetPassword(tx, token, hash, parts.clock.now()); }));
    }
    std::string credentials(char const* email, std::string const& tried) {
        auto call = parts.call();
        return keyOf(checkCredentials(call, Email{email}, tried));
    }
};

TEST_F(IdentityTest, AnAddressIsTakenOnce) {
    make("ada@example.org");
    auto call = parts.call();
    auto const second = write([&](Tx& tx) {
        return createUser(call, tx, {Email{"ada@example.org"}, "x", "Eve", UserType::customer, {}, false});
    });
    EXPECT_EQ(keyOf(second), "email_taken");
    EXPECT_EQ(second.error().code, Code::conflict);
}

TEST_F(IdentityTest, CredentialsAreCheckedWithoutTellingWhatIsWrong) {
    make("ada@example.org");
    EXPECT_EQ(credentials("ada@example.org", password), "ok");
    EXPECT_EQ(credentials("ada@example.org", "kx7#pqrt"), "bad_credentials");
    EXPECT_EQ(credentials("eve@example.org", password), "bad_credentials");
    EXPECT_EQ(credentials("ada@example.org", std::string(100, 'x')), "bad_credentials");
    EXPECT_EQ(parts.all(auditEntries).size(), 3u);
}

TEST_F(IdentityTest, ASuspendedAccountNeedsItsPasswordToBeToldSo) {
    auto user = make("ada@example.org");
    auto const logIn = open(user);
    ASSERT_TRUE(write([&](Tx& tx) { return tx.update(users, users->id == user.id, set(users->isActive, false)); }));
    EXPECT_EQ(credentials("ada@example.org", password), "account_suspended");
    EXPECT_EQ(credentials("ada@example.org", "kx7#pqrt"), "bad_credentials");
    EXPECT_FALSE(isKnown(logIn.token));
}

// bcrypt takes a while: what happens to the account meanwhile counts.
TEST_F(IdentityTest, ALogInThatBeganBeforeItsPasswordChangedIsNone) {
    auto const user = make("ada@example.org");
    auto call = parts.call();
    auto const proven = *checkCredentials(call, user.email, password);
    auto const hash = *parts.passwords.hash("another one 9");
    auto const opened = support::overtaken(
        *parts.store, [&](Tx& tx) { return openSession(call, tx, proven); },
        [&] { ASSERT_TRUE(write([&](Tx& tx) { return changePassword(tx, user.id, hash, {}, parts.clock.now()); })); });
    EXPECT_EQ(keyOf(opened), "bad_credentials");
    EXPECT_TRUE(parts.all(authSessions).empty());
}

TEST_F(IdentityTest, ALogInThatBeganBeforeASuspensionIsNone) {
    auto const user = make("ada@example.org");
    auto call = parts.call();
    auto const proven = *checkCredentials(call, user.email, password);
    auto const suspend = [&](Tx& tx) {
        auto now = *tx.get(users, user.id);
        return suspendUser(tx, now, parts.clock.now());
    };
    auto const opened = support::overtaken(
        *parts.store, [&](Tx& tx) { return openSession(call, tx, proven); }, [&] { ASSERT_TRUE(write(suspend)); });
    EXPECT_EQ(keyOf(opened), "account_suspended");
    EXPECT_TRUE(parts.all(authSessions).empty());
}

TEST_F(IdentityTest, LogInsAreLimitedPerAccountAndAddress) {
    parts.limits.enabled = true;
    make("ada@example.org");
    for (int i = 0; i < 10; ++i) EXPECT_EQ(credentials("ada@example.org", "wrong password"), "bad_credentials");
    EXPECT_EQ(credentials("ada@example.org", password), "rate_limited");
    EXPECT_EQ(credentials("eve@example.org", password), "bad_credentials");
    Caller elsewhere;
    elsewhere.ip = "192.0.2.2";
    auto call = parts.call(elsewhere);
    EXPECT_TRUE(checkCredentials(call, Email{"ada@example.org"}, password));
    parts.clock.advance(Minutes(1));
    EXPECT_EQ(credentials("ada@example.org", password), "ok");
}

TEST_F(IdentityTest, OneAddressCannotTryManyAccounts) {
    parts.limits.enabled = true;
    parts.limits.login_per_ip = 5;
    for (int i = 0; i < 5; ++i) EXPECT_EQ(credentials(("u" + std::to_string(i) + "@example.org").c_str(), password), "bad_credentials");
    EXPECT_EQ(credentials("u9@example.org", password), "rate_limited");
}

TEST_F(IdentityTest, ALogInIsKnownByItsTokenAlone) {
    auto const user = make("ada@example.org");
    auto const logIn = open(user);
    EXPECT_EQ(logIn.token.size(), 43u);
    EXPECT_TRUE(isKnown(logIn.token));
    EXPECT_FALSE(isKnown(logIn.session.tokenHash.value));
    EXPECT_FALSE(isKnown(""));
    auto other = logIn.token;
    other[0] = other[0] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(isKnown(other));
    EXPECT_EQ(parts.get(users, user.id)->lastLogin, parts.clock.now());
}

TEST_F(IdentityTest, ALogInSlidesThirtyDaysAndEndsAfterNinety) {
    auto const logIn = open(make("ada@example.org"));
    auto const start = parts.clock.now();
    auto const at = [&](Millis after) {
        parts.clock.set(start + after);
        return isKnown(logIn.token);
    };
    EXPECT_TRUE(at(Days(30) - Millis(1)));
    EXPECT_FALSE(at(Days(30)));
    auto const session = [&] { return *parts.get(authSessions, logIn.session.id); };
    EXPECT_FALSE(wantsSliding(session(), start + Hours(1) - Millis(1)));
    EXPECT_TRUE(wantsSliding(session(), start + Hours(1)));
    for (int day = 29; day <= 87; day += 29) ASSERT_TRUE(slide(parts.platform, session(), start + Days(day)));
    EXPECT_TRUE(at(Days(90) - Millis(1)));
    EXPECT_FALSE(at(Days(90)));
}

TEST_F(IdentityTest, AnewLogInSweepsOldOnes) {
    auto const user = make("ada@example.org");
    open(user);
    parts.clock.advance(Days(31));
    auto const logIn = open(user);
    auto const left = parts.all(authSessions);
    ASSERT_EQ(left.size(), 1u);
    EXPECT_EQ(left[0].id, logIn.session.id);
}

TEST_F(IdentityTest, OnlyTheOwnerEndsALogIn) {
    auto const ada = make("ada@example.org");
    auto const eve = make("eve@example.org");
    auto const logIn = open(ada);
    EXPECT_EQ(keyOf(write([&](Tx& tx) { return endSession(tx, eve.id, logIn.session.id); })), "not_found");
    EXPECT_TRUE(isKnown(logIn.token));
    EXPECT_EQ(keyOf(write([&](Tx& tx) { return endSession(tx, ada.id, logIn.session.id); })), "ok");
    EXPECT_FALSE(isKnown(logIn.token));
}

TEST_F(IdentityTest, VerificationIsSingleUseNewestOnlyAndADayLong) {
    auto const user = make("ada@example.org");
    auto const first = verificationToken(user);
    auto const second = verificationToken(user);
    EXPECT_EQ(verify(first), "token_expired");
    EXPECT_EQ(verify(""), "token_expired");
    EXPECT_EQ(verify(second), "ok");
    EXPECT_TRUE(parts.get(users, user.id)->isVerified);
    EXPECT_EQ(verify(second), "token_expired");
    EXPECT_EQ(keyOf(write([&](Tx& tx) { return newVerificationToken(parts.platform, tx, user.id, parts.clock.now()); })), "not_found");

    auto const late = make("late@example.org");
    auto const token = verificationToken(late);
    parts.clock.advance(Hours(24));
    EXPECT_EQ(verify(token), "token_expired");
    parts.clock.advance(Millis(-1));
    EXPECT_EQ(verify(token), "ok");
}

TEST_F(IdentityTest, TokensAreStoredAsHashesOnly) {
    auto const user = make("ada@example.org");
    auto const verification = verificationToken(user);
    auto const reset = resetToken(user);
    EXPECT_NE(parts.get(users, user.id)->verificationToken->value, verification);
    EXPECT_NE(parts.all(oneTimeTokens).at(0).tokenHash.value, reset);
}

TEST_F(IdentityTest, AResetIsSingleUseNewestOnlyAndEndsAllLogIns) {
    auto const user = make("ada@example.org");
    auto const logIn = open(user);
    auto const first = resetToken(user);
    auto const second = resetToken(user);
    EXPECT_EQ(reset(first), "token_expired");
    EXPECT_EQ(reset(second), "ok");
    EXPECT_FALSE(isKnown(logIn.token));
    EXPECT_EQ(credentials("ada@example.org", password), "bad_credentials");
    EXPECT_EQ(credentials("ada@example.org", "another one 9"), "ok");
    EXPECT_EQ(reset(second), "token_expired");

    auto const late = resetToken(user);
    parts.clock.advance(Minutes(60));
    EXPECT_EQ(reset(late), "token_expired");
}

TEST_F(IdentityTest, AChangedPasswordVoidsMailedResetsAndOtherLogIns) {
    auto const user = make("ada@example.org");
    auto const here = open(user);
    auto const there = open(user);
    auto const token = resetToken(user);
    auto const hash = *parts.passwords.hash("another one 9");
    ASSERT_TRUE(write([&](Tx& tx) { return changePassword(tx, user.id, hash, here.session.id, parts.clock.now()); }));
    EXPECT_TRUE(isKnown(here.token));
    EXPECT_FALSE(isKnown(there.token));
    EXPECT_EQ(reset(token), "token_expired");
}

TEST_F(IdentityTest, MailsAreAskedForThroughTheOutbox) {
    auto const user = make("ada@example.org");
    ASSERT_TRUE(write([&](Tx& tx) { return requestVerification(tx, user, parts.clock.now()); }));
    parts.clock.advance(Seconds(1));
    ASSERT_TRUE(write([&](Tx& tx) { return requestVerification(tx, user, parts.clock.now()); }));
    ASSERT_TRUE(write([&](Tx& tx) { return requestReset(tx, user, parts.clock.now()); }));
    EXPECT_EQ(parts.emitted<VerificationRequested>().size(), 2u);
    EXPECT_EQ(parts.emitted<PasswordResetRequested>().at(0).userId, user.id);
}

TEST(Cookies, AreSecureExactlyOnHttps) {
    Instant const now{0};
    EXPECT_EQ(sessionCookie("http://localhost:8080", "t", now, now + Days(1)).value,
              "sid=t; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax");
    EXPECT_EQ(sessionCookie("https://visavis.example", "t", now, now + Days(1)).value,
              "__Host-sid=t; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax; Secure");
    EXPECT_NE(sessionCookie("http://localhost:8080", "", now, now).value.find("Max-Age=0;"), std::string::npos);
}

TEST(OpenScope, IsTheAddressAsItIsStored) {
    EXPECT_EQ(openScope({{"email", " Ada@Example.org "}}), "ada@example.org");
    EXPECT_EQ(openScope({{"email", 5}}), "open");
    EXPECT_EQ(openScope({}), "open");
}

} // namespace
} // namespace visavis::identity
