// Reviews on a real store: once per session, mirrored, added up exactly, whoever else reviews at the same time.
#include "reviews/api.hpp"
#include "reviews/rules.hpp"
#include "support/platform.hpp"

#include <atomic>
#include <thread>

namespace visavis::reviews {
namespace {

using booking::Booking;
using booking::bookings;
using booking::BookingStatus;
using profiles::Customer;
using profiles::Specialist;
using support::faultAt;
using support::keyOf;

struct ReviewsTest : testing::Test {
    support::TestPlatform parts;
    identity::Caller host, guest;
    int people = 0;

    void SetUp() override {
        host = join("Ada", identity::UserType::specialist);
        guest = join("Bob", identity::UserType::customer);
    }

    identity::Caller join(char const* name, identity::UserType type) {
        auto call = parts.call();
        identity::Caller who;
        EXPECT_TRUE(visavis::transact(*parts.store, [&](Tx& tx) -> Result<void> {
            TRY(auto const user,
                identity::createUser(call, tx,
                                     {Email{"p" + std::to_string(++people) + "@example.org"}, "x", Text<1, 100>(name), type, {}, true}));
            who.userId = user.id;
            if (type == identity::UserType::customer) {
                TRY(auto const customer, profiles::createCustomer(call, tx, user, {}));
                who.customerId = customer.id;
                return ok;
            }
            TRY(auto specialist, profiles::createSpecialist(call, tx, user, Zone{}));
            specialist.availability.isAvailable = specialist.published = true;
            who.specialistId = specialist.id;
            return tx.replace(profiles::specialists, specialist);
        }));
        return who;
    }
    Ref<Booking> session(identity::Caller const& customer, BookingStatus status = BookingStatus::completed) {
        Booking booking;
        booking.id = parts.ids.make<Booking>(parts.clock.now());
        booking.specialistId = *host.specialistId;
        booking.customerId = *customer.customerId;
        booking.status = status;
        EXPECT_TRUE(visavis::transact(*parts.store, [&](Tx& tx) { return tx.insert(bookings, booking); }));
        return booking.id;
    }
    Result<Review> review(identity::Caller const& who, Ref<Booking> booking, std::string const& body) {
        auto call = parts.call(who);
        auto json = parseJson(body)->as_object();
        json["id"] = booking.hex();
        TRY(auto const input, fromJson<NewReview>(json));
        TRY(auto made, createReview(call, input));
        return std::move(made.value);
    }
    Result<Review> answer(identity::Caller const& who, Ref<Review> id, char const* text) {
        auto call = parts.call(who);
        TRY(auto made, createResponse(call, {id, text}));
        return std::move(made.value);
    }
    ReviewList list(std::string const& question = "{}") {
        auto call = parts.call();
        auto json = parseJson(question)->as_object();
        json["id"] = host.specialistId->hex();
        return *listReviews(call, *fromJson<ReviewQuestion>(json));
    }
    Specialist profile() { return *parts.get(profiles::specialists, *host.specialistId); }

