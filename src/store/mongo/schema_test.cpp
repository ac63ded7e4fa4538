// Which servers can carry us, by what they say of themselves.
#include "store/mongo/schema.hpp"

#include <gtest/gtest.h>

namespace visavis::contract {
namespace {

struct ServerCase {
    char const* name;
    std::string hello;
    std::string version;
    std::string refused; // part of the reason; empty: taken
    std::string described;
};

class Servers : public ::testing::TestWithParam<ServerCase> {};

TEST_P(Servers, AreJudged) {
    auto const& row = GetParam();
    auto const hello = mongo::fromText(row.hello);
    if (row.refused.empty()) {
        EXPECT_EQ(mongo::judgeServer(hello, row.version), row.described);
        return;
    }
    try {
        (void)mongo::judgeServer(hello, row.version);
        ADD_FAILURE() << "was taken";
    } catch (StoreUnsuitable const& reason) {
        EXPECT_NE(std::string(reason.what()).find(row.refused), std::string::npos) << reason.what();
    }
}

// Answers to hello as the manual has them.
INSTANTIATE_TEST_SUITE_P(
    Mongo, Servers,
    ::testing::Values(ServerCase{"AReplicaSet", R"({"setName":"rs0","hosts":["a:27017","b:27017","c:27017"]})", "5.0.0", "",
                                 "MongoDB 5.0.0, replica set rs0"},
                      ServerCase{"ALaterOne", R"({"setName":"main","hosts":["a:27017"],"arbiters":[]})", "10.1.2", "",
                                 "MongoDB 10.1.2, replica set main"},
                      ServerCase{"AShardedCluster", R"({"msg":"isdbgrid"})", "7.0.5", "", "MongoDB 7.0.5, sharded cluster"},
                      ServerCase{"AStandalone", R"({"isWritablePrimary":true})", "6.0.0", "standalone, which has no transactions", ""},
                      ServerCase{"AnArbiter", R"({"setName":"rs0","hosts":["a:27017","b:27017"],"arbiters":["c:27017"]})", "6.0.0",
                                 "has an arbiter", ""},
                      ServerCase{"TooOld", R"({"setName":"rs0","hosts":["a:27017"]})", "4.4.29", "5.0 or later is needed", ""},
                      ServerCase{"ATooOldCluster", R"({"msg":"isdbgrid"})", "4.4.0", "5.0 or later is needed", ""}),
    [](auto const& row) { return std::string(row.param.name); });

} // namespace
} // namespace visavis::contract
