// Every row of the routes table × every caller × own, foreign, deleted and random ids: the exact answer, and what is refused changes nothing.
#include "scenarios/company.hpp"
#include "scenarios/safety_table.hpp"
#include "support/pictures.hpp"

#include <set>

namespace visavis::scenarios {
namespace {

namespace json = boost::json;
using api::Route;

bool isAllowed(int status) { return status < 300; }

// Once used, these are in another state.
bool isUsedUp(std::string const& kind) { return kind == "upcoming" || kind == "begun" || kind == "completed"; }

class Safety : public testing::Test {
protected:
    static void SetUpTestSuite() { company_ = std::make_unique<Company>(); }
    static void TearDownTestSuite() {
        company_->world.advance("PT1S");
        company_->world.verifyClean();
        company_.reset();
    }

    struct Cell {
        Route const& route;
        Who who;
        Stock* stock = nullptr; // whose resource; null: nobody's
        std::string id;
        int status = 0;
    };

    Reply send(Cell const& cell, std::string const* token = nullptr);
    void expect(Cell const& cell, char const* about, std::string const* token = nullptr);
    template <class Visit> void walk(Visit const& visit);

    Company& company = *company_;
    Wire wire = company_->stage.wire();

private:
    static inline std::unique_ptr<Company> company_;
};

Reply Safety::send(Cell const& cell, std::string const* token) {
    auto const example = company.request(cell.route, cell.who, cell.stock == nullptr ? company.ours : *cell.stock, cell.id);
    Headers headers;
    if (token != nullptr)
        headers.emplace_back("Authorization", "Bearer " + *token);
    else if (example.who != nullptr)
        headers = as(*example.who);
    std::string body;
    if (cell.route.options.image) {
        headers.emplace_back("Content-Type", "image/png");
        body = support::pngOf(4, 3);
    } else if (!example.body.is_null()) {
        headers = asJson(std::move(headers));
        body = json::serialize(example.body);
    }
    return wire.send(example.method, example.target, headers, body);
}

void Safety::expect(Cell const& cell, char const* about, std::string const* token) {
    auto const reply = send(cell, token);
    EXPECT_EQ(reply.status, cell.status) << nameOf(cell.route) << " by " << nameOf(cell.who) << ", " << about << ": " << reply.text;
    if (cell.status == 404) {
        EXPECT_EQ(reply.code(), "not_found") << nameOf(cell.route);
        EXPECT_EQ(reply.at("/current"), "") << "that it is there does not show";
    }
}

// Every cell of the table; `visit(cell, about)` gets it with the id that it is about.
template <class Visit> void Safety::walk(Visit const& visit) {
    std::map<std::string, Route const*> routes;
    for (auto const& route : api::routes()) routes[nameOf(route)] = &route;
    std::string const random = "0123456789abcdef01234567";
    for (auto const& row : safetyTable()) {
        auto const found = routes.find(row.route);
        if (found == routes.end()) continue; // told by another test
        auto const& route = *found->second;
        bool const hasId = std::string(row.route).find('{') != std::string::npos;
        auto const kind = hasId ? kindOf(row.route) : "";
        auto const cells = [&](char const* statuses, Stock* stock, std::string const& id, char const* about) {
            auto const all = statusesOf(statuses);
            ASSERT_EQ(all.size(), everybody.size()) << row.route << ", " << about;
            for (std::size_t i = 0; i < all.size(); ++i) {
                bool const isThere = stock != nullptr && hasId;
                ASSERT_FALSE(isThere && (*stock)[kind].empty()) << "no more " << kind << " for " << row.route;
                auto const own = isThere ? (*stock)[kind].front() : id;
                Cell const cell{route, everybody.at(i), stock, own, all[i]};
                visit(cell, about);
            }
        };
        cells(row.ours, &company.ours, "", "ours");
        if (!hasId) continue;
        cells(row.theirs, &company.theirs, "", "theirs");
        cells(row.gone, nullptr, random, "random");
        auto const deleted = company.gone.find(kind);
        // What is never deleted is looked for by the id of something else.
        cells(row.gone, nullptr, deleted == company.gone.end() ? company.stage.sessionId : deleted->second, "deleted or another kind's");
    }
}

TEST_F(Safety, EveryRouteHasARow) {
    std::set<std::string> rows, routes;
    for (auto const& row : safetyTable()) EXPECT_TRUE(rows.insert(row.route).second) << row.route << " is there twice";
    for (auto const& route : api::routes()) routes.insert(nameOf(route));
    for (auto const& route : routes) EXPECT_TRUE(rows.contains(route)) << route << " has no row in the safety table";
    for (auto const& row : rows) EXPECT_TRUE(routes.contains(row)) << row << " is no route";
}

TEST_F(Safety, WhoeverMayNotGetsNothingAndChangesNothing) {
    auto const before = contents(company.stage);
    int refused = 0;
    walk([&](Cell const& cell, char const* about) {
        if (!isAllowed(cell.status)) {
            expect(cell, about);
            ++refused;
        } else if (cell.stock == &company.ours && cell.who != Who::stranger && statusesOf(rowOf(cell.route).ours).front() == 401) {
            // Nothing is wrong with this one but that it has run out.
            expect({cell.route, cell.who, cell.stock, cell.id, 401}, "with a log-in that has run out", &company.expired.at(cell.who));
            ++refused;
        }
    });
    EXPECT_GT(refused, 900);
    auto const after = contents(company.stage);
    for (auto const& [collection, text] : before) EXPECT_EQ(after.at(collection), text) << collection << " has changed";
}

TEST_F(Safety, WhoeverMayGetsItDone) {
    int done = 0;
    walk([&](Cell const& cell, char const* about) {
        if (!isAllowed(cell.status)) return;
        expect(cell, about);
        ++done;
        auto const name = nameOf(cell.route);
        auto const hasId = name.find('{') != name.npos;
        if (cell.stock == nullptr) return;
        if (name == "POST /bookings" || name == "POST /bookings/{id}/reschedule") cell.stock->at("open").pop_front();
        if (hasId && isUsedUp(kindOf(name))) cell.stock->at(kindOf(name)).pop_front();
    });
    EXPECT_GT(done, 200);
}

} // namespace
} // namespace visavis::scenarios