    // Summary and profile against all public reviews.
    void expectExact() {
        std::int64_t count = 0, sum = 0;
        std::map<std::string, std::int64_t> histogram{{"1", 0}, {"2", 0}, {"3", 0}, {"4", 0}, {"5", 0}};
        for (auto const& review : parts.all(reviews)) {
            if (!review.isPublic) continue;
            ++count;
            sum += review.rating;
            ++histogram[std::to_string(review.rating)];
        }
        auto const summary = list().summary;
        auto const mean = count == 0 ? 0 : static_cast<double>(sum) / static_cast<double>(count);
        EXPECT_EQ(summary.reviewCount, count);
        EXPECT_EQ(summary.averageRating, mean);
        EXPECT_EQ(summary.histogram, histogram);
        EXPECT_EQ(profile().reviewCount, count);
        EXPECT_EQ(profile().averageRating, mean);
    }
};

TEST_F(ReviewsTest, AReviewIsStoredMirroredCountedAndTold) {
    auto const booking = session(guest);
    auto const made = review(guest, booking, R"({"rating":4,"reviewText":"Good.\nThanks","aspects":{"expertise":5,"communication":3}})");
    ASSERT_TRUE(made) << made.error().key;
    EXPECT_EQ(toJson(*parts.get(reviews, made->id)), toJson(*made));
    EXPECT_EQ(made->specialistId, *host.specialistId);
    EXPECT_TRUE(made->isPublic);
    EXPECT_TRUE(made->isVerifiedBooking);
    auto const feedback = parts.get(bookings, booking)->feedback;
    ASSERT_TRUE(feedback);
    EXPECT_EQ(*feedback->customerRating, 4);
    EXPECT_EQ(feedback->customerReview->value, "Good.\nThanks");
    EXPECT_EQ(feedback->ratedAt, parts.clock.now());
    EXPECT_FALSE(feedback->specialistRating);
    auto const news = parts.emitted<ReviewReceived>();
    ASSERT_EQ(news.size(), 1u);
    EXPECT_EQ(news[0].reviewId, made->id);
    EXPECT_EQ(news[0].bookingId, booking);
    expectExact();
    auto const shown = list();
    ASSERT_EQ(shown.items.size(), 1u);
    EXPECT_EQ(shown.items[0].reviewText->value, "Good.\nThanks");
    EXPECT_EQ(shown.summary.aspects.expertise, 5.0);
    EXPECT_FALSE(shown.summary.aspects.professionalism) << "nobody rated it";
}

TEST_F(ReviewsTest, WhatASpecialistSaidStaysBesideIt) {
    auto const booking = session(guest);
    ASSERT_TRUE(visavis::transact(*parts.store, [&](Tx& tx) -> Result<void> {
        auto stored = *tx.get(bookings, booking);
        stored.feedback.emplace().specialistRating = Bounded<1, 5>{2};
        return tx.replace(bookings, stored);
    }));
    ASSERT_TRUE(review(guest, booking, R"({"rating":5})"));
    EXPECT_EQ(*parts.get(bookings, booking)->feedback->specialistRating, 2);
    EXPECT_EQ(*parts.get(bookings, booking)->feedback->customerRating, 5);
}

TEST_F(ReviewsTest, OnlyItsCustomerOnceAndWhenCompleted) {
    auto const booking = session(guest);
    auto const other = join("Eve", identity::UserType::customer);
    EXPECT_EQ(keyOf(review(other, booking, R"({"rating":1})")), "not_found");
    EXPECT_EQ(keyOf(review(guest, parts.ids.make<Booking>(parts.clock.now()), R"({"rating":1})")), "not_found");
    for (auto const status : {BookingStatus::pending, BookingStatus::confirmed, BookingStatus::cancelled, BookingStatus::noShow}) {
        auto const early = review(guest, session(guest, status), R"({"rating":1})");
        EXPECT_EQ(keyOf(early), "not_completed") << wordOf(status);
        EXPECT_EQ(early.error().code, Code::conflict);
        EXPECT_EQ(early.error().extra.at("current").as_string(), std::string_view(wordOf(status)));
    }
    ASSERT_TRUE(review(guest, booking, R"({"rating":5})"));
    auto const again = review(guest, booking, R"({"rating":1})");
    EXPECT_EQ(keyOf(again), "already_reviewed");
    EXPECT_EQ(again.error().code, Code::conflict);
    EXPECT_EQ(parts.all(reviews).size(), 1u);
    expectExact();
}

TEST_F(ReviewsTest, WhatIsWrongIsNamed) {
    auto const booking = session(guest);
    struct Row {
        char const* body;
        char const* path;
        char const* code;
    };
    for (auto const& row : {Row{"{}", "/rating", "required"}, Row{R"({"rating":0})", "/rating", "out_of_range"},
                            Row{R"({"rating":6})", "/rating", "out_of_range"}, Row{R"({"rating":4.5})", "/rating", "type"},
                            Row{R"({"rating":5,"aspects":{"expertise":6}})", "/aspects/expertise", "out_of_range"},
                            Row{R"({"rating":5,"aspects":{"charm":5}})", "/aspects/charm", "unknown"},
                            Row{R"({"rating":5,"isVerifiedBooking":true})", "/isVerifiedBooking", "unknown"}}) {
        auto const refused = review(guest, booking, row.body);
        ASSERT_FALSE(refused) << row.body;
        EXPECT_EQ(faultAt(refused.error(), row.path), row.code) << row.body;
    }
}

TEST_F(ReviewsTest, APrivateOneCountsForNothingAndIsNotShown) {
    ASSERT_TRUE(review(guest, session(guest), R"({"rating":1,"isPublic":false})"));
    EXPECT_TRUE(list().items.empty());
    expectExact();
    ASSERT_TRUE(review(guest, session(guest), R"({"rating":5})"));
    EXPECT_EQ(list().summary.averageRating, 5);
    EXPECT_EQ(profile().reviewCount, 1);
    expectExact();
}

TEST_F(ReviewsTest, TheSummaryIsOfAllPagesAndNewestComeFirst) {
    for (int rating : {5, 4, 4, 1, 3}) {
        parts.clock.advance(Seconds(1));
        ASSERT_TRUE(review(guest, session(guest), R"({"rating":)" + std::to_string(rating) + "}"));
    }
    auto const first = list(R"({"limit":2})");
    ASSERT_EQ(first.items.size(), 2u);
    EXPECT_EQ(first.items[0].rating, 3);
    EXPECT_EQ(first.items[1].rating, 1);
    EXPECT_EQ(first.summary.reviewCount, 5);
    EXPECT_EQ(first.summary.averageRating, 3.4);
    parts.clock.advance(Seconds(1)); // what comes meanwhile does not move the pages
    ASSERT_TRUE(review(guest, session(guest), R"({"rating":2})"));
    auto const second = list(R"({"limit":2,"cursor":")" + *first.nextCursor + "\"}");
    ASSERT_EQ(second.items.size(), 2u);
    EXPECT_EQ(second.items[0].rating, 4);
    auto const last = list(R"({"limit":2,"cursor":")" + *second.nextCursor + "\"}");
    ASSERT_EQ(last.items.size(), 1u);
    EXPECT_EQ(last.items[0].rating, 5);
    EXPECT_FALSE(last.nextCursor);
    auto const rendered = identity::render(last).body;
    EXPECT_NE(rendered.find("\"nextCursor\":null,\"summary\":{"), std::string::npos) << rendered;
    expectExact();
}

