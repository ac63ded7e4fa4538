// Quoting of CSV cells.
#include "core/csv.hpp"

namespace visavis {
inline namespace core {

Csv::Csv(std::vector<std::string_view> const& columns) {
    for (auto const column : columns) cell(column);
    endRow();
}

void Csv::separate() {
    if (!rowIsEmpty_) text_ += ',';
    rowIsEmpty_ = false;
}

Csv& Csv::cell(std::string_view text) {
    separate();
    bool const isFormula = !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
    bool const needsQuotes = text.find_first_of("\",\r\n") != std::string_view::npos;
    if (needsQuotes) text_ += '"';
    if (isFormula) text_ += '\'';
    for (char const c : text) text_.append(c == '"' ? 2 : 1, c);
    if (needsQuotes) text_ += '"';
    return *this;
}

Csv& Csv::cell(std::int64_t number) {
    separate();
    text_ += std::to_string(number);
    return *this;
}

Csv& Csv::endRow() {
    text_ += "\r\n";
    rowIsEmpty_ = true;
    return *this;
}

} // namespace core
} // namespace visavis
