// The fourth part of the contract: what a process remembers of an owner's documents is outdated by every write of them, and by no other.
#include "store/contract_records.hpp"
#include "store/remembered.hpp"

namespace visavis::contract {
namespace {

Thing owned(int n, int owner) {
    auto made = thing(n);
    made.ownerId = id<Owner>(owner);
    return made;
}

struct OutdatingCase {
    char const* name;
    std::function<Result<void>(Tx&)> work; // on things 1 and 2 of owner 1, 3 of owner 2 and 4 of nobody
    bool first;                            // whether it outdates what is remembered of owner 1
    bool second;                           // and of owner 2
};

class ContractMemory : public Contract, public ::testing::WithParamInterface<OutdatingCase> {};

TEST_P(ContractMemory, IsOutdatedByWritesOfTheOwnersDocuments) {
    put({owned(1, 1), owned(2, 1), owned(3, 2), thing(4)});
    auto const generation = [&](int owner) { return ownersGeneration(*engine, id<Owner>(owner).id); };
    auto const first = generation(1);
    auto const second = generation(2);
    (void)write(GetParam().work);
    EXPECT_EQ(generation(1) != first, GetParam().first);
    EXPECT_EQ(generation(2) != second, GetParam().second);
}

Result<void> replaced(Tx& tx, int n) {
    auto one = tx.get(things, id<Thing>(n));
    one->number = 9;
    return tx.replace(things, *one);
}

// clang-format off
std::vector<OutdatingCase> outdatingCases() {
    auto const& t = things;
    return {
        {"Nothing", [](Tx&) -> Result<void> { return ok; }, false, false},
        {"Insert", [](Tx& tx) { return tx.insert(things, owned(5, 1)); }, true, false},
        {"InsertOfNobodys", [](Tx& tx) { return tx.insert(things, thing(5)); }, false, false},
        {"InsertMany", [](Tx& tx) { return tx.insertAll(things, std::vector{owned(5, 1), owned(6, 2)}); }, true, true},
        {"InsertIfAbsent", [](Tx& tx) -> Result<void> { CHECK(tx.insertIfAbsent(things, owned(5, 2))); return ok; }, false, true},
        {"Update", [&](Tx& tx) -> Result<void> { CHECK(tx.update(things, t->id == id<Thing>(2), set(t->number, 7))); return ok; }, true, false},
        {"UpdateOfNone", [&](Tx& tx) -> Result<void> { CHECK(tx.update(things, t->id == id<Thing>(9), set(t->number, 7))); return ok; }, false, false},
        {"Take", [&](Tx& tx) -> Result<void> { CHECK(tx.take(things, t->id == id<Thing>(3), set(t->number, 7))); return ok; }, false, true},
        {"Replace", [](Tx& tx) { return replaced(tx, 1); }, true, false},
        {"EraseOfTheOwners", [&](Tx& tx) -> Result<void> { CHECK(tx.erase(things, t->ownerId == id<Owner>(1) && t->number == 1)); return ok; }, true, false},
        {"EraseWithoutSayingWhose", [&](Tx& tx) -> Result<void> { CHECK(tx.erase(things, t->id == id<Thing>(1))); return ok; }, true, true},
        {"OfAnotherCollection", [](Tx& tx) { return tx.insert(claims, claim(1, "h", {1})); }, false, false},
        {"RolledBack", [](Tx& tx) -> Result<void> { CHECK(tx.insert(things, owned(5, 1))); return conflict("changed_its_mind", ""); }, false, false},
    };
}
// clang-format on

INSTANTIATE_TEST_SUITE_P(Writes, ContractMemory, ::testing::ValuesIn(outdatingCases()),
                         [](auto const& row) { return std::string(row.param.name); });

struct KeepingCase {
    char const* name;
    std::uint64_t later; // generations
    Millis after;
    bool known;
};

class RememberedTest : public Contract, public ::testing::WithParamInterface<KeepingCase> {};

TEST_P(RememberedTest, HoldsForItsGenerationAndTime) {
    auto const owner = id<Owner>(1).id;
    Remembered<std::string, int> memory(1000);
    Instant const now{1'000};
    memory.keep("question", {owner, ownersGeneration(*engine, owner), now + Millis(10)}, 42, 100);
    for (std::uint64_t i = 0; i < GetParam().later; ++i) engine->generations.bump(owner);
    auto const found = recalled(*engine, memory, std::string("question"), now + GetParam().after);
    EXPECT_EQ(found.has_value(), GetParam().known && engine->alone());
    EXPECT_EQ(found.value_or(42), 42);
}

INSTANTIATE_TEST_SUITE_P(Holds, RememberedTest,
                         ::testing::Values(KeepingCase{"AtOnce", 0, Millis(0), true}, KeepingCase{"AtItsLastInstant", 0, Millis(10), true},
                                           KeepingCase{"LaterThanThat", 0, Millis(11), false},
                                           KeepingCase{"OutdatedByAWrite", 1, Millis(0), false}),
                         [](auto const& row) { return std::string(row.param.name); });

TEST(RememberedBounds, ForgetsTheLeastRecentlyUsedFirst) {
    auto const always = [](Hold const&) { return true; };
    using Memory = Remembered<int, int>;
    Memory memory(3 * (Memory::entryBytes + 100));
    for (int n = 1; n <= 3; ++n) memory.keep(n, {}, n, 100);
    EXPECT_TRUE(memory.find(1, always));
    memory.keep(4, {}, 4, 100);
    EXPECT_FALSE(memory.find(2, always)) << "1 was asked for since";
    memory.keep(4, {}, 5, 100);
    EXPECT_EQ(memory.find(4, always), 5) << "a new value takes the place of the old one, and its room";
    EXPECT_TRUE(memory.find(1, always));
    EXPECT_TRUE(memory.find(3, always));
}

} // namespace
} // namespace visavis::contract
