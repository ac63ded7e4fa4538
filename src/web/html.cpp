// The places of HTML that want more than entities: addresses and JSON.
#include "web/html.hpp"

#include "core/text.hpp"
#include "http/query.hpp"

#include <algorithm>

namespace visavis::web {

bool isLocalPath(std::string_view address) {
    if (!address.starts_with('/') || address.starts_with("//")) return false;
    // Browsers read a backslash as a slash, and drop tabs and line breaks before they look.
    return std::none_of(address.begin(), address.end(),
                        [](char c) { return c == '\\' || static_cast<unsigned char>(c) < 0x21 || c == 0x7F; });
}

void Html::url(std::string_view address) {
    auto const is = [&](std::string_view scheme) {
        return address.size() > scheme.size() && equalIgnoringCase(address.substr(0, scheme.size()), scheme);
    };
    bool const known =
        isLocalPath(address) || address.starts_with('?') || address.starts_with('#') || is("https://") || is("http://") || is("mailto:");
    appendEscapedHtml(out_, known ? address : "#");
}

void Html::encoded(std::string_view value) { out_ += http::percentEncode(value); }

// "<" may not stand in a script element as it is (</script, <!--); in JSON it can be written otherwise. So can "&" and ">", for good measure.
void Html::json(JsonText const& json) {
    for (char const c : json.value) {
        if (c == '<')
            out_ += "\\u003c";
        else if (c == '>')
            out_ += "\\u003e";
        else if (c == '&')
            out_ += "\\u0026";
        else
            out_ += c;
    }
}

} // namespace visavis::web
