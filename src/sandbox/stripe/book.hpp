// Stripe's books: every object as the JSON document it is on the wire, its events, and what shall happen later by itself.
#pragma once

#include "sandbox/json.hpp"
#include "sandbox/world.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace visavis::sandbox::stripe {

inline constexpr std::string_view apiVersion = "2026-10-28.endive";

// Members whose name begins with an underscore are our own notes ("_card", "_delivery") and never leave the house.
// Not safe for threads: the emulator's one lock guards it. Changes reach the journal together, with commit().
class Book {
public:
    explicit Book(World world);

    // Who asked for what is being changed: goes into the events.
    void actFor(std::string requestId, std::string idempotencyKey);

    std::string newId(std::string_view prefix); // "pi_" + 24 letters and digits
    Instant now() const { return world_.clock.now(); }
    std::int64_t seconds() const { return now().ms / 1000; }

    json::object const* find(std::string_view id) const;
    // The object of that id if it is of that kind ("payment_intent").
    json::object const* find(std::string_view kind, std::string_view id) const;
    json::object& add(json::object object);    // `id` and `object` say where
    json::object& change(std::string_view id); // the object must exist
    void erase(std::string_view id);
    // From the newest to the oldest, until the visitor says false.
    void visit(std::string_view kind, std::function<bool(json::object const&)> const& visitor) const;
    std::size_t count(std::string_view kind) const;
    // Position in creation order, to page by; 0 if there is none.
    std::uint64_t position(std::string_view id) const;

    // Writes an event about the object as it is now. `previous` = the former values of what an `.updated` event changed.
    void emit(std::string_view type, std::string_view id, json::object previous = {});
    // What to do with a new event that somebody wants to hear of; set by the courier.
    std::function<void(json::object& event)> onEvent;

    // Something that happens by itself, e.g. ("refund_outcome", "re_…") in five seconds.
    void schedule(Millis after, std::string_view what, std::string_view target);
    struct Due {
        std::string what;
        std::string target;
    };
    std::vector<Due> takeDue();
    // When the next one is due; far away if there is none.
    Instant nextDue() const;

    void keepAnswer(std::string_view idempotencyKey, json::object answer);
    json::object const* answer(std::string_view idempotencyKey) const; // nothing after 24 hours

    void commit();

private:
    struct Entry {
        json::object object;
        std::uint64_t position = 0;
    };
    using Shelf = std::vector<Entry*>;

    Entry& put(json::object object);

    World world_;
    std::string requestId_;
    std::string idempotencyKey_;
    std::unordered_map<std::string, std::unique_ptr<Entry>> entries_;
    std::unordered_map<std::string, Shelf> shelves_; // by kind, in order of creation
    std::unordered_map<std::string, json::object> answers_;
    std::set<std::string> changed_;
    Changes changes_;
    std::uint64_t positions_ = 0;
};

// What goes over the wire: without our notes.
json::object shown(json::object const& object);

} // namespace visavis::sandbox::stripe
