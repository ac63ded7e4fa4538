// ObjectIds, the source of new ones, and randomness from a seed.
#include "core/id.hpp"

#include <gtest/gtest.h>

#include <set>

namespace visavis {
namespace {

TEST(ObjectId, ReadsAndWritesHex) {
    auto const id = ObjectId::parse("65a1b2c3d4e5f60718293a4b");
    ASSERT_TRUE(id);
    EXPECT_EQ(id->hex(), "65a1b2c3d4e5f60718293a4b");
    EXPECT_EQ(ObjectId::parse("65A1B2C3D4E5F60718293A4B"), id);
    EXPECT_FALSE(id->isZero());
    EXPECT_TRUE(ObjectId{}.isZero());
    for (auto const* text :
         {"", "65a1b2c3d4e5f60718293a4", "65a1b2c3d4e5f60718293a4b0", "65a1b2c3d4e5f60718293a4g", " 5a1b2c3d4e5f60718293a4b"})
        EXPECT_FALSE(ObjectId::parse(text)) << text;
}

TEST(ObjectId, DerivesTheSameIdFromTheSameName) {
    EXPECT_EQ(ObjectId::derived("abc").hex(), "ba7816bf8f01cfea414140de"); // the first 12 bytes of SHA-256("abc")
    EXPECT_NE(ObjectId::derived("abc"), ObjectId::derived("abd"));
}

TEST(IdSource, SortsByTimeAndNeverRepeats) {
    SeededRng rng(1);
    IdSource source(rng);
    Instant const now{1'767'225'600'000}; // 2026-01-01
    auto const first = source.next(now);
    EXPECT_EQ(first.hex().substr(0, 8), "6955b900");
    EXPECT_LT(first, source.next(now + Seconds(1)));
    std::set<ObjectId> seen;
    for (int i = 0; i < 70'000; ++i) seen.insert(source.next(now));
    EXPECT_EQ(seen.size(), 70'000u);
}

TEST(Rng, ASeedMakesTheSameSequence) {
    SeededRng a(7), b(7), c(8);
    std::string const first = a.token();
    EXPECT_EQ(first, b.token());
    EXPECT_NE(first, c.token());
    EXPECT_NE(first, a.token());
}

TEST(Rng, TokensAre43CharactersOfBase64Url) {
    SystemRng rng;
    auto const token = rng.token();
    EXPECT_EQ(token.size(), 43u);
    EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), token.npos);
    EXPECT_NE(token, rng.token());
    for (int i = 0; i < 1000; ++i) ASSERT_LT(rng.below(7), 7u);
}

} // namespace
} // namespace visavis
