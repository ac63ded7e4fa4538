// What the town knows of its money by itself: what the bank has, and what a cancellation had promised.
#include "sim/simulation.hpp"

#include <map>

namespace visavis::sim {

namespace json = boost::json;

void Simulation::checkRefundFollowsPreview(Known& booking, Reply const& preview, Reply const& cancelled) {
    auto const promised = preview.number("/refundAmount");
    bool const allowed = preview.at("/allowed") == "true";
    if (allowed != (cancelled.status == 200)) // time may have passed the start between the two, and money may have come
        note("the preview said " + preview.text + ", and then it was " + std::to_string(cancelled.status));
    if (cancelled.status != 200 || promised == 0 || booking.paymentId.empty()) return;
    auto const refunds = world_.get("/payments/" + booking.paymentId + "/refunds?limit=100", &admin_);
    auto const& items = refunds.body.at("items").as_array();
    auto const last = items.empty() ? 0 : items.back().at("amount").as_int64();
    if (last != promised)
        wrong_.push_back("cancelling " + booking.id + " gave back " + std::to_string(last) + " where " + std::to_string(promised) +
                         " was promised");
}

// All items of a list of the bank's, newest first.
std::vector<json::value> Simulation::bankList(std::string const& path) {
    std::vector<json::value> all;
    for (std::string after;;) {
        auto const reply = world_.send("GET", world_.server().sandbox() + path + "?limit=100" + after, "", nullptr,
                                       {{"Authorization", "Bearer sk_test_of_the_town"}});
        if (reply.status != 200) return all;
        auto const& items = reply.body.at("data").as_array();
        all.insert(all.end(), items.begin(), items.end());
        if (!reply.body.at("has_more").as_bool()) return all;
        after = "&starting_after=" + std::string(items.back().at("id").as_string());
    }
}

std::vector<json::value> Simulation::allPayments() {
    std::vector<json::value> all;
    for (std::string cursor;;) {
        auto const reply = world_.get("/admin/payments?limit=100" + cursor, &admin_);
        if (reply.status != 200) return all;
        auto const& items = reply.body.at("items").as_array();
        all.insert(all.end(), items.begin(), items.end());
        if (reply.body.at("nextCursor").is_null()) return all;
        cursor = "&cursor=" + reply.at("/nextCursor");
    }
}

// Every intent that the bank has captured is a payment of ours, of which as much goes back there as here.
void Simulation::compareWithBank(std::vector<std::string>& found) {
    std::map<std::string, std::int64_t> back; // by intent
    for (auto const& refund : bankList("/v1/refunds"))
        if (refund.at("status") == "succeeded" || refund.at("status") == "pending")
            back[std::string(refund.at("payment_intent").as_string())] += refund.at("amount").as_int64();
    std::map<std::string, json::value> ours;
    for (auto& payment : allPayments())
        if (auto const* intent = payment.as_object().if_contains("stripePaymentIntentId"); intent != nullptr)
            ours[std::string(intent->as_string())] = payment;
    std::size_t compared = 0;
    for (auto const& intent : bankList("/v1/payment_intents")) {
        if (intent.at("status") != "succeeded") continue;
        std::string const id(intent.at("id").as_string());
        ++compared;
        if (!ours.contains(id)) {
            found.push_back("the bank has the money of " + id + ", which we do not know");
            continue;
        }
        auto const& payment = ours.at(id).as_object();
        std::string const status(payment.at("status").as_string());
        if (status != "succeeded" && status != "refunded")
            found.push_back("the bank has the money of " + id + ", which to us is " + status);
        auto const* refund = payment.if_contains("refund");
        auto const here = refund == nullptr ? 0 : refund->at("refundAmount").as_int64();
        if (here != back[id])
            found.push_back("of " + id + " the bank gave back " + std::to_string(back[id]) + ", we say " + std::to_string(here));
    }
    if (days_ > 20 && compared == 0) found.push_back("the bank has nothing after " + std::to_string(days_) + " days");
}

} // namespace visavis::sim
