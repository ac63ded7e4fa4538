// The handlers: one's own notifications, and nothing of anybody else's.
#include "notifications/api.hpp"

#include "notifications/testing.hpp"

#include <set>

namespace visavis::notifications {
namespace {

class Reading : public World {
protected:
    Call as(identity::User const& user) {
        identity::Caller who;
        who.userId = user.id;
        return Call(platform, who, now);
    }
    Notification note(identity::User const& user, Millis age, bool isRead = false) {
        Notification one;
        one.id = platform.ids.make<Notification>(now);
        one.recipientId = user.id;
        one.title = "x";
        one.message = "x";
        one.isRead = isRead;
        one.createdAt = now - age;
        one.expiresAt = one.createdAt + Days(30);
        put(notifications, one);
        return one;
    }
    std::vector<Ref<Notification>> idsOf(identity::User const& user, ListInput const& input = {}) {
        auto call = as(user);
        std::vector<Ref<Notification>> ids;
        auto const page = list(call, input);
        for (auto const& one : page->items) ids.push_back(one.id);
        return ids;
    }
    std::int64_t unread(identity::User const& user) {
        auto call = as(user);
        return unreadCount(call)->count;
    }
};

TEST_F(Reading, ShowsOnesOwnNewestFirst) {
    auto const old = note(bob, Days(2));
    auto const fresh = note(bob, Days(0));
    auto const seen = note(bob, Days(1), true);
    note(bob, Days(30)); // expires now
    note(ann, Days(0));
    EXPECT_EQ(idsOf(bob), (std::vector{fresh.id, seen.id, old.id}));
    EXPECT_EQ(idsOf(bob, {.unread = {true}}), (std::vector{fresh.id, old.id}));
    EXPECT_EQ(unread(bob), 2);
    now = now + Days(28);
    EXPECT_EQ(idsOf(bob), (std::vector{fresh.id, seen.id})) << "reads do not wait for the job";
    EXPECT_EQ(unread(bob), 1);
}

TEST_F(Reading, AsksForNothingInParticular) {
    auto const nothing = fromJson<ListInput>(boost::json::object{});
    ASSERT_TRUE(nothing);
    for (int i = 0; i < 21; ++i) note(bob, Hours(i));
    EXPECT_EQ(idsOf(bob, *nothing).size(), 20u);
}

TEST_F(Reading, PagesWithoutGapOrRepetition) {
    std::set<Ref<Notification>> all;
    for (int i = 0; i < 25; ++i) all.insert(note(bob, Hours(i / 3)).id); // several of one instant
    std::set<Ref<Notification>> seen;
    std::optional<std::string> cursor;
    int pages = 0;
    do {
        auto call = as(bob);
        auto const page = list(call, {.limit = Bounded<1, 100>{7}, .cursor = cursor});
        ASSERT_TRUE(page);
        for (auto const& one : page->items) EXPECT_TRUE(seen.insert(one.id).second);
        note(bob, Millis(-1)); // newer ones do not shift the pages
        cursor = page->nextCursor;
        ++pages;
    } while (cursor);
    EXPECT_EQ(pages, 4);
    EXPECT_EQ(seen, all);
    auto call = as(bob);
    EXPECT_EQ(list(call, {.cursor = "nonsense"}).error().code, Code::invalid);
}

TEST_F(Reading, MarksAndArchives) {
    auto const one = note(bob, Days(1));
    auto call = as(bob);
    for (int i = 0; i < 2; ++i) EXPECT_TRUE(markRead(call, {one.id})->isRead);
    EXPECT_EQ(unread(bob), 0);
    EXPECT_FALSE(markUnread(call, {one.id})->isRead);
    EXPECT_EQ(unread(bob), 1);
    EXPECT_TRUE(archive(call, {one.id})->isArchived);
    EXPECT_EQ(unread(bob), 0);
    EXPECT_TRUE(idsOf(bob).empty());
}

// What is remembered of the count is outdated by everything that changes it, and by nothing of anybody else.
TEST_F(Reading, TheUnreadCountIsNeverStale) {
    auto const one = note(bob, Days(1));
    auto const soon = note(bob, Days(30) - Minutes(90));
    auto const known = [&] {
        auto call = as(bob);
        auto const count = recallUnreadCount(call);
        return count ? std::optional(count->count) : std::nullopt;
    };
    bool const remembers = platform.store.alone();
    auto const after = [&](char const* what, std::int64_t count) {
        EXPECT_EQ(known(), std::nullopt) << what;
        EXPECT_EQ(unread(bob), count) << what;
        EXPECT_EQ(known(), remembers ? std::optional(count) : std::nullopt) << what;
    };
    auto call = as(bob);
    after("at first", 2);
    note(ann, Days(1));
    EXPECT_EQ(known(), remembers ? std::optional<std::int64_t>(2) : std::nullopt) << "somebody else's is no reason to ask again";
    note(bob, Days(2));
    after("a new one", 3);
    ASSERT_TRUE(markRead(call, {one.id}));
    after("one read", 2);
    ASSERT_TRUE(markUnread(call, {one.id}));
    after("one unread again", 3);
    ASSERT_TRUE(archive(call, {one.id}));
    after("one archived", 2);
    now = now + Minutes(61);
    EXPECT_EQ(known(), std::nullopt) << "an hour is over";
    EXPECT_EQ(unread(bob), 2);
    EXPECT_EQ(known(), std::nullopt) << "one of them expires within the hour";
    now = soon.expiresAt;
    after("one expired", 1);
    ASSERT_TRUE(expireNotifications(platform, now));
    after("expired ones are gone", 1);
    ASSERT_TRUE(readAll(call));
    after("all read", 0);
}

TEST_F(Reading, ForeignUnknownAndExpiredOnesAreNotThere) {
    struct Row {
        char const* name;
        Ref<Notification> id;
    };
    Row const rows[] = {{"foreign", note(ann, Days(1)).id}, {"unknown", {ObjectId::derived("none")}}, {"expired", note(bob, Days(31)).id}};
    auto call = as(bob);
    for (auto const& row : rows)
        for (auto const verb : {markRead, markUnread, archive}) EXPECT_EQ(verb(call, {row.id}).error().code, Code::notFound) << row.name;
    for (auto const& one : all(notifications)) EXPECT_EQ(one.version, 0) << "nothing was touched";
}

TEST_F(Reading, ReadsAllOfOnesOwn) {
    for (int i = 0; i < 405; ++i) note(bob, Minutes(i));
    note(bob, Days(1), true);
    note(ann, Days(1));
    auto call = as(bob);
    EXPECT_EQ(readAll(call)->count, 405);
    EXPECT_EQ(readAll(call)->count, 0);
    EXPECT_EQ(unread(bob), 0);
    EXPECT_EQ(unread(ann), 1);
}

} // namespace
} // namespace visavis::notifications
