// A store that only verbs have written is clean, and no damage of a file ends the audit.
#include "reports/verify_audit.hpp"
#include "reports/verify_testing.hpp"
#include "store/sqlite/engine.hpp"

#include <fstream>
#include <set>

namespace visavis::reports {
namespace {

using booking::Booking;
using booking::bookings;
using booking::BookingStatus;
using payments::Payment;
using payments::PaymentStatus;

TEST(Verify, AStoreThatOnlyVerbsHaveWrittenIsClean) {
    Market market;
    EXPECT_EQ(market.booking(market.confirmed).status, BookingStatus::confirmed);
    EXPECT_EQ(market.booking(market.late).status, BookingStatus::cancelled);
    EXPECT_EQ(market.paymentOf(market.late).status, PaymentStatus::refunded);
    auto const checks = verify(*market.readOnly(), market.host.clock.now());
    EXPECT_TRUE(isClean(checks)) << verifyReport(checks);
    EXPECT_TRUE(verifyReport(checks).ends_with("\n0 violations\n"));
    for (auto const& check : checks) EXPECT_TRUE(check.checked > 0 || check.invariant == "I13") << check.invariant << " looked at nothing";
}

TEST(Verify, MoneyThatIsBeingLookedAfterIsNoViolation) {
    Market market;
    auto const payment = market.paymentOf(market.held);
    auto intent = market.till.intents[*payment.stripePaymentIntentId];
    intent.status = payments::IntentStatus::succeeded;
    must(payments::applyIntent(market.host.platform, payment.id, intent, market.host.clock.now()));
    auto checks = verify(*market.readOnly(), market.host.clock.now());
    EXPECT_TRUE(isClean(checks)) << verifyReport(checks);
    checks = verify(*market.readOnly(), market.host.clock.now() + Hours(2));
    EXPECT_EQ(violationsIn(checks), 1) << verifyReport(checks); // I8: nobody carries it out
}

TEST(Verify, ADocumentThatCannotBeReadIsNamedAndPassedOver) {
    Market market;
    auto note = reminder(market, market.confirmed, noteA);
    note.type = notifications::NotificationType::booking_confirmation;
    auto bytes = toBson(note).bytes;
    auto const title = bytes.find("In an hour");
    bytes[title] = '\x01'; // no text of ours has controls
    must(market.host.store->transact([&](EngineTx& tx) { return tx.insert(notifications::notifications.spec(), {bytes}); }));
    auto const checks = verify(*market.readOnly(), market.host.clock.now());
    ASSERT_EQ(violationsIn(checks), 1) << verifyReport(checks);
    EXPECT_EQ(checks.back().invariant, "I15");
    EXPECT_NE(checks.back().violations.front().what.find(std::string("notifications ") + noteA), std::string::npos) << verifyReport(checks);
}

// One letter of the file is another: the document and its index no longer say the same.
TEST(VerifyFile, AFlippedByteIsFound) {
    auto const file = [](std::filesystem::path const& path) {
        std::ifstream in(path, std::ios::binary);
        return std::string((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    };
    Market market;
    support::TempDirectory elsewhere;
    auto const copy = elsewhere.path() / "store.db";
    ASSERT_TRUE(dynamic_cast<SqliteEngine&>(*market.host.store).backupTo({.copy = copy}));
    auto bytes = file(copy);
    auto const at = bytes.find("ada@example.org");
    ASSERT_NE(at, std::string::npos);
    bytes[at] = 'o';
    std::ofstream(copy, std::ios::binary) << bytes;
    auto const engine = openSqlite({.file = copy, .readOnly = true, .readers = 2}, app::allCollections());
    auto const checks = verify(*engine, market.host.clock.now());
    EXPECT_FALSE(checks.back().violations.empty()) << verifyReport(checks);
}

TEST(VerifyFile, AStoreWithoutTablesIsNotClean) {
    support::TempDirectory place;
    openSqlite({.file = place.path() / "store.db"}, app::allCollections());
    auto const engine = openSqlite({.file = place.path() / "store.db", .readOnly = true, .readers = 2}, app::allCollections());
    EXPECT_FALSE(isClean(verify(*engine, {0})));
}

void collectIds(Shape const& shape, std::string const& path, std::set<std::string>& into) {
    if (shape.kind == Kind::objectId) into.insert(path);
    if (shape.inner != nullptr) collectIds(*shape.inner, path, into);
    for (auto const& field : shape.fields)
        if (!path.empty() || field.name != "id") collectIds(*field.shape, path.empty() ? field.name : path + "." + field.name, into);
}

TEST(Verify, NoReferenceIsForgotten) {
    for (auto const* collection : auditedCollections()) {
        std::set<std::string> expected, followed;
        collectIds(*collection->shape, "", expected);
        for (auto const& reference : references())
            if (reference.from == collection && reference.path != "_id") followed.insert(reference.path);
        EXPECT_EQ(followed, expected) << collection->name;
    }
}

TEST(Verify, StreamsEveryDocumentOnce) {
    support::TestPlatform host;
    std::set<ObjectId> expected, seen;
    for (int i = 0; i < 1'203; ++i) {
        identity::OneTimeToken token;
        token.id = host.ids.make<identity::OneTimeToken>(host.clock.now());
        token.tokenHash = {std::to_string(i)};
        ASSERT_TRUE(visavis::transact(*host.store, [&](Tx& tx) -> Result<void> { return tx.insert(identity::oneTimeTokens, token); }));
        expected.insert(token.id.id);
    }
    auto const engine = host.place.look(app::allCollections());
    std::size_t delivered = 0;
    engine->read([&](EngineReader& snapshot) {
        Records<identity::OneTimeToken> records(snapshot, identity::oneTimeTokens);
        while (auto const token = records.next()) ++delivered, seen.insert(token->id.id);
    });
    EXPECT_EQ(delivered, expected.size());
    EXPECT_EQ(seen, expected);
}

} // namespace
} // namespace visavis::reports
