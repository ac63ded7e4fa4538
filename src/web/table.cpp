// Every page: method, path, who may see it, and its function.
#include "web/handlers.hpp"
#include "web/site.hpp"

namespace visavis::web {

std::vector<PageRow> const& pageRows() {
    using enum http::Method;
    using enum Who;
    // clang-format off
    static std::vector<PageRow> const rows{
        {get,  "/",                                       anybody,     home,               ""},
        {get,  "/s/{slug}",                               anybody,     profile,            "", true},
        {get,  "/embed/{slug}",                           anybody,     embedded,           "", true},
        {get,  "/s/{slug}/book/{slotId}",                 anybody,     bookingForm,        ""},
        {post, "/s/{slug}/book/{slotId}",                 user,        createBooking,      "/s/{slug}/book/{slotId}"},

        {get,  "/bookings",                               user,        bookings,           ""},
        {get,  "/bookings/{id}",                          user,        manage,             ""},
        {get,  "/bookings/{id}/calendar.ics",             user,        calendar,           ""},
        {get,  "/bookings/{id}/pay",                      customer,    pay,                ""},
        {post, "/bookings/{id}/cancel",                   sideOrAdmin, cancelBooking,      "/bookings/{id}"},
        {post, "/bookings/{id}/messages",                 sideOrAdmin, sendMessage,        "/bookings/{id}"},
        {post, "/bookings/{id}/completion",               sideOrAdmin, completeBooking,    "/bookings/{id}"},
        {post, "/bookings/{id}/review",                   customer,    reviewBooking,      "/bookings/{id}"},
        {post, "/bookings/{id}/notes",                    customer,    noteBooking,        "/bookings/{id}"},
        {post, "/bookings/{id}/no-show",                  sideOrAdmin, reportAbsence,      "/bookings/{id}"},
        {get,  "/bookings/{id}/reschedule",               sideOrAdmin, moveBooking,        ""},
        {get,  "/bookings/{id}/reschedule/{slotId}",      sideOrAdmin, confirmMove,        ""},
        {post, "/bookings/{id}/reschedule/{slotId}",      sideOrAdmin, doMove,             "/bookings/{id}/reschedule/{slotId}"},

        {get,  "/login",                                  anybody,     login,              ""},
        {post, "/login",                                  anybody,     logIn,              ""},
        {get,  "/register",                               anybody,     registration,       ""},
        {post, "/register",                               anybody,     registerAccount,    ""},
        {get,  "/verify-email",                           anybody,     verifyEmail,        ""},
        {post, "/verify-email",                           anybody,     consumeToken,       ""},
        {post, "/verify-email/resend",                    user,        resendVerification, "/verify-email"},
        {get,  "/forgot-password",                        anybody,     forgotPassword,     ""},
        {post, "/forgot-password",                        anybody,     askReset,           ""},
        {get,  "/reset-password",                         anybody,     resetPassword,      ""},
        {post, "/reset-password",                         anybody,     setPassword,        ""},
        {post, "/logout",                                 anybody,     logOut,             ""},
    };
    // clang-format on
    return rows;
}

} // namespace visavis::web
