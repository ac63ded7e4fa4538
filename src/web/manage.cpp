// /bookings/{id}: a session and everything that its two sides can do about it.
#include "booking/service.hpp"
#include "notifications/templates.hpp"
#include "reviews/api.hpp"
#include "web/handlers.hpp"
#include "web/pages.hpp"
#include "web/people.hpp"
#include "web/sessions.hpp"

namespace visavis::web {
namespace {

using booking::BookingStatus;
using booking::BookingView;
using booking::Party;

constexpr std::size_t shownMessages = 200;

struct Forms {
    Form cancel, message, review, note, absence;
};

// "20261201T150000Z", as calendars on the web want it.
std::string compact(Instant instant) {
    auto text = toRfc3339(instant);
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text.substr(0, text.find('.')) + "Z";
}

void addCalendars(Visit const& visit, BookingView const& view, ManagePage& content) {
    auto const title = http::percentEncode(visit.t.session_with(content.name));
    auto const link = http::percentEncode(visit.call.platform.publicUrl + "/bookings/" + content.id);
    content.google = "https://calendar.google.com/calendar/render?action=TEMPLATE&text=" + title + "&dates=" + compact(view.startsAt) +
                     "/" + compact(view.endsAt) + "&details=" + link;
    content.outlook = "https://outlook.live.com/calendar/0/deeplink/compose?subject=" + title +
                      "&startdt=" + http::percentEncode(toRfc3339(view.startsAt)) +
                      "&enddt=" + http::percentEncode(toRfc3339(view.endsAt)) + "&body=" + link;
}

// What has happened to the money, if any was asked for.
std::string moneyText(Visit const& visit, std::optional<payments::Payment> const& payment) {
    if (!payment) return {};
    auto const& t = visit.t;
    auto const paid = money(t.language(), payment->amount, payment->currency);
    if (payment->refund && payment->refund->refundAmount > 0) {
        auto const back = money(t.language(), payment->refund->refundAmount, payment->currency);
        return payment->refund->status == payments::RefundState::succeeded ? t.money_refunded(paid, back) : t.money_refunding(paid, back);
    }
    using enum payments::PaymentStatus;
    return payment->status == succeeded ? t.money_paid(paid) : payment->status == chargeback ? t.money_disputed(paid) : std::string();
}

void addCancellation(Visit& visit, BookingView const& view, booking::CancellationPreview const& preview, ManagePage& content) {
    auto const& t = visit.t;
    content.cancellable = preview.allowed && visit.mayAct();
    content.refund = std::to_string(preview.refundAmount);
    auto const refund = money(t.language(), preview.refundAmount, preview.currency);
    if (view.sessionPrice == 0 || view.status == BookingStatus::pending)
        content.cancelText = t.cancel_costs_nothing();
    else if (!content.isCustomer)
        content.cancelText = t.cancel_refunds_them(refund);
    else
        content.cancelText =
            preview.refundAmount > 0 ? t.cancel_refunds(refund, preview.refundPercentage) : std::string(t.cancel_refunds_nothing());
    if (preview.changesAt && content.isCustomer && view.status == BookingStatus::confirmed && preview.refundAmount > 0)
        content.cancelUntil = t.cancel_until(moment(visit, view, *preview.changesAt));
}

void addStatus(Visit& visit, BookingView const& view, ManagePage& content) {
    content.status = statusText(visit.t, view.status);
    content.kind = statusKind(view.status);
    content.isPending = view.status == BookingStatus::pending;
    content.isConfirmed = view.status == BookingStatus::confirmed;
    if (view.cancelReason) {
        using enum booking::CancelReason;
        bool const own = *view.cancelReason == (content.isCustomer ? by_customer : by_specialist);
        content.reason = own ? std::string(visit.t.cancelled_by_you())
                             : std::string(visit.t.plain("cancelled_" + std::string(wordOf(*view.cancelReason))));
    }
    if (view.noShowParty) content.reason = visit.t.plain("missed_" + std::string(wordOf(*view.noShowParty)));
    if (content.isPending && view.holdExpiresAt) content.holdUntil = moment(visit, view, *view.holdExpiresAt);
    auto const side = content.isCustomer ? Party::customer : Party::specialist;
    content.movable = booking::isReschedulable(view, side, visit.call.now) && visit.mayAct();
    content.reportable = booking::isAbsenceReportable(view, side, visit.call.now) && !visit.call.who.isStaff();
    if (view.noShowParty)
        content.absenceText = visit.t.absence_contest(content.name);
    else
        content.absenceText = content.isCustomer ? visit.t.absence_refunds(content.name) : std::string(visit.t.absence_refunds_nothing());
    content.completable = content.isConfirmed && !content.isCustomer && visit.call.now >= view.startsAt && visit.mayAct();
    bool const rated = view.feedback && view.feedback->customerRating;
    content.reviewable = view.status == BookingStatus::completed && content.isCustomer && !rated;
    if (rated) {
        auto const stars = static_cast<std::int64_t>(*view.feedback->customerRating);
        content.ownStars = visit.t.stars(stars);
        if (view.feedback->customerReview) content.ownReview = view.feedback->customerReview->value;
    }
}

// The room, while it is of use.
std::string joinLink(BookingView const& view) {
    if (view.status != BookingStatus::confirmed) return {};
    for (auto const& link : {view.meeting.zoomJoinUrl, view.meeting.zoomLink, view.meeting.googleMeetLink})
        if (link) return *link;
    return {};
}

Result<void> addMessages(Visit& visit, Ref<booking::Booking> id, BookingView const& view, ManagePage& content) {
    TRY(auto const thread, booking::latestMessages(visit.call, id, shownMessages));
    for (auto const& message : thread) {
        bool const mine = (message.from == Party::customer) == content.isCustomer;
        content.messages.push_back(
            {mine ? std::string(visit.t.you()) : content.name, message.text.value, moment(visit, view, message.createdAt), mine});
    }
    return ok;
}

Result<Answer> show(Visit& visit, Forms forms, int status) {
    TRY(auto const id, bookingIdOf(visit));
    TRY(auto const view, booking::getBooking(visit.call, {id, {}}));
    TRY(auto const preview, booking::showCancellation(visit.call, {id}));
    ManagePage content;
    content.id = id.hex();
    content.isCustomer = view.customerId == visit.call.who.customerId;
    if (auto const* other = otherSide(visit, view)) {
        content.name = other->name;
        content.image = picturePath(other->profileImage, visit.call.platform.publicUrl);
    }
    content.initials = initials(content.name);
    content.when = whenOf(visit, view);
    content.minutes = visit.t.minutes(view.sessionDuration);
    content.price = priceText(visit.t, view.sessionPrice, view.currency);
    if (view.customerNotes) content.notes = view.customerNotes->value;
    if (view.consultationType) content.consultation = view.consultationType->value;
    visavis::read(visit.call.store, [&](Reader& reader) {
        content.money = moneyText(visit, payments::paymentOf(reader, id));
        auto const specialist = reader.get(profiles::specialists, view.specialistId);
        if (specialist && content.isCustomer && specialist->published) content.slug = specialist->slug;
        return 0;
    });
    addStatus(visit, view, content);
    bool const isAhead = content.isPending || (content.isConfirmed && visit.call.now < view.startsAt);
    if (view.sessionPrice > 0 && isAhead) content.policy = notifications::policySentence(visit.language(), view.policy);
    if (view.paymentId && content.isCustomer) content.receipt = "/app/payments/" + view.paymentId->hex();
    addCancellation(visit, view, preview, content);
    content.notable = content.isCustomer && (content.isPending || content.isConfirmed);
    content.join = joinLink(view);
    if (content.isConfirmed) addCalendars(visit, view, content);
    if (!visit.call.who.isStaff()) CHECK(addMessages(visit, id, view, content));
    if (view.specialistId == visit.call.who.specialistId) content.dashboard = "/app/bookings/" + content.id;
    content.cancel = std::move(forms.cancel);
    content.message = std::move(forms.message);
    content.review = std::move(forms.review);
    content.note = std::move(forms.note);
    if (!content.note.failed()) content.note.values["customerNotes"] = content.notes;
    content.absence = std::move(forms.absence);
    auto frame = visit.frame(visit.t.session_with(content.name));
    frame.here = "/bookings/" + content.id;
    frame.otherLanguage = withParameter(frame.here, "lang", visit.t.other_language_code());
    auto answer = VISAVIS_PAGE(visit, manage, frame, content);
    answer.status = status;
    return answer;
}

// Back to the page, or the page with what is wrong in the form that `member` names.
template <class T> Result<Answer> after(Visit& visit, Result<T> const& outcome, std::string_view done, Form Forms::*member) {
    if (outcome) return redirect(withParameter("/bookings/" + visit.captures.front(), "done", done));
    auto const& error = outcome.error();
    if (error.code != Code::invalid && error.code != Code::conflict) return error;
    Forms forms;
    forms.*member = formOf(visit.form);
    explain(forms.*member, visit.t, error);
    return show(visit, std::move(forms), error.code == Code::invalid ? 422 : 409);
}

// The captured id goes into the record with what the form has.
template <class T> Result<T> inputOf(Visit const& visit) {
    auto sent = visit.form;
    std::erase_if(sent.pairs, [](auto const& pair) { return pair.first == "id"; });
    TRY(auto const id, bookingIdOf(visit));
    return recordOf<T>(sent, {{"id", id.hex()}});
}

} // namespace

Result<Answer> manage(Visit& visit) { return show(visit, {}, 200); }

Result<Answer> cancelBooking(Visit& visit) {
    auto const outcome = [&]() -> Result<BookingView> {
        TRY(auto const input, inputOf<booking::CancellationInput>(visit));
        TRY(auto const preview, booking::showCancellation(visit.call, {input.id}));
        // Nobody cancels for less than the page has said.
        if (preview.allowed && visit.sent("refund") != std::to_string(preview.refundAmount))
            return conflict("refund_changed", "The refund is another than the one that was shown.");
        return booking::cancelBooking(visit.call, input);
    }();
    return after(visit, outcome, "cancelled", &Forms::cancel);
}

Result<Answer> sendMessage(Visit& visit) {
    auto const outcome = [&]() -> Result<identity::Created<booking::Message>> {
        TRY(auto const input, inputOf<booking::NewMessage>(visit));
        return booking::sendMessage(visit.call, input);
    }();
    return after(visit, outcome, "message_sent", &Forms::message);
}

Result<Answer> completeBooking(Visit& visit) {
    if (!visit.call.who.specialistId) return denied();
    TRY(auto const id, bookingIdOf(visit));
    return after(visit, booking::completeBooking(visit.call, {id}), "completed", &Forms::cancel);
}

Result<Answer> noteBooking(Visit& visit) {
    auto const outcome = [&]() -> Result<BookingView> {
        TRY(auto const id, bookingIdOf(visit));
        booking::BookingPatch patch{id.id, objectOf(shapeOf<booking::BookingNotes>(), visit.form)};
        if (!patch.body.contains("customerNotes")) patch.body["customerNotes"] = nullptr;
        return booking::patchBooking(visit.call, patch);
    }();
    return after(visit, outcome, "noted", &Forms::note);
}

Result<Answer> reportAbsence(Visit& visit) {
    TRY(auto const id, bookingIdOf(visit));
    auto const absent = visit.isCustomer() ? Party::specialist : Party::customer;
    return after(visit, booking::reportAbsence(visit.call, {id, absent}), "absence_noted", &Forms::absence);
}

Result<Answer> reviewBooking(Visit& visit) {
    auto const outcome = [&]() -> Result<identity::Created<reviews::Review>> {
        TRY(auto const input, inputOf<reviews::NewReview>(visit));
        return reviews::createReview(visit.call, input);
    }();
    return after(visit, outcome, "reviewed", &Forms::review);
}

} // namespace visavis::web
