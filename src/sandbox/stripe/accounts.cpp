// Connected accounts (Express), their onboarding links and log-in links.
#include "sandbox/stripe/accounts.hpp"

#include "sandbox/stripe/call.hpp"

namespace visavis::sandbox::stripe {

namespace {

using Kind = Field::Kind;

constexpr std::string_view kind = "account";
constexpr std::int64_t linkLife = 300; // seconds

Fields fields(Fields more) {
    more.insert(more.end(), {{"email"},
                             {"business_type", Kind::words, "company government_entity individual non_profit"},
                             {"business_profile", Kind::anything},
                             {"capabilities", Kind::anything},
                             {"company", Kind::anything},
                             {"individual", Kind::anything},
                             {"settings", Kind::anything},
                             {"tos_acceptance", Kind::anything},
                             {"default_currency"},
                             {"metadata", Kind::metadata}});
    return more;
}

json::object requirements(bool complete) {
    json::array const due =
        complete ? json::array() : json::array{"external_account", "individual.verification.document", "tos_acceptance.date"};
    return {{"alternatives", json::array()},
            {"current_deadline", nullptr},
            {"currently_due", due},
            {"disabled_reason", complete ? json::value(nullptr) : json::value("requirements.past_due")},
            {"errors", json::array()},
            {"eventually_due", due},
            {"past_due", due},
            {"pending_verification", json::array()}};
}

json::object profile(json::object const& given) {
    json::object out;
    for (auto const name :
         {"mcc", "name", "product_description", "support_address", "support_email", "support_phone", "support_url", "url"}) {
        auto const value = textOf(given, name);
        out[name] = value.empty() ? json::value(nullptr) : json::value(text(value));
    }
    return out;
}

json::object settings() {
    return {
        {"bacs_debit_payments", {{"display_name", ""}, {"service_user_number", nullptr}}},
        {"branding", {{"icon", nullptr}, {"logo", nullptr}, {"primary_color", nullptr}, {"secondary_color", nullptr}}},
        {"card_payments",
         {{"statement_descriptor_prefix", nullptr},
          {"statement_descriptor_prefix_kana", nullptr},
          {"statement_descriptor_prefix_kanji", nullptr}}},
        {"dashboard", {{"display_name", nullptr}, {"timezone", "Etc/UTC"}}},
        {"payments", {{"statement_descriptor", nullptr}, {"statement_descriptor_kana", nullptr}, {"statement_descriptor_kanji", nullptr}}},
        {"payouts",
         {{"debit_negative_balances", false},
          {"schedule", {{"delay_days", 7}, {"interval", "manual"}}},
          {"statement_descriptor", nullptr}}}};
}

json::object newAccount(Call& call) {
    auto const id = call.book.newId("acct_");
    json::object wanted;
    for (auto const& one : objectOf(call.params, "capabilities")) wanted[one.key()] = "inactive";
    return {{"id", id},
            {"object", text(kind)},
            {"business_profile", profile(objectOf(call.params, "business_profile"))},
            {"business_type", call.given("business_type") ? call.params["business_type"] : json::value(nullptr)},
            {"capabilities", std::move(wanted)},
            {"charges_enabled", false},
            {"country", text(call.given("country") ? call.text("country") : "US")},
            {"created", call.book.seconds()},
            {"default_currency", call.given("default_currency") ? lowered(call.text("default_currency")) : "usd"},
            {"details_submitted", false},
            {"email", call.given("email") ? call.params["email"] : json::value(nullptr)},
            {"external_accounts",
             {{"object", "list"}, {"data", json::array()}, {"has_more", false}, {"url", "/v1/accounts/" + id + "/external_accounts"}}},
            {"future_requirements", requirements(true)},
            {"metadata", json::object()},
            {"payouts_enabled", false},
            {"requirements", requirements(false)},
            {"settings", settings()},
            {"tos_acceptance", {{"date", nullptr}, {"ip", nullptr}, {"user_agent", nullptr}}},
            {"type", text(call.given("type") ? call.text("type") : "standard")}};
}

Result<json::object> create(Call& call) {
    auto fresh = newAccount(call);
    CHECK(mergeMetadata(fresh, call.params));
    return call.book.add(std::move(fresh));
}

Result<json::object> read(Call& call) {
    TRY(auto account, retrieve(call, kind, "account"));
    if (isTrue(account, "deleted")) return noSuch("account", call.id, "account", 404);
    return account;
}

Result<json::object> update(Call& call) {
    CHECK(read(call));
    auto& account = call.book.change(call.id);
    CHECK(mergeMetadata(account, call.params));
    copyGiven(account, call.params, {"email", "business_type"});
    for (auto const& one : objectOf(call.params, "capabilities")) {
        auto& capabilities = account["capabilities"].get_object();
        if (!capabilities.contains(one.key())) capabilities[one.key()] = isTrue(account, "details_submitted") ? "active" : "inactive";
    }
    call.book.emit("account.updated", call.id);
    return account;
}

Result<json::object> remove(Call& call) {
    CHECK(read(call));
    auto& account = call.book.change(call.id);
    account = {{"id", call.id}, {"object", text(kind)}, {"deleted", true}};
    return account;
}

Result<json::object> list(Call& call) {
    return listPage(call, kind, "/v1/accounts", [](json::object const& account) { return !isTrue(account, "deleted"); });
}

// The platform's own account.
Result<json::object> platform(Call& call) {
    json::object const none;
    Call own{.book = call.book, .params = none};
    auto account = newAccount(own);
    account["id"] = "acct_sandbox";
    account["charges_enabled"] = account["payouts_enabled"] = account["details_submitted"] = true;
    account["requirements"] = requirements(true);
    return account;
}

Result<json::object> link(Call& call) {
    for (auto const name : {"account", "type"}) {
        if (!call.given(name)) return missingParameter(name);
    }
    CHECK(named(call, kind, "account"));
    if (!call.given("refresh_url") || !call.given("return_url"))
        return missingParameter(call.given("refresh_url") ? "return_url" : "refresh_url");
    auto& account = call.book.change(call.text("account"));
    account["_returnUrl"] = call.params["return_url"];
    return json::object{{"object", "account_link"},
                        {"created", call.book.seconds()},
                        {"expires_at", call.book.seconds() + linkLife},
                        {"url", call.origin + "/sandbox/stripe/onboarding/" + std::string(call.text("account"))}};
}

Result<json::object> loginLink(Call& call) {
    TRY(auto const account, read(call));
    if (!isTrue(account, "details_submitted")) {
        return refusedInState("", "Cannot create a login link for an account that has not completed onboarding.");
    }
    return json::object{
        {"object", "login_link"}, {"created", call.book.seconds()}, {"url", call.origin + "/sandbox/stripe/onboarding/" + call.id}};
}

} // namespace

void completeOnboarding(Book& book, std::string const& accountId) {
    auto& account = book.change(accountId);
    for (auto const name : {"charges_enabled", "payouts_enabled", "details_submitted"}) account[name] = true;
    for (auto& capability : account["capabilities"].get_object()) capability.value() = "active";
    account["requirements"] = requirements(true);
    book.emit("account.updated", accountId, {{"details_submitted", false}});
}

Routes accountRoutes() {
    using enum http::Method;
    return {
        {get, "/v1/account", platform},
        {post, "/v1/accounts", create,
         fields({{"type", Kind::words, "custom express standard"}, {"country"}, {"controller", Kind::anything}})},
        {get, "/v1/accounts", list, pageFields()},
        {get, "/v1/accounts/{id}", read},
        {post, "/v1/accounts/{id}", update, fields({})},
        {del, "/v1/accounts/{id}", remove},
        {post, "/v1/accounts/{id}/login_links", loginLink},
        {post,
         "/v1/account_links",
         link,
         {{"account"},
          {"type", Kind::words, "account_onboarding account_update"},
          {"refresh_url"},
          {"return_url"},
          {"collect", Kind::words, "currently_due eventually_due"},
          {"collection_options", Kind::anything}}},
    };
}

} // namespace visavis::sandbox::stripe
