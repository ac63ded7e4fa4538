// Publishing, and reading what is behind a position.
#include "identity/live.hpp"

#include <charconv>

namespace visavis::identity {
namespace {

constexpr std::size_t pageLength = 100;

Result<std::int64_t> nextNumber(Tx& tx, Ref<User> userId) {
    Ref<LiveSequence> const id{userId.id};
    TRY(auto const counted, tx.take(liveSequences, liveSequences->id == id, Changes<LiveSequence>{}.inc(liveSequences->last, 1)));
    if (counted) return counted->last;
    TRY(bool const first, tx.insertIfAbsent(liveSequences, LiveSequence{id, 1, 0}));
    if (!first) return conflict("stale", "The record was changed meanwhile.");
    return std::int64_t{1};
}

std::int64_t lastOf(Reader& reader, Ref<User> userId) {
    auto const found = reader.get(liveSequences, Ref<LiveSequence>{userId.id});
    return found ? found->last : 0;
}

void append(std::string& text, LiveEvent const& event) {
    text += "id: " + std::to_string(event.sequence) + "\nevent: " + wordOf(event.kind) + "\ndata: " + event.data + "\n\n";
}

} // namespace

DEFINE_COLLECTION(LiveEvent, liveEvents) {
    auto const& it = paths<LiveEvent>();
    return collection<LiveEvent>("events").unique("event_taken", it.userId, it.sequence).index(it.at, it.id);
}

DEFINE_COLLECTION(LiveSequence, liveSequences) { return collection<LiveSequence>("eventSequences"); }

ObjectId liveGeneration() { return counterId(2); }

void wakeStreams(Tx& tx, Ref<User> userId) {
    tx.touch(userId.id);
    tx.touch(liveGeneration());
}

Result<void> publishText(Tx& tx, Ref<User> userId, LiveKind kind, std::string data, Instant now) {
    TRY(auto const number, nextNumber(tx, userId));
    LiveEvent event;
    event.id = {ObjectId::derived("event:" + userId.hex() + ":" + std::to_string(number))};
    event.userId = userId;
    event.sequence = number;
    event.kind = kind;
    event.data = std::move(data);
    event.at = now;
    CHECK(tx.insert(liveEvents, event));
    wakeStreams(tx, userId);
    return ok;
}

Result<void> meetPublishers(Tx& tx, Ref<User> userId) {
    Ref<LiveSequence> const id{userId.id};
    TRY(bool const counted, tx.update(liveSequences, liveSequences->id == id, Changes<LiveSequence>{}.inc(liveSequences->last, 0)));
    if (!counted) CHECK(tx.insertIfAbsent(liveSequences, LiveSequence{id, 0, 0}));
    return ok;
}

Result<void> expireEvents(Engine& store, Instant now) {
    constexpr std::size_t batch = 500;
    for (std::size_t found = batch; found == batch;) {
        TRY(found, transact(store, [&](Tx& tx) -> Result<std::size_t> {
                auto const old =
                    tx.find(liveEvents, liveEvents->at <= now - liveLifetime).sort(liveEvents->at, liveEvents->id).limit(batch).all();
                std::vector<Ref<LiveEvent>> ids;
                ids.reserve(old.size());
                for (auto const& event : old) ids.push_back(event.id);
                if (!ids.empty()) CHECK(tx.erase(liveEvents, in(liveEvents->id, ids)));
                return ids.size();
            }));
    }
    return ok;
}

std::optional<std::int64_t> startOf(Reader& reader, Ref<User> userId, std::string_view lastEventId) {
    auto const last = lastOf(reader, userId);
    if (lastEventId.empty()) return last;
    std::int64_t named = 0;
    auto const* const end = lastEventId.data() + lastEventId.size();
    auto const [read, ec] = std::from_chars(lastEventId.data(), end, named);
    if (ec != std::errc{} || read != end || named < 0 || named > last) return std::nullopt;
    return named;
}

// A missing number has expired: the client cannot be brought up to date from where it stands.
LivePage pageBehind(Reader& reader, Ref<User> userId, std::optional<std::int64_t> sent) {
    auto const last = lastOf(reader, userId);
    LivePage page{{}, sent.value_or(last), false};
    bool whole = sent && *sent <= last;
    if (whole) {
        auto const events = reader.find(liveEvents, liveEvents->userId == userId && liveEvents->sequence > *sent)
                                .sort(liveEvents->sequence)
                                .limit(pageLength)
                                .all();
        for (auto const& event : events) {
            whole = whole && event.sequence == page.sent + 1;
            if (!whole) break;
            append(page.text, event);
            page.sent = event.sequence;
        }
        page.more = page.sent < last;
        whole = whole && (!page.more || events.size() == pageLength);
    }
    if (whole) return page;
    return {"id: " + std::to_string(last) + "\nevent: reset\ndata: {}\n\n", last, false};
}

} // namespace visavis::identity
