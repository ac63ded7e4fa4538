// Pictures are known by their bytes and their parts; whatever is cut off, made up or appended is none.
#include "profiles/pictures.hpp"

#include "core/rng.hpp"
#include "support/pictures.hpp"

#include <gtest/gtest.h>

namespace visavis::profiles {
namespace {

using namespace std::string_literals;
using support::jpegOf;
using support::pngOf;
using support::webpOf;

std::string verdict(std::string const& bytes) {
    auto const kind = kindOf(bytes);
    if (!kind) return "none";
    return std::string(mediaType(*kind)) + (isWhole(*kind, bytes) ? "" : " damaged");
}

TEST(Pictures, AreKnownByTheirBytes) {
    struct Row {
        char const* name;
        std::string bytes;
        char const* want;
    };
    auto const png = pngOf(4, 3), jpeg = jpegOf(4, 3), webp = webpOf(4, 3);
    for (auto const& row : {
             Row{"a PNG", png, "image/png"},
             Row{"a JPEG", jpeg, "image/jpeg"},
             Row{"a WebP", webp, "image/webp"},
             Row{"nothing", "", "none"},
             Row{"text", "hello", "none"},
             Row{"a page", "<!doctype html><script>alert(1)</script>", "none"},
             Row{"an SVG", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "none"},
             Row{"a GIF", "GIF89a\1\0\1\0\0\0\0;"s, "none"},
             Row{"another RIFF", "RIFF\4\0\0\0WAVE"s, "none"},
             Row{"a signature alone", png.substr(0, 8), "image/png damaged"},
             Row{"a page behind a signature", "\xFF\xD8\xFF<script>alert(1)</script>"s, "image/jpeg damaged"},
             Row{"a page behind a PNG", png + "<script>", "image/png damaged"},
             Row{"a page behind a JPEG", jpeg + "<script>", "image/jpeg damaged"},
             Row{"a page behind a WebP", webp + "<script>", "image/webp damaged"},
             Row{"no pixels", pngOf(0, 3), "image/png damaged"},
             Row{"a JPEG without height", jpegOf(4, 0), "image/jpeg damaged"},
             Row{"too wide", pngOf(16'385, 1), "image/png damaged"},
             Row{"the widest", pngOf(16'384, 1), "image/png"},
             Row{"far too wide", pngOf(0xFFFFFFFFU, 0xFFFFFFFFU), "image/png damaged"},
             Row{"a JPEG that is too high", jpegOf(1, 65'535), "image/jpeg damaged"},
             Row{"two files in one", png + png, "image/png damaged"},
         })
        EXPECT_EQ(verdict(row.bytes), row.want) << row.name;
}

// Cut off anywhere, none is whole.
TEST(Pictures, ACutOffOneIsNotWhole) {
    for (auto const& whole : {pngOf(4, 3), jpegOf(4, 3), webpOf(4, 3)}) {
        ASSERT_EQ(verdict(whole).find("damaged"), std::string::npos);
        for (std::size_t size = 0; size < whole.size(); ++size) {
            auto const seen = verdict(whole.substr(0, size));
            EXPECT_TRUE(seen == "none" || seen.ends_with("damaged")) << size << ": " << seen;
        }
    }
}

// Every changed bit of a PNG is noticed; damage to the others is never read past their end (the sanitizers watch).
TEST(Pictures, DamageIsSurvived) {
    SeededRng rng(11);
    auto const png = pngOf(9, 9);
    for (std::size_t bit = 8 * 8; bit < 8 * png.size(); ++bit) {
        auto damaged = png;
        damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_EQ(verdict(damaged), "image/png damaged") << bit;
    }
    int damagedOnes = 0;
    for (int i = 0; i < 20'000; ++i) {
        auto bytes = i % 2 == 0 ? jpegOf(9, 9) : webpOf(9, 9);
        for (auto times = 1 + rng.below(4); times > 0; --times) bytes[rng.below(bytes.size())] = static_cast<char>(rng.below(256));
        damagedOnes += verdict(bytes).ends_with("damaged") ? 1 : 0;
    }
    EXPECT_GT(damagedOnes, 5'000);
}

} // namespace
} // namespace visavis::profiles
