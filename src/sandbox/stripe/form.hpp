// Stripe's form grammar (providers.md §1.1): nested names, lists, booleans; read against a table of the parameters a call knows.
#pragma once

#include "core/result.hpp"
#include "sandbox/json.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace visavis::sandbox::stripe {

// Names as sent, values as text: {"metadata":{"a":"1"},"expand":{"0":"latest_charge"}}. Lists are objects here: `a[]` counts from 0 on.
// Error: a name that is no name, or text and members under one name.
Result<json::object> readForm(std::string_view encoded);

// What a parameter must look like.
struct Field {
    enum class Kind {
        text,
        number,
        flag,     // "true", "false"
        words,    // one of `words`, divided by spaces
        metadata, // texts by name, within Stripe's limits
        list,     // texts; `a[0]=`, `a[]=`
        group,    // exactly `members`
        span,     // `created=1700000000` or `created[gte]=…`
        anything, // taken and not looked at
    };
    std::string_view name;
    Kind kind = Kind::text;
    std::string_view words = {};
    std::vector<Field> members = {};
};
using Fields = std::vector<Field>;

// The typed parameters; an empty value is null ("unset"). Every call takes `expand` too. Errors as Stripe words them: parameter_unknown,
// parameter_invalid_integer, … with `param` in the spelling of the form.
Result<json::object> typed(json::object const& form, Fields const& fields);

} // namespace visavis::sandbox::stripe
