// The third part of the contract: which write meets which unique index, and which does not.
#include "store/contract_records.hpp"

#include <limits>

namespace visavis::contract {
namespace {

using Verb = std::function<Result<void>(Tx&)>;

Verb insertThing(std::function<void(Thing&)> const& change, int n) {
    return [change, n](Tx& tx) {
        auto one = thing(n);
        one.colour = static_cast<Colour>(n % 3);
        change(one);
        return tx.insert(things, one);
    };
}

Verb insertClaim(Claim const& one) {
    return [one](Tx& tx) { return tx.insert(claims, one); };
}

Verb changeClaim(int n, Changes<Claim> const& changes) {
    return [n, changes](Tx& tx) -> Result<void> {
        CHECK(tx.update(claims, claims->id == id<Claim>(n), changes));
        return ok;
    };
}

struct ConflictCase {
    char const* name;
    std::vector<Verb> before;
    Verb then;
    std::string problem; // empty: none
};

class ContractConflict : public Contract, public ::testing::WithParamInterface<ConflictCase> {};

TEST_P(ContractConflict, IsNamedByItsIndex) {
    for (auto const& verb : GetParam().before) ASSERT_TRUE(write(verb));
    auto const outcome = write(GetParam().then);
    EXPECT_EQ(outcome ? "" : outcome.error().key, GetParam().problem);
    if (!outcome) {
        EXPECT_EQ(outcome.error().code, Code::conflict);
    }
    EXPECT_EQ(engine->integrityFaults(), std::vector<std::string>{});
}

// clang-format off
std::vector<ConflictCase> conflictCases() {
    auto const named = [](std::string const& name) { return [name](Thing& o) { o.name = name; }; };
    auto const labelled = [](std::string const& label) { return [label](Thing& o) { o.label = label; }; };
    auto const placed = [](Instant at, bool active) { return [at, active](Thing& o) { o.colour = Colour::red, o.at = at, o.active = active; }; };
    auto const plain = [](Thing&) {};
    return {
        {"SameId", {insertThing(plain, 1)}, insertThing(named("other"), 1), "_id"},
        {"Unique", {insertThing(named("x"), 1)}, insertThing(named("x"), 2), "name_taken"},
        {"UniqueOther", {insertThing(named("x"), 1)}, insertThing(named("y"), 2), ""},
        {"UniqueIsCaseSensitive", {insertThing(named("x"), 1)}, insertThing(named("X"), 2), ""},
        {"OptionalSet", {insertThing(labelled("l"), 1)}, insertThing(labelled("l"), 2), "label_taken"},
        {"OptionalEmptyTextIsSet", {insertThing(labelled(""), 1)}, insertThing(labelled(""), 2), "label_taken"},
        {"OptionalAbsent", {insertThing(plain, 1)}, insertThing(plain, 2), ""},
        {"PartialBothIn", {insertThing(placed({1}, true), 1)}, insertThing(placed({1}, true), 2), "place_taken"},
        {"PartialOneOut", {insertThing(placed({1}, true), 1)}, insertThing(placed({1}, false), 2), ""},
        {"PartialOtherKey", {insertThing(placed({1}, true), 1)}, insertThing(placed({2}, true), 2), ""},
        {"UpdateIntoTaken", {insertThing(named("x"), 1), insertThing(named("y"), 2)},
            [](Tx& tx) -> Result<void> { CHECK(tx.update(things, things->id == id<Thing>(2), set(things->name, std::string("x")))); return ok; }, "name_taken"},
        {"UpdateToOwnValue", {insertThing(named("x"), 1)},
            [](Tx& tx) -> Result<void> { CHECK(tx.update(things, things->id == id<Thing>(1), set(things->name, std::string("x")))); return ok; }, ""},
        {"UpdateIntoPartial", {insertThing(placed({1}, true), 1), insertThing(placed({1}, false), 2)},
            [](Tx& tx) -> Result<void> { CHECK(tx.update(things, things->id == id<Thing>(2), set(things->active, true))); return ok; }, "place_taken"},
        {"ReplaceIntoTaken", {insertThing(named("x"), 1), insertThing(named("y"), 2)},
            [](Tx& tx) -> Result<void> { auto one = *tx.get(things, id<Thing>(2)); one.name = "x"; return tx.replace(things, one); }, "name_taken"},
        {"InsertIfAbsentIntoTaken", {insertThing(named("x"), 1)},
            [](Tx& tx) -> Result<void> { auto one = thing(2); one.name = "x"; CHECK(tx.insertIfAbsent(things, one)); return ok; }, "name_taken"},
        {"ClaimsOverlap", {insertClaim(claim(1, "a", {1, 2, 3}))}, insertClaim(claim(2, "a", {3, 4})), "time_taken"},
        {"ClaimSpansOther", {insertClaim(claim(1, "a", {4}))}, insertClaim(claim(2, "a", {1, 2, 3, 4, 5, 6})), "time_taken"},
        {"ClaimWithinOther", {insertClaim(claim(1, "a", {1, 2, 3, 4, 5, 6}))}, insertClaim(claim(2, "a", {4})), "time_taken"},
        {"ClaimInAGap", {insertClaim(claim(1, "a", {1, 2, 6, 7}))}, insertClaim(claim(2, "a", {3, 4, 5})), ""},
        {"ClaimOverTheSecondPart", {insertClaim(claim(1, "a", {1, 2, 6, 7}))}, insertClaim(claim(2, "a", {3, 7, 8})), "time_taken"},
        {"ClaimsAtTheEnds", {insertClaim(claim(1, "a", {std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}))},
            insertClaim(claim(2, "a", {0, std::numeric_limits<std::int64_t>::max()})), "time_taken"},
        {"ClaimsTouch", {insertClaim(claim(1, "a", {1, 2, 3}))}, insertClaim(claim(2, "a", {4, 5})), ""},
        {"ClaimsOfOthers", {insertClaim(claim(1, "a", {1, 2, 3}))}, insertClaim(claim(2, "b", {1, 2, 3})), ""},
        {"ClaimInactive", {insertClaim(claim(1, "a", {1, 2, 3}))}, insertClaim(claim(2, "a", {2}, false)), ""},
        {"ClaimOverInactive", {insertClaim(claim(1, "a", {1, 2, 3}, false))}, insertClaim(claim(2, "a", {2})), ""},
        {"ClaimTwiceTheSameCell", {}, insertClaim(claim(1, "a", {1, 1, 2})), ""},
        {"ClaimReleased", {insertClaim(claim(1, "a", {1, 2})), changeClaim(1, set(claims->active, false))}, insertClaim(claim(2, "a", {1})), ""},
        {"ClaimTakenAgain", {insertClaim(claim(1, "a", {1, 2})), changeClaim(1, set(claims->active, false)), insertClaim(claim(2, "a", {2}))},
            changeClaim(1, set(claims->active, true)), "time_taken"},
        {"ClaimMovedOverItself", {insertClaim(claim(1, "a", {1, 2, 3}))}, changeClaim(1, set(claims->cells, {2, 3, 4})), ""},
        {"ClaimMovedOntoOther", {insertClaim(claim(1, "a", {1, 2})), insertClaim(claim(2, "a", {5}))}, changeClaim(1, set(claims->cells, {4, 5})), "time_taken"},
        {"ClaimLeftBehind", {insertClaim(claim(1, "a", {1, 2})), changeClaim(1, set(claims->cells, {3}))}, insertClaim(claim(2, "a", {1, 2})), ""},
        {"ClaimGrownIntoAGap", {insertClaim(claim(1, "a", {1, 2, 4})), insertClaim(claim(2, "a", {5, 6}))}, changeClaim(1, set(claims->cells, {1, 2, 3, 4})), ""},
        {"ClaimSplit", {insertClaim(claim(1, "a", {1, 2, 3})), changeClaim(1, set(claims->cells, {1, 3}))}, insertClaim(claim(2, "a", {2})), ""},
        {"ClaimErased", {insertClaim(claim(1, "a", {1, 2, 3})), [](Tx& tx) -> Result<void> { CHECK(tx.erase(claims, claims->id == id<Claim>(1))); return ok; }},
            insertClaim(claim(2, "a", {2, 3, 4})), ""},
        {"ClaimGrown", {insertClaim(claim(1, "a", {1})), insertClaim(claim(2, "a", {2}))}, changeClaim(1, Changes<Claim>{}.push(claims->cells, 2)), "time_taken"},
        {"EmptyClaimInactive", {insertClaim(claim(1, "a", {}, false))}, insertClaim(claim(2, "a", {}, false)), ""},
    };
}
// clang-format on

TEST_F(Contract, AClaimIsFoundByEachOfItsCells) {
    ASSERT_TRUE(write([](Tx& tx) -> Result<void> {
        CHECK(tx.insert(claims, claim(1, "a", {1, 2, 3, 7})));
        CHECK(tx.insert(claims, claim(2, "a", {4, 5})));
        return tx.insert(claims, claim(3, "b", {2}));
    }));
    auto const found = [&](Where<Claim> const& cell) {
        auto const all = read(*engine, [&](Reader& reader) {
            return reader.find(claims, claims->holder == std::string("a") && claims->active == true && cell).sort(claims->id).all();
        });
        std::string text;
        for (auto const& one : all) text += std::to_string(one.id.id.bytes.back());
        return text;
    };
    std::vector<std::string> const of{"", "1", "1", "1", "2", "2", "", "1", ""};
    for (std::int64_t cell = 0; cell < std::ssize(of); ++cell)
        EXPECT_EQ(found(contains(claims->cells, cell)), of[static_cast<std::size_t>(cell)]) << cell;
}

INSTANTIATE_TEST_SUITE_P(All, ContractConflict, ::testing::ValuesIn(conflictCases()), [](auto const& row) { return row.param.name; });

TEST_F(Contract, AnEmptyActiveClaimIsABrokenAssumption) { EXPECT_THROW((void)write(insertClaim(claim(1, "a", {}))), std::logic_error); }

} // namespace
} // namespace visavis::contract
