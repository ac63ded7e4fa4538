// Writes CSV (RFC 4180) that a spreadsheet shows as it is: whatever it would take for a formula gets a ' before it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace visavis {
inline namespace core {

class Csv {
public:
    explicit Csv(std::vector<std::string_view> const& columns);

    // The next cell of the row. A number is one, whatever its sign.
    Csv& cell(std::string_view text);
    Csv& cell(std::int64_t number);
    Csv& endRow();

    std::string take() { return std::move(text_); }

private:
    void separate();

    std::string text_;
    bool rowIsEmpty_ = true;
};

} // namespace core
} // namespace visavis
