// Every way in: who may call what, and the function that answers. Patterns that begin with /- are outside /api/v1.
#include "api/admin.hpp"
#include "api/operations.hpp"
#include "api/route.hpp"
#include "availability/api.hpp"
#include "booking/api.hpp"
#include "notifications/api.hpp"
#include "payments/api.hpp"
#include "profiles/accounts.hpp"
#include "profiles/admin.hpp"
#include "profiles/api.hpp"
#include "profiles/images.hpp"
#include "reports/connections.hpp"
#include "reports/earnings.hpp"
#include "reviews/api.hpp"

namespace visavis::api {

namespace {

// clang-format off
std::vector<Route> peopleAndHours() {
    using enum http::Method;
    return {
        route<health>                               (get,   "/-/healthz",                        Auth::open, {.inlineAnswer = true}),
        route<ready>                                (get,   "/-/readyz",                         Auth::open),
        route<metrics>                              (get,   "/-/metrics",                        Auth::open, {.alsoAnswers = "text/plain"}),
        route<openApi>                              (get,   "/openapi.json",                     Auth::open),
        route<docs>                                 (get,   "/-/api/docs",                       Auth::open),

        route<profiles::registerAccount>            (post,  "/auth/register",                    Auth::open, {.keys = Keys::own}),
        route<profiles::logIn>                      (post,  "/auth/login",                       Auth::open, {.keys = Keys::own}),
        route<profiles::logOut>                     (post,  "/auth/logout",                      Auth::user),
        route<profiles::me>                         (get,   "/auth/me",                          Auth::user),
        route<profiles::verifyEmail>                (post,  "/auth/verify-email",                Auth::open),
        route<profiles::resendVerification>         (post,  "/auth/resend-verification",         Auth::user),
        route<profiles::forgotPassword>             (post,  "/auth/forgot-password",             Auth::open),
        route<profiles::resetPassword>              (post,  "/auth/reset-password",              Auth::open),
        route<profiles::changePassword>             (post,  "/auth/change-password",             Auth::user),
        route<profiles::listSessions>               (get,   "/auth/sessions",                    Auth::user),
        route<profiles::deleteSession>              (del,   "/auth/sessions/{id}",               Auth::user),

        route<profiles::listSpecialists>            (get,   "/specialists",                      Auth::open),
        route<profiles::mySpecialist>               (get,   "/specialists/me",                   Auth::specialist),
        route<patchSpecialist>                      (patch, "/specialists/me",                   Auth::specialist),
        route<profiles::showSpecialist>             (get,   "/specialists/{idOrSlug}",           Auth::open),
        route<profiles::putSpecialistImage>         (put,   "/specialists/me/image",             Auth::specialist, {.image = true}),
        route<profiles::deleteSpecialistImage>      (del,   "/specialists/me/image",             Auth::specialist),
        route<profiles::putCustomerImage>           (put,   "/customers/me/image",               Auth::customer, {.image = true}),
        route<profiles::deleteCustomerImage>        (del,   "/customers/me/image",               Auth::customer),
        route<profiles::showImage>                  (get,   "/-/images/{id}",                    Auth::open),
        route<profiles::myCustomer>                 (get,   "/customers/me",                     Auth::customer),
        route<profiles::patchCustomer>              (patch, "/customers/me",                     Auth::customer),

        route<availability::listSchedules>          (get,   "/schedules",                        Auth::specialist),
        route<availability::createSchedule>         (post,  "/schedules",                        Auth::specialist),
        route<availability::getSchedule>            (get,   "/schedules/{id}",                   Auth::specialist),
        route<availability::replaceSchedule>        (put,   "/schedules/{id}",                   Auth::specialist),
        route<availability::deleteSchedule>         (del,   "/schedules/{id}",                   Auth::specialist),
        route<availability::listSlots>              (get,   "/specialists/{id}/slots",           Auth::open).recalledBy<availability::recallSlots>(),
        route<availability::listOwnSlots>           (get,   "/slots",                            Auth::specialist),
        route<availability::createSlot>             (post,  "/slots",                            Auth::specialist),
        route<availability::patchSlot>              (patch, "/slots/{id}",                       Auth::specialist),
        route<availability::block>                  (post,  "/slots/{id}/block",                 Auth::specialist),
        route<availability::unblock>                (del,   "/slots/{id}/block",                 Auth::specialist),
        route<availability::previewSlots>           (post,  "/slots/preview",                    Auth::specialist),
        route<availability::generate>               (post,  "/slots/generation",                 Auth::specialist),

        route<availability::createRequest>          (post,  "/specialists/{id}/availability-requests", Auth::customer),
        route<availability::listRequests>           (get,   "/availability-requests",            Auth::user),
    };
}

std::vector<Route> bookingsAndNews() {
    using enum http::Method;
    return {
        route<booking::createBooking>               (post,  "/bookings",                         Auth::customer, {.verified = true}),
        route<booking::listBookings>                (get,   "/bookings",                         Auth::party, {.alsoAnswers = "text/csv"}),
        route<booking::getBooking>                  (get,   "/bookings/{id}",                    Auth::party),
        route<booking::askPayment>                  (post,  "/bookings/{id}/payment",            Auth::customer),
        route<booking::showCancellation>            (get,   "/bookings/{id}/cancellation",       Auth::party),
        route<booking::cancelBooking>               (post,  "/bookings/{id}/cancellation",       Auth::sideOrAdmin),
        route<booking::rescheduleBooking>           (post,  "/bookings/{id}/reschedule",         Auth::sideOrAdmin),
        route<booking::completeBooking>             (post,  "/bookings/{id}/completion",         Auth::specialistOrAdmin),
        route<booking::reportAbsence>               (post,  "/bookings/{id}/no-show",            Auth::sideOrAdmin),
        route<booking::giveFeedback>                (post,  "/bookings/{id}/feedback",           Auth::specialist),
        route<booking::patchBooking>                (patch, "/bookings/{id}",                    Auth::side),
        route<booking::listMessages>                (get,   "/bookings/{id}/messages",           Auth::side),
        route<booking::sendMessage>                 (post,  "/bookings/{id}/messages",           Auth::side),
        route<notifications::calendar>              (get,   "/bookings/{id}/calendar.ics",       Auth::side, {.alsoAnswers = "text/calendar"}),

        route<payments::listPayments>               (get,   "/payments",                         Auth::party),
        route<payments::getPayment>                 (get,   "/payments/{id}",                    Auth::party),
        route<payments::refundPayment>              (post,  "/payments/{id}/refunds",            Auth::specialistOrAdmin),
        route<payments::listRefunds>                (get,   "/payments/{id}/refunds",            Auth::specialistOrStaff),
        route<reports::myEarnings>                  (get,   "/specialists/me/earnings",          Auth::specialist, {.alsoAnswers = "text/csv"}).recalledBy<reports::recallEarnings>(),
        route<reports::listConnections>             (get,   "/connections",                      Auth::user),
        route<payments::listAllPayments>            (get,   "/admin/payments",                   Auth::staff),
        route<payments::receiveStripe>              (post,  "/webhooks/stripe",                  Auth::signature, {.keys = Keys::none}),

        route<reviews::createReview>                (post,  "/bookings/{id}/review",             Auth::customer),
        route<reviews::createResponse>              (post,  "/reviews/{id}/response",            Auth::specialist),
        route<reviews::listReviews>                 (get,   "/specialists/{id}/reviews",         Auth::open),

        route<notifications::list>                  (get,   "/notifications",                    Auth::user),
        route<notifications::unreadCount>           (get,   "/notifications/unread-count",       Auth::user).recalledBy<notifications::recallUnreadCount>(),
        route<notifications::markRead>              (put,   "/notifications/{id}/read",          Auth::user),
        route<notifications::markUnread>            (del,   "/notifications/{id}/read",          Auth::user),
        route<notifications::readAll>               (post,  "/notifications/read-all",           Auth::user),
        route<notifications::archive>               (put,   "/notifications/{id}/archive",       Auth::user),
        route<events>                               (get,   "/events",                           Auth::user),
    };
}

std::vector<Route> forStaff() {
    using enum http::Method;
    return {
        route<profiles::listUsers>                  (get,   "/admin/users",                      Auth::staff),
        route<profiles::suspend>                    (post,  "/admin/users/{id}/suspension",      Auth::admin),
        route<profiles::liftSuspension>             (del,   "/admin/users/{id}/suspension",      Auth::admin),
        route<profiles::verifySpecialist>           (put,   "/admin/specialists/{id}/verification", Auth::admin),
        route<profiles::unverifySpecialist>         (del,   "/admin/specialists/{id}/verification", Auth::admin),
        route<listJobs>                             (get,   "/admin/jobs",                       Auth::staff),
        route<runJob>                               (post,  "/admin/jobs/{name}/runs",           Auth::admin),
        route<listOutbox>                           (get,   "/admin/outbox",                     Auth::staff),
        route<retryOutbox>                          (post,  "/admin/outbox/{id}/retry",          Auth::admin),
        route<listAudit>                            (get,   "/admin/audit",                      Auth::admin),
    };
}
// clang-format on

} // namespace

std::vector<Route> const& routes() {
    static std::vector<Route> const table = [] {
        auto all = peopleAndHours();
        for (auto& row : bookingsAndNews()) all.push_back(std::move(row));
        for (auto& row : forStaff()) all.push_back(std::move(row));
        return all;
    }();
    return table;
}

} // namespace visavis::api
