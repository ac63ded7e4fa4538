// Documents of each kind there and back, what other programs' documents may look like, and damaged ones.
#include "record/bson.hpp"

#include "record/testing.hpp"

#include <bson/bson.h>
#include <gtest/gtest.h>

namespace visavis {
namespace {

using sample::Everything;
using sample::Mood;
using sample::Route;
using sample::Stop;

Everything filled() {
    Everything value;
    value.id.id = ObjectId::derived("everything");
    value.flag = true;
    value.whole = INT64_MIN;
    value.narrow = -7;
    value.real = 0.1;
    value.bounded = {-5};
    value.text = "é😀";
    value.lines = "a\nb";
    value.raw = std::string("\0\x01", 2);
    value.instant = {-1};
    value.day = {-1};
    value.time = {1440};
    value.zone = Zone::load("Asia/Kathmandu").value();
    value.currency = Currency::parse("KWD").value();
    value.mood = Mood::noShow;
    value.stop = {{540}, {30}, Text<1, 20>{"coffee"}};
    value.maybeRef = Ref<Stop>{ObjectId::derived("stop")};
    value.maybeWhole = INT64_MAX;
    value.maybeText = Text<1, 10>{"x"};
    value.maybeRoute = Route{"A", {value.stop, {}}, value.stop};
    value.maybeSecret = Secret{"hash"};
    value.tags = {"a", "b"};
    value.grid = {{1, 2}, {}, {3}};
    value.moods = {Mood::in_app, Mood::calm};
    value.stopsByName = {{"", value.stop}, {"b.$c", {}}};
    value.maybeScores = {{"x", 1.5}};
    return value;
}

TEST(Bson, EveryKindThereAndBack) {
    auto const value = filled();
    EXPECT_EQ(fromBson<Everything>(toBson(value).bytes), value);
    EXPECT_EQ(fromBson<Everything>(toBson(Everything{}).bytes), Everything{});
}

// A document by hand, through libbson alone.
template <class Fill> std::string document(Fill fill) {
    bson_t doc = BSON_INITIALIZER;
    fill(&doc);
    std::string bytes(reinterpret_cast<char const*>(bson_get_data(&doc)), doc.len);
    bson_destroy(&doc);
    return bytes;
}

TEST(Bson, TypesAreTheSeeds) {
    struct Row {
        char const* path;
        bson_type_t type;
    };
    std::vector<Row> const rows{
        {"_id", BSON_TYPE_OID},
        {"flag", BSON_TYPE_BOOL},
        {"whole", BSON_TYPE_INT64},
        {"narrow", BSON_TYPE_INT64},
        {"real", BSON_TYPE_DOUBLE},
        {"bounded", BSON_TYPE_INT64},
        {"text", BSON_TYPE_UTF8},
        {"email", BSON_TYPE_UTF8},
        {"url", BSON_TYPE_UTF8},
        {"instant", BSON_TYPE_DATE_TIME},
        {"day", BSON_TYPE_DATE_TIME},
        {"time", BSON_TYPE_UTF8},
        {"zone", BSON_TYPE_UTF8},
        {"currency", BSON_TYPE_UTF8},
        {"mood", BSON_TYPE_UTF8},
        {"stop", BSON_TYPE_DOCUMENT},
        {"stop.at", BSON_TYPE_UTF8},
        {"maybeRef", BSON_TYPE_OID},
        {"maybeSecret", BSON_TYPE_UTF8},
        {"tags", BSON_TYPE_ARRAY},
        {"tags.1", BSON_TYPE_UTF8},
        {"grid.0", BSON_TYPE_ARRAY},
        {"stopsByName", BSON_TYPE_DOCUMENT},
        {"maybeRoute.stops.0.minutes", BSON_TYPE_INT64},
    };
    auto const bytes = toBson(filled()).bytes;
    bson_t doc;
    ASSERT_TRUE(bson_init_static(&doc, reinterpret_cast<std::uint8_t const*>(bytes.data()), bytes.size()));
    for (auto const& row : rows) {
        bson_iter_t it;
        bson_iter_t found;
        ASSERT_TRUE(bson_iter_init(&it, &doc) && bson_iter_find_descendant(&it, row.path, &found)) << row.path;
        EXPECT_EQ(bson_iter_type(&found), row.type) << row.path;
    }
    EXPECT_EQ(toBson(Everything{}).bytes.find("maybe"), std::string::npos) << "absent members are left out";
}

TEST(Bson, ADayIsItsMidnight) {
    EXPECT_EQ(bsonAt(toBson(filled()).bytes, "day"), std::vector<Scalar>{Instant{-86'400'000}});
    auto const later = document([](bson_t* doc) { BSON_APPEND_DATE_TIME(doc, "day", -1); }); // within the day: adopted data
    EXPECT_EQ(fromBson<Everything>(later).day.days, -1);
}

TEST(Bson, ReadsWhatOtherProgramsWrite) {
    auto const value = fromBson<Everything>(document([](bson_t* doc) {
        BSON_APPEND_INT32(doc, "whole", 5);
        BSON_APPEND_DOUBLE(doc, "narrow", 60.0);
        BSON_APPEND_INT32(doc, "real", 4);
        BSON_APPEND_NULL(doc, "maybeWhole");
        BSON_APPEND_NULL(doc, "tags");
        BSON_APPEND_NULL(doc, "__v");
        BSON_APPEND_UTF8(doc, "unknown", "x");
        BSON_APPEND_UTF8(doc, "text", " padded ");
    }));
    EXPECT_EQ(value.whole, 5);
    EXPECT_EQ(value.narrow, 60);
    EXPECT_EQ(value.real, 4.0);
    EXPECT_EQ(value.maybeWhole, std::nullopt);
    EXPECT_TRUE(value.tags.empty());
    EXPECT_EQ(value.text.value, "padded");
    EXPECT_EQ(value.email.value, "a@b.de") << "what is absent keeps its default";
}

TEST(Bson, WrongTypesAreCorrupt) {
    static bson_t const empty = BSON_INITIALIZER;
    struct Row {
        char const* name;
        std::string bytes;
        char const* message;
    };
    std::vector<Row> const rows{
        {"text for a number", document([](bson_t* doc) { BSON_APPEND_UTF8(doc, "whole", "5"); }), "/whole"},
        {"a fraction", document([](bson_t* doc) { BSON_APPEND_DOUBLE(doc, "whole", 5.5); }), "/whole"},
        {"NaN for a whole number", document([](bson_t* doc) { BSON_APPEND_DOUBLE(doc, "whole", __builtin_nan("")); }), "/whole"},
        {"a double with gaps", document([](bson_t* doc) { BSON_APPEND_DOUBLE(doc, "whole", 1e16); }), "/whole"},
        {"NaN", document([](bson_t* doc) { BSON_APPEND_DOUBLE(doc, "real", __builtin_nan("")); }), "/real"},
        {"infinity", document([](bson_t* doc) { BSON_APPEND_DOUBLE(doc, "real", __builtin_inf()); }), "/real"},
        {"too wide", document([](bson_t* doc) { BSON_APPEND_INT64(doc, "narrow", 1LL << 40); }), "/narrow"},
        {"out of bounds", document([](bson_t* doc) { BSON_APPEND_INT32(doc, "bounded", 6); }), "/bounded"},
        {"a number for a flag", document([](bson_t* doc) { BSON_APPEND_INT32(doc, "flag", 1); }), "/flag"},
        {"text for an id", document([](bson_t* doc) { BSON_APPEND_UTF8(doc, "_id", "0123456789abcdef01234567"); }), "/_id"},
        {"text for an instant", document([](bson_t* doc) { BSON_APPEND_UTF8(doc, "instant", "2026-03-01T09:00:00Z"); }), "/instant"},
        {"an instant beyond all", document([](bson_t* doc) { BSON_APPEND_DATE_TIME(doc, "instant", INT64_MIN); }), "/instant"},
        {"a day beyond all", document([](bson_t* doc) { BSON_APPEND_DATE_TIME(doc, "day", INT64_MIN); }), "/day"},
        {"no such word", document([](bson_t* doc) { BSON_APPEND_UTF8(doc, "mood", "noShow"); }), "/mood"},
        {"bad UTF-8", document([](bson_t* doc) { BSON_APPEND_UTF8(doc, "raw", "\xC3\x28"); }), "/raw"},
        {"a control character", document([](bson_t* doc) { BSON_APPEND_UTF8(doc, "text", "a\x01"); }), "/text"},
        {"null for what must be", document([](bson_t* doc) { BSON_APPEND_NULL(doc, "whole"); }), "/whole"},
        {"text for a list", document([](bson_t* doc) { BSON_APPEND_UTF8(doc, "tags", "a"); }), "/tags"},
        {"a record for a list", document([](bson_t* doc) { BSON_APPEND_DOCUMENT(doc, "tags", &empty); }), "/tags"},
        {"a list for a record", document([](bson_t* doc) { BSON_APPEND_ARRAY(doc, "stop", &empty); }), "/stop"},
        {"a decimal", document([](bson_t* doc) {
             bson_decimal128_t const five{5, 0x3040000000000000};
             BSON_APPEND_DECIMAL128(doc, "real", &five);
         }),
         "/real"},
        {"further down", document([](bson_t* doc) {
             bson_t tags;
             BSON_APPEND_ARRAY_BEGIN(doc, "tags", &tags);
             BSON_APPEND_UTF8(&tags, "0", "a");
             BSON_APPEND_INT32(&tags, "1", 1);
             bson_append_array_end(doc, &tags);
         }),
         "/tags/1"},
    };
    for (auto const& row : rows) {
        try {
            fromBson<Everything>(row.bytes);
            ADD_FAILURE() << row.name;
        } catch (CorruptDocument const& error) {
            EXPECT_NE(std::string(error.what()).find(row.message), std::string::npos) << row.name << ": " << error.what();
        }
    }
}

TEST(Bson, EveryTruncationIsCorrupt) {
    auto const bytes = toBson(filled()).bytes;
    for (std::size_t length = 0; length < bytes.size(); ++length)
        EXPECT_THROW(fromBson<Everything>(bytes.substr(0, length)), CorruptDocument) << length;
    EXPECT_THROW(fromBson<Everything>(bytes + '\0'), CorruptDocument);
}

// The same, with the length at the front and the NUL at the end made right again.
TEST(Bson, EveryCutIsCorrupt) {
    auto const bytes = toBson(filled()).bytes;
    std::size_t whole = 0;
    for (std::size_t length = 5; length < bytes.size(); ++length) {
        auto cut = bytes.substr(0, length - 1) + '\0';
        for (std::size_t i = 0; i < 4; ++i) cut[i] = static_cast<char>(length >> (8 * i));
        try {
            fromBson<Everything>(cut);
            ++whole; // the cut fell between two members
        } catch (CorruptDocument const&) {
        }
    }
    EXPECT_LE(whole, shapeOf<Everything>().fields.size());
    EXPECT_GE(whole, 20u);
}

TEST(Bson, ScalarsAtAPath) {
    auto const bytes = toBson(filled()).bytes;
    EXPECT_EQ(bsonAt(bytes, "_id"), std::vector<Scalar>{ObjectId::derived("everything")});
    EXPECT_EQ(bsonAt(bytes, "stop.minutes"), std::vector<Scalar>{std::int64_t{30}});
    EXPECT_EQ(bsonAt(bytes, "tags"), (std::vector<Scalar>{std::string("a"), std::string("b")}));
    EXPECT_EQ(bsonAt(bytes, "maybeRoute.stops.minutes"), (std::vector<Scalar>{std::int64_t{30}, std::int64_t{1}}));
    EXPECT_EQ(bsonAt(bytes, "stop"), std::vector<Scalar>{});
    EXPECT_EQ(bsonAt(bytes, "nothing"), std::vector<Scalar>{});
    EXPECT_EQ(bsonAt(bytes, "whole.more"), std::vector<Scalar>{});
    EXPECT_EQ(bsonAt(wrapScalar(std::int64_t{7}).bytes, "v"), std::vector<Scalar>{std::int64_t{7}});
    EXPECT_EQ(bsonAt(wrapScalar({}).bytes, "v"), std::vector<Scalar>{});
    EXPECT_THROW(bsonAt("not a document", "v"), CorruptDocument);
}

TEST(Bson, WrapsAValueOfAnyShape) {
    auto const stop = filled().stop;
    auto const wrapped = wrapBson(shapeOf<Stop>(), &stop).bytes;
    EXPECT_EQ(bsonAt(wrapped, "v.note"), std::vector<Scalar>{std::string("coffee")});
    std::optional<Stop> const none;
    EXPECT_EQ(wrapBson(shapeOf<std::optional<Stop>>(), &none).bytes.size(), 5u);
}

TEST(Bson, ANameWithNulIsRefusedLoudly) {
    Everything value;
    value.stopsByName[std::string("a\0b", 3)] = {};
    EXPECT_THROW(toBson(value), std::length_error);
}

} // namespace
} // namespace visavis
