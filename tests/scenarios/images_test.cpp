// Pictures of people: uploaded as bytes, looked at, and served again to everybody under an address of ours.
#include "scenarios/wire.hpp"
#include "support/pictures.hpp"

namespace visavis::scenarios {
namespace {

using support::jpegOf;
using support::pngOf;
using support::webpOf;

class Images : public testing::Test {
protected:
    Reply put(Person const* who, std::string const& path, std::string const& type, std::string const& bytes) {
        auto headers = who == nullptr ? Headers{} : as(*who);
        if (!type.empty()) headers.emplace_back("Content-Type", type);
        return wire.send("PUT", "/api/v1" + path, headers, bytes);
    }
    // The address without the server's.
    std::string targetOf(Reply const& reply) { return reply.at("/profileImage").substr(world.server().url().size()); }

    World world{{"--set", "limits.enabled=false"}};
    Person specialist = world.specialist();
    Person customer = world.customer();
    Wire wire{world.server().url()};
};

TEST_F(Images, GoUpAndComeBackAsTheyAre) {
    struct Row {
        Person const* who;
        std::string path, type, bytes;
    };
    for (auto const& row : {
             Row{&specialist, "/specialists/me", "image/png", pngOf(4, 3)},
             Row{&specialist, "/specialists/me", "image/jpeg", jpegOf(4, 3)},
             Row{&customer, "/customers/me", "image/webp", webpOf(4, 3)},
             Row{&customer, "/customers/me", "Image/PNG; x=y", pngOf(5, 5)},
         }) {
        auto const sent = put(row.who, row.path + "/image", row.type, row.bytes);
        ASSERT_EQ(sent.status, 200) << row.type << ": " << sent.text;
        ASSERT_TRUE(sent.at("/profileImage").starts_with(world.server().url() + "/images/")) << sent.text;
        EXPECT_EQ(world.get(row.path, row.who).at("/profileImage"), sent.at("/profileImage"));
        EXPECT_EQ(world.get("/auth/me", row.who).at("/user/profileImage"), sent.at("/profileImage"));
        auto const shown = wire.send("GET", targetOf(sent));
        EXPECT_EQ(shown.status, 200);
        EXPECT_EQ(shown.text, row.bytes);
        EXPECT_EQ(shown.header("content-type"), lowered(row.type.substr(0, row.type.find(';'))));
        EXPECT_EQ(shown.header("x-content-type-options"), "nosniff");
        EXPECT_EQ(shown.header("content-security-policy"), "default-src 'none'; sandbox");
        EXPECT_NE(shown.header("cache-control").find("immutable"), std::string::npos);
        auto const tag = shown.header("etag");
        ASSERT_FALSE(tag.empty());
        auto const known = wire.send("GET", targetOf(sent), {{"If-None-Match", tag}});
        EXPECT_EQ(known.status, 304);
        EXPECT_EQ(known.text, "");
        EXPECT_EQ(known.header("etag"), tag);
        EXPECT_EQ(wire.send("GET", targetOf(sent), {{"If-None-Match", "\"another\""}}).status, 200);
    }
    auto const listed = world.get("/specialists/" + specialist.specialistId);
    EXPECT_EQ(wire.send("GET", targetOf(listed)).text, jpegOf(4, 3)) << "the public sees the newest";
    world.verifyClean();
}

TEST_F(Images, TheOldOneGoesWithTheNew) {
    auto const first = put(&specialist, "/specialists/me/image", "image/png", pngOf(1, 1));
    auto const same = put(&specialist, "/specialists/me/image", "image/png", pngOf(1, 1));
    EXPECT_EQ(same.at("/profileImage"), first.at("/profileImage"));
    auto const second = put(&specialist, "/specialists/me/image", "image/png", pngOf(2, 2));
    EXPECT_NE(second.at("/profileImage"), first.at("/profileImage"));
    expectProblem(wire.send("GET", targetOf(first)), 404, "not_found", "replaced");
    auto const gone = wire.send("DELETE", "/api/v1/specialists/me/image", as(specialist));
    EXPECT_EQ(gone.status, 200);
    EXPECT_EQ(gone.text, "{}");
    expectProblem(wire.send("GET", targetOf(second)), 404, "not_found", "deleted");
    EXPECT_EQ(world.get("/specialists/me", &specialist).at("/profileImage"), "");
    EXPECT_EQ(wire.send("DELETE", "/api/v1/specialists/me/image", as(specialist)).status, 200) << "again";

    // Somebody else's address is kept as text; ours is not served any more.
    auto const third = put(&customer, "/customers/me/image", "image/png", pngOf(3, 3));
    EXPECT_EQ(world.patch("/customers/me", R"({"profileImage":"https://example.test/me.png"})", &customer).at("/profileImage"),
              "https://example.test/me.png");
    expectProblem(wire.send("GET", targetOf(third)), 404, "not_found", "not shown any more");
    world.verifyClean();
}

TEST_F(Images, NothingElseGoesUp) {
    auto const kept = put(&specialist, "/specialists/me/image", "image/png", pngOf(1, 1));
    ASSERT_EQ(kept.status, 200);
    std::string const page = "<!doctype html><script>alert(1)</script>";
    auto const large = pngOf(1, 1, std::string(1024 * 1024, 'x'));
    auto const most = pngOf(1, 1, std::string(1024 * 1024 - pngOf(1, 1, "").size(), 'x'));
    struct Row {
        char const* name;
        std::string type, bytes;
        int status;
        std::string code;
    };
    for (auto const& row : {
             Row{"JSON", "application/json", "{}", 415, "unsupported_media_type"},
             Row{"no type", "", pngOf(1, 1), 415, "unsupported_media_type"},
             Row{"a GIF", "image/gif", "GIF89a", 415, "unsupported_media_type"},
             Row{"an SVG", "image/svg+xml", "<svg/>", 415, "unsupported_media_type"},
             Row{"a form", "multipart/form-data; boundary=x", pngOf(1, 1), 415, "unsupported_media_type"},
             Row{"a page that says it is a PNG", "image/png", page, 415, "unsupported_media_type"},
             Row{"a page behind a picture", "image/jpeg", jpegOf(1, 1) + page, 422, "invalid"},
             Row{"half a picture", "image/webp", webpOf(1, 1).substr(0, 25), 422, "invalid"},
             Row{"nothing", "image/png", "", 422, "invalid"},
             Row{"too much", "image/png", large, 413, "too_large"},
         }) {
        expectProblem(put(&specialist, "/specialists/me/image", row.type, row.bytes), row.status, row.code, row.name);
        EXPECT_EQ(world.get("/specialists/me", &specialist).at("/profileImage"), kept.at("/profileImage")) << row.name;
    }
    expectProblem(put(nullptr, "/specialists/me/image", "image/png", pngOf(1, 1)), 401, "unauthenticated", "a stranger");
    expectProblem(put(&customer, "/specialists/me/image", "image/png", pngOf(1, 1)), 403, "denied", "a customer");
    expectProblem(put(&specialist, "/customers/me/image", "image/png", pngOf(1, 1)), 403, "denied", "a specialist");
    expectProblem(put(&specialist, "/specialists/me/image?x=1", "image/png", pngOf(1, 1)), 422, "invalid", "with a query");
    auto headers = as(specialist);
    headers.emplace_back("Content-Type", "image/png");
    headers.emplace_back("If-Match", "\"0\"");
    expectProblem(wire.send("PUT", "/api/v1/specialists/me/image", headers, pngOf(2, 2)), 412, "version_mismatch", "an old version");
    EXPECT_EQ(put(&specialist, "/specialists/me/image", "image/jpeg", most).status, 200) << "exactly 1 MiB; the bytes say what it is";
    auto const shown = wire.send("GET", targetOf(world.get("/specialists/me", &specialist)));
    EXPECT_EQ(shown.header("content-type"), "image/png");
    EXPECT_EQ(shown.text.size(), 1024U * 1024U);
    world.verifyClean();
}

} // namespace
} // namespace visavis::scenarios
