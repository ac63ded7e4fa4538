// Profiles as their owners and the public see them, on a real store.
#include "profiles/api.hpp"

#include "profiles/accounts.hpp"
#include "profiles/search_terms.hpp"
#include "support/meeting.hpp"
#include "support/platform.hpp"

namespace visavis::profiles {
namespace {

using identity::UserType;
using support::faultAt;
using support::keyOf;

struct ProfilesTest : testing::Test {
    support::TestPlatform parts;
    int people = 0;

    LoggedIn join(UserType type, char const* name = "Ada Lovelace") {
        auto call = parts.call();
        return registerAccount(call, {Email{"p" + std::to_string(people++) + "@example.org"}, {"kx7#pqrs"}, name, type, {}})->value;
    }
    void verify(LoggedIn const& who) {
        auto const token = *visavis::transact(
            *parts.store, [&](Tx& tx) { return identity::newVerificationToken(parts.platform, tx, who.user.id, parts.clock.now()); });
        auto call = parts.call();
        ASSERT_TRUE(verifyEmail(call, {token}));
    }
    Call callOf(LoggedIn const& who) {
        auto call = parts.call();
        EXPECT_TRUE(recognise(parts.platform, who.token, parts.clock.now(), call.who));
        return call;
    }
    template <class Patch> static Patch patchOf(std::string const& body) {
        Patch patch;
        patch.body = parseJson(body)->as_object();
        return patch;
    }
    Result<OwnProfile> change(LoggedIn const& who, std::string const& body, std::optional<std::int64_t> ifMatch = {}) {
        auto call = callOf(who);
        call.ifMatch = ifMatch;
        return patchSpecialist(call, patchOf<SpecialistPatch>(body));
    }
    Result<Customer> changeCustomer(LoggedIn const& who, std::string const& body) {
        auto call = callOf(who);
        return patchCustomer(call, patchOf<CustomerPatch>(body));
    }
    // Published, with a price; the clock moves so that "newest" is told apart.
    LoggedIn publish(char const* name, std::int64_t price, std::string const& more = "{}") {
        parts.clock.advance(Seconds(1));
        auto const who = join(UserType::specialist, name);
        verify(who);
        EXPECT_TRUE(change(who, R"({"availability":{"isAvailable":true},"consulting":{"basePrice":)" + std::to_string(price) + "}}"));
        EXPECT_TRUE(change(who, more));
        return who;
    }
    Specialist stored(LoggedIn const& who) { return *parts.get(specialists, *who.user.specialistId); }
    // Their names, in order.
    std::string names(SpecialistSearch const& search) {
        auto call = parts.call();
        auto const page = listSpecialists(call, search);
        if (!page) return keyOf(page);
        std::string list;
        for (auto const& item : page->items) list += (list.empty() ? "" : " ") + item.creatorName.value;
        return list;
    }
    std::string shown(std::string const& idOrSlug) {
        auto call = parts.call();
        auto const outcome = showSpecialist(call, {idOrSlug});
        return outcome ? outcome->creatorName.value : keyOf(outcome);
    }
};

TEST_F(ProfilesTest, EveryWritableMemberCanBeWritten) {
    auto const ada = join(UserType::specialist);
    std::string const body =
        R"({"creatorName":"Countess","slug":"countess","bio":"Line one\nline two","phone":"+1 555 0100","location":"London","company":"Engines",
        "website":"https://example.org/ada","profileImage":"/images/a","headline":"Numbers","specialties":["Maths"],"languages":["English","French"],
        "certifications":["Cert"],"yearsOfExperience":15,"availability":{"timezone":"America/New_York","isAvailable":true,
        "workingHours":{"monday":{"enabled":true,"startTime":"09:00","endTime":"17:00"}},"breakTimes":[{"day":"Monday","startTime":"12:00","endTime":"13:00"}],
        "unavailableDates":["2026-04-01"],"minBookingNotice":12,"maxAdvanceBooking":60,"bufferTime":15},"consulting":{"sessionDurations":[30,60],
        "defaultDuration":60,"basePrice":12000,"currency":"EUR","cancellationPolicy":{"refundableBefore":48,"refundPercentage":50,
        "tiers":[{"hoursBefore":48,"refundPercentage":50}]}},"preferences":{"smsNotifications":false}})";
    auto const changed = change(ada, body);
    ASSERT_TRUE(changed) << changed.error().fields.at(0).path;
    auto call = callOf(ada);
    auto const json = parseJson(toJson(*mySpecialist(call)))->as_object();
    auto const wanted = parseJson(body)->as_object();
    for (auto const* plain : {"creatorName", "slug", "bio", "phone", "location", "company", "website", "profileImage", "headline",
                              "specialties", "languages", "certifications", "yearsOfExperience"})
        EXPECT_EQ(json.at(plain), wanted.at(plain)) << plain;
    EXPECT_EQ(json.at("availability").at("breakTimes").at(0).at("day"), "monday");
    EXPECT_EQ(json.at("availability").at("breakTimes").at(0).at("recurring"), true);
    EXPECT_EQ(json.at("availability").at("unavailableDates").at(0), "2026-04-01");
    EXPECT_EQ(json.at("availability").at("bufferTime"), 15);
    EXPECT_EQ(json.at("consulting"), wanted.at("consulting"));
    EXPECT_EQ(json.at("preferences").at("smsNotifications"), false);
    EXPECT_EQ(json.at("preferences").at("emailNotifications"), true);
    EXPECT_EQ(json.at("published"), false); // the address is not confirmed
    // The account shows the same image; the name of the account is its owner's, not the stage's.
    EXPECT_EQ(me(call)->user.profileImage->value, "/images/a");
    EXPECT_EQ(me(call)->user.name.value, "Ada Lovelace");
}

