// What pages are written into: every value is escaped for the place where it stands, which tools/pages.py has found out.
#pragma once

#include "core/escape.hpp"

#include <concepts>
#include <string>
#include <string_view>

namespace visavis::web {

// JSON that goes into a <script type="application/ld+json">; what could end the element is escaped by Html::json.
struct JsonText {
    std::string value;
};

class Html {
public:
    void raw(std::string_view markup) { out_ += markup; } // of the page itself, never of a value

    template <class T> void text(T const& value) {
        if constexpr (std::integral<T>)
            out_ += std::to_string(value);
        else if constexpr (std::convertible_to<T const&, std::string_view>)
            appendEscapedHtml(out_, value);
        else
            appendEscapedHtml(out_, static_cast<std::string const&>(value));
    }
    // A whole address; one that is neither of this site nor http(s) or mailto becomes "#".
    void url(std::string_view address);
    // A piece of an address: one segment, or one value of a query.
    template <class T> void urlPart(T const& value) {
        if constexpr (std::convertible_to<T const&, std::string_view>)
            encoded(value);
        else
            encoded(static_cast<std::string const&>(value));
    }
    void json(JsonText const& json);

    std::string take() { return std::move(out_); }

private:
    void encoded(std::string_view value);
    std::string out_;
};

// One leading slash, and nothing that a browser takes for another host: `/\` and control characters count as such.
bool isLocalPath(std::string_view address);

} // namespace visavis::web
