// From an Error to application/problem+json; nothing of the store or a vendor gets through.
#include "api/problem.hpp"

#include <boost/json/serialize.hpp>

#include <cassert>

namespace visavis::api {

int statusOf(Code code) {
    switch (code) {
        case Code::malformed:
            return 400;
        case Code::unauthenticated:
            return 401;
        case Code::denied:
            return 403;
        case Code::notFound:
            return 404;
        case Code::conflict:
            return 409;
        case Code::gone:
            return 410;
        case Code::precondition:
            return 412;
        case Code::tooLarge:
            return 413;
        case Code::unsupported:
            return 415;
        case Code::invalid:
            return 422;
        case Code::rateLimited:
            return 429;
        case Code::unavailable:
            return 503;
    }
    assert(false);
    return 500;
}

namespace {

// Of conflicts that a unique index found: the store knows their names only.
std::string_view sentenceOf(Error const& error) {
    if (!error.detail.empty()) return error.detail;
    if (error.key == "slot_taken") return "Somebody else has just taken this time.";
    if (error.key == "customer_busy") return "You have another session at this time.";
    if (error.key == "email_taken") return "There is an account with this e-mail address.";
    if (error.key == "already_reviewed") return "This session has been reviewed.";
    if (error.key == "slug_taken") return "Another profile has this link.";
    return "The request does not go with what is there.";
}

} // namespace

http::Response problemOf(Error const& error, std::string const& requestId) {
    namespace json = boost::json;
    auto const status = statusOf(error.code);
    json::object body;
    body["type"] = "about:blank";
    body["title"] = http::reason(status);
    body["status"] = status;
    body["code"] = error.key;
    body["detail"] = sentenceOf(error);
    body["requestId"] = requestId;
    for (auto const& member : error.extra) body[member.key()] = member.value();
    if (!error.fields.empty()) {
        json::array fields;
        for (auto const& field : error.fields) fields.push_back({{"path", field.path}, {"code", field.code}, {"message", field.message}});
        body["errors"] = std::move(fields);
    }
    auto response = http::answer(status, "application/problem+json", json::serialize(body));
    if (error.retryAfterSeconds > 0) response.with("Retry-After", std::to_string(error.retryAfterSeconds));
    if (error.code == Code::unauthenticated) response.with("WWW-Authenticate", "Bearer");
    return response;
}

} // namespace visavis::api