// Every member of the document that is not the specialist's to write, taken from the shapes themselves.
TEST_F(ProfilesTest, NothingElseOfASpecialistCanBeWritten) {
    auto const ada = join(UserType::specialist);
    auto const before = toJson(stored(ada));
    int tried = 0;
    for (auto const& field : shapeOf<Specialist>().fields) {
        if (shapeOf<WritableSpecialist>().find(field.name) != nullptr) continue;
        auto const outcome = change(ada, "{\"" + field.name + "\":1,\"headline\":\"x\"}");
        ASSERT_FALSE(outcome) << field.name;
        EXPECT_EQ(outcome.error().key, "read_only") << field.name;
        EXPECT_EQ(faultAt(outcome.error(), "/" + field.name), "read_only");
        ++tried;
    }
    EXPECT_GE(tried, 15);
    EXPECT_EQ(faultAt(change(ada, R"({"roles":["admin"]})").error(), "/roles"), "unknown");
    EXPECT_EQ(toJson(stored(ada)), before);
}

TEST_F(ProfilesTest, NothingElseOfACustomerCanBeWritten) {
    auto const bob = join(UserType::customer);
    int tried = 0;
    for (auto const& field : shapeOf<Customer>().fields) {
        if (shapeOf<WritableCustomer>().find(field.name) != nullptr) continue;
        auto const outcome = changeCustomer(bob, "{\"" + field.name + "\":1}");
        ASSERT_FALSE(outcome) << field.name;
        EXPECT_EQ(outcome.error().key, "read_only") << field.name;
        ++tried;
    }
    EXPECT_GE(tried, 10);
    EXPECT_EQ(parts.get(customers, *bob.user.customerId)->version, 0);
}