TEST_F(ReviewsTest, NobodyLearnsWhoReviewed) {
    ASSERT_TRUE(review(guest, session(guest), R"({"rating":5,"reviewText":"Fine"})"));
    auto const text = identity::render(list()).body;
    for (auto const& secret : {guest.customerId->hex(), guest.userId->hex(), std::string("Bob"), std::string("bookingId")})
        EXPECT_EQ(text.find(secret), std::string::npos) << secret;
}

TEST_F(ReviewsTest, AnUnpublishedSpecialistsReviewsAreNotShown) {
    ASSERT_TRUE(visavis::transact(*parts.store, [&](Tx& tx) -> Result<void> {
        auto hidden = *tx.get(profiles::specialists, *host.specialistId);
        hidden.published = false;
        return tx.replace(profiles::specialists, hidden);
    }));
    auto call = parts.call();
    EXPECT_EQ(keyOf(listReviews(call, {host.specialistId->hex(), {}, {}})), "not_found");
}

TEST_F(ReviewsTest, ItsSpecialistAnswersOnce) {
    auto const made = *review(guest, session(guest), R"({"rating":2})");
    auto const rival = join("Rita", identity::UserType::specialist);
    EXPECT_EQ(keyOf(answer(rival, made.id, "No")), "not_found");
    parts.clock.advance(Minutes(1));
    auto const answered = answer(host, made.id, "Thank you.\nSorry");
    ASSERT_TRUE(answered);
    EXPECT_EQ(answered->specialistResponse->value, "Thank you.\nSorry");
    EXPECT_EQ(answered->respondedAt, parts.clock.now());
    EXPECT_EQ(list().items.at(0).specialistResponse->value, "Thank you.\nSorry");
    EXPECT_EQ(keyOf(answer(host, made.id, "Once more")), "already_responded");
    EXPECT_EQ(parts.get(reviews, made.id)->specialistResponse->value, "Thank you.\nSorry");
    expectExact();
}

