// Names, pictures and prices for pages.
#include "web/people.hpp"

#include "core/text.hpp"

namespace visavis::web {

std::string picturePath(std::optional<Text<1, 2048>> const& image, std::string const& publicUrl) {
    if (!image) return {};
    std::string_view address = image->value;
    if (address.starts_with(publicUrl)) address.remove_prefix(publicUrl.size());
    return address.starts_with("/images/") && isLocalPath(address) ? std::string(address) : std::string();
}

std::string initials(std::string_view name) {
    std::string out;
    int letters = 0;
    for (bool start = true; !name.empty() && letters < 2;) {
        std::size_t size = 1; // of the character in front: names are valid UTF-8
        while (size < name.size() && (static_cast<unsigned char>(name[size]) & 0xC0) == 0x80) ++size;
        bool const space = name.front() == ' ';
        if (start && !space) {
            out += name.substr(0, size);
            ++letters;
        }
        start = space;
        name.remove_prefix(size);
    }
    return out;
}

std::string priceText(Messages const& t, MinorUnits amount, Currency const& currency) {
    return amount == 0 ? std::string(t.free()) : money(t.language(), amount, currency, Zeros::dropped);
}

std::string describedBy(Field const& field) {
    std::string ids;
    if (!field.hint.empty()) ids = std::string(field.name) + "-hint";
    if (!field.error.empty()) ids += (ids.empty() ? "" : " ") + std::string(field.name) + "-error";
    return ids;
}

} // namespace visavis::web