TEST_F(ProfilesTest, ACustomerEditsTheirProfileAndAccountFollows) {
    auto const bob = join(UserType::customer);
    auto const changed =
        changeCustomer(bob, R"({"name":"Bob","phone":"+91 1","company":"B","role":"CTO","timezone":"Asia/Kolkata","language":"en-IN",
        "preferences":{"remindersEnabled":false},"address":{"city":"Pune"},"profileImage":"/images/b"})");
    ASSERT_TRUE(changed) << changed.error().fields.at(0).path;
    EXPECT_EQ(changed->version, 1);
    EXPECT_FALSE(changed->preferences.remindersEnabled);
    for (std::string const image : {"javascript:alert(1)", "x", "//other.test/x", "https://user@other.test/"}) {
        auto const refused = changeCustomer(bob, R"({"profileImage":")" + image + "\"}");
        ASSERT_FALSE(refused) << image;
        EXPECT_EQ(refused.error().fields.at(0).path, "/profileImage") << image;
    }
    ASSERT_TRUE(changeCustomer(bob, R"({"address":{"country":"India"},"company":null})"));
    auto call = callOf(bob);
    auto const now = *myCustomer(call);
    EXPECT_EQ(now.address->city->value, "Pune");
    EXPECT_EQ(now.address->country->value, "India");
    EXPECT_FALSE(now.company);
    EXPECT_EQ(me(call)->user.name.value, "Bob");
    EXPECT_EQ(keyOf(changeCustomer(bob, R"({"language":"english language"})")), "invalid");
    EXPECT_EQ(keyOf(changeCustomer(bob, R"({"name":null})")), "invalid");
}

TEST_F(ProfilesTest, IfMatchGuardsAgainstLostChanges) {
    auto const ada = join(UserType::specialist);
    ASSERT_EQ(change(ada, R"({"headline":"one"})", 0)->version, 1);
    auto const stale = change(ada, R"({"headline":"two"})", 0);
    EXPECT_EQ(keyOf(stale), "version_mismatch");
    EXPECT_EQ(stale.error().code, Code::precondition);
    // What is wrong with the body is told first.
    EXPECT_EQ(keyOf(change(ada, R"({"slug":"Bad Slug"})", 0)), "invalid");
    EXPECT_TRUE(change(ada, R"({"headline":"two"})", 1));
}

TEST_F(ProfilesTest, AChangeToTheSameWritesNothing) {
    auto const ada = join(UserType::specialist);
    ASSERT_TRUE(change(ada, R"({"headline":"one"})"));
    EXPECT_EQ(change(ada, R"({"headline":"one"})")->version, 1);
    EXPECT_EQ(change(ada, "{}")->version, 1);
}

TEST_F(ProfilesTest, SlugsAreOnesOwn) {
    auto const ada = join(UserType::specialist);
    auto const eve = join(UserType::specialist, "Eve");
    auto const taken = change(eve, R"({"slug":"ada-lovelace"})");
    EXPECT_EQ(keyOf(taken), "slug_taken");
    EXPECT_EQ(taken.error().code, Code::conflict);
    ASSERT_TRUE(change(ada, R"({"slug":"countess"})"));
    EXPECT_TRUE(change(eve, R"({"slug":"ada-lovelace"})"));
}

TEST_F(ProfilesTest, PublishingTakesAPriceAZoneAndAConfirmedAddress) {
    auto const ada = join(UserType::specialist);
    auto const id = ada.user.specialistId->hex();
    EXPECT_EQ(keyOf(change(ada, R"({"availability":{"isAvailable":true}})")), "incomplete");
    EXPECT_EQ(keyOf(change(ada, R"({"availability":{"isAvailable":true,"timezone":null},"consulting":{"basePrice":0}})")), "incomplete");
    auto const available = change(ada, R"({"availability":{"isAvailable":true},"consulting":{"basePrice":0}})");
    ASSERT_TRUE(available);
    EXPECT_FALSE(available->published);
    EXPECT_EQ(shown(id), "not_found");
    verify(ada);
    EXPECT_TRUE(stored(ada).published);
    EXPECT_EQ(shown(id), "Ada Lovelace");
    EXPECT_EQ(shown("ada-lovelace"), "Ada Lovelace");
    EXPECT_EQ(keyOf(change(ada, R"({"consulting":{"basePrice":null}})")), "incomplete");
    ASSERT_TRUE(change(ada, R"({"availability":{"isAvailable":false}})"));
    EXPECT_EQ(shown("ada-lovelace"), "not_found");
}

