// bcrypt hashes and the places for them.
#include "identity/passwords.hpp"

#include "core/clock.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace visavis::identity {
namespace {

struct PasswordsTest : testing::Test {
    SeededRng rng{3};
    Passwords passwords{rng, 4, 2, 64};
};

TEST_F(PasswordsTest, HashesAreBcryptAndSalted) {
    auto const one = passwords.hash("kx7#pqrs");
    auto const two = passwords.hash("kx7#pqrs");
    EXPECT_TRUE(one->starts_with("$2b$04$"));
    EXPECT_EQ(one->size(), 60u);
    EXPECT_NE(*one, *two);
}

TEST_F(PasswordsTest, MatchOnlyTheirOwnHash) {
    auto const hash = *passwords.hash("kx7#pqrs");
    EXPECT_TRUE(*passwords.matches("kx7#pqrs", hash));
    EXPECT_FALSE(*passwords.matches("kx7#pqrS", hash));
    EXPECT_FALSE(*passwords.matches("", hash));
    EXPECT_FALSE(*passwords.matches("kx7#pqrs", ""));
}

// A hash of another implementation (OpenBSD's test vector form): log-ins survive an import.
TEST_F(PasswordsTest, KnowHashesMadeElsewhere) {
    EXPECT_TRUE(*passwords.matches("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"));
}

TEST_F(PasswordsTest, NothingBehindANulOr72BytesIsIgnored) {
    auto const hash = *passwords.hash("kx7#pqrs");
    EXPECT_FALSE(*passwords.matches(std::string("kx7#pqrs\0rest", 13), hash));
    auto const longest = std::string(72, 'p');
    auto const longHash = *passwords.hash(longest);
    EXPECT_TRUE(*passwords.matches(longest, longHash));
    EXPECT_FALSE(*passwords.matches(longest + "p", longHash));
}

TEST_F(PasswordsTest, AFullQueueIsUnavailableAndEmptiesAgain) {
    Passwords few(rng, 8, 1, 1);
    std::atomic<int> refused = 0;
    std::atomic<int> hashed = 0;
    std::vector<std::thread> threads;
    threads.reserve(16);
    for (int i = 0; i < 16; ++i)
        threads.emplace_back([&] {
            auto const hash = few.hash("kx7#pqrs");
            if (hash)
                ++hashed;
            else if (hash.error().code == Code::unavailable && hash.error().retryAfterSeconds > 0)
                ++refused;
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(hashed + refused, 16);
    EXPECT_GE(hashed, 2);
    EXPECT_GE(refused, 1);
    EXPECT_TRUE(few.hash("kx7#pqrs"));
}

} // namespace
} // namespace visavis::identity
