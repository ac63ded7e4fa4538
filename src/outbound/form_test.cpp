// Forms, byte for byte as the vendor's own client makes them (providers.md §1.1).
#include "outbound/form.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace visavis::outbound {
namespace {

TEST(Form, IsWhatTheVendorsClientSends) {
    struct Row {
        char const* name;
        Form form;
        char const* text;
    };
    std::vector<std::string> const expand{"latest_charge.balance_transaction"};
    std::vector<std::string> const types{"payment_intent.succeeded", "charge.dispute.created"};
    Row const rows[] = {
        {"POST /v1/payment_intents",
         Form()
             .add("amount", 10000)
             .add("currency", "eur")
             .add("customer", "cus_1")
             .add("payment_method", "pm_card_visa")
             .add("confirm", true)
             .add("off_session", true)
             .addIn("automatic_payment_methods", "enabled", true)
             .addIn("automatic_payment_methods", "allow_redirects", "never")
             .add("application_fee_amount", 1500)
             .addIn("transfer_data", "destination", "acct_1")
             .addIn("metadata", "booking_id", "bk_42")
             .addIn("metadata", "note", "50% off & more")
             .addEach("expand", expand),
         "amount=10000&currency=eur&customer=cus_1&payment_method=pm_card_visa&confirm=true&off_session=true&automatic_payment_methods["
         "enabled]="
         "true&automatic_payment_methods[allow_redirects]=never&application_fee_amount=1500&transfer_data[destination]=acct_1&metadata["
         "booking_"
         "id]=bk_42&metadata[note]=50%25%20off%20%26%20more&expand[0]=latest_charge.balance_transaction"},
        {"POST /v1/refunds",
         Form()
             .add("payment_intent", "pi_1")
             .add("amount", 4000)
             .add("reverse_transfer", true)
             .add("refund_application_fee", true)
             .add("metadata", ""),
         "payment_intent=pi_1&amount=4000&reverse_transfer=true&refund_application_fee=true&metadata="},
        {"GET /v1/events",
         Form().addEach("types", types).add("delivery_success", false).addIn("created", "gte", 1700000000).add("limit", 100),
         "types[0]=payment_intent.succeeded&types[1]=charge.dispute.created&delivery_success=false&created[gte]=1700000000&limit=100"},
        {"nothing", Form(), ""},
        {"what is not set is not there", Form().addIfSet("a", "").addIfSet("b", "1"), "b=1"},
        {"brackets in a value are text", Form().add("a", "x[y]=1+2/é~"), "a=x%5By%5D%3D1%2B2%2F%C3%A9~"},
        {"a name cannot smuggle in another", Form().add("a&b=c", "1"), "a%26b%3Dc=1"},
        {"the largest number", Form().add("n", std::int64_t{9'223'372'036'854'775'807}), "n=9223372036854775807"},
        {"control characters", Form().add("a", std::string_view("\0\r\n", 3)), "a=%00%0D%0A"},
    };
    for (auto const& row : rows) EXPECT_EQ(row.form.text(), row.text) << row.name;
}

} // namespace
} // namespace visavis::outbound
