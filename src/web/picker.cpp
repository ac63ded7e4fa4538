// Days and times of a picker; both zones, and the days on which one of them changes its clocks.
#include "web/picker.hpp"

#include "web/people.hpp"
#include "web/zones.hpp"

#include <algorithm>

namespace visavis::web {
namespace {

constexpr int daysShown = 7;

availability::SlotQuestion questionOf(Instant from, std::optional<Instant> to, std::int64_t duration, std::int64_t limit) {
    availability::SlotQuestion question;
    question.from = toRfc3339(from);
    if (to) question.to = toRfc3339(*to);
    question.duration = availability::SessionMinutes{duration};
    question.limit = Bounded<1, 2000>{limit};
    return question;
}

std::string shortWeekday(Language language, LocalDate date) {
    auto const& name = notifications::tableOf(language).weekdays.at(static_cast<std::size_t>(date.weekday()));
    return name.substr(0, language == Language::de ? 2 : 3);
}

// "04:00", with the day where the specialist's calendar shows another one.
std::string ownTime(Language language, Wall const& own, LocalDate readersDay) {
    return own.date == readersDay ? clockTime(own) : clockTime(own) + " (" + shortWeekday(language, own.date) + ")";
}

// What the clocks of a zone do on a local day, if anything.
std::string changeOn(Messages const& t, Zone const& zone, LocalDate day) {
    auto const start = zone.startOf(day);
    auto const change = zone.nextChange(start - Millis(1));
    if (!change || *change >= zone.startOf(day + 1)) return {};
    auto const before = zone.at(*change - Millis(1));
    auto const after = zone.at(*change);
    auto const minutes = (after.offset - before.offset) / 60;
    auto const at = toText(LocalTime{static_cast<std::int16_t>((before.seconds + 60) / 60 % 1440)});
    auto const place = placeName(zone.name());
    return minutes > 0 ? t.clocks_forward(place, at, minutes) : t.clocks_back(place, at, -minutes);
}

std::string rangeText(Language language, LocalDate first, LocalDate last) {
    return shortDate(language, first) + " – " + shortDate(language, last);
}

std::string pickerLink(PickerAsk const& ask, std::int64_t duration, std::optional<LocalDate> from) {
    std::vector<http::Query::Pair> pairs;
    if (!ask.only) pairs.emplace_back("duration", std::to_string(duration));
    if (from) pairs.emplace_back("from", toText(*from));
    return ask.path + (pairs.empty() ? "" : "?" + http::formatQuery(pairs)) + "#times";
}

// Puts slots into the reader's calendar.
struct Builder {
    Messages const& t;
    profiles::Specialist const& specialist;
    PickerAsk const& ask;
    Zone zone; // the reader's
    Zone own = specialist.availability.timezone.value_or(Zone{});
    Language language = t.language();

    TimeChoice timeOf(availability::SlotView const& slot, int offsetOfDay) const {
        TimeChoice choice;
        auto const wall = zone.at(slot.startsAt);
        choice.time = clockTime(wall);
        if (wall.offset != offsetOfDay) choice.offset = offsetName(wall.offset);
        auto const ownWall = own.at(slot.startsAt);
        if (ownWall.offset != wall.offset) choice.ownTime = ownTime(language, ownWall, wall.date);
        if (slot.price != profiles::priceFor(specialist.consulting, slot.duration)) choice.price = priceText(t, slot.price, slot.currency);
        choice.href = ask.slots + slot.id.hex();
        return choice;
    }

    PickerDay dayOf(Instant first, Wall const& wall) const {
        PickerDay day;
        day.title = longDate(language, wall.date);
        day.offsets = offsetName(wall.offset);
        auto const ownWall = own.at(first);
        if (ownWall.offset != wall.offset) day.offsets += " · " + placeName(own.name()) + " " + offsetName(ownWall.offset);
        if (auto change = changeOn(t, zone, wall.date); !change.empty()) day.changes.push_back(std::move(change));
        if (own == zone) return day;
        if (auto change = changeOn(t, own, ownWall.date); !change.empty()) day.changes.push_back(std::move(change));
        return day;
    }

