// One call of Stripe's API, read and checked, and the table row that leads to its verb.
#pragma once

#include "http/message.hpp"
#include "sandbox/stripe/book.hpp"
#include "sandbox/stripe/error.hpp"
#include "sandbox/stripe/form.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace visavis::sandbox::stripe {

struct Call {
    Book& book;
    std::string origin;       // of the sandbox, "http://127.0.0.1:8090"
    std::string id;           // the first capture of the path
    std::string second;       // and the second
    json::object params;      // typed
    bool publishable = false; // made with a publishable key
    std::string version;      // Stripe-Version

    std::string_view text(std::string_view name) const { return textOf(params, name); }
    std::int64_t number(std::string_view name) const { return numberOf(params, name); }
    bool given(std::string_view name) const { return has(params, name); }
};

using Verb = Result<json::object> (*)(Call&);

struct Route {
    http::Method method;
    std::string_view path;
    Verb verb;
    Fields fields = {};
    bool forBrowsers = false; // a publishable key is enough
};
using Routes = std::vector<Route>;

Routes intentRoutes();
Routes setupRoutes();
Routes methodRoutes();
Routes customerRoutes();
Routes chargeRoutes();
Routes refundRoutes();
Routes transferRoutes();
Routes accountRoutes();
Routes disputeRoutes();
Routes balanceRoutes();
Routes eventRoutes();

// Reading by id is the same everywhere. `param` is what Stripe calls the id in its error.
Result<json::object> retrieve(Call& call, std::string_view kind, std::string_view param);

// The object a parameter names; an unknown one is 400.
Result<json::object const*> named(Call const& call, std::string_view kind, std::string_view param);

// A page of a list, newest first: limit, starting_after, ending_before and created are honoured, the rest is `wanted`.
using Filter = std::function<bool(json::object const&)>;
Result<json::object> listPage(Call& call, std::string_view kind, std::string_view url, Filter const& wanted);
Fields pageFields(Fields more = {});

// Merges `metadata` as Stripe does: an empty value removes one key, an empty `metadata` all.
Result<void> mergeMetadata(json::object& object, json::object const& params);
// Copies what is given, null included.
void copyGiven(json::object& object, json::object const& params, std::initializer_list<std::string_view> names);

} // namespace visavis::sandbox::stripe
