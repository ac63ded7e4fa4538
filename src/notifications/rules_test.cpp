// Tables of the rules.
#include "notifications/rules.hpp"

#include <gtest/gtest.h>

#include <set>

namespace visavis::notifications {
namespace {

TEST(NotificationRules, PickALanguage) {
    struct Row {
        std::optional<Text<2, 35>> tag;
        Language language;
    };
    Row const rows[] = {{{}, Language::en},      {"en-GB", Language::en}, {"de", Language::de}, {"de-AT", Language::de},
                        {"DE_ch", Language::de}, {"den", Language::en},   {"fr", Language::en}};
    for (auto const& row : rows) EXPECT_EQ(languageOf(row.tag), row.language) << (row.tag ? row.tag->value : "none");
}

TEST(NotificationRules, PickAZone) {
    auto const berlin = *Zone::load("Europe/Berlin");
    auto const kolkata = *Zone::load("Asia/Kolkata");
    auto const newYork = *Zone::load("America/New_York");
    booking::Booking booking;
    profiles::Customer customer;
    profiles::Specialist specialist;
    specialist.availability.timezone = newYork;
    EXPECT_EQ(zoneOf(booking, customer, specialist), newYork) << "the specialist's when the customer has none";
    customer.timezone = berlin;
    EXPECT_EQ(zoneOf(booking, customer, specialist), berlin);
    booking.timezone = kolkata;
    EXPECT_EQ(zoneOf(booking, customer, specialist), kolkata) << "the booking's own goes first";
    EXPECT_EQ(zoneOf(specialist), newYork);
    specialist.availability.timezone.reset();
    EXPECT_EQ(zoneOf(specialist).name(), "UTC");
}

TEST(NotificationRules, TellConfirmationAndMoneyWhateverIsPreferred) {
    profiles::Preferences const silent{false, false, false};
    for (auto const kind : {MailKind::booking_confirmation, MailKind::refund_processed, MailKind::late_money_refunded})
        EXPECT_TRUE(mayMail(kind, silent)) << wordOf(kind);
}

TEST(NotificationRules, IdsOfMailsAreStableAndTheirOwn) {
    Ref<identity::User> const ann{ObjectId::derived("ann")};
    Ref<identity::User> const bob{ObjectId::derived("bob")};
    MailDue due{MailKind::booking_confirmation, ann, {}, Ref<booking::Booking>{ObjectId::derived("b")}, {}, {}, 0};
    auto const key = effectKey(due);
    EXPECT_EQ(key, "booking_confirmation:" + ObjectId::derived("b").hex() + ":" + ann.hex() + ":0");
    EXPECT_EQ(messageId(key, "https://visavis.test"), messageId(key, "https://visavis.test/"));
    std::set<std::string> keys{key};
    due.userId = bob;
    keys.insert(effectKey(due));
    due.sequence = 1;
    keys.insert(effectKey(due));
    due.refundId = Ref<payments::Refund>{ObjectId::derived("r")};
    keys.insert(effectKey(due));
    due.kind = MailKind::refund_processed;
    keys.insert(effectKey(due));
    EXPECT_EQ(keys.size(), 5u);
    EXPECT_NE(notificationId("x", ann), notificationId("x", bob));
    EXPECT_NE(notificationId("x", ann), notificationId("y", ann));
    EXPECT_EQ(notificationId("x", ann), notificationId("x", ann));
}

TEST(NotificationRules, FindTheHost) {
    struct Row {
        char const* url;
        char const* host;
    };
    Row const rows[] = {{"https://visavis.test", "visavis.test"},
                        {"http://localhost:8080", "localhost"},
                        {"http://127.0.0.1:1/x", "127.0.0.1"},
                        {"http://[::1]:8080", "[::1]"},
                        {"https://", "localhost"},
                        {"no url", "localhost"}};
    for (auto const& row : rows) EXPECT_EQ(hostOf(row.url), row.host) << row.url;
}

} // namespace
} // namespace visavis::notifications
