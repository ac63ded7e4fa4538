// Which index leads a question on MongoDB, and that a test is told of questions that none leads.
#include "store/contract_records.hpp"
#include "store/mongo/test_database.hpp"
#include "support/store.hpp"

namespace visavis::contract {
namespace {

using Lines = std::vector<std::string>;

TEST(Plans, NameTheirIndex) {
    mongo::TestDatabase database;
    auto const engine = openMongo(database.settings(), all);
    engine->migrate(all, false);
    auto const& t = things;
    struct Row {
        char const* name;
        Where<Thing> where;
        char const* stage;
    };
    for (auto const& row : {
             Row{"equal", t->number == 1, "IXSCAN number_1"},
             Row{"equal and range", t->colour == Colour::red && t->at < Instant{5}, "IXSCAN colour_1_at_1"},
             Row{"an element", t->colour == Colour::red && contains(t->tags, "x"), "IXSCAN colour_1_tags_1"},
             Row{"all", t->notes == "x", "COLLSCAN"},
         }) {
        auto const plan = engine->planOf({&things.spec(), row.where.all, {}, 10, {}});
        EXPECT_NE(std::find(plan.begin(), plan.end(), row.stage), plan.end()) << row.name << ": " << testing::PrintToString(plan);
    }
}

TEST(Plans, QuestionsThatReadAWholeCollectionAreTold) {
    support::TempDirectory directory;
    support::StorePlace const place(directory.path());
    auto const engine = place.open(all);
    (void)visavis::read(*engine, [](Reader& reader) { return reader.find(things, things->number == 1).all(); });
    EXPECT_EQ(support::scansOf(*engine), Lines{});
    (void)visavis::read(*engine, [](Reader& reader) { return reader.find(things, contains(things->notes, "x")).count(); });
    EXPECT_EQ(support::scansOf(*engine).size(), 1U);
    EXPECT_TRUE(transact(*engine, [](Tx& tx) -> Result<void> {
        CHECK(tx.erase(things, things->active == true && contains(things->notes, "y")));
        return ok;
    }));
    EXPECT_EQ(support::scansOf(*engine).size(), 1U);
}

} // namespace
} // namespace visavis::contract
