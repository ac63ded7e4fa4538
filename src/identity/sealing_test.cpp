// What is sealed opens with its key alone, and not after a change.
#include "identity/sealing.hpp"

#include "core/text.hpp"

#include <gtest/gtest.h>

namespace visavis::identity {
namespace {

std::string keyOf(char fill) { return base64(std::string(32, fill)); }

TEST(Sealing, OpensWithItsKey) {
    SeededRng rng(1);
    auto const sealer = *Sealer::of(keyOf('a'));
    for (auto const* plain : {"", "ya29.token", "\xC3\xA4 token with spaces"}) {
        auto const sealed = sealer.seal(rng, plain);
        EXPECT_TRUE(isSealed(sealed));
        EXPECT_EQ(sealer.open(sealed), plain);
        EXPECT_NE(sealer.seal(rng, plain), sealed) << "the same text twice shows";
    }
}

TEST(Sealing, OpensNothingElse) {
    SeededRng rng(1);
    auto const sealer = *Sealer::of(keyOf('a'));
    auto const sealed = sealer.seal(rng, "ya29.token");
    EXPECT_EQ(sealed.find("ya29"), sealed.npos);
    EXPECT_EQ((*Sealer::of(keyOf('b'))).open(sealed), std::nullopt) << "another key";
    auto changed = sealed;
    changed[sealed.size() - 6] = changed[sealed.size() - 6] == 'A' ? 'B' : 'A';
    EXPECT_EQ(sealer.open(changed), std::nullopt) << "a changed byte";
    EXPECT_EQ(sealer.open(sealed.substr(0, 20)), std::nullopt) << "cut short";
    EXPECT_EQ(sealer.open("ya29.token"), std::nullopt) << "plain";
    EXPECT_FALSE(isSealed("ya29.token"));
}

TEST(Sealing, RefusesWhatIsNoKey) {
    for (auto const* text : {"", "secret", "c2hvcnQ=", "****"}) {
        auto const sealer = Sealer::of(text);
        ASSERT_FALSE(sealer) << text;
        EXPECT_EQ(sealer.error().key, "setting");
        EXPECT_NE(sealer.error().detail.find("store.sealing_key"), std::string::npos);
        EXPECT_NE(sealer.error().detail.find("openssl rand -base64 32"), std::string::npos);
    }
}

} // namespace
} // namespace visavis::identity
