// How the store finds specialists: for every set of filters and every order an index leads, and no result is sorted afterwards.
#include "profiles/api.hpp"

#include "store/sqlite/engine.hpp"
#include "support/platform.hpp"

namespace visavis::profiles {
namespace {

// Remembers what it is asked. A range holds as many as are asked for, so that the search behind it goes on.
class Listener final : public Engine, public EngineReader {
public:
    std::vector<Bson> find(Query const& query) override {
        queries.push_back(query);
        for (auto const& condition : query.all)
            if (condition.op == Op::contains) return {};
        Specialist somebody;
        somebody.email = Email{"a@example.org"};
        somebody.creatorName = "Ada";
        somebody.slug = "ada";
        return std::vector<Bson>(query.limit, toBson(somebody));
    }
    std::int64_t count(Query const& query) override {
        queries.push_back(query);
        return static_cast<std::int64_t>(query.limit);
    }
    std::vector<GroupRow> group(Query const&, Grouping const&) override { return {}; }
    std::vector<Joined> join(Query const&, CollectionSpec const&, std::string const&) override { return {}; }

    Result<void> transact(std::function<Result<void>(EngineTx&)> const&) override { return notFound(); }
    void read(std::function<void(EngineReader&)> const& work) override { work(*this); }
    std::vector<std::string> migrate(std::vector<CollectionSpec const*> const&, bool) override { return {}; }
    std::vector<IndexFault> checkIndexes(std::vector<CollectionSpec const*> const&) override { return {}; }
    std::vector<std::string> integrityFaults() override { return {}; }
    std::string describe() const override { return "a listener"; }
    bool alone() const override { return true; }
    std::vector<Counter> counters() const override { return {}; }

    std::vector<Query> queries;
};

struct SearchPlanFile : testing::Test {
    support::TestPlatform parts;
    Listener listener;
    identity::Platform platform{listener,   parts.clock,    parts.rng,       parts.ids,     parts.publicUrl,        parts.limits,
                                parts.auth, parts.payments, parts.passwords, parts.limiter, parts.platform.gateway, parts.memory};

    std::vector<Query> queriesOf(SpecialistSearch const& search) {
        listener.queries.clear();
        Call call(platform, {}, parts.clock.now());
        EXPECT_TRUE(listSpecialists(call, search));
        return listener.queries;
    }
    std::string planOf(Query const& query) {
        std::string plan;
        for (auto const& line : dynamic_cast<SqliteEngine&>(*parts.store).planOf(query)) plan += line + "\n";
        return plan;
    }
};

Scalar somewhere(std::string const& path) {
    if (path == "_id") return ObjectId::derived(path);
    if (path == "createdAt") return Instant{1'000};
    if (path == "averageRating") return 4.5;
    return std::int64_t{5'000};
}

TEST_F(SearchPlanFile, EveryFilterInEveryOrderIsLedByAnIndex) {
    int looked = 0;
    for (auto const sort : {SpecialistSort::newest, SpecialistSort::rating, SpecialistSort::price, SpecialistSort::dearest})
        for (unsigned filters = 0; filters < 128; ++filters) {
            SpecialistSearch search;
            search.sort = sort;
            if ((filters & 1) != 0) search.q = "executive coach";
            if ((filters & 2) != 0) search.specialty = "leadership";
            if ((filters & 4) != 0) search.language = "english";
            if ((filters & 8) != 0) search.currency = *Currency::parse("EUR");
            if ((filters & 16) != 0) search.minPrice = Price{1'000};
            if ((filters & 32) != 0) search.maxPrice = Price{9'000};
            if ((filters & 64) != 0) search.minRating = 4.5;
            auto const queries = queriesOf(search);
            bool const hasTerm = (filters & 15) != 0;
            EXPECT_EQ(planOf(queries.back()).find("(published=? AND searchTerms=?") != std::string::npos, hasTerm) << "led by a term";
            for (auto query : queries)
                for (bool const further : {false, true}) {
                    if (further)
                        for (auto const& key : query.sort) query.after.push_back(somewhere(key.path));
                    auto const plan = planOf(query);
                    auto const about = wordOf(sort) + " " + std::to_string(filters) + (further ? " further on\n" : "\n") + plan;
                    EXPECT_EQ(plan.find("SCAN"), std::string::npos) << about;
                    EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << about << "sorted afterwards";
                    EXPECT_EQ(plan.find("LIST SUBQUERY"), std::string::npos) << about << "all matches of a term are gathered";
                    ++looked;
                }
        }
    EXPECT_GT(looked, 4 * 128 * 2);
}

} // namespace
} // namespace visavis::profiles
