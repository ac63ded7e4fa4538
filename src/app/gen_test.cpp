// The generated files are what the records say now, and each example can be read back.
#include "app/gen.hpp"

#include "record/bson.hpp"
#include "record/json.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace visavis::app {
namespace {

std::string contentOf(std::string const& path) {
    std::ifstream file(std::string(VISAVIS_ROOT) + "/" + path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Gen, GoldenFilesAreFresh) {
    for (auto const& [path, content] : generatedFiles(seedCollections())) {
        if (!path.starts_with("tests/golden/")) continue; // the types hold those of answers too, which `visavis gen --check` adds
        EXPECT_EQ(contentOf(path), content) << path << " is stale: run `./dev gen` and read the difference";
    }
}

TEST(Gen, TheSameTwice) { EXPECT_EQ(generatedFiles(seedCollections()), generatedFiles(seedCollections())); }

// "" if every member of the value is set, else the path of one that is not.
std::string firstUnset(Shape const& shape, void const* value, std::string const& at) {
    if (shape.kind == Kind::optional) return shape.value(value) == nullptr ? at : firstUnset(*shape.inner, shape.value(value), at);
    if (shape.kind == Kind::array) return shape.size(value) == 0 ? at : firstUnset(*shape.inner, shape.at(value, 0), at + "/0");
    if (shape.kind != Kind::record) return {};
    for (auto const& field : shape.fields)
        if (auto unset = firstUnset(*field.shape, memberAt(value, field), at + "/" + field.name); !unset.empty()) return unset;
    return {};
}

TEST(Gen, ExamplesAreCompleteAndReadBackEqual) {
    for (auto const* collection : seedCollections()) {
        auto const& shape = *collection->shape;
        auto const example = exampleOf(shape);
        EXPECT_EQ(firstUnset(shape, example.get(), collection->name), "");
        auto const bytes = toBson(shape, example.get());
        auto const read = shape.make();
        fromBson(shape, read.get(), bytes.bytes);
        EXPECT_EQ(toBson(shape, read.get()), bytes) << collection->name;
    }
}

// A record that answers do not show whole still has every member in the types, but for its secrets.
TEST(Gen, TypesLeaveSecretsOut) {
    auto const types = generatedFiles(seedCollections()).at("web/src/generated/records.ts");
    EXPECT_NE(types.find("export interface User {"), types.npos);
    EXPECT_NE(types.find("export type BookingStatus = \"pending\" | \"confirmed\" | \"cancelled\" | \"completed\" | \"no-show\";"),
              types.npos);
    for (auto const* secret : {"password", "zoomStartUrl", "verificationToken", "googleAccessToken"})
        EXPECT_EQ(types.find(secret), types.npos) << secret;
}

} // namespace
} // namespace visavis::app