TEST_F(ProfilesTest, SuspensionHidesAProfileAndLiftingShowsIt) {
    auto const ada = publish("Ada", 5000);
    auto const setActive = [&](bool isActive) {
        return visavis::transact(*parts.store, [&](Tx& tx) -> Result<void> {
            TRY(auto const user, tx.take(identity::users, identity::users->id == ada.user.id, set(identity::users->isActive, isActive)));
            return refreshPublication(tx, *user, parts.clock.now());
        });
    };
    ASSERT_TRUE(setActive(false));
    EXPECT_EQ(shown("ada"), "not_found");
    EXPECT_EQ(names({}), "");
    ASSERT_TRUE(setActive(true));
    EXPECT_EQ(shown("ada"), "Ada");
}

// Two decisions about one profile at the same moment, each from what it saw: the later one decides from what is.
struct Decided : ProfilesTest {
    Result<void> suspend(Tx& tx, LoggedIn const& who) {
        auto user = *tx.get(identity::users, who.user.id);
        CHECK(identity::suspendUser(tx, user, parts.clock.now()));
        return accountChanged(tx, user, parts.clock.now());
    }
    Result<void> confirm(Tx& tx, std::string const& token) {
        TRY(auto const user, identity::verifyEmail(tx, token, parts.clock.now()));
        return emailVerified(tx, user, parts.clock.now());
    }
    std::string mailed(LoggedIn const& who) {
        return *visavis::transact(
            *parts.store, [&](Tx& tx) { return identity::newVerificationToken(parts.platform, tx, who.user.id, parts.clock.now()); });
    }
    // Opens the days of a profile that had been closed, or never open.
    auto opening(LoggedIn const& who) {
        return [this, call = callOf(who)](Tx& tx) mutable {
            return patchSpecialistIn(call, tx,
                                     patchOf<SpecialistPatch>(R"({"availability":{"isAvailable":true},"consulting":{"basePrice":5000}})"));
        };
    }
    LoggedIn closed(char const* name) {
        auto const who = publish(name, 5000);
        EXPECT_TRUE(change(who, R"({"availability":{"isAvailable":false}})"));
        return who;
    }
    template <class F, class G> void meet(F const& work, G const& faster) {
        auto const met = support::overtaken(*parts.store, work, [&] { ASSERT_EQ(keyOf(visavis::transact(*parts.store, faster)), "ok"); });
        ASSERT_EQ(keyOf(met), "ok");
    }
};

TEST_F(Decided, WhoOpensWhileBeingSuspendedIsNotPublished) {
    auto const ada = closed("Ada");
    auto open = opening(ada);
    meet([&](Tx& tx) { return open(tx); }, [&](Tx& tx) { return suspend(tx, ada); });
    EXPECT_FALSE(stored(ada).published);
}

TEST_F(Decided, WhoIsSuspendedWhileOpeningIsNotPublished) {
    auto const ada = closed("Ada");
    auto open = opening(ada);
    meet([&](Tx& tx) { return suspend(tx, ada); }, [&](Tx& tx) { return open(tx); });
    EXPECT_FALSE(stored(ada).published);
}

TEST_F(Decided, WhoOpensWhileTheAddressIsConfirmedIsPublished) {
    auto const ada = join(UserType::specialist);
    auto const token = mailed(ada);
    auto open = opening(ada);
    meet([&](Tx& tx) { return open(tx); }, [&](Tx& tx) { return confirm(tx, token); });
    EXPECT_TRUE(stored(ada).published);
}

