// Every page: method, path, who may see it, and its function.
#include "web/handlers.hpp"
#include "web/site.hpp"

namespace visavis::web {

std::vector<PageRow> const& pageRows() {
    using enum http::Method;
    using enum Who;
    // clang-format off
    static std::vector<PageRow> const rows{
        {get,  "/",                                 anybody,  home,               ""},
        {get,  "/s/{slug}",                         anybody,  profile,            ""},
        {get,  "/embed/{slug}",                     anybody,  embedded,           ""},

        {get,  "/login",                            anybody,  login,              ""},
        {post, "/login",                            anybody,  logIn,              ""},
        {get,  "/register",                         anybody,  registration,       ""},
        {post, "/register",                         anybody,  registerAccount,    ""},
        {get,  "/verify-email",                     anybody,  verifyEmail,        ""},
        {post, "/verify-email",                     anybody,  consumeToken,       ""},
        {post, "/verify-email/resend",              user,     resendVerification, "/verify-email"},
        {get,  "/forgot-password",                  anybody,  forgotPassword,     ""},
        {post, "/forgot-password",                  anybody,  askReset,           ""},
        {get,  "/reset-password",                   anybody,  resetPassword,      ""},
        {post, "/reset-password",                   anybody,  setPassword,        ""},
        {post, "/logout",                           anybody,  logOut,             ""},
    };
    // clang-format on
    return rows;
}

} // namespace visavis::web
