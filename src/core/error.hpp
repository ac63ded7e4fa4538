// What a user can cause, as a value: a closed code, a stable key, a sentence, and the members at fault.
#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace visavis {
inline namespace core {

// The kinds of failure. Only api/problem.cpp knows which HTTP status each of them is.
enum class Code {
    malformed,       // the request cannot be read at all
    unauthenticated, // nobody is logged in
    denied,          // somebody is, but may not
    notFound,        // absent, or not the caller's to see
    conflict,        // the state does not allow it now
    gone,            // was there once, is used up
    precondition,    // If-Match named another version
    tooLarge,
    unsupported, // media type
    invalid,     // one or more members are wrong, see fields
    rateLimited,
    unavailable, // try again later
};

// One member at fault. `path` is a JSON Pointer (RFC 6901) into the input.
struct FieldError {
    std::string path;
    std::string code;
    std::string message;
};

struct Error {
    Code code = Code::invalid;
    std::string key;                // stable, e.g. "slot_taken"; the API's `code`
    std::string detail;             // one sentence for people
    std::vector<FieldError> fields; // for Code::invalid
    boost::json::object extra;      // further members of the answer, e.g. {"current":"confirmed"}
    int retryAfterSeconds = 0;      // for rateLimited and unavailable
};

inline Error failure(Code code, std::string key, std::string detail = {}) {
    Error error;
    error.code = code;
    error.key = std::move(key);
    error.detail = std::move(detail);
    return error;
}

inline Error notFound(std::string detail = "There is no such resource.") { return failure(Code::notFound, "not_found", std::move(detail)); }

inline Error conflict(std::string key, std::string detail = {}) { return failure(Code::conflict, std::move(key), std::move(detail)); }

// A conflict with the state that something is in, which has a name of its own.
inline Error conflictWith(std::string_view current, std::string key, std::string detail) {
    auto error = conflict(std::move(key), std::move(detail));
    error.extra["current"] = current;
    return error;
}

inline Error denied(std::string key = "denied", std::string detail = "You may not do this.") {
    return failure(Code::denied, std::move(key), std::move(detail));
}

inline Error unavailable(std::string detail, int retryAfterSeconds = 1) {
    auto error = failure(Code::unavailable, "unavailable", std::move(detail));
    error.retryAfterSeconds = retryAfterSeconds;
    return error;
}

// The action needs another state than the resource is in; the answer carries the state as `current`.
inline Error wrongState(std::string_view current, std::string detail = "The resource is in a state that does not allow this.") {
    auto error = conflict("wrong_state", std::move(detail));
    error.extra["current"] = current;
    return error;
}

// One member of the input is wrong.
inline Error invalid(std::string path, std::string code, std::string message) {
    auto error = failure(Code::invalid, "invalid", "One or more members are not valid.");
    error.fields.push_back({std::move(path), std::move(code), std::move(message)});
    return error;
}

} // namespace core
} // namespace visavis
