// PATCH: objects merge, null unsets, lists are replaced, and what may not be written says so.
#include "record/json.hpp"

#include "record/testing.hpp"

#include <gtest/gtest.h>

namespace visavis {
namespace {

using sample::Stop;

struct Inner {
    std::int64_t a = 0;
    std::optional<std::int64_t> b;
    std::vector<std::int64_t> list;
};
RECORD(Inner, a, b, list)

struct Writable {
    Text<1, 5> name;
    std::optional<Text<1, 5>> note;
    Inner inner;
    std::optional<Inner> given;
    std::optional<Stop> missing;
    std::map<std::string, std::int64_t> scores;
};
RECORD(Writable, name, note, inner, given, missing, scores)

struct InnerWhole {
    std::int64_t a = 0;
    std::optional<std::int64_t> b;
    std::vector<std::int64_t> list;
    std::int64_t counted = 0;
};
RECORD(InnerWhole, a, b, list, counted)

struct Whole {
    Ref<Whole> id;
    std::int64_t version = 0;
    std::optional<Secret> token;
    InnerWhole inner;
    std::optional<InnerWhole> given;
};
RECORD(Whole, id, version, token, inner, given)

struct Row {
    char const* name;
    char const* patch;
    std::string expected; // "what changed" or "code pointer" of each fault
};

constexpr auto before =
    R"({"name":"old","note":"note","inner":{"a":1,"b":2,"list":[1,2]},"given":{"a":1,"b":2,"list":[1,2]},"scores":{"x":1}})";

std::string with(std::string const& was, std::string const& is) {
    std::string text = before;
    auto const at = text.find(was);
    EXPECT_NE(at, text.npos) << was;
    return text.replace(at, was.size(), is);
}

std::string outcome(char const* patch) {
    auto const result = patched<Writable, Whole>(fromJson<Writable>(parseJson(before).value()).value(), parseJson(patch).value());
    if (result) return toJson(*result);
    std::string text = result.error().key;
    for (auto const& field : result.error().fields) text += ", " + field.code + " " + field.path;
    return text;
}

TEST(Patch, Merges) {
    std::vector<Row> const rows{
        {"nothing", "{}", before},
        {"a member", R"({"name":"new"})", with(R"("old")", R"("new")")},
        {"an optional", R"({"note":"x"})", with(R"("note":"note")", R"("note":"x")")},
        {"null unsets", R"({"note":null})", with(R"("note":"note",)", "")},
        {"null unsets an object", R"({"given":null})", with(R"("given":{"a":1,"b":2,"list":[1,2]},)", "")},
        {"null empties a list", R"({"inner":{"list":null}})", with("[1,2]", "[]")},
        {"null empties a map", R"({"scores":null})", with(R"({"x":1})", "{}")},
        {"null for what must be", R"({"name":null})", "invalid, required /name"},
        {"null for what must be, further down", R"({"inner":{"a":null}})", "invalid, required /inner/a"},
        {"an object merges", R"({"inner":{"a":5}})", with(R"("inner":{"a":1)", R"("inner":{"a":5)")},
        {"an optional object merges", R"({"given":{"b":null}})", with(R"("given":{"a":1,"b":2)", R"("given":{"a":1)")},
        {"an empty object changes nothing", R"({"given":{}})", before},
        {"a new object is read whole", R"({"missing":{"at":"09:00","minutes":3}})",
         with(R"(,"scores")", R"(,"missing":{"at":"09:00","minutes":3},"scores")")},
        {"a new object lacks a member", R"({"missing":{"at":"09:00"}})", "invalid, required /missing/minutes"},
        {"a list is replaced", R"({"inner":{"list":[9]}})", with("[1,2]", "[9]")},
        {"a map is replaced", R"({"scores":{"y":2}})", with(R"({"x":1})", R"({"y":2})")},
        {"another type", R"({"inner":[]})", "invalid, type /inner"},
        {"a wrong value", R"({"name":"too long"})", "invalid, too_long /name"},
        {"read-only", R"({"version":7})", "read_only, read_only /version"},
        {"read-only further down", R"({"inner":{"counted":7}})", "read_only, read_only /inner/counted"},
        {"read-only in an optional object", R"({"given":{"counted":7}})", "read_only, read_only /given/counted"},
        {"a secret is not known", R"({"token":"x"})", "invalid, unknown /token"},
        {"unknown", R"({"nmae":"x"})", "invalid, unknown /nmae"},
        {"unknown further down", R"({"given":{"c":1}})", "invalid, unknown /given/c"},
        {"read-only and wrong", R"({"version":7,"name":5})", "invalid, read_only /version, type /name"},
        {"no object", "[]", "invalid, type "},
        {"null", "null", "invalid, type "},
    };
    for (auto const& row : rows) EXPECT_EQ(outcome(row.patch), row.expected) << row.name;
}

TEST(Patch, ASecretCannotBeWritten) {
    auto const result = patched<Whole, Whole>(Whole{}, parseJson(R"({"token":"x"})").value());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().fields.at(0).code, "unknown");
}

TEST(Patch, StopsAtFiftyFaults) {
    std::string patch = "{\"x\":0";
    for (int i = 0; i < 500; ++i) patch += ",\"x" + std::to_string(i) + "\":0";
    auto const result = patched<Writable, Whole>(fromJson<Writable>(parseJson(before).value()).value(), parseJson(patch + "}").value());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().fields.size(), 50u);
}

} // namespace
} // namespace visavis
