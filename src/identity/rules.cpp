// Password rules after OWASP: length, and not one of those that everybody tries first.
#include "core/text.hpp"
#include "identity/passwords.hpp"

#include <algorithm>
#include <array>

namespace visavis::identity {
namespace {

using namespace std::string_view_literals;

// Of eight characters and more, lower-cased, what attackers try first; variations by digits at the end are cut off before the look-up.
constexpr std::array common{
    "password"sv, "passw0rd"sv,   "iloveyou"sv, "sunshine"sv,  "princess"sv,      "football"sv, "baseball"sv, "superman"sv, "trustno1"sv,
    "qwertyui"sv, "qwertyuiop"sv, "asdfghjk"sv, "asdfghjkl"sv, "zxcvbnm"sv,       "letmein"sv,  "welcome"sv,  "whatever"sv, "computer"sv,
    "michelle"sv, "jennifer"sv,   "internet"sv, "changeme"sv,  "administrator"sv, "starwars"sv, "dragon"sv,   "monkey"sv,   "master"sv,
    "qwerty"sv,   "abc"sv,        "admin"sv,    "login"sv,     "visavis"sv,       "secret"sv,   "default"sv,  "test"sv,     "user"sv};

bool isCommon(std::string_view password) {
    auto const lower = lowered(password);
    std::string_view word = lower;
    if (std::all_of(word.begin(), word.end(), [&](char c) { return c == word.front(); })) return true;
    if (std::string_view("01234567890123456789").find(word) != word.npos ||
        std::string_view("98765432109876543210").find(word) != word.npos)
        return true;
    auto const is = [](std::string_view candidate) { return std::find(common.begin(), common.end(), candidate) != common.end(); };
    if (is(word)) return true;
    while (!word.empty() && ((word.back() >= '0' && word.back() <= '9') || word.back() == '!')) word.remove_suffix(1);
    return is(word);
}

Error weak(char const* member, char const* key, char const* message) {
    auto error = invalid(member, key, message);
    error.key = key;
    return error;
}

} // namespace

Result<void> checkPassword(std::string_view password, char const* member) {
    auto const length = textLength(password, Breaks::refused);
    if (password.size() > 72) return weak(member, "password_too_long", "Must have at most 72 bytes.");
    if (!length) return invalid(member, "characters", "Must be text without control characters.");
    if (*length < 8) return weak(member, "weak_password", "Must have at least 8 characters.");
    if (isCommon(password)) return weak(member, "weak_password", "Is among the passwords that are tried first. Choose another.");
    return ok;
}

} // namespace visavis::identity
