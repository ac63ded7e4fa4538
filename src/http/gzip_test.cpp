// Bytes there and back, and Accept-Encoding.
#include "http/gzip.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace visavis::http {
namespace {

RC_GTEST_PROP(Gzip, ComesBack, (std::string const& text)) {
    for (int const level : {1, 6, 9}) RC_ASSERT(gunzipped(gzipped(text, level)) == text);
}

TEST(Gzip, IsSmallerAndTellsWhatItIs) {
    std::string const text(100'000, 'a');
    auto const packed = gzipped(text, 6);
    EXPECT_LT(packed.size(), text.size() / 100);
    EXPECT_EQ(gunzipped(packed), text);
    EXPECT_EQ(gunzipped("no gzip"), "");
    EXPECT_EQ(gunzipped(packed.substr(0, packed.size() / 2)), "");
}

TEST(Gzip, IsTakenByWhomItSays) {
    std::pair<char const*, bool> const rows[] = {
        {"", false},         {"gzip", true},         {"deflate, gzip, br", true}, {"GZIP", true},
        {"gzip;q=0", false}, {"gzip; q=0.0", false}, {"gzip;q=0.5", true},        {"br;q=1, gzip;q=0", false},
        {"*", true},         {"*;q=0", false},       {"identity", false},         {"gzip;q=0, *", false}};
    for (auto const& [header, taken] : rows) EXPECT_EQ(acceptsGzip(header), taken) << header;
}

} // namespace
} // namespace visavis::http