TEST_F(Decided, WhoConfirmsTheAddressWhileOpeningIsPublished) {
    auto const ada = join(UserType::specialist);
    auto const token = mailed(ada);
    auto open = opening(ada);
    meet([&](Tx& tx) { return confirm(tx, token); }, [&](Tx& tx) { return open(tx); });
    EXPECT_TRUE(stored(ada).published);
}

TEST_F(ProfilesTest, SlotsAreToldOfWhatConcernsThemAndOfNothingElse) {
    auto const ada = join(UserType::specialist);
    auto const news = [&] { return parts.emitted<AvailabilityRulesChanged>().size(); };
    auto const generation = [&] { return parts.store->generations.of(ada.user.specialistId->id); };
    ASSERT_TRUE(change(ada, R"({"headline":"Numbers","specialties":["Maths"],"preferences":{"smsNotifications":false}})"));
    EXPECT_EQ(news(), 0u);
    EXPECT_EQ(stored(ada).availabilityVersion, 0);
    std::size_t count = 0;
    for (auto const* body :
         {R"({"consulting":{"basePrice":5000}})", R"({"consulting":{"currency":"EUR"}})", R"({"availability":{"bufferTime":5}})",
          R"({"availability":{"unavailableDates":["2026-04-01"]}})", R"({"availability":{"isAvailable":true}})"}) {
        auto const before = generation();
        ASSERT_TRUE(change(ada, body)) << body;
        EXPECT_EQ(news(), ++count) << body;
        EXPECT_EQ(stored(ada).availabilityVersion, static_cast<std::int64_t>(count)) << body;
        EXPECT_GT(generation(), before) << body;
    }
    verify(ada);
    EXPECT_EQ(news(), ++count);
    EXPECT_EQ(parts.emitted<AvailabilityRulesChanged>().at(0).specialistId, *ada.user.specialistId);
}

TEST_F(ProfilesTest, ThePublicSeesNoAddressPhoneAccountOrEarnings) {
    auto const ada = publish("Ada", 5000, R"({"phone":"canary-phone","bio":"B","availability":{"unavailableDates":["2026-04-01"]}})");
    ASSERT_TRUE(visavis::transact(*parts.store, [&](Tx& tx) -> Result<void> {
        auto profile = *tx.get(specialists, *ada.user.specialistId);
        profile.paymentSettings.stripeAccountId = "canary-stripe";
        profile.totalEarnings = 987'654'321;
        return tx.replace(specialists, profile);
    }));
    auto call = parts.call();
    for (auto const& json : {toJson(*showSpecialist(call, {"ada"})), toJson(listSpecialists(call, {})->items.at(0))}) {
        for (auto const* secret : {"example.org", "canary", "987654321", "paymentSettings", "email", "userId", "searchTerms", "facetGaps",
                                   "wordGaps", "unavailableDates"})
            EXPECT_EQ(json.find(secret), std::string::npos) << secret;
        for (auto const* member :
             {"\"slug\":\"ada\"", "\"basePrice\":5000", "\"timezone\":\"UTC\"", "\"averageRating\":0", "\"bio\":\"B\""})
            EXPECT_NE(json.find(member), std::string::npos) << member;
    }
}

TEST_F(ProfilesTest, UnknownPeopleAreNotFound) {
    for (auto const* name : {"nobody", "0123456789abcdef01234567", "", "x", "../me", "%00"}) EXPECT_EQ(shown(name), "not_found") << name;
}

