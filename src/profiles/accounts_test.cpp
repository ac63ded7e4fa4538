// Accounts as the handlers see them: registration, log-ins, keys, mail links, on a real store.
#include "profiles/accounts.hpp"

#include "support/platform.hpp"

namespace visavis::profiles {
namespace {

using identity::UserType;
using support::faultAt;
using support::keyOf;

constexpr char const* password = "kx7#pqrs";

struct AccountsTest : testing::Test {
    support::TestPlatform parts;

    static Registration registration(char const* email, UserType type = UserType::customer) {
        return {Email{email}, {password}, "Ada Lovelace", type, {}};
    }
    LoggedIn join(char const* email, UserType type = UserType::customer) {
        auto call = parts.call();
        return registerAccount(call, registration(email, type))->value;
    }
    // A call by whoever holds the token, as the dispatcher makes it; of nobody when it proves nothing.
    Call callWith(std::string const& token) {
        auto call = parts.call();
        recognise(parts.platform, token, parts.clock.now(), call.who);
        return call;
    }
    bool isKnown(std::string const& token) {
        identity::Caller who;
        return recognise(parts.platform, token, parts.clock.now(), who);
    }
    Result<LoggedIn> enter(char const* email, char const* tried = password) {
        auto call = parts.call();
        return logIn(call, {Email{email}, {tried}});
    }
    std::string mailedVerification(LoggedIn const& who) {
        return *visavis::transact(
            *parts.store, [&](Tx& tx) { return identity::newVerificationToken(parts.platform, tx, who.user.id, parts.clock.now()); });
    }
    std::string mailedReset(LoggedIn const& who) {
        return *visavis::transact(*parts.store,
                                  [&](Tx& tx) { return identity::newResetToken(parts.platform, tx, who.user.id, parts.clock.now()); });
    }
    Call keyed(char const* key, std::string bodyHash) {
        auto call = parts.call();
        call.key = PendingKey{ObjectId::derived(key), std::move(bodyHash)};
        return call;
    }
};

bool replayed(Call const& call) {
    return std::any_of(call.headers.begin(), call.headers.end(),
                       [](auto const& h) { return h.name == "Idempotency-Replayed" && h.value == "true"; });
}

std::string cookieOf(Call const& call) {
    for (auto const& header : call.headers)
        if (header.name == "Set-Cookie") return header.value;
    return {};
}

TEST_F(AccountsTest, ACustomerGetsAnAccountAProfileALogInAndAMail) {
    auto call = parts.call();
    auto input = registration("ada@example.org");
    input.timezone = *Zone::load("Asia/Kolkata");
    auto const made = registerAccount(call, input);
    ASSERT_TRUE(made);
    auto const& [user, token, expiresAt] = made->value;
    EXPECT_EQ(user.email.value, "ada@example.org");
    EXPECT_EQ(user.userType, UserType::customer);
    EXPECT_FALSE(user.isVerified);
    EXPECT_FALSE(user.specialistId);
    EXPECT_EQ(user.lastLogin, parts.clock.now());
    EXPECT_EQ(expiresAt, parts.clock.now() + Days(30));
    EXPECT_TRUE(cookieOf(call).starts_with("sid=" + token + ";"));

    auto const customer = parts.get(customers, *user.customerId);
    EXPECT_EQ(customer->timezone->name(), "Asia/Kolkata");
    EXPECT_EQ(customer->name.value, "Ada Lovelace");
    EXPECT_TRUE(customer->preferences.emailNotifications);
    EXPECT_EQ(parts.emitted<identity::VerificationRequested>().at(0).userId, user.id);
    auto mine = callWith(token);
    EXPECT_EQ(mine.who.customerId, user.customerId);
    EXPECT_EQ(me(mine)->user.id, user.id);
}

TEST_F(AccountsTest, ASpecialistStartsUnpublishedWithTheDefaultsOfTheDesign) {
    auto const made = join("ada@example.org", UserType::specialist);
    EXPECT_FALSE(made.user.customerId);
    auto const profile = *parts.get(specialists, *made.user.specialistId);
    EXPECT_EQ(profile.slug.value, "ada-lovelace");
    EXPECT_EQ(profile.availability.timezone->name(), "UTC");
    EXPECT_FALSE(profile.availability.isAvailable);
    EXPECT_FALSE(profile.published);
    EXPECT_EQ(profile.availability.minBookingNotice, 24);
    EXPECT_EQ(profile.availability.maxAdvanceBooking, 90);
    EXPECT_EQ(profile.availability.bufferTime, 0);
    ASSERT_EQ(profile.consulting.sessionDurations.size(), 1u);
    EXPECT_EQ(profile.consulting.sessionDurations[0], 60);
    EXPECT_FALSE(profile.consulting.basePrice);
    EXPECT_EQ(profile.consulting.currency.code(), "USD");
    EXPECT_EQ(profile.consulting.cancellationPolicy.refundableBefore, 24);
    EXPECT_EQ(profile.consulting.cancellationPolicy.refundPercentage, 100);
}

TEST_F(AccountsTest, SpecialistsOfOneNameGetSlugsOfTheirOwn) {
    auto const first = join("ada@example.org", UserType::specialist);
    auto const second = join("eve@example.org", UserType::specialist);
    auto const slug = parts.get(specialists, *second.user.specialistId)->slug.value;
    EXPECT_TRUE(slug.starts_with("ada-lovelace-")) << slug;
    EXPECT_NE(slug, parts.get(specialists, *first.user.specialistId)->slug.value);
}

TEST_F(AccountsTest, RegistrationIsRefusedWithNothingWritten) {
    join("ada@example.org");
    auto const refused = [&](Registration const& input) {
        auto call = parts.call();
        auto const outcome = registerAccount(call, input);
        EXPECT_EQ(cookieOf(call), "");
        return keyOf(outcome);
    };
    auto input = registration("ada@example.org", UserType::specialist);
    EXPECT_EQ(refused(input), "email_taken");
    input.email = {"eve@example.org"};
    input.password = {"short"};
    EXPECT_EQ(refused(input), "weak_password");
    input.password = {std::string(73, 'p')};
    EXPECT_EQ(refused(input), "password_too_long");
    EXPECT_EQ(parts.all(identity::users).size(), 1u);
    EXPECT_EQ(parts.all(specialists).size(), 0u);
    EXPECT_EQ(parts.all(identity::authSessions).size(), 1u);
}

TEST_F(AccountsTest, InputIsCheckedMemberByMember) {
    auto const wrong = fromJson<Registration>(
        *parseJson(R"({"email":"x","password":"p","name":"","userType":"admin","roles":["admin"],"timezone":"+02:00"})"));
    ASSERT_FALSE(wrong);
    EXPECT_EQ(faultAt(wrong.error(), "/email"), "format");
    EXPECT_EQ(faultAt(wrong.error(), "/name"), "too_short");
    EXPECT_EQ(faultAt(wrong.error(), "/userType"), "not_one_of");
    EXPECT_EQ(faultAt(wrong.error(), "/roles"), "unknown");
    EXPECT_EQ(faultAt(wrong.error(), "/timezone"), "format");
    auto const mixed =
        fromJson<Registration>(*parseJson(R"({"email":" Ada@Example.ORG ","password":"p","name":"A","userType":"customer"})"));
    EXPECT_EQ(mixed->email.value, "ada@example.org");
}

TEST_F(AccountsTest, RegistrationsAreLimitedPerAddress) {
    parts.limits.enabled = true;
    parts.limits.register_per_ip = 2;
    join("a@example.org");
    join("b@example.org");
    auto call = parts.call();
    auto const third = registerAccount(call, registration("c@example.org"));
    EXPECT_EQ(keyOf(third), "rate_limited");
    EXPECT_GT(third.error().retryAfterSeconds, 0);
    parts.clock.advance(Minutes(1));
    join("c@example.org");
}

TEST_F(AccountsTest, ARepeatedRegistrationUnderItsKeyIsANewLogInOfTheSameUser) {
    auto first = keyed("k", "hash");
    auto const made = registerAccount(first, registration("ada@example.org"));
    ASSERT_TRUE(made);
    EXPECT_FALSE(replayed(first));
    auto second = keyed("k", "hash");
    auto const again = registerAccount(second, registration("ada@example.org"));
    ASSERT_TRUE(again);
    EXPECT_TRUE(replayed(second));
    EXPECT_EQ(again->value.user.id, made->value.user.id);
    EXPECT_NE(again->value.token, made->value.token);
    EXPECT_TRUE(isKnown(again->value.token));
    EXPECT_EQ(parts.all(identity::users).size(), 1u);
    EXPECT_EQ(parts.emitted<identity::VerificationRequested>().size(), 1u);
    // Neither token nor address is in what was kept.
    auto const kept = parts.all(keptAnswers);
    ASSERT_EQ(kept.size(), 1u);
    EXPECT_EQ(kept[0].body, "");
}

TEST_F(AccountsTest, AKeyIsForOneBodyAndNoWayAroundThePassword) {
    auto first = keyed("k", "hash");
    ASSERT_TRUE(registerAccount(first, registration("ada@example.org")));
    auto other = keyed("k", "other hash");
    EXPECT_EQ(keyOf(registerAccount(other, registration("ada@example.org"))), "idempotency_mismatch");
    auto guess = keyed("k", "hash");
    auto input = registration("ada@example.org");
    input.password = {"kx7#pqrt"};
    EXPECT_EQ(keyOf(registerAccount(guess, input)), "bad_credentials");
    auto newKey = keyed("k2", "hash");
    EXPECT_EQ(keyOf(registerAccount(newKey, registration("ada@example.org"))), "email_taken");
}

TEST_F(AccountsTest, LoggingInGivesATokenAndACookie) {
    auto const made = join("ada@example.org");
    parts.clock.advance(Hours(1));
    auto call = parts.call();
    auto const entered = logIn(call, {Email{"ada@example.org"}, {password}});
    ASSERT_TRUE(entered);
    EXPECT_EQ(entered->user.customerId, made.user.customerId);
    EXPECT_EQ(entered->user.lastLogin, parts.clock.now());
    EXPECT_TRUE(cookieOf(call).starts_with("sid=" + entered->token));
    EXPECT_EQ(keyOf(enter("ada@example.org", "kx7#pqrt")), "bad_credentials");
    EXPECT_EQ(enter("eve@example.org").error().code, Code::unauthenticated);
}

TEST_F(AccountsTest, LoggingInWithAKeyWorksAgain) {
    join("ada@example.org");
    for (int i = 0; i < 2; ++i) {
        auto call = keyed("k", "hash");
        auto const entered = logIn(call, {Email{"ada@example.org"}, {password}});
        ASSERT_TRUE(entered);
        EXPECT_TRUE(isKnown(entered->token));
        EXPECT_EQ(replayed(call), i == 1);
    }
    auto other = keyed("k", "other hash");
    EXPECT_EQ(keyOf(logIn(other, {Email{"ada@example.org"}, {password}})), "idempotency_mismatch");
}

TEST_F(AccountsTest, ASuspendedAccountStaysOut) {
    auto const made = join("ada@example.org");
    ASSERT_TRUE(visavis::transact(*parts.store, [&](Tx& tx) {
        return tx.update(identity::users, identity::users->id == made.user.id, set(identity::users->isActive, false));
    }));
    auto const refused = enter("ada@example.org");
    EXPECT_EQ(keyOf(refused), "account_suspended");
    EXPECT_EQ(refused.error().code, Code::denied);
    EXPECT_FALSE(isKnown(made.token));
}

TEST_F(AccountsTest, LoggingOutEndsThisLogInOnly) {
    auto const made = join("ada@example.org");
    auto const other = *enter("ada@example.org");
    auto call = callWith(made.token);
    ASSERT_TRUE(logOut(call));
    EXPECT_NE(cookieOf(call).find("Max-Age=0"), std::string::npos);
    EXPECT_FALSE(isKnown(made.token));
    EXPECT_TRUE(isKnown(other.token));
    auto again = call;
    EXPECT_TRUE(logOut(again));
}

TEST_F(AccountsTest, ALogInSlidesAtMostHourly) {
    auto const made = join("ada@example.org");
    auto const session = [&] { return parts.all(identity::authSessions).at(0); };
    parts.clock.advance(Minutes(59));
    ASSERT_TRUE(isKnown(made.token));
    EXPECT_EQ(session().version, 0);
    parts.clock.advance(Minutes(1));
    ASSERT_TRUE(isKnown(made.token));
    EXPECT_EQ(session().lastSeenAt, parts.clock.now());
    EXPECT_EQ(session().expiresAt, parts.clock.now() + Days(30));
    ASSERT_TRUE(isKnown(made.token));
    EXPECT_EQ(session().version, 1);
}

TEST_F(AccountsTest, ConfirmingAnAddressReachesEveryCopy) {
    auto const customer = join("ada@example.org");
    auto call = parts.call();
    auto const verified = verifyEmail(call, {mailedVerification(customer)});
    ASSERT_TRUE(verified);
    EXPECT_TRUE(verified->user.isVerified);
    EXPECT_EQ(verified->user.customerId, customer.user.customerId);
    EXPECT_TRUE(parts.get(customers, *customer.user.customerId)->emailVerified);
    EXPECT_TRUE(callWith(customer.token).who.isVerified);
}

TEST_F(AccountsTest, LinksThatAreUsedOutdatedUnknownOrMalformedAreGone) {
    auto const made = join("ada@example.org");
    auto const verify = [&](std::string const& token) {
        auto call = parts.call();
        auto const outcome = verifyEmail(call, {token});
        EXPECT_TRUE(outcome || outcome.error().code == Code::gone);
        return keyOf(outcome);
    };
    auto const outdated = mailedVerification(made);
    auto const token = mailedVerification(made);
    EXPECT_EQ(verify(outdated), "token_expired");
    EXPECT_EQ(verify("nonsense"), "token_expired");
    EXPECT_EQ(verify(token), "ok");
    EXPECT_EQ(verify(token), "token_expired");
}

TEST_F(AccountsTest, AVerificationCanBeHadAgainFiveTimesAnHour) {
    parts.limits.enabled = true;
    auto const made = join("ada@example.org");
    for (int i = 0; i < 5; ++i) {
        parts.clock.advance(Seconds(1));
        auto call = callWith(made.token);
        EXPECT_TRUE(resendVerification(call));
    }
    EXPECT_EQ(parts.emitted<identity::VerificationRequested>().size(), 6u);
    auto call = callWith(made.token);
    EXPECT_EQ(keyOf(resendVerification(call)), "rate_limited");
    parts.clock.advance(Hours(1));
    auto verifying = parts.call();
    ASSERT_TRUE(verifyEmail(verifying, {mailedVerification(made)}));
    auto needless = callWith(made.token);
    EXPECT_TRUE(resendVerification(needless));
    EXPECT_EQ(parts.emitted<identity::VerificationRequested>().size(), 6u);
}

TEST_F(AccountsTest, ForgettingAPasswordNeverTellsWhoHasAnAccount) {
    auto const made = join("ada@example.org");
    for (auto const* email : {"ada@example.org", "eve@example.org"}) {
        auto call = parts.call();
        EXPECT_TRUE(forgotPassword(call, {Email{email}})) << email;
    }
    auto const asked = parts.emitted<identity::PasswordResetRequested>();
    ASSERT_EQ(asked.size(), 1u);
    EXPECT_EQ(asked[0].userId, made.user.id);
}

TEST_F(AccountsTest, ForgettingIsLimitedAlikeForKnownAndUnknownAddresses) {
    parts.limits.enabled = true;
    join("ada@example.org");
    for (auto const* email : {"ada@example.org", "eve@example.org"}) {
        for (int i = 0; i < 5; ++i) {
            auto call = parts.call();
            EXPECT_TRUE(forgotPassword(call, {Email{email}})) << email << i;
        }
        auto call = parts.call();
        EXPECT_EQ(keyOf(forgotPassword(call, {Email{email}})), "rate_limited") << email;
    }
}

TEST_F(AccountsTest, AResetEndsAllLogIns) {
    auto const made = join("ada@example.org");
    auto const token = mailedReset(made);
    auto weak = parts.call();
    EXPECT_EQ(keyOf(resetPassword(weak, {token, {"short"}})), "weak_password");
    auto call = parts.call();
    ASSERT_TRUE(resetPassword(call, {token, {"another one 9"}}));
    EXPECT_FALSE(isKnown(made.token));
    EXPECT_TRUE(enter("ada@example.org", "another one 9"));
    EXPECT_EQ(keyOf(enter("ada@example.org")), "bad_credentials");
    auto again = parts.call();
    EXPECT_EQ(keyOf(resetPassword(again, {token, {"another one 9"}})), "token_expired");
    auto unknown = parts.call();
    EXPECT_EQ(keyOf(resetPassword(unknown, {"", {"another one 9"}})), "token_expired");
}

TEST_F(AccountsTest, AChangeNeedsTheOldPasswordAndEndsTheOtherLogIns) {
    auto const here = join("ada@example.org");
    auto const there = *enter("ada@example.org");
    auto const change = [&](char const* current, char const* next) {
        auto call = callWith(here.token);
        return changePassword(call, {{current}, {next}});
    };
    EXPECT_EQ(keyOf(change("kx7#pqrt", "another one 9")), "bad_credentials");
    auto const weak = change(password, "short");
    EXPECT_EQ(keyOf(weak), "weak_password");
    EXPECT_EQ(faultAt(weak.error(), "/newPassword"), "weak_password");
    EXPECT_TRUE(isKnown(there.token));
    ASSERT_TRUE(change(password, "another one 9"));
    EXPECT_TRUE(isKnown(here.token));
    EXPECT_FALSE(isKnown(there.token));
    EXPECT_TRUE(enter("ada@example.org", "another one 9"));
}

TEST_F(AccountsTest, LogInsAreListedNewestFirstAndEndedOneByOne) {
    auto const first = join("ada@example.org");
    auto const second = *enter("ada@example.org");
    auto const eve = join("eve@example.org");
    auto call = callWith(first.token);
    auto const page = *listSessions(call, {});
    ASSERT_EQ(page.items.size(), 2u);
    EXPECT_FALSE(page.items[0].current);
    EXPECT_TRUE(page.items[1].current);
    EXPECT_EQ(page.items[0].ip, "192.0.2.1");
    EXPECT_EQ(toJson(page.items[0]).find("oken"), std::string::npos);

    auto const half = *listSessions(call, {Bounded<1, 100>{1}, {}});
    ASSERT_TRUE(half.nextCursor);
    EXPECT_EQ(listSessions(call, {Bounded<1, 100>{1}, half.nextCursor})->items.at(0).id, page.items[1].id);
    EXPECT_EQ(keyOf(listSessions(call, {{}, "nonsense"})), "invalid");

    auto stranger = callWith(eve.token);
    EXPECT_EQ(keyOf(deleteSession(stranger, {page.items[0].id})), "not_found");
    EXPECT_TRUE(isKnown(second.token));
    EXPECT_TRUE(deleteSession(call, {page.items[0].id}));
    EXPECT_FALSE(isKnown(second.token));
    EXPECT_EQ(keyOf(deleteSession(call, {page.items[0].id})), "not_found");
}

} // namespace
} // namespace visavis::profiles
