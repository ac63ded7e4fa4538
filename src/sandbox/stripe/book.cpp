// Objects by id and by kind, events and effects to come; all of it in the journal.
#include "sandbox/stripe/book.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>

namespace visavis::sandbox::stripe {

namespace {

constexpr std::string_view objects = "stripe";
constexpr std::string_view answerTable = "stripe_answers";
constexpr std::string_view effect = "_effect";
constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::int64_t answersKept = 24 * 3600; // seconds (providers.md §1.9)

} // namespace

Book::Book(World world) : world_(world) {
    for (auto& [id, value] : world_.journal.take(objects)) put(std::move(value.get_object()));
    for (auto& [key, value] : world_.journal.take(answerTable)) answers_[key] = std::move(value.get_object());
}

void Book::actFor(std::string requestId, std::string idempotencyKey) {
    requestId_ = std::move(requestId);
    idempotencyKey_ = std::move(idempotencyKey);
}

std::string Book::newId(std::string_view prefix) {
    std::array<unsigned char, 24> bytes{};
    world_.rng.fill(bytes.data(), bytes.size());
    std::string id(prefix);
    for (auto const byte : bytes) id += letters[byte % letters.size()];
    return id;
}

json::object const* Book::find(std::string_view id) const {
    auto const found = entries_.find(std::string(id));
    return found == entries_.end() ? nullptr : &found->second->object;
}

json::object const* Book::find(std::string_view kind, std::string_view id) const {
    auto const* object = find(id);
    return object && textOf(*object, "object") == kind ? object : nullptr;
}

Book::Entry& Book::put(json::object object) {
    auto entry = std::make_unique<Entry>(Entry{std::move(object), ++positions_});
    auto& kept = *entry;
    shelves_[std::string(textOf(kept.object, "object"))].push_back(&kept);
    entries_[std::string(textOf(kept.object, "id"))] = std::move(entry);
    return kept;
}

json::object& Book::add(json::object object) {
    auto& kept = put(std::move(object)).object;
    changed_.emplace(textOf(kept, "id"));
    return kept;
}

json::object& Book::change(std::string_view id) {
    auto const found = entries_.find(std::string(id));
    assert(found != entries_.end());
    changed_.emplace(id);
    return found->second->object;
}

void Book::erase(std::string_view id) {
    auto const found = entries_.find(std::string(id));
    if (found == entries_.end()) return;
    std::erase(shelves_[std::string(textOf(found->second->object, "object"))], found->second.get());
    entries_.erase(found);
    changed_.erase(std::string(id));
    changes_.erase(objects, id);
}

void Book::visit(std::string_view kind, std::function<bool(json::object const&)> const& visitor) const {
    auto const shelf = shelves_.find(std::string(kind));
    if (shelf == shelves_.end()) return;
    for (auto entry = shelf->second.rbegin(); entry != shelf->second.rend(); ++entry) {
        if (!visitor((*entry)->object)) return;
    }
}

std::size_t Book::count(std::string_view kind) const {
    auto const shelf = shelves_.find(std::string(kind));
    return shelf == shelves_.end() ? 0 : shelf->second.size();
}

std::uint64_t Book::position(std::string_view id) const {
    auto const found = entries_.find(std::string(id));
    return found == entries_.end() ? 0 : found->second->position;
}

void Book::emit(std::string_view type, std::string_view id, json::object previous) {
    auto const* object = find(id);
    assert(object);
    json::object data{{"object", shown(*object)}};
    if (!previous.empty()) data["previous_attributes"] = std::move(previous);
    json::object request{{"id", nullptr}, {"idempotency_key", nullptr}};
    if (!requestId_.empty()) request["id"] = requestId_;
    if (!idempotencyKey_.empty()) request["idempotency_key"] = idempotencyKey_;
    auto& event = add({{"id", newId("evt_")},
                       {"object", "event"},
                       {"api_version", text(apiVersion)},
                       {"created", seconds()},
                       {"data", std::move(data)},
                       {"livemode", false},
                       {"pending_webhooks", 0},
                       {"request", std::move(request)},
                       {"type", text(type)}});
    if (onEvent) onEvent(event);
}

void Book::schedule(Millis after, std::string_view what, std::string_view target) {
    add({{"id", newId("_effect_")}, {"object", text(effect)}, {"at", (now() + after).ms}, {"what", text(what)}, {"target", text(target)}});
}

std::vector<Book::Due> Book::takeDue() {
    std::vector<Due> due;
    std::vector<std::string> done;
    auto const shelf = shelves_.find(std::string(effect));
    if (shelf == shelves_.end()) return due;
    for (auto const* entry : shelf->second) {
        if (numberOf(entry->object, "at") > now().ms) continue;
        due.push_back({std::string(textOf(entry->object, "what")), std::string(textOf(entry->object, "target"))});
        done.emplace_back(textOf(entry->object, "id"));
    }
    for (auto const& id : done) erase(id);
    return due;
}

Instant Book::nextDue() const {
    Instant next{std::numeric_limits<std::int64_t>::max()};
    visit(effect, [&](json::object const& one) {
        next = std::min(next, Instant{numberOf(one, "at")});
        return true;
    });
    return next;
}

void Book::keepAnswer(std::string_view idempotencyKey, json::object answer) {
    answer["at"] = seconds();
    changes_.put(answerTable, idempotencyKey, answer);
    answers_[std::string(idempotencyKey)] = std::move(answer);
}

json::object const* Book::answer(std::string_view idempotencyKey) const {
    auto const found = answers_.find(std::string(idempotencyKey));
    if (found == answers_.end() || numberOf(found->second, "at") + answersKept < seconds()) return nullptr;
    return &found->second;
}

void Book::commit() {
    for (auto const& id : changed_) {
        if (auto const* object = find(id)) changes_.put(objects, id, *object);
    }
    changed_.clear();
    world_.journal.append(std::exchange(changes_, {}));
}

json::object shown(json::object const& object) {
    json::object out;
    for (auto const& member : object) {
        if (!member.key().starts_with('_')) out[member.key()] = member.value();
    }
    return out;
}

} // namespace visavis::sandbox::stripe
