// Stripe's error answers (providers.md §1.9), carried as an Error: key = Stripe's `code`, detail = `message`, extra = the rest.
#pragma once

#include "core/result.hpp"
#include "sandbox/json.hpp"

#include <string>
#include <string_view>

namespace visavis::sandbox::stripe {

Error apiError(int status, std::string_view type, std::string code, std::string message, std::string_view param = {});

// 400 invalid_request_error. Errors made while reading the parameters are not kept under an idempotency key.
Error invalidRequest(std::string message, std::string_view param = {}, std::string code = {});
Error unknownParameter(std::string const& name);
Error missingParameter(std::string const& name);
// 404 if the id came in the path, 400 if in a parameter.
Error noSuch(std::string_view kind, std::string_view id, std::string_view param, int status);
// 400: the object is in a state that does not allow it.
Error refusedInState(std::string code, std::string message);

int statusOf(Error const& error);
// {"error":{…}}; what is empty is left out.
json::object errorBody(Error const& error, std::string_view requestId);

} // namespace visavis::sandbox::stripe
