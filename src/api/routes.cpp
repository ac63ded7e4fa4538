// Every way in: who may call what, and the function that answers. Patterns that begin with /- are outside /api/v1.
#include "api/operations.hpp"
#include "api/route.hpp"
#include "availability/api.hpp"
#include "booking/api.hpp"
#include "notifications/api.hpp"
#include "payments/api.hpp"
#include "profiles/accounts.hpp"
#include "profiles/api.hpp"

namespace visavis::api {

std::vector<Route> const& routes() {
    using enum http::Method;
    // clang-format off
    static std::vector<Route> const table{
        route<health>                               (get,   "/-/healthz",                        Auth::open, {.inlineAnswer = true}),
        route<ready>                                (get,   "/-/readyz",                         Auth::open),
        route<metrics>                              (get,   "/-/metrics",                        Auth::open),
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
        route<profiles::myCustomer>                 (get,   "/customers/me",                     Auth::customer),
        route<profiles::patchCustomer>              (patch, "/customers/me",                     Auth::customer),

        route<availability::listSchedules>          (get,   "/schedules",                        Auth::specialist),
        route<availability::createSchedule>         (post,  "/schedules",                        Auth::specialist),
        route<availability::getSchedule>            (get,   "/schedules/{id}",                   Auth::specialist),
        route<availability::replaceSchedule>        (put,   "/schedules/{id}",                   Auth::specialist),
        route<availability::deleteSchedule>         (del,   "/schedules/{id}",                   Auth::specialist),
        route<availability::listSlots>              (get,   "/specialists/{id}/slots",           Auth::open),
        route<availability::listOwnSlots>           (get,   "/slots",                            Auth::specialist),
        route<availability::previewSlots>           (post,  "/slots/preview",                    Auth::specialist),
        route<availability::generate>               (post,  "/slots/generation",                 Auth::specialist),

        route<booking::createBooking>               (post,  "/bookings",                         Auth::customer, {.verified = true}),
        route<booking::listBookings>                (get,   "/bookings",                         Auth::party),
        route<booking::getBooking>                  (get,   "/bookings/{id}",                    Auth::party),
        route<booking::askPayment>                  (post,  "/bookings/{id}/payment",            Auth::customer),

        route<payments::listPayments>               (get,   "/payments",                         Auth::party),
        route<payments::getPayment>                 (get,   "/payments/{id}",                    Auth::party),
        route<payments::receiveStripe>              (post,  "/webhooks/stripe",                  Auth::signature, {.keys = Keys::none}),

        route<notifications::list>                  (get,   "/notifications",                    Auth::user),
        route<notifications::unreadCount>           (get,   "/notifications/unread-count",       Auth::user),
        route<notifications::markRead>              (put,   "/notifications/{id}/read",          Auth::user),
        route<notifications::markUnread>            (del,   "/notifications/{id}/read",          Auth::user),
        route<notifications::readAll>               (post,  "/notifications/read-all",           Auth::user),
        route<notifications::archive>               (put,   "/notifications/{id}/archive",       Auth::user),
    };
    // clang-format on
    return table;
}

} // namespace visavis::api
