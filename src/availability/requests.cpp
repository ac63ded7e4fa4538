// Customers ask for times that are not offered, and how long specialists take to answer.
#include "availability/api.hpp"
#include "availability/events.hpp"
#include "identity/limits.hpp"
#include "store/outbox.hpp"

namespace visavis::availability {
namespace {

RequestView viewOf(Reader& reader, AvailabilityRequest const& request) {
    auto view = project<RequestView>(request);
    if (auto const it = reader.get(profiles::specialists, request.specialistId))
        view.specialist = RequestParty{it->id.id, it->creatorName, it->profileImage, it->availability.timezone};
    if (auto const it = reader.get(profiles::customers, request.customerId))
        view.customer = RequestParty{it->id.id, it->name, it->profileImage, it->timezone};
    return view;
}

Result<void> checkTimes(RequestInput const& input, Instant now) {
    if (input.to <= input.from) return invalid("/to", "order", "Must be after from.");
    if (input.to <= now) return invalid("/to", "past", "Must lie ahead.");
    return ok;
}

Result<void> checkQuota(Call& call) {
    return identity::limited(call, "availability_request", call.customer().hex(), call.platform.limits.requests_per_hour, Hours(1));
}

} // namespace

Result<identity::Created<RequestView>> createRequest(Call& call, RequestInput const& input) {
    CHECK(checkTimes(input, call.now));
    auto const known = visavis::read(call.store, [&](Reader& reader) { return profiles::publishedSpecialist(reader, input.id); });
    if (!known) return notFound();
    CHECK(checkQuota(call));
    return call.transact([&](Tx& tx) -> Result<identity::Created<RequestView>> {
        AvailabilityRequest request;
        request.id = call.newId<AvailabilityRequest>();
        request.specialistId = known->id;
        request.customerId = call.customer();
        request.from = input.from;
        request.to = input.to;
        request.message = input.message;
        request.createdAt = call.now;
        CHECK(tx.insert(availabilityRequests, request));
        CHECK(visavis::emit(tx, AvailabilityRequested{request.id}, request.id.hex(), call.now));
        return identity::Created<RequestView>{viewOf(tx, request)};
    });
}

Result<Page<RequestView>> listRequests(Call& call, identity::PageQuery const& input) {
    auto const& it = availabilityRequests;
    if (!call.who.specialistId && !call.who.customerId) return Page<RequestView>{}; // staff are no side of any
    auto const own = call.who.specialistId ? it->specialistId == *call.who.specialistId : it->customerId == call.customer();
    return visavis::read(call.store, [&](Reader& reader) -> Result<Page<RequestView>> {
        TRY(auto const page, reader.find(it, own)
                                 .sort(desc(it->createdAt), desc(it->id))
                                 .limit(identity::pageSize(input.limit))
                                 .page(input.cursor.value_or("")));
        Page<RequestView> shown{{}, page.nextCursor};
        for (auto const& request : page.items) shown.items.push_back(viewOf(reader, request));
        return shown;
    });
}

Result<void> answerRequests(Tx& tx, Ref<Specialist> specialistId, Ref<Customer> customerId, Instant now) {
    auto const& it = availabilityRequests;
    auto const open = tx.find(it, it->specialistId == specialistId && it->customerId == customerId && absent(it->answeredAt)).all();
    if (open.empty()) return ok;
    Millis waited{0};
    for (auto const& request : open) {
        CHECK(tx.update(it, it->id == request.id, set(it->answeredAt, now)));
        waited += now - request.createdAt;
    }
    return profiles::countAnswers(tx, specialistId, static_cast<std::int64_t>(open.size()), waited);
}

} // namespace visavis::availability
