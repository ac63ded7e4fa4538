// A specialist learns that a customer asks for a time that is not offered.
#include "notifications/news.hpp"
#include "store/outbox.hpp"

namespace visavis::notifications {
namespace {

using availability::AvailabilityRequest;

struct Asked {
    AvailabilityRequest request;
    profiles::Specialist specialist;
    profiles::Customer customer;
};

std::optional<Asked> askedBy(Reader& reader, Ref<AvailabilityRequest> id) {
    auto request = reader.get(availability::availabilityRequests, id);
    if (!request) return std::nullopt;
    auto specialist = reader.get(profiles::specialists, request->specialistId);
    auto customer = reader.get(profiles::customers, request->customerId);
    if (!specialist || !customer) return std::nullopt;
    return Asked{std::move(*request), std::move(*specialist), std::move(*customer)};
}

Values valuesOf(Asked const& asked, std::string const& publicUrl) {
    auto const zone = zoneOf(asked.specialist);
    auto const moment = [&](Instant at) { return sessionTime(Language::en, zone, at, at); };
    return {{"customer", asked.customer.name.value},
            {"from", moment(asked.request.from)},
            {"to", moment(asked.request.to)},
            {"message", asked.request.message ? asked.request.message->value : ""},
            {"link", linkOf(publicUrl, LinkKind::requests)}};
}

} // namespace

Result<void> onAvailabilityRequested(Platform& platform, availability::AvailabilityRequested const& event, Instant now) {
    return transact(platform.store, [&](Tx& tx) -> Result<void> {
        auto const asked = askedBy(tx, event.requestId);
        if (!asked) return ok;
        auto const body = noteBody(Language::en, NoteText::availabilityWanted, valuesOf(*asked, platform.publicUrl));
        Notification note;
        note.recipientId = asked->specialist.userId;
        note.id = notificationId("availability_request" + event.requestId.hex(), note.recipientId);
        note.type = NotificationType::availability_request;
        note.title = body.title;
        note.message = body.message;
        note.action = "view_request";
        note.actionUrl = linkOf(platform.publicUrl, LinkKind::requests);
        bool const mails = mayMail(MailKind::availability_request, asked->specialist.preferences);
        note.channels = {Channel::inApp};
        if (mails) note.channels.push_back(Channel::email);
        note.metadata = {asked->specialist.creatorName, asked->customer.name, asked->request.from};
        note.createdAt = now;
        note.expiresAt = now + lifetime;
        TRY(bool const fresh, put(tx, note, now));
        if (!fresh || !mails) return ok;
        MailDue const due{MailKind::availability_request, note.recipientId, note.id, {}, {}, {}, 0, {}, event.requestId};
        return emit(tx, due, effectKey(due), now);
    });
}

std::optional<Mail> requestMail(Reader& reader, Ref<AvailabilityRequest> requestId, Recipient const& to, Letterhead const& head) {
    auto const asked = askedBy(reader, requestId);
    if (!asked || !mayMail(MailKind::availability_request, asked->specialist.preferences)) return std::nullopt;
    return linkMail(MailText::availabilityWanted, Language::en, valuesOf(*asked, head.publicUrl), to, head);
}

} // namespace visavis::notifications
