// Every move that a state does not allow, by the routes that would make it: 409 with the state that it is in, and nothing has changed.
#include "scenarios/company.hpp"

#include <array>

namespace visavis::scenarios {
namespace {

namespace json = boost::json;

constexpr auto wrongState = "wrong_state";
constexpr auto legal = ""; // tested where it is legal

// What would move a booking, and who may ask for it.
struct Verb {
    char const* method;
    char const* path;
    char const* body;
    Who who;
};
constexpr std::array verbs{
    Verb{"POST", "/payment", "", Who::customer},
    Verb{"POST", "/cancellation", "", Who::customer},
    Verb{"POST", "/reschedule", "{slot}", Who::customer},
    Verb{"POST", "/completion", "", Who::specialist},
    Verb{"POST", "/no-show", R"({"party":"specialist"})", Who::customer},
    Verb{"POST", "/feedback", R"({"rating":5})", Who::specialist},
    Verb{"POST", "/review", R"({"rating":5})", Who::customer},
    Verb{"GET", "/calendar.ics", "", Who::customer},
};

struct BookingRow {
    char const* state;
    char const* current;
    // The code of each verb.
    char const *payment, *cancellation, *reschedule, *completion, *noShow, *feedback, *review, *calendar;

    std::array<char const*, 8> codes() const { return {payment, cancellation, reschedule, completion, noShow, feedback, review, calendar}; }
};

// clang-format off
constexpr std::array bookingRows{
    //         state          current      payment         cancellation reschedule  completion  no-show     feedback    review           calendar
    BookingRow{"held",        "pending",   legal,          legal,       wrongState, wrongState, wrongState, wrongState, "not_completed", wrongState},
    BookingRow{"paid",        "confirmed", "already_paid", legal,       legal,      legal,      legal,      wrongState, "not_completed", legal},
    BookingRow{"completed",   "completed", "already_paid", wrongState,  wrongState, wrongState, legal,      legal,      legal,           legal},
    BookingRow{"missed",      "no-show",   "already_paid", wrongState,  wrongState, wrongState, wrongState, wrongState, "not_completed", legal},
    BookingRow{"given back",  "cancelled", wrongState,     wrongState,  wrongState, wrongState, wrongState, wrongState, "not_completed", legal},
    BookingRow{"given up",    "cancelled", wrongState,     wrongState,  wrongState, wrongState, wrongState, wrongState, "not_completed", wrongState},
    BookingRow{"expired",     "cancelled", "hold_expired", wrongState,  wrongState, wrongState, wrongState, wrongState, "not_completed", wrongState},
};
// clang-format on

class Transitions : public testing::Test {
protected:
    static void SetUpTestSuite() {
        company_ = std::make_unique<Company>();
        prepare(*company_);
    }
    static void TearDownTestSuite() {
        company_->world.advance("PT1S");
        company_->world.verifyClean();
        company_.reset();
    }
    void SetUp() override { before_ = contents(company.stage); }
    void TearDown() override {
        auto const after = contents(company.stage);
        for (auto const& [collection, text] : before_) EXPECT_EQ(after.at(collection), text) << collection << " has changed";
    }

    static void prepare(Company& company);
    static std::string held(Company& company, std::size_t index) {
        auto const booked = company.hold(company.specialist, company.customer, index);
        auto const asked = company.world.post("/bookings/" + booked.at("/id") + "/payment", "", &company.customer);
        EXPECT_EQ(asked.status, 201) << asked.text;
        payments_[booked.at("/id")] = asked.at("/paymentId");
        return booked.at("/id");
    }
    static void advanceTo(Company& company, std::string const& bookingId, Minutes after) {
        auto const startsAt = *parseRfc3339(company.world.booking(bookingId, company.customer).at("/startsAt"));
        auto const ahead = startsAt + after - company.now();
        company.world.advance("PT" + std::to_string(std::max<std::int64_t>(1, ahead.count() / 1000 + 1)) + "S");
    }
    static void done(Reply const& reply) { EXPECT_LT(reply.status, 300) << reply.text; }

    void expectRefused(Reply const& reply, std::string const& code, std::string const& current, std::string const& about) {
        expectProblem(reply, 409, code, about);
        EXPECT_EQ(reply.at("/current"), current) << about << ": " << reply.text;
    }

