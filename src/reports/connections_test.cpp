// What is told of somebody's accounts elsewhere: that they are known, and nothing that opens them.
#include "reports/connections.hpp"

#include "payments/testing.hpp"

namespace visavis::reports {
namespace {

class ConnectionsOf : public payments::Till {
protected:
    Ref<identity::User> owner = host.get(profiles::specialists, specialistId)->userId;

    std::map<ConnectionProvider, Connection> of(Ref<identity::User> userId) {
        auto call = host.call({.userId = userId});
        std::map<ConnectionProvider, Connection> byProvider;
        for (auto const& one : support::must(listConnections(call)).items) byProvider[one.provider] = one;
        return byProvider;
    }
    template <class T, class F> void change(Collection<T> const& in, Ref<T> id, F const& how) {
        support::must(visavis::transact(*host.store, [&](Tx& tx) -> Result<bool> {
            auto document = *tx.get(in, id);
            how(document);
            CHECK(tx.replace(in, document));
            return true;
        }));
    }
};

TEST_F(ConnectionsOf, NothingIsConnectedAtFirst) {
    auto known = of(owner);
    ASSERT_EQ(known.size(), 3U);
    EXPECT_TRUE(known[ConnectionProvider::stripe].available);
    EXPECT_FALSE(known[ConnectionProvider::stripe].live);
    for (auto const& [provider, one] : known) {
        EXPECT_FALSE(one.connected) << wordOf(provider);
        EXPECT_FALSE(one.account) << wordOf(provider);
    }
}

TEST_F(ConnectionsOf, TheAccountOfPayoutsIsNamed) {
    change(profiles::specialists, specialistId, [](auto& specialist) { specialist.paymentSettings.stripeAccountId = "acct_1"; });
    auto known = of(owner);
    EXPECT_TRUE(known[ConnectionProvider::stripe].connected);
    EXPECT_EQ(known[ConnectionProvider::stripe].account, "acct_1");
    auto const customer = of(support::newUser(host, "olga", identity::UserType::customer).id);
    EXPECT_FALSE(customer.at(ConnectionProvider::stripe).connected);
}

TEST_F(ConnectionsOf, AnAccessThatWasTakenOverIsToldOfButNotShown) {
    change(identity::users, owner, [](auto& user) { user.zoomAccessToken = Secret{"sealed:abc"}; });
    auto known = of(owner);
    EXPECT_TRUE(known[ConnectionProvider::zoom].connected);
    EXPECT_FALSE(known[ConnectionProvider::zoom].available);
    EXPECT_FALSE(known[ConnectionProvider::google].connected);
    auto call = host.call({.userId = owner});
    EXPECT_EQ(toJson(support::must(listConnections(call))).find("abc"), std::string::npos);
}

} // namespace
} // namespace visavis::reports
