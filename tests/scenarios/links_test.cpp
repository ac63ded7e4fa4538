// No link is dead: every kind of address that mails and notifications lead to, and every one that they really hold, is a page that exists.
#include "http/query.hpp"
#include "notifications/rules.hpp"
#include "scenarios/stage.hpp"

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace visavis::scenarios {
namespace {

namespace json = boost::json;
using notifications::LinkKind;

// The server gives its one page for every path of the dashboard; which of them exist, the table of the specialist's pages says.
bool isOfDashboard(std::string const& path) {
    std::ifstream file(VISAVIS_ROOT "/web/src/specialist/index.tsx");
    std::stringstream text;
    text << file.rdbuf();
    return text.str().find("{ path: \"" + path.substr(std::string("/app").size()) + "\"") != std::string::npos;
}

class Links : public testing::Test {
protected:
    std::string const& url() { return stage.world.server().url(); }

    void expectPage(std::string const& link, Person const* who, std::string const& about) {
        ASSERT_TRUE(link.starts_with(url() + "/")) << about << ": " << link;
        auto const path = link.substr(url().size());
        auto const reply = wire.send("GET", path, who == nullptr ? Headers{} : Headers{{"Cookie", "sid=" + who->token}});
        EXPECT_EQ(reply.status, 200) << about << ": " << link;
        EXPECT_TRUE(!path.starts_with("/app") || isOfDashboard(path)) << about << ": " << link;
    }

    // What mails and notifications of somebody hold.
    std::set<std::string> told(Person const& who) {
        std::set<std::string> links;
        std::regex const ours(url() + R"(/[^\s"<>]*)");
        auto const inbox = stage.world.sandbox("GET", "/sandbox/mail?to=" + stage.world.get("/auth/me", &who).at("/user/email"));
        for (auto const& mail : inbox.body.at("items").as_array()) {
            std::string const text(mail.at("text").as_string());
            for (std::sregex_iterator at(text.begin(), text.end(), ours), end; at != end; ++at) links.insert(at->str());
        }
        auto const notes = stage.world.get("/notifications?limit=100", &who);
        for (auto const& note : notes.body.at("items").as_array())
            if (auto const* link = note.as_object().if_contains("actionUrl")) links.emplace(link->as_string());
        return links;
    }

    Stage stage;
    Wire wire = stage.wire();
};

TEST_F(Links, OfEveryKindLeadToAPage) {
    Person const* const nobody = nullptr;
    std::map<LinkKind, std::vector<Person const*>> const readers{{LinkKind::booking, {&stage.customer, &stage.specialist, &stage.admin}},
                                                                 {LinkKind::requests, {&stage.specialist, nobody}},
                                                                 {LinkKind::verification, {nobody, &stage.unverified}},
                                                                 {LinkKind::reset, {nobody}}};
    auto const& kinds = wordsOf<LinkKind>();
    ASSERT_EQ(readers.size(), kinds.size()) << "who is sent there?";
    for (auto const& [kind, people] : readers)
        for (auto const* who : people)
            expectPage(linkOf(url(), kind, kind == LinkKind::booking ? stage.bookingId : std::string(43, 'x')), who,
                       kinds.at(static_cast<std::size_t>(kind)));
    EXPECT_FALSE(isOfDashboard("/app/nowhere"));
}

TEST_F(Links, OfAllThatIsToldLeadToAPage) {
    auto& world = stage.world;
    EXPECT_EQ(world
                  .post("/specialists/" + stage.specialist.specialistId + "/availability-requests",
                        R"({"from":"2030-03-01T18:00:00Z","to":"2030-03-02T18:00:00Z"})", &stage.customer)
                  .status,
              201);
    EXPECT_EQ(world.post("/auth/forgot-password", R"({"email":")" + stage.customer.email + "\"}").status, 202);
    EXPECT_EQ(world.post("/bookings/" + stage.bookingId + "/messages", R"({"text":"Hello."})", &stage.customer).status, 201);
    world.advance("PT1S"); // waits until everybody is told
    std::set<std::string> all;
    for (auto const* who : {&stage.customer, &stage.specialist, &stage.unverified, &stage.admin}) {
        auto const links = told(*who);
        for (auto const& link : links) expectPage(link, who, who->email);
        all.insert(links.begin(), links.end());
    }
    for (std::size_t kind = 0; kind < wordsOf<LinkKind>().size(); ++kind) {
        auto const begin = linkOf(url(), static_cast<LinkKind>(kind));
        EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](auto const& link) { return link.starts_with(begin); })) << begin;
    }
}

TEST_F(Links, LeadThereAfterALogIn) {
    auto const path = "/bookings/" + stage.bookingId;
    auto const sent = wire.send("GET", path);
    EXPECT_EQ(sent.status, 303);
    EXPECT_NE(sent.header("location").find("next=" + http::percentEncode(path)), std::string::npos) << sent.header("location");
    auto const target = linkOf("", LinkKind::requests);
    auto const admitted =
        wire.send("POST", "/login", {{"Content-Type", "application/x-www-form-urlencoded"}, {"Origin", url()}},
                  http::formatQuery({{"email", stage.specialist.email}, {"password", stage.specialist.password}, {"next", target}}));
    EXPECT_EQ(admitted.status, 303) << admitted.text;
    EXPECT_EQ(admitted.header("location"), target);
}

} // namespace
} // namespace visavis::scenarios
