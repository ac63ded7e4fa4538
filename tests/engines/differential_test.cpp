// The same random operations on both engines: the same answers, the same documents (DESIGN §12).
#include "store/contract_records.hpp"
#include "store/mongo/test_database.hpp"
#include "store/sqlite/engine.hpp"
#include "store/sqlite/test_store.hpp"
#include "support/world.hpp"

#include <random>

// This suite opens its engines itself; the contract's hooks are not used.
namespace visavis {
inline namespace store {

std::unique_ptr<Engine> makeTestEngine(std::vector<CollectionSpec const*> const&) { return nullptr; }
std::unique_ptr<Engine> reopenTestEngine(std::vector<CollectionSpec const*> const&) { return nullptr; }

} // namespace store
} // namespace visavis

namespace visavis::contract {
namespace {

constexpr int people = 60; // ids that operations choose from: small, so that they meet

class Dice {
public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}
    int below(int bound) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(bound)); }
    bool often() { return below(4) != 0; }
    bool seldom() { return below(8) == 0; }

private:
    std::mt19937_64 engine_;
};

Thing randomThing(Dice& dice) {
    auto one = thing(1 + dice.below(people));
    one.name = "n" + std::to_string(dice.below(people * 3));
    one.number = dice.below(10);
    if (dice.often()) one.size = dice.below(4);
    if (dice.seldom()) one.label = "l" + std::to_string(dice.below(20));
    one.active = dice.below(2) == 0;
    one.at = {dice.below(20) * 1000};
    if (dice.often()) one.day = LocalDate{20'000 + dice.below(5)};
    one.colour = static_cast<Colour>(dice.below(3));
    one.weight = dice.below(6) / 2.0;
    for (int i = dice.below(3); i > 0; --i) one.tags.push_back("t" + std::to_string(dice.below(4)));
    one.inner.code = dice.below(2) == 0 ? "low" : "high";
    if (dice.often()) one.extra = Inner{"x", dice.often() ? std::optional<std::int64_t>(dice.below(3)) : std::nullopt};
    if (dice.often()) one.ownerId = id<Owner>(dice.below(5));
    return one;
}

Claim randomClaim(Dice& dice) {
    auto const start = dice.below(40);
    std::vector<std::int64_t> cells;
    for (int i = 0; i <= dice.below(4); ++i) cells.push_back(start + i);
    return claim(1 + dice.below(people), dice.below(2) == 0 ? "a" : "b", std::move(cells), dice.often());
}

Where<Thing> randomWhere(Dice& dice) {
    auto const& t = things;
    Where<Thing> where;
    for (int i = dice.below(3); i > 0; --i) switch (dice.below(12)) {
            case 0:
                where = std::move(where) && t->number >= dice.below(10);
                break;
            case 1:
                where = std::move(where) && t->number < dice.below(10);
                break;
            case 2:
                where = std::move(where) && t->size == dice.below(4);
                break;
            case 3:
                where = std::move(where) && t->size != dice.below(4);
                break;
            case 4:
                where = std::move(where) && t->colour == static_cast<Colour>(dice.below(3));
                break;
            case 5:
                where = std::move(where) && in(t->number, {dice.below(10), dice.below(10)});
                break;
            case 6:
                where = std::move(where) && (dice.below(2) == 0 ? exists(t->size) : absent(t->size));
                break;
            case 7:
                where = std::move(where) && t->active == (dice.below(2) == 0);
                break;
            case 8:
                where = std::move(where) && t->inner.code == "low";
                break;
            case 9:
                where = std::move(where) && t->extra.depth <= dice.below(3);
                break;
            case 10:
                where = std::move(where) && t->day > LocalDate{20'000 + dice.below(5)};
                break;
            default:
                where = std::move(where) && t->colour == Colour::green && contains(t->tags, "t" + std::to_string(dice.below(4)));
        }
    return where;
}

Changes<Thing> randomChanges(Dice& dice) {
    auto const& t = things;
    switch (dice.below(8)) {
        case 0:
            return set(t->number, dice.below(10)).set(t->active, dice.below(2) == 0);
        case 1:
            return Changes<Thing>{}.unset(t->size);
        case 2:
            return set(t->size, dice.below(4));
        case 3:
            return Changes<Thing>{}.inc(t->number, dice.below(5) - 2);
        case 4:
            return Changes<Thing>{}.push(t->tags, "t" + std::to_string(dice.below(4))).push(t->notes, "n");
        case 5:
            return set(t->extra.depth, dice.below(3)).set(t->extra.code, std::string("y"));
        case 6:
            return set(t->name, "n" + std::to_string(dice.below(people * 3)));
        default:
            return set(t->colour, static_cast<Colour>(dice.below(3))).set(t->at, Instant{dice.below(20) * 1000});
    }
}

template <class T> std::string textOf(std::vector<T> const& list) {
    std::string text;
    for (auto const& one : list) text += toJson(one, Secrets::shown) + "\n";
    return text;
}

// One step of a transaction, as text of what it answered. An error is passed on: the transaction is lost.
Result<std::string> writeStep(Dice& dice, Tx& tx) {
    switch (dice.below(9)) {
        case 0:
        case 1: {
            CHECK(tx.insert(things, randomThing(dice)));
            return std::string("inserted");
        }
        case 2: {
            TRY(bool const done, tx.insertIfAbsent(things, randomThing(dice)));
            return std::string(done ? "new" : "old");
        }
        case 3:
        case 4: {
            auto const where = things->id == id<Thing>(1 + dice.below(people)) && randomWhere(dice);
            TRY(auto const now, tx.take(things, where, randomChanges(dice)));
            return now ? toJson(*now, Secrets::shown) : "none";
        }
        case 5: {
            auto found = tx.get(things, id<Thing>(1 + dice.below(people)));
            auto const fresh = randomThing(dice);
            if (!found) return std::string("absent");
            found->name = fresh.name;
            found->tags = fresh.tags;
            found->size = fresh.size;
            CHECK(tx.replace(things, *found));
            return "replaced " + std::to_string(found->version);
        }
        case 6: {
            TRY(auto const gone, tx.erase(things, things->id == id<Thing>(1 + dice.below(people)) && randomWhere(dice)));
            return "erased " + std::to_string(gone);
        }
        case 7: {
            CHECK(tx.insert(claims, randomClaim(dice)));
            return std::string("claimed");
        }
        default: {
            auto const wanted = randomClaim(dice);
            TRY(bool const moved,
                tx.update(claims, claims->id == wanted.id, set(claims->cells, wanted.cells).set(claims->active, wanted.active)));
            return std::string(moved ? "moved" : "not moved");
        }
    }
}

// The same seed makes the same transaction on both engines, and again when an engine runs it twice.
std::string transactionOf(std::uint64_t seed, Engine& engine) {
    std::string log;
    auto const outcome = transact(engine, [&](Tx& tx) -> Result<void> {
        Dice dice(seed);
        log.clear();
        for (int i = 1 + dice.below(4); i > 0; --i) {
            TRY(auto const said, writeStep(dice, tx));
            log += said + "; " + std::to_string(tx.find(things, things->number < 5).count()) + "\n"; // reads its own writes
        }
        if (dice.seldom()) return notFound("on purpose");
        return ok;
    });
    if (outcome) return log;
    // Which of two indexes that a document violates at once is named, is the engine's affair; one alone is, in the contract.
    return "error " + (outcome.error().code == Code::conflict ? "conflict" : outcome.error().key);
}

std::string pages(Reader& reader, Dice& dice) {
    auto const where = randomWhere(dice);
    auto const order = dice.below(4);
    auto const size = static_cast<std::size_t>(1 + dice.below(9));
    std::string text, cursor;
    do {
        auto find = reader.find(things, where);
        auto page = order == 0   ? std::move(find).sort(things->number).limit(size).page(cursor)
                    : order == 1 ? std::move(find).sort(desc(things->size), things->number).limit(size).page(cursor)
                    : order == 2 ? std::move(find).sort(things->colour, desc(things->at)).limit(size).page(cursor)
                                 : std::move(find).sort(desc(things->extra.depth)).limit(size).page(cursor);
        if (!page) return "error " + page.error().key;
        text += textOf(page->items) + "--\n";
        cursor = page->nextCursor.value_or("");
    } while (!cursor.empty());
    return text;
}

std::string groups(Reader& reader, Dice& dice) {
    auto const by = std::vector<std::vector<std::string>>{{"colour"}, {"size"}, {"active", "inner.code"}, {}}.at(
        static_cast<std::size_t>(dice.below(4)));
    std::string text;
    std::vector<GroupRow> rows = reader.find(things, randomWhere(dice)).group(by, {"number", "version"});
    std::sort(rows.begin(), rows.end(), [](auto const& a, auto const& b) { return a.key < b.key; });
    for (auto const& row : rows) {
        for (auto const& key : row.key) text += wrapScalar(key).bytes;
        text += " " + std::to_string(row.count) + " " + std::to_string(row.sums[0]) + " " + std::to_string(row.sums[1]) + "\n";
    }
    return text;
}

std::string joins(Reader& reader, Dice& dice) {
    std::string text;
    for (auto const& [one, owner] : reader.find(things, randomWhere(dice)).sort(things->number, things->id).join(owners, things->ownerId))
        text += one.name + (owner ? " of " + owner->name : " alone") + "\n";
    return text;
}

std::string questionOf(std::uint64_t seed, Engine& engine) {
    return read(engine, [&](Reader& reader) {
        Dice dice(seed);
        switch (dice.below(4)) {
            case 0:
                return groups(reader, dice);
            case 1:
                return joins(reader, dice);
            default:
                return pages(reader, dice);
        }
    });
}

std::string everything(Engine& engine) {
    return read(engine, [](Reader& reader) {
        return textOf(reader.find(things).sort(things->id).all()) + textOf(reader.find(claims).sort(claims->id).all());
    });
}

TEST(Differential, BothEnginesAnswerTheSame) {
    sqlite::TestPlace file;
    mongo::TestDatabase database;
    std::unique_ptr<Engine> const ours = openSqlite(file.settings(), all), theirs = openMongo(database.settings(), all);
    for (auto* engine : {ours.get(), theirs.get()}) {
        engine->migrate(all, false);
        ASSERT_TRUE(transact(*engine, [](Tx& tx) -> Result<void> {
            for (int n = 1; n < 4; ++n) CHECK(tx.insert(owners, {id<Owner>(n), 1, "owner " + std::to_string(n)}));
            return ok;
        }));
    }
    auto const steps = std::uint64_t{support::rounds(20) >= 200 ? 100'000U : 5'000U};
    int changed = 0;
    for (std::uint64_t step = 1; step <= steps && !HasFailure(); ++step) {
        if (step % 3 == 0) {
            EXPECT_EQ(questionOf(step, *ours), questionOf(step, *theirs)) << "question " << step;
        } else {
            auto const said = transactionOf(step, *ours);
            EXPECT_EQ(said, transactionOf(step, *theirs)) << "transaction " << step;
            changed += !said.starts_with("error");
        }
        if (step % 100 == 0) {
            EXPECT_EQ(everything(*ours), everything(*theirs)) << "after " << step;
        }
    }
    EXPECT_EQ(everything(*ours), everything(*theirs));
    EXPECT_GT(changed, static_cast<int>(steps / 10)) << "hardly anything succeeds";
    std::cout << steps << " steps, " << changed << " transactions committed\n";
}

} // namespace
} // namespace visavis::contract
