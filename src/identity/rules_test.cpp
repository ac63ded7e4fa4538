// What passwords are taken.
#include "identity/passwords.hpp"

#include <gtest/gtest.h>

namespace visavis::identity {
namespace {

struct Row {
    char const* name;
    std::string password;
    char const* key;
};

class PasswordRules : public testing::TestWithParam<Row> {};

TEST_P(PasswordRules, Judge) {
    auto const judged = checkPassword(GetParam().password, "/newPassword");
    EXPECT_EQ(judged ? "ok" : judged.error().key, GetParam().key);
    if (!judged) {
        EXPECT_EQ(judged.error().code, Code::invalid);
        ASSERT_EQ(judged.error().fields.size(), 1u);
        EXPECT_EQ(judged.error().fields[0].path, "/newPassword");
    }
}

INSTANTIATE_TEST_SUITE_P(
    Table, PasswordRules,
    testing::Values(Row{"eight", "kx7#pqrs", "ok"}, Row{"seven", "kx7#pqr", "weak_password"}, Row{"empty", "", "weak_password"},
                    Row{"sevenCharactersInManyBytes", "ééééééé", "weak_password"}, Row{"eightCharactersBeyondAscii", "ééßéöéüé", "ok"},
                    Row{"seventyTwoBytes", std::string(70, 'x') + "yz", "ok"},
                    Row{"seventyThreeBytes", std::string(71, 'x') + "yz", "password_too_long"},
                    Row{"manyBytesFewCharacters", "ééééééééééééééééééééééééééééééééééééé", "password_too_long"},
                    Row{"common", "password", "weak_password"}, Row{"commonWithDigits", "Password123", "weak_password"},
                    Row{"commonWithSign", "qwerty123!", "weak_password"}, Row{"digitsInARow", "12345678", "weak_password"},
                    Row{"digitsBackwards", "987654321", "weak_password"}, Row{"oneCharacter", "aaaaaaaaaa", "weak_password"},
                    Row{"commonInside", "my password is long", "ok"}, Row{"spaces", "  two  words  ", "ok"},
                    Row{"nul", std::string("abcdefgh\0ijk", 12), "invalid"}, Row{"notUtf8", "abcdefgh\xFF", "invalid"}),
    [](auto const& row) { return row.param.name; });

} // namespace
} // namespace visavis::identity
