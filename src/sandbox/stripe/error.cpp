// Stripe's error answers.
#include "sandbox/stripe/error.hpp"

#include <algorithm>

namespace visavis::sandbox::stripe {

Error apiError(int status, std::string_view type, std::string code, std::string message, std::string_view param) {
    auto error = failure(Code::invalid, std::move(code), std::move(message));
    error.extra["status"] = status;
    error.extra["type"] = type;
    if (!param.empty()) error.extra["param"] = param;
    return error;
}

Error invalidRequest(std::string message, std::string_view param, std::string code) {
    return apiError(400, "invalid_request_error", std::move(code), std::move(message), param);
}

Error unknownParameter(std::string const& name) { return invalidRequest("Received unknown parameter: " + name, name, "parameter_unknown"); }

Error missingParameter(std::string const& name) {
    return invalidRequest("Missing required param: " + name + ".", name, "parameter_missing");
}

Error noSuch(std::string_view kind, std::string_view id, std::string_view param, int status) {
    std::string message("No such ");
    message.append(kind).append(": '").append(id).append("'");
    return apiError(status, "invalid_request_error", "resource_missing", std::move(message), param);
}

Error refusedInState(std::string code, std::string message) {
    return apiError(400, "invalid_request_error", std::move(code), std::move(message));
}

int statusOf(Error const& error) {
    auto const status = numberOf(error.extra, "status");
    return status == 0 ? 400 : static_cast<int>(status);
}

json::object errorBody(Error const& error, std::string_view requestId) {
    json::object inner;
    if (!error.key.empty()) {
        inner["code"] = error.key;
        auto page = error.key;
        std::replace(page.begin(), page.end(), '_', '-');
        inner["doc_url"] = "https://stripe.com/docs/error-codes/" + page;
    }
    inner["message"] = error.detail;
    inner["request_log_url"] = "https://dashboard.stripe.com/test/logs/" + std::string(requestId);
    for (auto const& member : error.extra) {
        if (member.key() != "status") inner[member.key()] = member.value();
    }
    return {{"error", std::move(inner)}};
}

} // namespace visavis::sandbox::stripe
