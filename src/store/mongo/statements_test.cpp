// Queries and changes as MongoDB is told them.
#include "store/mongo/statements.hpp"

#include "store/contract_records.hpp"

namespace visavis::contract {
namespace {

Query queryOf(Where<Thing> const& where, std::vector<Order> sort = {}, std::vector<Scalar> after = {}) {
    return {&things.spec(), where.all, std::move(sort), 0, std::move(after)};
}

struct FilterCase {
    char const* name;
    Query query;
    std::string filter;
};

class Filters : public ::testing::TestWithParam<FilterCase> {};

TEST_P(Filters, Say) { EXPECT_EQ(mongo::shown(mongo::filterOf(GetParam().query)), GetParam().filter); }

// clang-format off
std::vector<FilterCase> filterCases() {
    auto const& t = things;
    std::vector<Order> const up{{"number", false}, {"_id", false}}, down{{"number", true}, {"_id", true}}, optional{{"size", true}, {"_id", true}};
    return {
        {"Nothing", queryOf({}), R"({ })"},
        {"Equal", queryOf(t->number == 4), R"({ "number" : 4 })"},
        {"Range", queryOf(t->number > 1 && t->number <= 4), R"({ "$and" : [ { "number" : { "$gt" : 1 } }, { "number" : { "$lte" : 4 } } ] })"},
        {"Contains", queryOf(contains(t->tags, "x")), R"({ "tags" : "x" })"},
        {"Exists", queryOf(exists(t->size)), R"({ "size" : { "$exists" : true } })"},
        {"Absent", queryOf(absent(t->size)), R"({ "size" : null })"},
        {"InNothing", queryOf(in(t->number, {})), R"({ "number" : { "$in" : [  ] } })"},
        {"NotEqual", queryOf(t->size != 2), R"({ "size" : { "$ne" : 2 } })"},
        {"PageUp", queryOf({}, up, {std::int64_t{3}, std::string("i")}),
            R"({ "$and" : [ { "number" : { "$gte" : 3 } }, { "$or" : [ { "number" : { "$gt" : 3 } }, { "$and" : [ { "number" : 3 }, { "_id" : { "$gt" : "i" } } ] } ] } ] })"},
        {"PageDown", queryOf({}, down, {std::int64_t{3}, std::string("i")}),
            R"({ "$and" : [ { "number" : { "$lte" : 3 } }, { "$or" : [ { "number" : { "$lt" : 3 } }, { "$and" : [ { "number" : 3 }, { "_id" : { "$lt" : "i" } } ] } ] } ] })"},
        {"PageDownWhereMissingComesLast", queryOf({}, optional, {std::int64_t{3}, std::string("i")}),
            R"({ "$or" : [ { "$or" : [ { "size" : { "$lt" : 3 } }, { "size" : null } ] }, { "$and" : [ { "size" : 3 }, { "_id" : { "$lt" : "i" } } ] } ] })"},
        {"PageDownAmongMissing", queryOf({}, optional, {Scalar{}, std::string("i")}),
            R"({ "$or" : [ { "$and" : [ { "size" : null }, { "_id" : { "$lt" : "i" } } ] } ] })"},
    };
}
// clang-format on

INSTANTIATE_TEST_SUITE_P(Mongo, Filters, ::testing::ValuesIn(filterCases()), [](auto const& row) { return row.param.name; });

TEST(Updates, CountTheVersionAndGatherPushes) {
    auto const changes = set(things->number, 7).unset(things->label).inc(things->size, 2).push(things->tags, "a").push(things->tags, "b");
    EXPECT_EQ(mongo::shown(mongo::updateOf(changes.list)),
              R"({ "$set" : { "number" : 7 }, "$unset" : { "label" : "" }, "$inc" : { "size" : 2, "version" : 1 }, )"
              R"("$push" : { "tags" : { "$each" : [ "a", "b" ] } } })");
}

TEST(Updates, APositionNeedsAValuePerKey) {
    EXPECT_THROW(mongo::filterOf(queryOf({}, {{"number", false}, {"_id", false}}, {std::int64_t{1}})), std::logic_error);
}

} // namespace
} // namespace visavis::contract
