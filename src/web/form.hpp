// A form as it was sent: what was typed, and what is wrong with it, by member.
#pragma once

#include "http/query.hpp"
#include "record/json.hpp"

#include <map>
#include <string>
#include <string_view>

namespace visavis::web {

class Messages;

struct Form {
    std::map<std::string, std::string, std::less<>> values;
    std::map<std::string, std::string, std::less<>> errors; // sentences, in the reader's language
    std::string problem;                                    // about no single member

    std::string_view value(std::string_view name) const { return find(values, name); }
    std::string_view error(std::string_view name) const { return find(errors, name); }
    bool failed() const { return !errors.empty() || !problem.empty(); }

private:
    static std::string_view find(std::map<std::string, std::string, std::less<>> const& from, std::string_view name) {
        auto const found = from.find(name);
        return found == from.end() ? std::string_view() : std::string_view(found->second);
    }
};

// What was typed, but for passwords.
Form formOf(http::Query const& sent);
// The error in the reader's words: at its members where it names some, else as the form's problem.
void explain(Form& form, Messages const& t, Error const& error);
// A problem's sentence by its code, else the English one that it came with.
std::string sentence(Messages const& t, Error const& error);

// A record out of a form: members that were left empty are absent, line ends are \n, and other names than the record's are not looked at.
boost::json::object objectOf(Shape const& shape, http::Query const& sent);
template <class T> Result<T> recordOf(http::Query const& sent, std::vector<http::Query::Pair> const& further = {}) {
    auto all = sent;
    all.pairs.insert(all.pairs.end(), further.begin(), further.end());
    return fromJson<T>(objectOf(shapeOf<T>(), all));
}

} // namespace visavis::web