TEST_F(ProfilesTest, TheDirectorySortsAndPages) {
    publish("A", 9000);
    publish("B", 0);
    publish("C", 5000);
    publish("D", 5000);
    join(UserType::specialist, "Hidden");
    auto const sorted = [&](SpecialistSort sort) {
        SpecialistSearch search;
        search.sort = sort;
        return names(search);
    };
    EXPECT_EQ(names({}), "D C B A");
    EXPECT_EQ(sorted(SpecialistSort::price), "B C D A");
    EXPECT_EQ(sorted(SpecialistSort::dearest), "A D C B");
    for (auto const sort : {SpecialistSort::newest, SpecialistSort::rating, SpecialistSort::price, SpecialistSort::dearest}) {
        SpecialistSearch search;
        search.sort = sort;
        search.limit = Bounded<1, 100>{1};
        std::string walked;
        auto call = parts.call();
        do {
            auto const page = *listSpecialists(call, search);
            for (auto const& item : page.items) walked += (walked.empty() ? "" : " ") + item.creatorName.value;
            search.cursor = page.nextCursor;
        } while (search.cursor);
        EXPECT_EQ(walked, sorted(sort));
    }
}

TEST_F(ProfilesTest, TheDirectoryFilters) {
    publish("Zoë", 9000, R"({"headline":"Executive coach","specialties":["Leadership","C++"],"languages":["English","Français"]})");
    publish("Bob", 5000, R"({"bio":"I coach\nstartups.","specialties":["Startup leadership"],"languages":["English"]})");
    publish("Kim", 70, R"({"headline":"Coaching","specialties":["C"],"languages":["한국어"],"consulting":{"currency":"EUR"}})");
    struct Row {
        char const* query;
        char const* names;
    };
    for (auto const& [query, expected] : {
             Row{R"({})", "Kim Bob Zoë"},
             Row{R"({"q":"coach"})", "Bob Zoë"},
             Row{R"({"q":"COACH leadership"})", "Bob Zoë"},
             Row{R"({"q":"zoe"})", "Zoë"},
             Row{R"({"q":"coa"})", ""},
             Row{R"({"q":"coach nobody"})", ""},
             Row{R"({"q":"english"})", ""},
             Row{R"({"q":"?!"})", ""},
             Row{R"({"q":""})", "Kim Bob Zoë"},
             Row{R"({"specialty":"leadership"})", "Zoë"},
             Row{R"({"specialty":"c++"})", "Zoë"},
             Row{R"({"specialty":"C"})", "Kim"},
             Row{R"({"language":"francais"})", "Zoë"},
             Row{R"({"language":"English","q":"startups"})", "Bob"},
             Row{R"({"minPrice":5000})", "Bob Zoë"},
             Row{R"({"maxPrice":5000})", "Kim Bob"},
             Row{R"({"minPrice":71,"maxPrice":5000})", "Bob"},
             Row{R"({"currency":"EUR"})", "Kim"},
             Row{R"({"minRating":0})", "Kim Bob Zoë"},
             Row{R"({"minRating":4.5})", ""},
             Row{R"({"sort":"-price","q":"coach"})", "Zoë Bob"},
             Row{R"({"sort":"price","language":"english"})", "Bob Zoë"},
             Row{R"({"minRating":5.1})", "invalid"},
             Row{R"({"minPrice":5,"maxPrice":4})", "invalid"},
             Row{R"({"cursor":"nonsense"})", "invalid"},
         })
        EXPECT_EQ(names(*fromJson<SpecialistSearch>(*parseJson(query))), expected) << query;
    EXPECT_FALSE(fromJson<SpecialistSearch>(*parseJson(R"({"sort":"dearest"})")));
}

