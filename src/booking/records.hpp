// bookings and the claims that make overlapping ones impossible.
#pragma once

#include "payments/records.hpp"

namespace visavis::booking {

using availability::Slot;
using identity::User;
using payments::Payment;
using profiles::Customer;
using profiles::Specialist;

WORDS(BookingStatus, pending, confirmed, cancelled, completed, noShow)
WORDS(CancellationStatus, notCancelled, cancelledBySpecialist, cancelledByCustomer)
WORDS(CancelReason, hold_expired, platform, by_customer, by_specialist)
WORDS(Party, customer, specialist)

struct StatusChange {
    BookingStatus status{};
    Instant changedAt;
    std::optional<Ref<User>> changedBy; // absent: the platform itself
    std::optional<Lines<0, 500>> reason;
};
RECORD(StatusChange, status, changedAt, changedBy, reason)

struct Cancellation {
    CancellationStatus status{};
    std::optional<Instant> cancelledAt;
    std::optional<Lines<0, 500>> reason;
    std::optional<Instant> requestedAt;
    std::optional<Instant> approvedAt;
};
RECORD(Cancellation, status, cancelledAt, reason, requestedAt, approvedAt)

struct Meeting {
    std::optional<std::string> zoomMeetingId;
    std::optional<std::string> zoomLink;
    std::optional<Secret> zoomStartUrl; // logs in as the host
    std::optional<std::string> zoomJoinUrl;
    std::optional<std::string> googleMeetLink;
    std::optional<Instant> startedAt;
    std::optional<Instant> endedAt;
    std::optional<std::int64_t> actualDuration; // minutes
    std::optional<std::string> recordingId;
    std::optional<std::string> recordingUrl;
    std::optional<std::int64_t> recordingDuration;
    std::optional<Instant> recordingExpiryDate;
    std::optional<bool> recordingNotificationSent;
};
RECORD(Meeting, zoomMeetingId, zoomLink, zoomStartUrl, zoomJoinUrl, googleMeetLink, startedAt, endedAt, actualDuration, recordingId,
       recordingUrl, recordingDuration, recordingExpiryDate, recordingNotificationSent)

struct Attendance {
    std::optional<bool> specialistJoined;
    std::optional<bool> customerJoined;
    std::optional<Instant> specialistJoinedAt;
    std::optional<Instant> customerJoinedAt;
    std::optional<Instant> specialistLeftAt;
    std::optional<Instant> customerLeftAt;
};
RECORD(Attendance, specialistJoined, customerJoined, specialistJoinedAt, customerJoinedAt, specialistLeftAt, customerLeftAt)

struct Feedback {
    std::optional<Bounded<1, 5>> customerRating;
    std::optional<Lines<0, 5000>> customerReview;
    std::optional<Bounded<1, 5>> specialistRating;
    std::optional<Lines<0, 5000>> specialistReview;
    std::optional<Instant> ratedAt;
};
RECORD(Feedback, customerRating, customerReview, specialistRating, specialistReview, ratedAt)

struct Rescheduling {
    Ref<Slot> fromSlotId;
    Ref<Slot> toSlotId;
    Instant rescheduledAt;
    Ref<User> rescheduledBy;
    std::optional<Lines<0, 500>> reason;
    std::optional<Party> party; // who moved it; absent: staff
};
RECORD(Rescheduling, fromSlotId, toSlotId, rescheduledAt, rescheduledBy, reason, party)

// Whoever is said to have been absent says it of the other: the payout waits until an admin has decided.
struct NoShowContest {
    Party party{}; // who was absent instead
    Instant contestedAt;
    Ref<User> contestedBy;
    std::optional<Instant> decidedAt;
    std::optional<Ref<User>> decidedBy;
};
RECORD(NoShowContest, party, contestedAt, contestedBy, decidedAt, decidedBy)

// The seed's spelling, which alone among its members is not camelCase.
struct Reminders {
    bool day_before_sent = false;
    bool hour_before_sent = false;
    bool post_session_sent = false;
};
RECORD(Reminders, day_before_sent, hour_before_sent, post_session_sent)

struct Booking {
    Ref<Booking> id;
    Ref<Slot> slotId;
    Ref<Specialist> specialistId;
    Ref<Customer> customerId;

    BookingStatus status{};
    std::vector<StatusChange> statusHistory;

    std::optional<Text<1, 60>> consultationType;
    std::int64_t sessionDuration = 0; // minutes
    MinorUnits sessionPrice = 0;      // this and what follows is fixed at creation
    Currency currency;
    std::optional<std::int64_t> platformFeePercentage; // not the customer's to see
    std::int64_t bufferMinutes = 0;
    profiles::CancellationPolicy policy;

    Instant startsAt;
    Instant endsAt;
    std::optional<Instant> holdExpiresAt; // while pending
    std::optional<Ref<Payment>> paidWith; // whose money confirmed it; any other one goes back

    Cancellation cancellation;
    std::optional<CancelReason> cancelReason;
    std::optional<Party> noShowParty; // who was absent
    std::optional<NoShowContest> noShowContest;

    std::optional<Lines<0, 2000>> customerNotes;
    std::optional<Lines<0, 5000>> specialistNotes; // the specialist's own

    Meeting meeting;
    Attendance attendance;
    std::optional<Feedback> feedback;
    std::vector<Rescheduling> rescheduleHistory;

    std::optional<Zone> timezone; // the customer's
    Reminders reminders;
    std::int64_t calendarSequence = 0; // iCalendar SEQUENCE
    bool holdExtended = false;         // asking for the payment extends the hold once

    Instant createdAt;
    Instant updatedAt;
    std::int64_t version = 0;
};
RECORD(Booking, id, slotId, specialistId, customerId, status, statusHistory, consultationType, sessionDuration, sessionPrice, currency,
       platformFeePercentage, bufferMinutes, policy, startsAt, endsAt, holdExpiresAt, paidWith, cancellation, cancelReason, noShowParty,
       noShowContest, customerNotes, specialistNotes, meeting, attendance, feedback, rescheduleHistory, timezone, reminders,
       calendarSequence, holdExtended, createdAt, updatedAt, version)

COLLECTION(Booking, bookings)

// The thread of a booking.
struct Message {
    Ref<Message> id;
    Ref<Booking> bookingId;
    Ref<User> senderId;
    Party from{};
    Lines<1, 5000> text;
    Instant createdAt;
};
RECORD(Message, id, bookingId, senderId, from, text, createdAt)

COLLECTION(Message, messages)

} // namespace visavis::booking