    std::vector<PickerDay> daysOf(std::vector<availability::SlotView> const& slots) const {
        std::vector<PickerDay> days;
        std::optional<LocalDate> current;
        int offset = 0;
        for (auto const& slot : slots) {
            auto const wall = zone.at(slot.startsAt);
            if (current != wall.date) {
                current = wall.date;
                offset = wall.offset;
                days.push_back(dayOf(slot.startsAt, wall));
            }
            days.back().times.push_back(timeOf(slot, offset));
        }
        return days;
    }
};

std::int64_t durationOf(Visit const& visit, profiles::Specialist const& specialist, PickerAsk const& ask) {
    if (ask.only) return *ask.only;
    auto const& consulting = specialist.consulting;
    for (auto const& minutes : consulting.sessionDurations)
        if (visit.given("duration") == std::to_string(static_cast<std::int64_t>(minutes))) return minutes;
    return consulting.defaultDuration;
}

} // namespace

Result<Picker> pickerOf(Visit& visit, Reader& reader, profiles::Specialist const& specialist, PickerAsk const& ask) {
    auto const own = specialist.availability.timezone.value_or(Zone{});
    Builder const build{visit.t, specialist, ask, ask.embedded ? Zone::load(visit.given("tz")).value_or(own) : visit.zone(own)};
    auto const& zone = build.zone;
    auto const duration = durationOf(visit, specialist, ask);
    auto const now = visit.call.now;
    Picker picker;
    picker.path = ask.path;
    picker.zone = zone.name();
    picker.ownZone = own.name();
    picker.ownPlace = placeName(own.name());
    picker.sameZone = zone == own;
    picker.zones = &zoneNames();
    picker.embedded = ask.embedded;
    picker.price = priceText(visit.t, profiles::priceFor(specialist.consulting, duration), specialist.consulting.currency);
    auto const wanted = parseDate(visit.given("from"));
    if (!ask.only) {
        picker.duration = std::to_string(duration);
        for (auto const& minutes : specialist.consulting.sessionDurations)
            picker.durations.push_back(
                {visit.t.minutes(static_cast<std::int64_t>(minutes)), pickerLink(ask, minutes, wanted), minutes == duration});
    }
    auto const today = zone.dateAt(now);
    picker.holdsUntil = zone.startOf(today + 1) - Millis(1);
    auto const listed = [&](availability::SlotQuestion const& question) -> Result<std::vector<availability::SlotView>> {
        TRY(auto found, availability::bookableSlots(reader, specialist, question, now));
        picker.holdsUntil = std::min(picker.holdsUntil, availability::holdsUntil(specialist, found.items, now));
        return std::move(found.items);
    };
    auto first = std::max(wanted.value_or(today), today);
    auto const firstFree = [&](LocalDate from) -> Result<std::optional<LocalDate>> {
        TRY(auto const found, listed(questionOf(zone.startOf(from), {}, duration, 1)));
        if (found.empty()) return std::optional<LocalDate>{};
        return std::optional(zone.dateAt(found.front().startsAt));
    };
    if (!wanted) {
        TRY(auto const free, firstFree(first));
        first = free.value_or(first);
    }
    auto const last = first + (daysShown - 1);
    TRY(auto const week, listed(questionOf(zone.startOf(first), zone.startOf(last + 1) - Millis(1), duration, 1000)));
    picker.days = build.daysOf(week);
    picker.from = wanted ? toText(first) : std::string();
    picker.range = rangeText(build.language, first, last);
    if (first > today) picker.earlier = pickerLink(ask, duration, std::max(today, first + -daysShown));
    TRY(auto const further, firstFree(last + 1));
    if (further) picker.later = pickerLink(ask, duration, last + 1);
    if (further && picker.days.empty()) {
        picker.nextFree = pickerLink(ask, duration, *further);
        picker.nextFreeDay = longDate(build.language, *further);
    }
    return picker;
}

When whenOf(Language language, Instant startsAt, Instant endsAt, Zone const& reader, Zone const& specialist) {
    auto const start = reader.at(startsAt);
    auto const end = reader.at(endsAt);
    When when{longDate(language, start.date), timeSpan(start, end), offsetName(start.offset), reader.name(), {}};
    auto const ownStart = specialist.at(startsAt);
    auto const ownEnd = specialist.at(endsAt);
    if (ownStart.offset == start.offset && ownEnd.offset == end.offset) return when;
    auto const day = ownStart.date == start.date ? std::string() : longDate(language, ownStart.date) + ", ";
    when.own = day + timeSpan(ownStart, ownEnd) + " " + placeName(specialist.name()) + " (" + offsetName(ownStart.offset) + ")";
    return when;
}

Result<std::vector<TimeChoice>> nearestTimes(Visit& visit, Reader& reader, profiles::Specialist const& specialist, Instant start,
                                             std::int64_t duration, std::string const& slots, std::size_t most) {
    PickerAsk const ask{{}, slots, duration, false};
    Builder const build{visit.t, specialist, ask, visit.zone(specialist.availability.timezone.value_or(Zone{}))};
    TRY(auto found,
        availability::bookableSlots(reader, specialist, questionOf(start - Days(7), start + Days(14), duration, 2000), visit.call.now));
    auto const distance = [&](availability::SlotView const& slot) { return std::abs((slot.startsAt - start).count()); };
    std::sort(found.items.begin(), found.items.end(), [&](auto const& a, auto const& b) { return distance(a) < distance(b); });
    if (found.items.size() > most) found.items.resize(most);
    std::sort(found.items.begin(), found.items.end(), [](auto const& a, auto const& b) { return a.startsAt < b.startsAt; });
    std::vector<TimeChoice> times;
    for (auto const& slot : found.items) {
        auto const wall = build.zone.at(slot.startsAt);
        auto choice = build.timeOf(slot, wall.offset);
        choice.time = dayName(build.language, wall.date) + ", " + choice.time;
        choice.offset = offsetName(wall.offset);
        times.push_back(std::move(choice));
    }
    return times;
}

} // namespace visavis::web