    Company& company = *company_;
    World& world = company.world;
    std::map<std::string, std::string>& bookings = bookings_; // by the state that they are in
    std::map<std::string, std::string>& payments = payments_;
    std::map<std::string, std::string>& slots = slots_;

private:
    static inline std::unique_ptr<Company> company_;
    static inline std::map<std::string, std::string> bookings_, payments_, slots_;
    std::map<std::string, std::string> before_;
};

// One booking, payment and slot in every state.
void Transitions::prepare(Company& company) {
    auto& world = company.world;
    bookings_["completed"] = company.stage.bookingId;
    bookings_["missed"] = company.paidBooking(company.specialist, company.customer, 2).at("/id");
    advanceTo(company, bookings_["missed"], Minutes(16));
    done(world.post("/bookings/" + bookings_["missed"] + "/no-show", R"({"party":"specialist"})", &company.customer));
    bookings_["expired"] = held(company, 20);
    world.advance("PT16M");
    bookings_["paid"] = company.paidBooking(company.specialist, company.customer, 30).at("/id");
    bookings_["given back"] = company.paidBooking(company.specialist, company.customer, 32).at("/id");
    done(world.post("/bookings/" + bookings_["given back"] + "/cancellation", "", &company.customer));
    bookings_["given up"] = company.hold(company.specialist, company.customer, 34).at("/id");
    done(world.post("/bookings/" + bookings_["given up"] + "/cancellation", "", &company.customer));
    bookings_["held"] = held(company, 36);
    slots_["booked"] = world.booking(bookings_["held"], company.customer).at("/slotId");
    slots_["blocked"] = company.ours.at("slots").front();
    done(world.post("/slots/" + slots_["blocked"] + "/block", "", &company.specialist));
    auto const over = "/slots?status=expired&from=" + toRfc3339(company.now() - Days(10));
    slots_["expired"] = world.get(over, &company.specialist).at("/items/0/id");
    world.advance("PT1S");
    done(world.post("/admin/users/" + company.ours.at("users").front() + "/suspension", "", &company.admin));
    for (auto const who : everybody) // so that no log-in slides later
        if (auto const* person = company.person(who)) done(world.get("/auth/me", person));
    for (auto const& row : bookingRows)
        EXPECT_EQ(world.booking(bookings_.at(row.state), company.customer).at("/status"), row.current) << row.state;
}

TEST_F(Transitions, OfBookings) {
    int asked = 0;
    auto const slot = R"({"slotId":")" + company.ours.at("open").front() + "\"}";
    for (auto const& row : bookingRows)
        for (std::size_t i = 0; i < verbs.size(); ++i) {
            if (std::string(row.codes()[i]) == legal) continue;
            auto const& verb = verbs[i];
            auto const body = std::string(verb.body) == "{slot}" ? slot : verb.body;
            auto const reply = world.send(verb.method, "/bookings/" + bookings.at(row.state) + verb.path, body, company.person(verb.who));
            expectRefused(reply, row.codes()[i], row.current, std::string(row.state) + verb.path);
            ++asked;
        }
    EXPECT_EQ(asked, 43);
}

TEST_F(Transitions, OfPayments) {
    struct Row {
        char const* booking;
        char const* current;
    };
    for (auto const& row :
         std::initializer_list<Row>{{"held", "pending"}, {"expired", "failed"}, {"missed", "refunded"}, {"given back", "refunded"}}) {
        auto const of = world.booking(bookings.at(row.booking), company.customer).at("/paymentId");
        EXPECT_EQ(world.get("/payments/" + of, &company.customer).at("/status"), row.current) << row.booking;
        for (auto const* who : {&company.specialist, &company.admin})
            for (auto const* body : {"", R"({"amount":1})"})
                expectRefused(world.post("/payments/" + of + "/refunds", body, who), "nothing_to_refund", row.current, row.booking);
    }
}

TEST_F(Transitions, OfSlots) {
    auto const& host = company.specialist;
    auto const book = [&](char const* state) {
        return world.post("/bookings", R"({"slotId":")" + slots.at(state) + "\"}", &company.otherCustomer);
    };
    for (auto const* method : {"POST", "DELETE"})
        expectRefused(world.send(method, "/slots/" + slots.at("booked") + "/block", "", &host), "slot_booked", "booked", method);
    expectRefused(world.post("/slots/" + slots.at("expired") + "/block", "", &host), wrongState, "expired", "to block what is over");
    expectRefused(book("booked"), "slot_taken", "booked", "to book what is held");
    expectRefused(book("blocked"), "slot_not_bookable", "blocked", "to book what is blocked");
    expectRefused(book("expired"), "slot_not_bookable", "expired", "to book what is over");
    auto const move = "/bookings/" + bookings.at("paid") + "/reschedule";
    for (auto const& [state, code] : {std::pair("booked", "slot_taken"), std::pair("blocked", "slot_not_bookable")}) {
        auto const reply = world.post(move, R"({"slotId":")" + slots.at(state) + "\"}", &company.customer);
        EXPECT_EQ(reply.status, 409) << state << ": " << reply.text;
    }
}

TEST_F(Transitions, OfAccountsReviewsAndTheOutbox) {
    auto const& admin = company.admin;
    auto const suspension = [](std::string const& user) { return "/admin/users/" + user + "/suspension"; };
    expectRefused(world.post(suspension(company.ours.at("users").front()), "", &admin), wrongState, "suspended", "suspended twice");
    expectRefused(world.send("DELETE", suspension(company.theirs.at("users").front()), "", &admin), wrongState, "active", "lifted in vain");
    expectRefused(world.post("/admin/outbox/" + company.ours.at("outbox").front() + "/retry", "", &admin), wrongState, "done",
                  "done again");
    auto const reviewed = world.get("/bookings?limit=100&status=completed", &company.customer);
    int again = 0;
    for (auto const& booking : reviewed.body.at("items").as_array()) {
        if (!booking.as_object().contains("feedback")) continue;
        auto const id = std::string(booking.at("id").as_string());
        expectRefused(world.post("/bookings/" + id + "/review", R"({"rating":1})", &company.customer), "already_reviewed", "completed", id);
        ++again;
    }
    EXPECT_GT(again, 0);
}

} // namespace
} // namespace visavis::scenarios
