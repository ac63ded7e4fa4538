// sessions: what really happened in a meeting, told by the conference provider's webhooks.
#pragma once

#include "booking/records.hpp"

namespace visavis::meetings {

struct Participant {
    std::optional<std::string> userId;
    std::optional<std::string> name;
    std::optional<std::string> email;
    Instant joinTime;
    std::optional<Instant> leaveTime;
    std::optional<std::int64_t> duration; // seconds between the two
};
RECORD(Participant, userId, name, email, joinTime, leaveTime, duration)

struct Session {
    Ref<Session> id;
    Ref<booking::Booking> bookingId;
    std::string zoomMeetingId;
    Ref<profiles::Specialist> specialistId;
    Ref<profiles::Customer> customerId;

    Instant scheduledStartTime;
    std::optional<Instant> actualStartTime;
    std::optional<Instant> actualEndTime;

    std::optional<std::int64_t> duration; // minutes, from the provider
    std::vector<Participant> participants;

    bool hasRecording = false;
    std::optional<std::string> recordingId;
    std::optional<std::string> recordingUrl;
    std::optional<std::int64_t> recordingDuration;

    bool screenshare = false;
    std::optional<std::int64_t> screenShareDuration;

    Instant createdAt;
    std::int64_t version = 0;
};
RECORD(Session, id, bookingId, zoomMeetingId, specialistId, customerId, scheduledStartTime, actualStartTime, actualEndTime, duration,
       participants, hasRecording, recordingId, recordingUrl, recordingDuration, screenshare, screenShareDuration, createdAt, version)

COLLECTION(Session, sessions)

} // namespace visavis::meetings