// A range that holds few and one that holds many are read in two ways, which give the same pages.
TEST_F(ProfilesTest, RangesOfFewAndOfManyArePagedAlike) {
    std::vector<Specialist> all;
    constexpr int many = 120;
    ASSERT_TRUE(visavis::transact(*parts.store, [&](Tx& tx) -> Result<void> {
        for (int i = 0; i < many; ++i) {
            Specialist one;
            one.id = parts.ids.make<Specialist>(parts.clock.now());
            one.userId = parts.ids.make<User>(parts.clock.now());
            one.email = Email{"m" + std::to_string(i) + "@example.org"};
            one.creatorName = "M" + std::to_string(i);
            one.slug = "m-" + std::to_string(i);
            one.consulting.basePrice = Price{100 * (i * 7 % 11)};
            one.averageRating = i % 9 * 0.5;
            one.createdAt = parts.clock.now() - Hours(i * 5 % 17);
            one.published = true;
            describeForSearch(one);
            CHECK(tx.insert(specialists, one));
            all.push_back(one);
        }
        return ok;
    }));
    auto const walk = [&](SpecialistSearch search) {
        std::vector<std::string> walked;
        auto call = parts.call();
        search.limit = Bounded<1, 100>{7};
        do {
            auto const page = *listSpecialists(call, search);
            for (auto const& item : page.items) walked.push_back(item.creatorName.value);
            search.cursor = page.nextCursor;
        } while (search.cursor);
        return walked;
    };
    for (auto const sort : {SpecialistSort::newest, SpecialistSort::rating, SpecialistSort::price, SpecialistSort::dearest}) {
        SpecialistSearch search;
        search.sort = sort;
        auto const everyone = walk(search);
        ASSERT_EQ(everyone.size(), static_cast<std::size_t>(many));
        for (int const least : {0, 100, 900, 1'100}) // of all, of most, of some, of none
            for (double const rating : {0.0, 3.0, 4.0}) {
                search.minPrice = Price{least};
                search.minRating = rating;
                std::vector<std::string> want;
                for (auto const& name : everyone)
                    for (auto const& one : all)
                        if (one.creatorName.value == name && *one.consulting.basePrice >= least && one.averageRating >= rating)
                            want.push_back(name);
                EXPECT_EQ(walk(search), want) << wordOf(sort) << " " << least << " " << rating;
            }
    }
}

// Whoever comes while somebody pages neither repeats nor hides anybody.
TEST_F(ProfilesTest, PagesStandStillWhileProfilesAreAdded) {
    for (auto const sort : {SpecialistSort::newest, SpecialistSort::rating, SpecialistSort::price, SpecialistSort::dearest})
        for (char const* q : {"", "coach"}) {
            std::vector<std::string> const there{"A", "B", "C", "D", "E", "F"};
            std::map<std::string, int> seen;
            std::vector<LoggedIn> joined;
            for (std::size_t i = 0; i < there.size(); ++i)
                joined.push_back(publish(there[i].c_str(), static_cast<std::int64_t>(1'000 * (i % 3 + 1)), R"({"headline":"Coach"})"));
            SpecialistSearch search;
            search.sort = sort;
            search.q = q;
            search.limit = Bounded<1, 100>{1};
            auto call = parts.call();
            do {
                auto const page = *listSpecialists(call, search);
                for (auto const& item : page.items) ++seen[item.creatorName.value];
                search.cursor = page.nextCursor;
                if (joined.size() < 12) // before, between and behind the others
                    joined.push_back(publish("New", static_cast<std::int64_t>(500 * joined.size()), R"({"headline":"Coach"})"));
            } while (search.cursor);
            for (auto const& name : there) EXPECT_EQ(seen[name], 1) << name << " by " << wordOf(sort) << " " << q;
            for (auto const& who : joined) ASSERT_TRUE(change(who, R"({"availability":{"isAvailable":false}})"));
        }
}

// A cursor is of one sort: another list's is refused rather than answered with nonsense.
TEST_F(ProfilesTest, CursorsDoNotTravelBetweenSorts) {
    publish("A", 1000);
    publish("B", 2000);
    auto call = parts.call();
    SpecialistSearch search;
    search.limit = Bounded<1, 100>{1};
    search.cursor = listSpecialists(call, search)->nextCursor;
    ASSERT_TRUE(search.cursor);
    search.sort = SpecialistSort::price;
    EXPECT_EQ(keyOf(listSpecialists(call, search)), "invalid");
}

} // namespace
} // namespace visavis::profiles
