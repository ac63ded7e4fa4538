// The records that store/contract_test.cpp works with.
#pragma once

#include "store/contract.hpp"
#include "store/tx.hpp"

#include <gtest/gtest.h>

namespace visavis::contract {

WORDS(Colour, red, green, veryBlue)

struct Owner {
    Ref<Owner> id;
    std::int64_t version = 1;
    std::string name;
};
RECORD(Owner, id, version, name)

struct Inner {
    std::string code;
    std::optional<std::int64_t> depth;
};
RECORD(Inner, code, depth)

struct Thing {
    Ref<Thing> id;
    std::int64_t version = 1;
    std::string name;
    std::int64_t number = 0;
    std::optional<std::int64_t> size;
    std::optional<std::string> label;
    bool active = false;
    Instant at;
    std::optional<LocalDate> day;
    Colour colour = Colour::red;
    double weight = 0;
    std::vector<std::string> tags;
    std::vector<std::string> notes;
    Inner inner;
    std::optional<Inner> extra;
    std::optional<Ref<Owner>> ownerId;
};
RECORD(Thing, id, version, name, number, size, label, active, at, day, colour, weight, tags, notes, inner, extra, ownerId)

struct Claim {
    Ref<Claim> id;
    std::int64_t version = 1;
    std::string holder;
    std::vector<std::int64_t> cells;
    bool active = true;
};
RECORD(Claim, id, version, holder, cells, active)

// Other programs' ideas of a Thing's `number`: what forged cursors are made of.
struct Textual {
    Ref<Textual> id;
    std::string number;
};
RECORD(Textual, id, number)

struct Fractional {
    Ref<Fractional> id;
    double number = 0;
};
RECORD(Fractional, id, number)

struct Bare {
    Ref<Bare> id;
};
RECORD(Bare, id)

inline auto const owners = collection<Owner>("owners");

// clang-format off
inline Collection<Thing> const things = collection<Thing>("things")
    .unique("name_taken", paths<Thing>().name)
    .unique("label_taken", paths<Thing>().label)
    .unique("place_taken", paths<Thing>().colour, paths<Thing>().at).where(paths<Thing>().active)
    .index(paths<Thing>().number)
    .index(paths<Thing>().size, desc(paths<Thing>().number))
    .index(paths<Thing>().colour, paths<Thing>().at)
    .index(paths<Thing>().day)
    .index(paths<Thing>().weight)
    .index(paths<Thing>().inner.code)
    .index(paths<Thing>().extra.depth)
    .index(paths<Thing>().ownerId)
    .index(paths<Thing>().colour, paths<Thing>().tags)
    .index(paths<Thing>().tags, paths<Thing>().number, paths<Thing>().id, paths<Thing>().size, paths<Thing>().weight)
    .index(paths<Thing>().tags, paths<Thing>().size, paths<Thing>().id)
    .ownedBy(paths<Thing>().ownerId);

inline Collection<Claim> const claims = collection<Claim>("claims")
    .unique("time_taken", paths<Claim>().holder, paths<Claim>().cells).where(paths<Claim>().active);
// clang-format on

inline std::vector<CollectionSpec const*> const all{&owners.spec(), &things.spec(), &claims.spec()};

// The n-th id: sorts as n.
template <class T> Ref<T> id(int n) {
    ObjectId made;
    made.bytes[10] = static_cast<unsigned char>(n >> 8);
    made.bytes[11] = static_cast<unsigned char>(n);
    return {made};
}

template <class T> int numberOf(T const& record) { return record.id.id.bytes[10] * 256 + record.id.id.bytes[11]; }

template <class T> std::vector<int> numbersOf(std::vector<T> const& records) {
    std::vector<int> numbers;
    for (auto const& record : records) numbers.push_back(numberOf(record));
    return numbers;
}

inline Thing thing(int n) {
    Thing made;
    made.id = id<Thing>(n);
    made.name = "thing " + std::to_string(n);
    made.number = n;
    return made;
}

inline Claim claim(int n, std::string holder, std::vector<std::int64_t> cells, bool active = true) {
    return {id<Claim>(n), 1, std::move(holder), std::move(cells), active};
}

// A fresh store per test, and short words for what the tests do all the time.
class Contract : public ::testing::Test {
protected:
    std::unique_ptr<Engine> engine = makeTestEngine(all);

    void put(std::vector<Thing> const& list) {
        auto const done = write([&](Tx& tx) -> Result<void> {
            for (auto const& one : list) CHECK(tx.insert(things, one));
            return ok;
        });
        ASSERT_TRUE(done) << done.error().key;
    }
    Result<void> write(std::function<Result<void>(Tx&)> const& work) { return transact(*engine, work); }
    std::vector<int> found(Where<Thing> const& where) {
        return read(*engine, [&](Reader& reader) { return numbersOf(reader.find(things, where).sort(things->id).all()); });
    }
    std::optional<Thing> get(int n) {
        return read(*engine, [&](Reader& reader) { return reader.get(things, id<Thing>(n)); });
    }
    std::optional<Claim> getClaim(int n) {
        return read(*engine, [&](Reader& reader) { return reader.get(claims, id<Claim>(n)); });
    }
};

} // namespace visavis::contract
