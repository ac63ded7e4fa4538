// What reading and writing one stored booking costs: 37 members, five of them inside a nested record, as BSON and as JSON.
#include "record/bson.hpp"
#include "record/json.hpp"

#include <benchmark/benchmark.h>
#include <boost/json/serialize.hpp>

namespace visavis::sample {

WORDS(State, pending, confirmed, noShow)

struct Meeting {
    std::optional<std::string> zoomMeetingId;
    std::optional<Url> zoomJoinUrl;
    std::optional<Instant> startedAt;
    std::optional<Instant> endedAt;
    bool recordingNotificationSent = false;
};
RECORD(Meeting, zoomMeetingId, zoomJoinUrl, startedAt, endedAt, recordingNotificationSent)

struct Reservation {
    Ref<Reservation> id, slotId, specialistId, customerId;
    State status = State::confirmed;
    Text<0, 80> consultationType{"strategy-session"};
    std::int64_t sessionDuration = 60, sessionPrice = 15000;
    Currency currency;
    Zone timezone;
    Instant startsAt{1'772'355'600'000}, endsAt{1'772'359'200'000}, createdAt{1'772'000'000'123}, updatedAt{1'772'000'000'456};
    LocalDate date{20'513};
    LocalTime startTime{540}, endTime{600};
    Bounded<0, 240> bufferMinutes{15};
    Bounded<0, 100> feePercentage{20};
    Bounded<0, 100> refundPercentage{100};
    std::int64_t refundableBefore = 24, reschedules = 0, version = 7;
    std::optional<Instant> holdExpiresAt = Instant{1'772'000'900'000}, confirmedAt = Instant{1'772'000'300'000}, cancelledAt;
    std::optional<Lines<0, 2000>> customerNotes = Lines<0, 2000>{"I would like to talk about our plans for the next year."};
    std::optional<Lines<0, 2000>> specialistNotes;
    bool daySent = true, hourSent = false, postSent = false;
    Meeting meeting{"85746065432", Url{"https://us02web.zoom.us/j/85746065432?pwd=abcdefgh"}, Instant{1'772'355'630'000},
                    Instant{1'772'359'100'000}, false};
};
RECORD(Reservation, id, slotId, specialistId, customerId, status, consultationType, sessionDuration, sessionPrice, currency, timezone,
       startsAt, endsAt, createdAt, updatedAt, date, startTime, endTime, bufferMinutes, feePercentage, refundPercentage, refundableBefore,
       reschedules, version, holdExpiresAt, confirmedAt, cancelledAt, customerNotes, specialistNotes, daySent, hourSent, postSent, meeting)

Reservation reservation() {
    Reservation made;
    made.id.id = ObjectId::derived("reservation");
    made.slotId.id = ObjectId::derived("slot");
    made.timezone = Zone::load("America/New_York").value();
    made.cancelledAt = Instant{1'772'100'000'000};
    made.specialistNotes = Lines<0, 2000>{"Send the deck before."};
    return made;
}

} // namespace visavis::sample

namespace {

using namespace visavis;
using sample::Reservation;

void encodeBson(benchmark::State& state) {
    auto const value = sample::reservation();
    for (auto _ : state) benchmark::DoNotOptimize(toBson(value));
    state.counters["bytes"] = static_cast<double>(toBson(value).bytes.size());
}
BENCHMARK(encodeBson);

void decodeBson(benchmark::State& state) {
    auto const bytes = toBson(sample::reservation()).bytes;
    for (auto _ : state) benchmark::DoNotOptimize(fromBson<Reservation>(bytes));
}
BENCHMARK(decodeBson);

void encodeJson(benchmark::State& state) {
    auto const value = sample::reservation();
    for (auto _ : state) benchmark::DoNotOptimize(toJson(value));
    state.counters["bytes"] = static_cast<double>(toJson(value).size());
}
BENCHMARK(encodeJson);

void parseJsonText(benchmark::State& state) {
    auto const text = toJson(sample::reservation());
    for (auto _ : state) benchmark::DoNotOptimize(parseJson(text));
}
BENCHMARK(parseJsonText);

void decodeJson(benchmark::State& state) {
    auto const value = parseJson(toJson(sample::reservation())).value();
    for (auto _ : state) benchmark::DoNotOptimize(fromJson<Reservation>(value));
}
BENCHMARK(decodeJson);

} // namespace
