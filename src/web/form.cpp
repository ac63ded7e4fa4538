// Between forms, records and sentences.
#include "web/form.hpp"

#include "core/text.hpp"
#include "web/messages.hpp"

#include <algorithm>

namespace visavis::web {
namespace {

namespace json = boost::json;

// Browsers send line ends as CRLF (HTML Living Standard, form submission); text has \n here.
std::string withPlainBreaks(std::string_view text) {
    std::string out;
    std::copy_if(text.begin(), text.end(), std::back_inserter(out), [](char c) { return c != '\r'; });
    return out;
}

} // namespace

Form formOf(http::Query const& sent) {
    Form form;
    for (auto const& [name, value] : sent.pairs) {
        auto text = withPlainBreaks(value);
        bool const isPassword = lowered(name).find("password") != name.npos;
        if (!isPassword && textLength(text, Breaks::allowed)) form.values[name] = std::move(text);
    }
    return form;
}

std::string sentence(Messages const& t, Error const& error) {
    auto const known = t.plain("error_" + error.key);
    if (!known.empty()) return std::string(known);
    switch (error.code) { // details are for developers, and English
        case Code::conflict:
        case Code::precondition:
        case Code::gone:
            return std::string(t.error_stale());
        case Code::denied:
            return std::string(t.error_denied());
        case Code::unavailable:
            return std::string(t.error_unavailable());
        case Code::rateLimited:
            return std::string(t.error_rate_limited());
        case Code::invalid:
            return std::string(t.form_errors());
        default:
            return std::string(t.error());
    }
}

void explain(Form& form, Messages const& t, Error const& error) {
    for (auto const& field : error.fields) {
        auto const known = t.plain("field_" + field.code);
        auto const name = field.path.starts_with('/') ? field.path.substr(1) : field.path;
        if (!form.errors.contains(name)) form.errors[name] = std::string(known.empty() ? t.field_format() : known);
    }
    if (error.fields.empty()) form.problem = sentence(t, error);
}

json::object objectOf(Shape const& shape, http::Query const& sent) {
    std::vector<http::Query::Pair> given;
    for (auto const& [name, value] : sent.pairs)
        if (shape.find(name) != nullptr && !value.empty()) given.emplace_back(name, withPlainBreaks(value));
    return fromTexts(shape, given);
}

} // namespace visavis::web
