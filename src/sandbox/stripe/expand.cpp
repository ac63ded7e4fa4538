// Hiding and expanding.
#include "sandbox/stripe/expand.hpp"

#include "sandbox/stripe/error.hpp"

#include <algorithm>

namespace visavis::sandbox::stripe {

namespace {

constexpr int deepest = 4;

Error notExpandable(std::string_view path) {
    return invalidRequest("This property cannot be expanded (" + std::string(path) + ").", "expand");
}

Result<void> follow(json::object& object, std::string_view path, std::string_view whole, Book const& book, int depth) {
    auto const name = path.substr(0, path.find('.'));
    auto const rest = path.substr(std::min(path.size(), name.size() + 1));
    auto* member = object.if_contains(name);
    if (!member || depth == deepest) return notExpandable(whole);
    if (member->is_null()) return ok;
    if (auto* list = member->if_array()) {
        for (auto& one : *list) {
            if (one.is_object() && !rest.empty()) CHECK(follow(one.get_object(), rest, whole, book, depth));
        }
        return ok;
    }
    if (auto const* id = member->if_string()) {
        auto const* found = book.find(*id);
        if (!found) return notExpandable(whole);
        *member = shown(*found);
    }
    if (!member->is_object()) return notExpandable(whole);
    return rest.empty() ? ok : follow(member->get_object(), rest, whole, book, depth + 1);
}

} // namespace

json::object shownWithin(json::object const& object) {
    auto out = shown(object);
    auto* page = out.if_contains("data");
    if (!page || !page->is_array()) return out;
    for (auto& one : page->get_array()) one = shown(one.get_object());
    return out;
}

json::object shownToBrowser(json::object const& object) {
    auto out = shown(object);
    for (auto const name : {"application", "application_fee_amount", "customer", "latest_charge", "metadata", "on_behalf_of", "review",
                            "statement_descriptor", "statement_descriptor_suffix", "transfer_data", "transfer_group", "latest_attempt",
                            "mandate", "amount_received", "amount_capturable", "invoice"}) {
        out.erase(name);
    }
    return out;
}

Result<void> expand(json::object& answer, json::object const& params, Book const& book) {
    auto const* paths = params.if_contains("expand");
    if (!paths || !paths->is_array()) return ok;
    for (auto const& path : paths->get_array()) CHECK(follow(answer, path.get_string(), path.get_string(), book, 0));
    return ok;
}

} // namespace visavis::sandbox::stripe
