// What may stand in HTML as it is, and what may not.
#include "core/escape.hpp"

#include <gtest/gtest.h>

namespace visavis {
namespace {

TEST(Escape, EscapesWhatMeansSomethingInHtml) {
    std::pair<char const*, char const*> const rows[] = {{"", ""},
                                                        {"plain", "plain"},
                                                        {"<a href=\"x\">'&", "&lt;a href=&quot;x&quot;&gt;&#39;&amp;"},
                                                        {"&amp;", "&amp;amp;"},
                                                        {"Zo\xC3\xAB <3", "Zo\xC3\xAB &lt;3"},
                                                        {"<<", "&lt;&lt;"}};
    for (auto const& [text, escaped] : rows) EXPECT_EQ(escapedHtml(text), escaped) << text;
}

} // namespace
} // namespace visavis
