// What RECORD and WORDS derive besides the codecs: paths, words, projections, look-ups.
#include "record/record.hpp"

#include "record/testing.hpp"

#include <gtest/gtest.h>

namespace visavis {
namespace {

using sample::Everything;
using sample::Mood;
using sample::Stop;

TEST(Record, PathsAreSpelledAsInDocuments) {
    auto const& it = paths<Everything>();
    EXPECT_EQ(it.id.name, "_id");
    EXPECT_EQ(it.maybeRef.name, "maybeRef");
    EXPECT_EQ(it.stop.at.name, "stop.at");
    EXPECT_EQ(it.maybeRoute.last.note.name, "maybeRoute.last.note");
    static_assert(std::is_same_v<decltype(it.maybeRoute.last.note)::Value, std::optional<Text<1, 20>>>);
}

TEST(Record, ShapesAreFoundByPath) {
    auto const& root = shapeOf<Everything>();
    struct Row {
        char const* path;
        Shape const* expected;
    };
    std::vector<Row> const rows{
        {"_id", &shapeOf<Ref<Everything>>()},
        {"stop.minutes", &shapeOf<Bounded<1, 90>>()},
        {"maybeRoute.stops.at", &shapeOf<LocalTime>()},
        {"maybeRoute.last.note", &shapeOf<std::optional<Text<1, 20>>>()},
        {"tags", &shapeOf<std::vector<Text<1, 10>>>()},
        {"nothing", nullptr},
        {"whole.more", nullptr},
    };
    for (auto const& row : rows) EXPECT_EQ(shapeAt(root, row.path), row.expected) << row.path;
}

TEST(Record, KnowsWhatInputMustHave) {
    EXPECT_EQ(shapeOf<Stop>().required, 2u);
    EXPECT_TRUE(shapeOf<std::optional<Secret>>().secret);
    EXPECT_TRUE(shapeOf<std::vector<Secret>>().secret);
    EXPECT_FALSE(shapeOf<Everything>().secret);
}

TEST(Record, FindsMembersInAnyOrder) {
    auto const& shape = shapeOf<Stop>();
    std::size_t expected = 0;
    for (auto const* name : {"note", "at", "minutes", "note", "minutes", "at"}) {
        auto const* found = shape.findNext(name, expected);
        ASSERT_NE(found, nullptr) << name;
        EXPECT_EQ(found->name, name);
    }
    EXPECT_EQ(shape.findNext("nothing", expected), nullptr);
}

TEST(Record, Words) {
    EXPECT_EQ(wordsOf<Mood>(), (std::vector<std::string>{"calm", "no-show", "in_app"}));
    EXPECT_EQ(wordOf(Mood::noShow), "no-show");
    EXPECT_EQ(parseWord<Mood>("in_app"), Mood::in_app);
    EXPECT_EQ(parseWord<Mood>("inApp"), std::nullopt);
    EXPECT_EQ(parseWord<Mood>(""), std::nullopt);
    EXPECT_EQ(wireWord("cancelledBySpecialist"), "cancelled-by-specialist");
    EXPECT_EQ(wireWord("booking_confirmation"), "booking_confirmation");
}

struct Wide {
    Ref<Wide> id;
    Text<1, 20> name;
    std::optional<Secret> password;
    std::int64_t amount = 0;
    Stop stop;
};
RECORD(Wide, id, name, password, amount, stop)

struct View {
    Ref<Wide> id;
    Text<1, 20> name;
    double amount = -1; // of another type: left as it is
    Stop stop;
    std::int64_t extra = 7;
};
RECORD(View, id, name, amount, stop, extra)

struct LongView : View {
    bool mine = true;
};
RECORD_EXTENDS(LongView, View, mine)

TEST(Record, ProjectsWhatTheAnswerLists) {
    Wide wide;
    wide.id.id = ObjectId::derived("wide");
    wide.name = Text<1, 20>{"Ada"};
    wide.amount = 5;
    wide.stop.at = {540};
    auto const view = project<LongView>(wide);
    EXPECT_EQ(view.id, wide.id);
    EXPECT_EQ(view.name, wide.name);
    EXPECT_EQ(view.stop, wide.stop);
    EXPECT_EQ(view.amount, -1);
    EXPECT_EQ(view.extra, 7);
    EXPECT_TRUE(view.mine);
}

TEST(Record, AnExtendedRecordHasTheMembersOfItsBase) {
    auto const& shape = shapeOf<LongView>();
    EXPECT_EQ(shape.name, "LongView");
    EXPECT_NE(shape.find("amount"), nullptr);
    EXPECT_NE(shape.find("mine"), nullptr);
    EXPECT_EQ(shape.fields.size(), 6u);
}

} // namespace
} // namespace visavis
