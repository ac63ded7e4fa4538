// Cells as spreadsheets read them back.
#include "core/csv.hpp"

#include <gtest/gtest.h>

namespace visavis {
namespace {

TEST(Csv, QuotesAndDisarmsCells) {
    struct Row {
        char const* name;
        char const* text;
        char const* cell;
    };
    Row const rows[] = {
        {"plain", "a b", "a b"},
        {"nothing", "", ""},
        {"a comma", "a,b", "\"a,b\""},
        {"quotes", "say \"a\"", "\"say \"\"a\"\"\""},
        {"a line break", "a\nb", "\"a\nb\""},
        {"a formula", "=1+1", "'=1+1"},
        {"a formula with a comma", "=SUM(A1,A2)", "\"'=SUM(A1,A2)\""},
        {"plus", "+1", "'+1"},
        {"minus", "-1", "'-1"},
        {"at", "@x", "'@x"},
        {"a tab", "\tx", "'\tx"},
        {"a sign inside", "a=b", "a=b"},
        {"not ASCII", "Zoë", "Zoë"},
    };
    for (auto const& row : rows) {
        Csv csv({"x"});
        csv.cell(row.text).endRow();
        EXPECT_EQ(csv.take(), "x\r\n" + std::string(row.cell) + "\r\n") << row.name;
    }
}

TEST(Csv, SeparatesCellsAndRows) {
    Csv csv({"a", "=b", "c"});
    csv.cell("1").cell("").cell(std::int64_t{-5}).endRow();
    csv.cell("").cell("2").cell(std::int64_t{0}).endRow();
    EXPECT_EQ(csv.take(), "a,'=b,c\r\n1,,-5\r\n,2,0\r\n");
}

} // namespace
} // namespace visavis
