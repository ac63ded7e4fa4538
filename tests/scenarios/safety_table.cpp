// The table of who may do what.
#include "scenarios/safety_table.hpp"

#include <sstream>

namespace visavis::scenarios {

namespace {

// clang-format off
//                                    stranger             customer+specialist  the others           support+admin
constexpr auto open          = "200                 200 200              200 200              200 200";
constexpr auto loggedIn      = "401                 200 200              200 200              200 200";
constexpr auto customers     = "401                 200 403              200 403              403 403";
constexpr auto specialists   = "401                 403 200              403 200              403 403";
constexpr auto staff         = "401                 403 403              403 403              200 200";
constexpr auto admins        = "401                 403 403              403 403              403 200";
// Of what is there for nobody, by who may call the row at all.
constexpr auto noneAtAll     = "404                 404 404              404 404              404 404";
constexpr auto none          = "401                 404 404              404 404              404 404";
constexpr auto noneOfCustomer = "401                404 403              404 403              403 403";
constexpr auto noneOfSpecialist = "401              403 404              403 404              403 403";
constexpr auto noneOfSides   = "401                 404 404              404 404              403 403";
constexpr auto noneOfSidesAndAdmin = "401           404 404              404 404              403 404";
constexpr auto noneOfSpecialistAndAdmin = "401      403 404              403 404              403 404";
constexpr auto noneOfSpecialistAndStaff = "401      403 404              403 404              404 404";
constexpr auto noneOfAdmin   = "401                 403 403              403 403              403 404";

std::vector<SafetyRow> peopleAndHours() {
    return {
        {"GET /-/healthz", open},
        {"GET /-/readyz", open},
        {"GET /-/metrics", open},
        {"GET /openapi.json", open},
        {"GET /-/api/docs", open},

        {"POST /auth/register",             "201                 201 201              201 201              201 201"},
        {"POST /auth/login", open},
        {"GET /auth/me", loggedIn},
        {"POST /auth/verify-email",         "410                 410 410              410 410              410 410"},
        {"POST /auth/resend-verification",  "401                 202 202              202 202              202 202"},
        {"POST /auth/forgot-password",      "202                 202 202              202 202              202 202"},
        {"POST /auth/reset-password",       "410                 410 410              410 410              410 410"},
        {"GET /auth/sessions", loggedIn},
        {"DELETE /auth/sessions/{id}",      "401                 204 404              404 404              404 404",
                                            "401                 404 404              204 404              404 404", none},

        {"GET /connections", loggedIn},

        {"GET /specialists", open},
        {"GET /specialists/me", specialists},
        {"PATCH /specialists/me", specialists},
        {"GET /specialists/{idOrSlug}", open, open, noneAtAll},
        {"GET /-/images/{id}", open, open, noneAtAll},
        {"PUT /specialists/me/image", specialists},
        {"DELETE /specialists/me/image", specialists},
        {"PUT /customers/me/image", customers},
        {"DELETE /customers/me/image", customers},
        {"GET /customers/me", customers},
        {"PATCH /customers/me", customers},

        {"GET /schedules", specialists},
        {"POST /schedules",                 "401                 403 201              403 201              403 403"},
        {"GET /schedules/{id}",             "401                 403 200              403 404              403 403",
                                            "401                 403 404              403 200              403 403", noneOfSpecialist},
        {"PUT /schedules/{id}",             "401                 403 200              403 404              403 403",
                                            "401                 403 404              403 200              403 403", noneOfSpecialist},
        {"DELETE /schedules/{id}",          "401                 403 204              403 404              403 403",
                                            "401                 403 404              403 204              403 403", noneOfSpecialist},
        {"GET /specialists/{id}/slots", open, open, noneAtAll},
        {"GET /slots", specialists},
        {"POST /slots",                     "401                 403 201              403 201              403 403"},
        {"PATCH /slots/{id}",               "401                 403 200              403 404              403 403",
                                            "401                 403 404              403 200              403 403", noneOfSpecialist},
        {"POST /slots/{id}/block",          "401                 403 200              403 404              403 403",
                                            "401                 403 404              403 200              403 403", noneOfSpecialist},
        {"DELETE /slots/{id}/block",        "401                 403 200              403 404              403 403",
                                            "401                 403 404              403 200              403 403", noneOfSpecialist},
        {"POST /slots/preview", specialists},
        {"POST /slots/generation", specialists},
        // Anybody who might become a customer may ask.
        {"POST /specialists/{id}/availability-requests",
                                            "401                 201 403              201 403              403 403",
                                            "401                 201 403              201 403              403 403", noneOfCustomer},
        {"GET /availability-requests", loggedIn},
    };
}

std::vector<SafetyRow> bookingsAndMoney() {
    return {
        {"POST /bookings",                  "401                 201 403              201 403              403 403"},
        {"GET /bookings", loggedIn},
        {"GET /bookings/{id}",              "401                 200 200              404 404              200 200",
                                            "401                 404 404              200 200              200 200", none},
        {"POST /bookings/{id}/payment",     "401                 201 403              404 403              403 403",
                                            "401                 404 403              201 403              403 403", noneOfCustomer},
        {"GET /bookings/{id}/cancellation", "401                 200 200              404 404              200 200",
                                            "401                 404 404              200 200              200 200", none},
        {"POST /bookings/{id}/cancellation", "401                200 200              404 404              403 200",
                                            "401                 404 404              200 200              403 200", noneOfSidesAndAdmin},
        {"POST /bookings/{id}/reschedule",  "401                 200 200              404 404              403 200",
                                            "401                 404 404              200 200              403 200", noneOfSidesAndAdmin},
        {"POST /bookings/{id}/completion",  "401                 403 200              403 404              403 200",
                                            "401                 403 404              403 200              403 200", noneOfSpecialistAndAdmin},
        {"POST /bookings/{id}/no-show",     "401                 200 200              404 404              403 200",
                                            "401                 404 404              200 200              403 200", noneOfSidesAndAdmin},
        {"POST /bookings/{id}/feedback",    "401                 403 200              403 404              403 403",
                                            "401                 403 404              403 200              403 403", noneOfSpecialist},
        {"PATCH /bookings/{id}",            "401                 200 200              404 404              403 403",
                                            "401                 404 404              200 200              403 403", noneOfSides},
        {"GET /bookings/{id}/messages",     "401                 200 200              404 404              403 403",
                                            "401                 404 404              200 200              403 403", noneOfSides},
        {"POST /bookings/{id}/messages",    "401                 201 201              404 404              403 403",
                                            "401                 404 404              201 201              403 403", noneOfSides},
        {"GET /bookings/{id}/calendar.ics", "401                 200 200              404 404              403 403",
                                            "401                 404 404              200 200              403 403", noneOfSides},

        {"GET /payments", loggedIn},
        {"GET /payments/{id}",              "401                 200 200              404 404              200 200",
                                            "401                 404 404              200 200              200 200", none},
        {"POST /payments/{id}/refunds",     "401                 403 201              403 404              403 201",
                                            "401                 403 404              403 201              403 201", noneOfSpecialistAndAdmin},
        {"GET /payments/{id}/refunds",      "401                 403 200              403 404              200 200",
                                            "401                 403 404              403 200              200 200", noneOfSpecialistAndStaff},
        {"GET /specialists/me/earnings", specialists},
        {"GET /admin/payments", staff},
        {"POST /webhooks/stripe",           "400                 400 400              400 400              400 400"},

        {"POST /bookings/{id}/review",      "401                 201 403              404 403              403 403",
                                            "401                 404 403              201 403              403 403", noneOfCustomer},
        {"POST /reviews/{id}/response",     "401                 403 201              403 404              403 403",
                                            "401                 403 404              403 201              403 403", noneOfSpecialist},
        {"GET /specialists/{id}/reviews", open, open, noneAtAll},
    };
}

std::vector<SafetyRow> newsAndStaff() {
    return {
        {"GET /notifications", loggedIn},
        {"GET /notifications/unread-count", loggedIn},
        {"PUT /notifications/{id}/read",    "401                 200 404              404 404              404 404",
                                            "401                 404 404              200 404              404 404", none},
        {"DELETE /notifications/{id}/read", "401                 200 404              404 404              404 404",
                                            "401                 404 404              200 404              404 404", none},
        {"POST /notifications/read-all", loggedIn},
        {"PUT /notifications/{id}/archive", "401                 200 404              404 404              404 404",
                                            "401                 404 404              200 404              404 404", none},
        {"GET /events", loggedIn},

        {"GET /admin/users", staff},
        {"POST /admin/users/{id}/suspension", admins, admins, noneOfAdmin},
        {"DELETE /admin/users/{id}/suspension", admins, admins, noneOfAdmin},
        {"PUT /admin/specialists/{id}/verification", admins, admins, noneOfAdmin},
        {"DELETE /admin/specialists/{id}/verification", admins, admins, noneOfAdmin},
        {"GET /admin/jobs", staff},
        {"POST /admin/jobs/{name}/runs", admins, admins, noneOfAdmin},
        {"GET /admin/outbox", staff},
        // What is done is not done again: 409, for whoever may ask at all.
        {"POST /admin/outbox/{id}/retry",   "401                 403 403              403 403              403 409",
                                            "401                 403 403              403 403              403 409", noneOfAdmin},
        {"GET /admin/audit", admins},

        // Each ends log-ins, so they come last.
        {"POST /auth/change-password",      "401                 204 204              204 204              204 204"},
        {"POST /auth/logout",               "401                 204 204              204 204              204 204"},
    };
}

// clang-format on

} // namespace

std::vector<SafetyRow> const& safetyTable() {
    static std::vector<SafetyRow> const table = [] {
        auto all = peopleAndHours();
        for (auto const& rows : {bookingsAndMoney(), newsAndStaff()}) all.insert(all.end(), rows.begin(), rows.end());
        return all;
    }();
    return table;
}

SafetyRow const& rowOf(api::Route const& route) {
    for (auto const& row : safetyTable())
        if (nameOf(route) == row.route) return row;
    throw std::logic_error(nameOf(route) + " has no row in the safety table");
}

std::vector<int> statusesOf(char const* cells) {
    std::istringstream text(cells);
    std::vector<int> all;
    for (int status = 0; text >> status;) all.push_back(status);
    return all;
}

Who rightPartyOf(SafetyRow const& row) {
    auto const all = statusesOf(row.ours);
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i] < 300 || all[i] == 409) return everybody.at(i);
    return Who::stranger;
}

} // namespace visavis::scenarios
