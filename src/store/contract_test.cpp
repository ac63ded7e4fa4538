// What every engine must do, written against the port alone: it is compiled into the tests of each engine (store/contract.hpp).
#include "store/contract_records.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

namespace visavis::contract {
namespace {

// ---- queries

std::vector<Thing> sample() {
    std::vector<Thing> list;
    for (int n = 1; n <= 6; ++n) {
        auto one = thing(n);
        one.at = {n * 1000};
        one.colour = static_cast<Colour>(n % 3);
        one.active = n % 2 == 0;
        one.weight = n / 2.0;
        one.inner.code = n < 4 ? "low" : "high";
        if (n > 2) one.size = n / 2; // 3:1 4:2 5:2 6:3
        if (n > 3) one.day = LocalDate{20'000 + n};
        if (n == 5) one.extra = Inner{"deep", 5};
        if (n == 6) one.extra = Inner{"flat", {}};
        if (n < 5) one.tags = {"t" + std::to_string(n), n < 3 ? "early" : "late"};
        if (n > 1) one.ownerId = id<Owner>(n % 2);
        list.push_back(one);
    }
    return list;
}

struct QueryCase {
    char const* name;
    Where<Thing> where;
    std::vector<int> found;
};

class ContractQuery : public Contract, public ::testing::WithParamInterface<QueryCase> {};

TEST_P(ContractQuery, Finds) {
    put(sample());
    EXPECT_EQ(found(GetParam().where), GetParam().found);
    auto const counted = read(*engine, [](Reader& reader) { return reader.find(things, GetParam().where).count(); });
    EXPECT_EQ(counted, static_cast<std::int64_t>(GetParam().found.size()));
    auto const atMostTwo = read(*engine, [](Reader& reader) { return reader.find(things, GetParam().where).limit(2).count(); });
    EXPECT_EQ(atMostTwo, std::min<std::int64_t>(counted, 2));
}

// clang-format off
std::vector<QueryCase> queryCases() {
    auto const& t = things;
    return {
        {"Everything", {}, {1, 2, 3, 4, 5, 6}},
        {"ById", t->id == id<Thing>(3), {3}},
        {"IdIn", in(t->id, {id<Thing>(5), id<Thing>(2), id<Thing>(99)}), {2, 5}},
        {"Equal", t->number == 4, {4}},
        {"EqualText", t->name == "thing 2", {2}},
        {"EqualWord", t->colour == Colour::veryBlue, {2, 5}},
        {"EqualTrue", t->active == true, {2, 4, 6}},
        {"EqualFalse", t->active == false, {1, 3, 5}},
        {"EqualReal", t->weight == 1.5, {3}},
        {"EqualInstant", t->at == Instant{2000}, {2}},
        {"EqualDay", t->day == LocalDate{20'004}, {4}},
        {"EqualReference", t->ownerId == id<Owner>(1), {3, 5}},
        {"EqualOfAbsent", t->size == 7, {}},
        {"NotEqual", t->number != 4, {1, 2, 3, 5, 6}},
        {"NotEqualMatchesMissing", t->size != 2, {1, 2, 3, 6}},
        {"NotEqualFlag", t->active != true, {1, 3, 5}},
        {"Less", t->number < 3, {1, 2}},
        {"LessOrEqual", t->number <= 3, {1, 2, 3}},
        {"Greater", t->number > 4, {5, 6}},
        {"GreaterOrEqual", t->number >= 4, {4, 5, 6}},
        {"LessLeavesOutMissing", t->size < 2, {3}},
        {"GreaterLeavesOutMissing", t->size > 0, {3, 4, 5, 6}},
        {"RangeOfInstants", t->at >= Instant{2000} && t->at < Instant{4000}, {2, 3}},
        {"RangeOfDays", t->day > LocalDate{20'004}, {5, 6}},
        {"RangeOfText", t->name >= "thing 5", {5, 6}},
        {"In", in(t->number, {1, 3, 9}), {1, 3}},
        {"InNothing", in(t->number, {}), {}},
        {"InWords", in(t->colour, {Colour::red, Colour::green}), {1, 3, 4, 6}},
        {"InThree", in(t->size, {1, 2, 8}), {3, 4, 5}},
        {"Exists", exists(t->size), {3, 4, 5, 6}},
        {"Absent", absent(t->size), {1, 2}},
        {"Contains", t->colour == Colour::green && contains(t->tags, "early"), {1}},
        {"ContainsAndMore", t->colour == Colour::green && contains(t->tags, "early") && t->number == 2, {}},
        {"ContainsSecond", t->colour == Colour::veryBlue && contains(t->tags, "t2"), {2}},
        {"ContainsNothing", t->colour == Colour::veryBlue && contains(t->tags, "t1"), {}},
        {"NoBits", noBits(t->number, 6), {1}},
        {"NoBitsOfNone", noBits(t->number, 0), {1, 2, 3, 4, 5, 6}},
        {"Nested", t->inner.code == "high", {4, 5, 6}},
        {"NestedOptional", t->extra.depth == 5, {5}},
        {"NestedAbsent", absent(t->extra.depth), {1, 2, 3, 4, 6}},
        {"NestedExists", exists(t->extra.depth), {5}},
        {"Both", t->colour == Colour::red && t->active == true, {6}},
        {"Three", t->number > 1 && t->inner.code == "low" && exists(t->size), {3}},
        {"Contradiction", t->number > 3 && t->number < 2, {}},
    };
}
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, ContractQuery, ::testing::ValuesIn(queryCases()), [](auto const& row) { return row.param.name; });

struct SortCase {
    char const* name;
    std::function<std::vector<Thing>(Reader&)> run;
    std::vector<int> found;
};

class ContractSort : public Contract, public ::testing::WithParamInterface<SortCase> {};

TEST_P(ContractSort, Orders) {
    put(sample());
    EXPECT_EQ(read(*engine, [](Reader& reader) { return numbersOf(GetParam().run(reader)); }), GetParam().found);
}

// clang-format off
std::vector<SortCase> sortCases() {
    auto const& t = things;
    using List = std::vector<Thing>;
    return {
        {"Ascending", [&](Reader& r) -> List { return r.find(t).sort(t->number).all(); }, {1, 2, 3, 4, 5, 6}},
        {"Descending", [&](Reader& r) -> List { return r.find(t).sort(desc(t->number)).all(); }, {6, 5, 4, 3, 2, 1}},
        {"MissingFirst", [&](Reader& r) -> List { return r.find(t).sort(t->size, t->number).all(); }, {1, 2, 3, 4, 5, 6}},
        {"MissingLastDescending", [&](Reader& r) -> List { return r.find(t).sort(desc(t->size), t->number).all(); }, {6, 4, 5, 3, 1, 2}},
        {"MixedDirections", [&](Reader& r) -> List { return r.find(t).sort(t->size, desc(t->number)).all(); }, {2, 1, 3, 5, 4, 6}},
        {"WordsSortAsText", [&](Reader& r) -> List { return r.find(t).sort(t->colour, desc(t->at)).all(); }, {4, 1, 6, 3, 5, 2}},
        {"Filtered", [&](Reader& r) -> List { return r.find(t, t->active == true).sort(desc(t->number)).all(); }, {6, 4, 2}},
        {"OfAnElement", [&](Reader& r) -> List { return r.find(t, contains(t->tags, "late")).sort(desc(t->number), desc(t->id)).all(); }, {4, 3}},
        {"OfTwoElements", [&](Reader& r) -> List { return r.find(t, contains(t->tags, "t4") && contains(t->tags, "late")).sort(t->number, t->id).all(); }, {4}},
        {"OfTwoElementsThatNeverMeet", [&](Reader& r) -> List { return r.find(t, contains(t->tags, "t4") && contains(t->tags, "early")).sort(t->number, t->id).all(); }, {}},
        {"OfThreeElements", [&](Reader& r) -> List { return r.find(t, contains(t->tags, "early") && contains(t->tags, "t2") && contains(t->tags, "early")).sort(t->number, t->id).all(); }, {2}},
        {"OfAnElementAndNoBits", [&](Reader& r) -> List { return r.find(t, contains(t->tags, "late") && noBits(t->number, 4)).sort(t->number, t->id).all(); }, {3}},
        {"OfAnElementAndARange", [&](Reader& r) -> List { return r.find(t, contains(t->tags, "late") && t->size >= 2 && t->weight > 0.5).sort(t->number, t->id).all(); }, {4}},
        {"OfAnElementInAnAbsentRange", [&](Reader& r) -> List { return r.find(t, contains(t->tags, "early") && t->size <= 5).sort(t->number, t->id).all(); }, {}},
        {"OfAnElementAndAbsence", [&](Reader& r) -> List { return r.find(t, contains(t->tags, "early") && absent(t->size)).sort(t->number, t->id).all(); }, {1, 2}},
        {"OfAnElementAndAnother", [&](Reader& r) -> List { return r.find(t, contains(t->tags, "early") && t->size != 0).sort(t->number, t->id).all(); }, {1, 2}},
        {"OfAnElementByAnOptional", [&](Reader& r) -> List { return r.find(t, contains(t->tags, "late") && t->size >= 0).sort(desc(t->size), desc(t->id)).all(); }, {4, 3}},
        {"OfAnElementByAnAbsentOptional", [&](Reader& r) -> List { return r.find(t, contains(t->tags, "early") && t->size >= 0).sort(t->size, t->id).all(); }, {}},
        {"Limited", [&](Reader& r) -> List { return r.find(t).sort(desc(t->number)).limit(2).all(); }, {6, 5}},
        {"LimitBeyondEnd", [&](Reader& r) -> List { return r.find(t, t->number > 4).sort(t->number).limit(9).all(); }, {5, 6}},
    };
}
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, ContractSort, ::testing::ValuesIn(sortCases()), [](auto const& row) { return row.param.name; });

// ---- pages

struct PageCase {
    char const* name;
    std::function<Result<Page<Thing>>(Reader&, std::size_t, std::string const&)> page;
    std::vector<int> all;
};

class ContractPage : public Contract, public ::testing::WithParamInterface<PageCase> {};

TEST_P(ContractPage, JoinsToTheWholeList) {
    put(sample());
    for (std::size_t const size : {1U, 2U, 3U, 6U, 7U}) {
        std::vector<int> seen;
        std::string cursor;
        do {
            auto const page = read(*engine, [&](Reader& reader) { return GetParam().page(reader, size, cursor); });
            ASSERT_TRUE(page) << page.error().key;
            EXPECT_LE(page->items.size(), size);
            for (int const n : numbersOf(page->items)) seen.push_back(n);
            cursor = page->nextCursor.value_or("");
        } while (!cursor.empty() && seen.size() < 20);
        EXPECT_EQ(seen, GetParam().all) << "pages of " << size;
    }
}

// clang-format off
std::vector<PageCase> pageCases() {
    auto const& t = things;
    return {
        {"Ascending", [&](Reader& r, std::size_t n, std::string const& c) { return r.find(t).sort(t->number).limit(n).page(c); }, {1, 2, 3, 4, 5, 6}},
        {"Descending", [&](Reader& r, std::size_t n, std::string const& c) { return r.find(t).sort(desc(t->number)).limit(n).page(c); }, {6, 5, 4, 3, 2, 1}},
        {"Unsorted", [&](Reader& r, std::size_t n, std::string const& c) { return r.find(t).limit(n).page(c); }, {1, 2, 3, 4, 5, 6}},
        {"EqualKeys", [&](Reader& r, std::size_t n, std::string const& c) { return r.find(t).sort(t->inner.code).limit(n).page(c); }, {4, 5, 6, 1, 2, 3}},
        {"EqualKeysDescending", [&](Reader& r, std::size_t n, std::string const& c) { return r.find(t).sort(desc(t->inner.code)).limit(n).page(c); }, {3, 2, 1, 6, 5, 4}},
        {"MissingKeys", [&](Reader& r, std::size_t n, std::string const& c) { return r.find(t).sort(t->size).limit(n).page(c); }, {1, 2, 3, 4, 5, 6}},
        {"MissingKeysDescending", [&](Reader& r, std::size_t n, std::string const& c) { return r.find(t).sort(desc(t->size)).limit(n).page(c); }, {6, 5, 4, 3, 2, 1}},
        {"MixedDirections", [&](Reader& r, std::size_t n, std::string const& c) { return r.find(t).sort(t->size, desc(t->number)).limit(n).page(c); }, {2, 1, 3, 5, 4, 6}},
        {"FilteredByFirstKey", [&](Reader& r, std::size_t n, std::string const& c) { return r.find(t, t->colour == Colour::red).sort(t->colour, desc(t->at)).limit(n).page(c); }, {6, 3}},
    };
}
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, ContractPage, ::testing::ValuesIn(pageCases()), [](auto const& row) { return row.param.name; });

TEST_F(Contract, PagesMissNothingAndRepeatNothingWhileOthersInsert) {
    std::vector<Thing> old;
    for (int n = 1; n <= 300; ++n) old.push_back(thing(n * 2));
    put(old);
    std::atomic<bool> stop{false};
    std::thread inserter([&] {
        for (int n = 1; n < 600 && !stop; n += 2) EXPECT_TRUE(write([&](Tx& tx) { return tx.insert(things, thing(n)); }));
    });
    std::vector<int> seen;
    std::string cursor;
    do {
        auto const page =
            read(*engine, [&](Reader& reader) { return reader.find(things).sort(desc(things->number)).limit(7).page(cursor); });
        ASSERT_TRUE(page);
        for (int const n : numbersOf(page->items)) seen.push_back(n);
        cursor = page->nextCursor.value_or("");
    } while (!cursor.empty());
    stop = true;
    inserter.join();
    EXPECT_TRUE(std::is_sorted(seen.rbegin(), seen.rend()));
    std::set<int> const distinct(seen.begin(), seen.end());
    EXPECT_EQ(distinct.size(), seen.size()) << "a row twice";
    for (auto const& one : old) EXPECT_TRUE(distinct.contains(numberOf(one))) << numberOf(one) << " is missed";
}

TEST_F(Contract, ForgedCursorsAreRefusedOrHarmless) {
    put(sample());
    auto const byNumber = [&](std::string const& cursor) {
        return read(*engine, [&](Reader& reader) { return reader.find(things).sort(things->number).limit(2).page(cursor); });
    };
    auto const ofNames = read(*engine, [&](Reader& reader) { return reader.find(things).sort(things->name).limit(2).page(""); });
    for (std::string const& forged :
         {std::string("x"), std::string("%%%"), std::string(5000, 'A'), ofNames->nextCursor.value(), byNumber("")->nextCursor->substr(3)})
        EXPECT_FALSE(byNumber(forged)) << forged;
    // Right in form, with a key of another kind: whatever it finds, it does not fail.
    std::vector<Order> const sort{{"number", false}, {"_id", false}};
    for (auto const& last : {toBson(Textual{id<Textual>(2), "two"}), toBson(Fractional{id<Fractional>(2), 2.5}), toBson(Bare{id<Bare>(2)})})
        EXPECT_TRUE(byNumber(encodeCursor(sort, last)));
    auto const page = byNumber(encodeCursor(sort, toBson(thing(2))));
    ASSERT_TRUE(page);
    EXPECT_EQ(numbersOf(page->items), (std::vector<int>{3, 4}));
}

// ---- groups and joins

std::string textOf(Scalar const& scalar) {
    if (auto const* text = std::get_if<std::string>(&scalar)) return *text;
    if (auto const* number = std::get_if<std::int64_t>(&scalar)) return std::to_string(*number);
    if (auto const* flag = std::get_if<bool>(&scalar)) return *flag ? "true" : "false";
    if (auto const* instant = std::get_if<Instant>(&scalar)) return "@" + std::to_string(instant->ms);
    if (auto const* reference = std::get_if<ObjectId>(&scalar)) return reference->hex();
    return "none";
}

std::set<std::string> linesOf(std::vector<GroupRow> const& rows) {
    std::set<std::string> lines;
    for (auto const& row : rows) {
        std::string line;
        for (auto const& key : row.key) line += textOf(key) + " ";
        line += "count " + std::to_string(row.count);
        for (auto const sum : row.sums) line += " sum " + std::to_string(sum);
        lines.insert(line);
    }
    return lines;
}

struct GroupCase {
    char const* name;
    Where<Thing> where;
    std::vector<std::string> by, sums;
    std::set<std::string> rows;
};

class ContractGroup : public Contract, public ::testing::WithParamInterface<GroupCase> {};

TEST_P(ContractGroup, AddsUp) {
    put(sample());
    auto const& row = GetParam();
    EXPECT_EQ(linesOf(read(*engine, [&](Reader& reader) { return reader.find(things, row.where).group(row.by, row.sums); })), row.rows);
}

// clang-format off
std::vector<GroupCase> groupCases() {
    return {
        {"ByWord", {}, {"colour"}, {"number"}, {"red count 2 sum 9", "green count 2 sum 5", "very-blue count 2 sum 7"}},
        {"ByFlag", {}, {"active"}, {"number", "size"}, {"true count 3 sum 12 sum 5", "false count 3 sum 9 sum 3"}},
        {"ByMissing", {}, {"size"}, {}, {"none count 2", "1 count 1", "2 count 2", "3 count 1"}},
        {"ByInstant", things->number == 2, {"at"}, {}, {"@2000 count 1"}},
        {"ByTwo", things->number > 3, {"colour", "active"}, {"number"}, {"green true count 1 sum 4", "very-blue false count 1 sum 5", "red true count 1 sum 6"}},
        {"Filtered", things->active == true, {"inner.code"}, {"number"}, {"low count 1 sum 2", "high count 2 sum 10"}},
        {"Total", {}, {}, {"number"}, {"count 6 sum 21"}},
        {"OfNothing", things->number > 99, {"colour"}, {"number"}, {}},
        {"WithoutIndex", {}, {"inner.depth"}, {"version"}, {"none count 6 sum 6"}},
    };
}
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, ContractGroup, ::testing::ValuesIn(groupCases()), [](auto const& row) { return row.param.name; });

TEST_F(Contract, JoinGivesTheOtherOrNothing) {
    put(sample()); // owners 0 and 1 are named; only 1 is there
    ASSERT_TRUE(write([](Tx& tx) { return tx.insert(owners, {id<Owner>(1), 1, "One"}); }));
    std::vector<std::string> rows;
    read(*engine, [&](Reader& reader) {
        for (auto const& [one, owner] : reader.find(things).sort(desc(things->number)).limit(4).join(owners, things->ownerId))
            rows.push_back(std::to_string(numberOf(one)) + (owner ? " of " + owner->name : " alone"));
        for (auto const& [one, owner] : reader.find(things, things->number == 1).join(owners, things->ownerId))
            rows.push_back(owner ? "wrong" : "1 names nobody");
        return true;
    });
    EXPECT_EQ(rows, (std::vector<std::string>{"6 alone", "5 of One", "4 alone", "3 of One", "1 names nobody"}));
}

// ---- what is stored is what was given

TEST_F(Contract, EveryKindOfMemberComesBack) {
    auto one = sample()[4];
    one.label = "";
    one.tags = {};
    one.notes = {"b", "a", "a"};
    put({one});
    EXPECT_EQ(toBson(*get(5)), toBson(one));
}

TEST_F(Contract, ManyAreInsertedAllOrNone) {
    std::vector<Thing> many;
    for (int n = 1; n <= 2'500; ++n) many.push_back(thing(n));
    ASSERT_TRUE(write([&](Tx& tx) -> Result<void> {
        CHECK(tx.insertAll(things, {}));
        return tx.insertAll(things, many);
    }));
    EXPECT_EQ(found({}).size(), 2'500U);
    std::vector<Thing> more;
    for (int n = 3'000; n < 4'500; ++n) more.push_back(thing(n));
    more.back().name = "thing 7";
    auto const refused = write([&](Tx& tx) { return tx.insertAll(things, more); });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().key, "name_taken");
    EXPECT_EQ(found({}).size(), 2'500U);
}

TEST_F(Contract, NothingIsFoundInAnEmptyStore) {
    EXPECT_EQ(found({}), std::vector<int>{});
    EXPECT_FALSE(get(1));
}

TEST_F(Contract, IndexesAreAsDeclaredAndMigrationIsIdempotent) {
    put(sample());
    EXPECT_TRUE(engine->checkIndexes(all).empty());
    EXPECT_TRUE(engine->migrate(all, true).empty());
    EXPECT_TRUE(engine->migrate(all, false).empty());
    EXPECT_EQ(engine->integrityFaults(), std::vector<std::string>{});
    EXPECT_FALSE(engine->describe().empty());
    EXPECT_EQ(found({}).size(), 6U);
}

} // namespace
} // namespace visavis::contract
