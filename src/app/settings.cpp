// Settings from a TOML file, the environment, --set and flags, merged by the same walk as a PATCH.
#include "app/settings.hpp"

#include "record/json.hpp"

#include <toml++/toml.h>

#include <charconv>
#include <sstream>

namespace visavis::app {
namespace {

namespace json = boost::json;

Error wrong(std::string const& name, std::string const& why) { return failure(Code::invalid, "setting", "Setting " + name + ": " + why); }

json::value fromToml(toml::node const& node) {
    if (auto const* table = node.as_table()) {
        json::object object;
        for (auto const& [key, value] : *table) object[std::string_view(key.str())] = fromToml(value);
        return object;
    }
    if (auto const* array = node.as_array()) {
        json::array list;
        for (auto const& value : *array) list.push_back(fromToml(value));
        return list;
    }
    if (auto const* text = node.as_string()) return json::string(text->get());
    if (auto const* number = node.as_integer()) return number->get();
    if (auto const* number = node.as_floating_point()) return number->get();
    if (auto const* flag = node.as_boolean()) return flag->get();
    std::ostringstream other;
    other << node.type();
    return json::string(other.str());
}

// A text as the value that the setting's type wants; lists are separated by commas.
json::value typed(Shape const& shape, std::string const& text) {
    if (shape.kind == Kind::array) {
        json::array list;
        std::istringstream parts(text);
        for (std::string part; std::getline(parts, part, ',');) list.push_back(typed(*shape.inner, std::string(trimmed(part))));
        return list;
    }
    std::int64_t number = 0;
    auto const* end = text.data() + text.size();
    bool const whole = !text.empty() && std::from_chars(text.data(), end, number).ptr == end;
    if ((shape.kind == Kind::integer || shape.kind == Kind::number) && whole) return number;
    if (shape.kind == Kind::boolean && (text == "true" || text == "false")) return text == "true";
    return json::string(text);
}

Result<void> apply(Settings& settings, json::value const& patch) {
    auto patched = patchJson(shapeOf<Settings>(), &settings, patch, shapeOf<Settings>());
    if (patched) return ok;
    auto const error = patched.error();
    if (error.fields.empty()) return error;
    auto name = error.fields.front().path.substr(1);
    std::replace(name.begin(), name.end(), '/', '.');
    return wrong(name, error.fields.front().code == "unknown" ? "there is no such setting." : error.fields.front().message);
}

Result<void> applyText(Settings& settings, std::string const& path, std::string const& text) {
    std::istringstream steps(path);
    std::vector<std::string> names;
    for (std::string name; std::getline(steps, name, '.');) names.push_back(name);
    auto const* shape = shapeAt(shapeOf<Settings>(), path);
    bool const inMap = shape == nullptr && names.size() == 3 && path.starts_with("payments.min.");
    if ((shape == nullptr && !inMap) || (shape != nullptr && shape->kind == Kind::record)) return wrong(path, "there is no such setting.");
    json::value value = inMap ? typed(shapeOf<std::int64_t>(), text) : typed(*shape, text);
    for (auto name = names.rbegin(); name != names.rend(); ++name) value = json::object{{*name, std::move(value)}};
    return apply(settings, value);
}

Result<void> applyFile(Settings& settings, std::string const& file) {
    try {
        return apply(settings, fromToml(toml::parse_file(file)));
    } catch (toml::parse_error const& error) {
        std::ostringstream where;
        where << error.source().begin;
        return wrong(file, std::string(error.description()) + " at " + where.str());
    }
}

// Test harnesses and crash points have names of their own.
bool isSetting(std::string_view name) {
    return name.starts_with("VISAVIS_") && !name.starts_with("VISAVIS_TEST_") && !name.starts_with("VISAVIS_SIM_") &&
           name != "VISAVIS_CRASH_AT" && name != "VISAVIS_MONGO_HOME";
}

Result<void> applyEnvironment(Settings& settings, std::string const& entry) {
    auto const equals = entry.find('=');
    if (equals == entry.npos || !isSetting(entry.substr(0, equals))) return ok;
    auto path = lowered(std::string_view(entry).substr(8, equals - 8));
    for (auto at = path.find("__"); at != path.npos; at = path.find("__")) path.replace(at, 2, ".");
    return applyText(settings, path, entry.substr(equals + 1));
}

bool isLoopback(std::string_view url) {
    auto const start = url.find("://");
    auto const host = start == url.npos ? url : url.substr(start + 3);
    return host.starts_with("127.") || host.starts_with("localhost") || host.starts_with("[::1]") || host.starts_with("::1");
}

} // namespace

Result<Settings> loadSettings(Sources const& sources) {
    Settings settings;
    if (!sources.file.empty()) CHECK(applyFile(settings, sources.file));
    for (auto const& entry : sources.environment) CHECK(applyEnvironment(settings, entry));
    for (auto const& entry : sources.sets) {
        auto const equals = entry.find('=');
        if (equals == entry.npos) return wrong(entry, "must be written name=value.");
        CHECK(applyText(settings, entry.substr(0, equals), entry.substr(equals + 1)));
    }
    for (auto const& [path, text] : sources.flags) CHECK(applyText(settings, path, text));
    CHECK(checkSettings(settings));
    return settings;
}

std::string publicUrlOf(Settings const& settings, std::string const& listening) {
    auto url = settings.public_url.empty() ? "http://" + listening : settings.public_url;
    while (url.ends_with('/')) url.pop_back();
    return url;
}

Result<void> checkSettings(Settings const& settings) {
    bool const sandboxed = !settings.sandbox.listen.empty();
    bool const live = !sandboxed && settings.payments.stripe_secret_key.starts_with("sk_live_");
    auto const& auth = settings.auth;
    if (auth.bcrypt_cost < 4 || auth.bcrypt_cost > 31) return wrong("auth.bcrypt_cost", "must be between 4 and 31.");
    if (live && auth.bcrypt_cost < 10) return wrong("auth.bcrypt_cost", "must be at least 10 with live providers.");
    if (live && !settings.limits.enabled) return wrong("limits.enabled", "must be true with live providers.");
    if (live && !settings.payments.stripe_api_base.starts_with("https://"))
        return wrong("payments.stripe_api_base", "must be https with live keys.");
    if (live && !settings.mail.require_tls) return wrong("mail.require_tls", "must be true with live providers.");
    if (sandboxed && !settings.public_url.empty() && !isLoopback(settings.public_url) && !settings.sandbox.allow_public)
        return wrong("sandbox.listen", "the sandbox is refused with a public address; set sandbox.allow_public to insist.");
    if (settings.payments.platform_fee_percentage < 0 || settings.payments.platform_fee_percentage > 100)
        return wrong("payments.platform_fee_percentage", "must be between 0 and 100.");
    auto const& url = settings.store.url;
    if (!url.empty() && !url.starts_with("mongodb://") && !url.starts_with("mongodb+srv://"))
        return wrong("store.url", "must begin with mongodb:// or mongodb+srv://; without it the embedded store is used.");
    if (settings.store.connections < 1 || settings.store.connections > 1000)
        return wrong("store.connections", "must be between 1 and 1000.");
    if (settings.store.lease < 1 || settings.store.lease > 3600) return wrong("store.lease", "must be between 1 and 3600 seconds.");
    if (settings.http.workers < 1 || settings.http.workers > 1024) return wrong("http.workers", "must be between 1 and 1024.");
    if (settings.http.io_threads < 1 || settings.http.io_threads > 64) return wrong("http.io_threads", "must be between 1 and 64.");
    return ok;
}

} // namespace visavis::app