// The same session from many hands at once: one review, and it is counted once.
TEST_F(ReviewsTest, TwoAtOnceOfOneSessionAreOne) {
    for (int round = 0; round < 20; ++round) {
        auto const booking = session(guest);
        std::atomic<int> made{0}, refused{0};
        std::vector<std::thread> hands;
        for (int i = 0; i < 4; ++i)
            hands.emplace_back([&, i] {
                auto const outcome = review(guest, booking, R"({"rating":)" + std::to_string(1 + i) + "}");
                if (outcome)
                    ++made;
                else if (outcome.error().key == "already_reviewed")
                    ++refused;
            });
        for (auto& hand : hands) hand.join();
        EXPECT_EQ(made, 1);
        EXPECT_EQ(refused, 3);
    }
    EXPECT_EQ(parts.all(reviews).size(), 20u);
    expectExact();
}

// Many customers of one specialist at once: none is lost in the sum.
TEST_F(ReviewsTest, ManyAtOnceAddUpExactly) {
    constexpr int customers = 8, sessions = 10;
    std::vector<identity::Caller> crowd;
    std::vector<std::vector<Ref<Booking>>> theirs(customers);
    for (int i = 0; i < customers; ++i) {
        crowd.push_back(join("Customer", identity::UserType::customer));
        for (int n = 0; n < sessions; ++n) theirs[static_cast<std::size_t>(i)].push_back(session(crowd.back()));
    }
    std::atomic<int> made{0};
    std::vector<std::thread> hands;
    for (int i = 0; i < customers; ++i)
        hands.emplace_back([&, i] {
            auto const at = static_cast<std::size_t>(i);
            for (int n = 0; n < sessions; ++n) {
                auto const rating = std::to_string(1 + (i + n) % 5);
                bool const isPublic = n % 5 != 4;
                auto const outcome = review(crowd[at], theirs[at][static_cast<std::size_t>(n)],
                                            R"({"rating":)" + rating + R"(,"aspects":{"valueForMoney":)" + rating + R"(},"isPublic":)" +
                                                (isPublic ? "true}" : "false}"));
                if (outcome) ++made;
            }
        });
    for (auto& hand : hands) hand.join();
    EXPECT_EQ(made, customers * sessions);
    EXPECT_EQ(list().summary.reviewCount, customers * sessions * 4 / 5);
    EXPECT_EQ(list().summary.aspects.valueForMoney, list().summary.averageRating) << "rated alike";
    expectExact();
}

TEST(ReviewRules, MeansAreOfWholeNumbers) {
    auto summary = emptySummary({});
    EXPECT_EQ(averageRating(summary), 0);
    EXPECT_FALSE(average(summary.expertise));
    Review review;
    for (int const rating : {5, 5, 4}) {
        review.rating = Rating{rating};
        count(summary, review);
    }
    EXPECT_EQ(summary.histogram, (std::vector<std::int64_t>{0, 0, 0, 1, 2}));
    EXPECT_EQ(averageRating(summary), 14.0 / 3.0);
    EXPECT_EQ(reviewCount(summary), 3);
}

} // namespace
} // namespace visavis::reviews
