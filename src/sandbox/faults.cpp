// Reading, matching and using up fault rules.
#include "sandbox/faults.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace visavis::sandbox {

namespace {

constexpr std::string_view table = "faults";
constexpr std::size_t mostRules = 1'000;

struct Kind {
    std::string_view word;
    bool forWebhooksOnly;
    std::int64_t least; // of `value`
    std::int64_t most;  // 0: there is no value
    bool valueNeeded;
};

constexpr std::array kinds{
    Kind{"latency", false, 0, 600'000, true}, Kind{"status", false, 100, 599, true},  Kind{"timeout_after_success", false, 0, 0, false},
    Kind{"reset", false, 0, 0, false},        Kind{"duplicate", true, 2, 100, false}, Kind{"reorder", true, 0, 0, false},
    Kind{"drop", true, 0, 0, false},
};

Kind const* kindOf(std::string_view word) {
    auto const found = std::find_if(kinds.begin(), kinds.end(), [&](Kind const& kind) { return kind.word == word; });
    return found == kinds.end() ? nullptr : found;
}

bool isWebhook(std::string_view match) { return match.starts_with("webhook:"); }

bool fits(std::string_view match, std::string_view subject) {
    if (!isWebhook(match)) return !isWebhook(subject) && subject.starts_with(match);
    if (match.ends_with('*')) return subject.starts_with(match.substr(0, match.size() - 1));
    return match == subject;
}

void apply(Faults& faults, std::string_view kind, std::optional<std::int64_t> value) {
    if (kind == "latency") faults.latency = Millis(*value);
    if (kind == "status") faults.status = static_cast<int>(*value);
    if (kind == "timeout_after_success") faults.timeoutAfterSuccess = true;
    if (kind == "reset") faults.reset = true;
    if (kind == "duplicate") faults.copies = static_cast<int>(value.value_or(2));
    if (kind == "reorder") faults.reorder = true;
    if (kind == "drop") faults.drop = true;
}

Result<void> checkNames(json::object const& rule, std::string const& at) {
    static constexpr std::array<std::string_view, 5> known{"provider", "match", "kind", "times", "value"};
    for (auto const& member : rule) {
        if (std::find(known.begin(), known.end(), std::string_view(member.key())) == known.end()) {
            return invalid(at + "/" + std::string(member.key()), "unknown_member", "There is no such member.");
        }
    }
    return ok;
}

Result<std::int64_t> wholeNumber(json::object const& rule, std::string_view name, std::string const& at, std::int64_t least,
                                 std::int64_t most) {
    auto const* member = rule.if_contains(name);
    auto const* number = member ? member->if_int64() : nullptr;
    if (number && *number >= least && *number <= most) return *number;
    return invalid(at + "/" + std::string(name), "range",
                   "Must be a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ".");
}

} // namespace

FaultRules::FaultRules(Journal& journal) : journal_(journal) {
    for (auto const& [id, value] : journal_.take(table)) [[maybe_unused]] auto const done = replace(value);
}

Result<FaultRules::Rule> FaultRules::read(json::value const& value, std::string const& at) {
    auto const* object = value.if_object();
    if (!object) return invalid(at, "type", "Must be an object.");
    CHECK(checkNames(*object, at));
    Rule rule{std::string(textOf(*object, "provider")), std::string(textOf(*object, "match")), std::string(textOf(*object, "kind")), 0, {}};
    if (rule.provider != "stripe" && rule.provider != "smtp") return invalid(at + "/provider", "unknown_word", "Must be stripe or smtp.");
    if (rule.match.empty()) return invalid(at + "/match", "required", "Must be a method and path prefix, or webhook:TYPE.");
    auto const* kind = kindOf(rule.kind);
    if (!kind) return invalid(at + "/kind", "unknown_word", "There is no such kind of fault.");
    if (kind->forWebhooksOnly && !isWebhook(rule.match)) return invalid(at + "/match", "mismatch", "This kind is for webhook:TYPE only.");
    TRY(rule.times, wholeNumber(*object, "times", at, 0, std::numeric_limits<int>::max()));
    bool const given = has(*object, "value");
    if (given && kind->most == 0) return invalid(at + "/value", "mismatch", "This kind has no value.");
    if (given || kind->valueNeeded) {
        TRY(rule.value, wholeNumber(*object, "value", at, kind->least, kind->most));
    }
    return rule;
}

Result<void> FaultRules::replace(json::value const& body) {
    auto const* object = body.if_object();
    auto const* given = object ? object->if_contains("rules") : nullptr;
    if (!object) return invalid("", "type", "Must be an object.");
    if (!given || !given->is_array() || given->get_array().size() > mostRules) return invalid("/rules", "type", "Must be a list of rules.");
    if (object->size() != 1) return invalid("", "unknown_member", "There is no other member than `rules`.");
    std::vector<Rule> rules;
    for (auto const& value : given->get_array()) {
        TRY(auto rule, read(value, "/rules/" + std::to_string(rules.size())));
        rules.push_back(std::move(rule));
    }
    std::lock_guard const lock(mutex_);
    rules_ = std::move(rules);
    keep();
    return ok;
}

json::object FaultRules::list() const {
    std::lock_guard const lock(mutex_);
    return document();
}

json::object FaultRules::document() const {
    json::array rules;
    for (auto const& rule : rules_) {
        json::object one{{"provider", rule.provider}, {"match", rule.match}, {"kind", rule.kind}, {"times", rule.times}};
        if (rule.value) one["value"] = *rule.value;
        rules.push_back(std::move(one));
    }
    return {{"rules", std::move(rules)}};
}

void FaultRules::keep() {
    Changes changes;
    changes.put(table, "all", document());
    journal_.append(changes);
}

Faults FaultRules::take(std::string_view provider, std::string_view subject) {
    Faults faults;
    std::lock_guard const lock(mutex_);
    std::vector<std::string_view> seen;
    for (auto& rule : rules_) {
        if (rule.times == 0 || rule.provider != provider || !fits(rule.match, subject)) continue;
        if (std::find(seen.begin(), seen.end(), rule.kind) != seen.end()) continue;
        seen.push_back(rule.kind);
        --rule.times;
        apply(faults, rule.kind, rule.value);
    }
    if (!seen.empty()) keep();
    return faults;
}

} // namespace visavis::sandbox
