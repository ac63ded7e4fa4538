// Words as the directory compares them.
#include "profiles/search_terms.hpp"

#include "core/text.hpp"

#include <gtest/gtest.h>

namespace visavis::profiles {
namespace {

struct Row {
    char const* name;
    char const* text;
    char const* words;
};

class Words : public testing::TestWithParam<Row> {};

TEST_P(Words, AreFolded) {
    std::string joined;
    for (auto const& word : wordsOf(GetParam().text)) joined += (joined.empty() ? "" : " ") + word;
    EXPECT_EQ(joined, GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(Table, Words,
                         testing::Values(Row{"empty", "", ""}, Row{"case_", "Executive COACH", "coach executive"},
                                         Row{"once", "go Go GO", "go"}, Row{"signs", "C++, node.js & (R&D)!", "c d js node r"},
                                         Row{"digits", "15+ years", "15 years"},
                                         Row{"accents", "Évry Ångström Ñandú", "angstrom evry nandu"},
                                         Row{"decomposed", "E\u0301vry", "evry"}, Row{"sharpS", "Straße STRASSE", "strasse"},
                                         Row{"ligatures", "Ærø œuvre", "aero oeuvre"}, Row{"polish", "Łódź", "lodz"},
                                         Row{"vietnamese", "Nguyễn Đức", "duc nguyen"}, Row{"turkish", "İstanbul Iğdır", "igdir istanbul"},
                                         Row{"greek", "Ἀθήνα ΣΟΦΟΣ", "αθηνα σοφοσ"}, Row{"cyrillic", "Ёлка Йод", "елка иод"},
                                         Row{"armenian", "Հայ", "հայ"}, Row{"chinese", "管理、顧問", "管理 顧問"},
                                         Row{"fullWidth", "ＡＢＣ１", "abc1"}, Row{"dashes", "one–two—three", "one three two"},
                                         Row{"emoji", "coach🚀pro", "coach pro"}, Row{"only_signs", "!!! --- …", ""}),
                         [](auto const& row) { return row.param.name; });

TEST(Facets, KeepTheirSigns) {
    EXPECT_EQ(facet("specialty", " C++ "), "specialty:c++");
    EXPECT_NE(facet("specialty", "C"), facet("specialty", "C#"));
    EXPECT_EQ(facet("language", "Français"), "language:francais");
}

TEST(SearchTerms, ComeFromNameHeadlineSpecialtiesAndBioAlone) {
    Specialist specialist;
    specialist.creatorName = "Zoë";
    specialist.headline = "Coach";
    specialist.bio = "Fifteen\nyears";
    specialist.specialties = {"Team building"};
    specialist.languages = {"English"};
    specialist.location = "Paris";
    specialist.company = "Acme";
    EXPECT_EQ(searchTermsOf(specialist), (std::vector<std::string>{"building", "coach", "currency:usd", "fifteen", "language:english",
                                                                   "specialty:team building", "team", "years", "zoe"}));
}

TEST(SearchTerms, GapsLeaveOutNoTermAndMostOthers) {
    Specialist specialist;
    specialist.creatorName = "Zoë Müller";
    specialist.bio = "Years of practice with founders";
    specialist.specialties = {"Tax", "Law"};
    specialist.languages = {"English", "Welsh"};
    EXPECT_EQ(specialist.facetGaps | specialist.wordGaps, 0) << "nothing is known to be missing in a profile that was not described yet";
    describeForSearch(specialist);
    EXPECT_EQ(specialist.searchTerms, searchTermsOf(specialist));
    auto const isMissing = [&](std::string const& term) {
        return ((isFacet(term) ? specialist.facetGaps : specialist.wordGaps) & bitsOf(term)) != 0;
    };
    for (auto const& own : specialist.searchTerms) EXPECT_FALSE(isMissing(own)) << own;
    int facets = 0, words = 0;
    for (int n = 0; n < 100; ++n) {
        auto const other = "s" + std::to_string(n);
        facets += isMissing(facet("specialty", other)) ? 1 : 0;
        words += isMissing(other) ? 1 : 0;
    }
    EXPECT_GT(facets, 90);
    EXPECT_GT(words, 75);
}

// Whatever valid text comes, what comes out is valid too, and folding it again changes nothing.
TEST(Folding, IsStableForEveryLetter) {
    for (char32_t c = 0x20; c < 0x30000; ++c) {
        if (c >= 0xD800 && c <= 0xDFFF) continue;
        std::string text;
        if (c < 0x80)
            text += static_cast<char>(c);
        else if (c < 0x800)
            text += {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
        else if (c < 0x10000)
            text += {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
        else
            text += {static_cast<char>(0xF0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 0x3F)),
                     static_cast<char>(0x80 | (c >> 6 & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
        if (!textLength(text, Breaks::allowed)) continue;
        auto const once = folded(text);
        ASSERT_TRUE(textLength(once, Breaks::allowed)) << std::hex << static_cast<std::uint32_t>(c);
        ASSERT_EQ(folded(once), once) << std::hex << static_cast<std::uint32_t>(c);
    }
}

} // namespace
} // namespace visavis::profiles
