// The data model that adopters know, member by member: each must be there with its type, each index with exactly its keys.
#include "app/gen.hpp"
#include "record/schema.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace visavis::app {
namespace {

namespace json = boost::json;

// Types are those of the validator; "[string]" is a list of text. A `*` in a path stands for each weekday.
struct Member {
    char const* path;
    char const* type;
};

struct Words {
    char const* path;
    std::vector<std::string> words;
};

struct Index {
    char const* name; // of unique ones: the member's name
    std::vector<IndexKey> keys;
    bool unique = false;
};

struct Model {
    char const* collection;
    std::vector<Member> members;
    std::vector<Words> enums;
    std::vector<Index> indexes;
};

// clang-format off
std::vector<Model> const model{
    {"users",
     {{"_id", "objectId"}, {"email", "string"}, {"password", "string"}, {"name", "string"}, {"userType", "string"}, {"profileImage", "string"}, {"bio", "string"},
      {"phone", "string"}, {"isVerified", "bool"}, {"verificationToken", "string"}, {"verificationExpires", "date"}, {"googleAccessToken", "string"},
      {"zoomAccessToken", "string"}, {"lastLogin", "date"}, {"roles", "[string]"}, {"isActive", "bool"}, {"createdAt", "date"}, {"updatedAt", "date"}},
     {{"userType", {"specialist", "customer"}}},
     {{"email", {{"email"}}, true}}},

    {"creatorProfiles",
     {{"_id", "objectId"}, {"userId", "objectId"}, {"email", "string"}, {"creatorName", "string"}, {"bio", "string"}, {"phone", "string"}, {"location", "string"},
      {"company", "string"}, {"website", "string"}, {"profileImage", "string"}, {"headline", "string"}, {"specialties", "[string]"}, {"languages", "[string]"},
      {"certifications", "[string]"}, {"yearsOfExperience", "number"}, {"availability", "object"}, {"availability.timezone", "string"},
      {"availability.isAvailable", "bool"}, {"availability.workingHours", "object"}, {"availability.workingHours.*", "object"},
      {"availability.workingHours.*.enabled", "bool"}, {"availability.workingHours.*.startTime", "string"}, {"availability.workingHours.*.endTime", "string"},
      {"availability.breakTimes", "[object]"}, {"availability.breakTimes.day", "string"}, {"availability.breakTimes.startTime", "string"},
      {"availability.breakTimes.endTime", "string"}, {"availability.breakTimes.recurring", "bool"}, {"availability.unavailableDates", "[date]"},
      {"availability.minBookingNotice", "number"}, {"availability.maxAdvanceBooking", "number"}, {"availability.bufferTime", "number"}, {"consulting", "object"},
      {"consulting.sessionDurations", "[number]"}, {"consulting.defaultDuration", "number"}, {"consulting.basePrice", "number"}, {"consulting.currency", "string"},
      {"consulting.cancellationPolicy", "object"}, {"consulting.cancellationPolicy.refundableBefore", "number"},
      {"consulting.cancellationPolicy.refundPercentage", "number"}, {"paymentSettings", "object"}, {"paymentSettings.stripeAccountId", "string"},
      {"paymentSettings.bankAccountId", "string"}, {"paymentSettings.currency", "string"}, {"totalBookings", "number"}, {"totalEarnings", "number"},
      {"averageRating", "number"}, {"reviewCount", "number"}, {"responseTime", "number"}, {"subscriptionPlan", "string"}, {"isVerified", "bool"},
      {"createdAt", "date"}, {"updatedAt", "date"}},
     {{"subscriptionPlan", {"free", "pro"}}},
     {{"email", {{"email"}}, true}}},

    {"availabilitySchedules",
     {{"_id", "objectId"}, {"specialistId", "objectId"}, {"type", "string"}, {"weeklyPattern", "object"}, {"weeklyPattern.*", "object"},
      {"weeklyPattern.*.enabled", "bool"}, {"weeklyPattern.*.slots", "[object]"}, {"weeklyPattern.*.slots.startTime", "string"},
      {"weeklyPattern.*.slots.endTime", "string"}, {"weeklyPattern.*.slots.slotDuration", "number"}, {"weeklyPattern.*.slots.isAvailable", "bool"},
      {"dateExceptions", "[object]"}, {"dateExceptions.date", "date"}, {"dateExceptions.isAvailable", "bool"}, {"dateExceptions.slots", "[object]"},
      {"dateExceptions.slots.startTime", "string"}, {"dateExceptions.slots.endTime", "string"}, {"dateExceptions.slots.slotDuration", "number"},
      {"isActive", "bool"}, {"appliedFrom", "date"}, {"appliedTo", "date"}, {"createdAt", "date"}, {"updatedAt", "date"}},
     {{"type", {"weekly", "monthly", "custom"}}},
     {}},

    {"availabilitySlots",
     {{"_id", "objectId"}, {"specialistId", "objectId"}, {"scheduleId", "objectId"}, {"date", "date"}, {"startTime", "string"}, {"endTime", "string"},
      {"duration", "number"}, {"timezone", "string"}, {"price", "number"}, {"currency", "string"}, {"consultationType", "string"}, {"status", "string"},
      {"bookingId", "objectId"}, {"customerId", "objectId"}, {"bookedAt", "date"}, {"tags", "[string]"}, {"description", "string"}, {"isRecurring", "bool"},
      {"recurrenceRuleId", "objectId"}, {"parentSlotId", "objectId"}, {"isManuallyBlocked", "bool"}, {"blockReason", "string"}, {"createdAt", "date"},
      {"updatedAt", "date"}, {"expiredAt", "date"}},
     {{"status", {"available", "booked", "blocked", "expired"}}},
     {{"specialistId_1_date_1_status_1", {{"specialistId"}, {"date"}, {"status"}}},
      {"customerId_1_status_1", {{"customerId"}, {"status"}}},
      {"date_1", {{"date"}}}}},

    {"bookings",
     {{"_id", "objectId"}, {"slotId", "objectId"}, {"specialistId", "objectId"}, {"customerId", "objectId"}, {"status", "string"}, {"statusHistory", "[object]"},
      {"statusHistory.status", "string"}, {"statusHistory.changedAt", "date"}, {"statusHistory.changedBy", "objectId"}, {"statusHistory.reason", "string"},
      {"consultationType", "string"}, {"sessionDuration", "number"}, {"sessionPrice", "number"}, {"currency", "string"}, {"cancellation", "object"},
      {"cancellation.status", "string"}, {"cancellation.cancelledAt", "date"}, {"cancellation.reason", "string"}, {"cancellation.requestedAt", "date"},
      {"cancellation.approvedAt", "date"}, {"customerNotes", "string"}, {"specialistNotes", "string"}, {"meeting", "object"}, {"meeting.zoomMeetingId", "string"},
      {"meeting.zoomLink", "string"}, {"meeting.zoomStartUrl", "string"}, {"meeting.zoomJoinUrl", "string"}, {"meeting.googleMeetLink", "string"},
      {"meeting.startedAt", "date"}, {"meeting.endedAt", "date"}, {"meeting.actualDuration", "number"}, {"meeting.recordingId", "string"},
      {"meeting.recordingUrl", "string"}, {"meeting.recordingDuration", "number"}, {"meeting.recordingExpiryDate", "date"},
      {"meeting.recordingNotificationSent", "bool"}, {"attendance", "object"}, {"attendance.specialistJoined", "bool"}, {"attendance.customerJoined", "bool"},
      {"attendance.specialistJoinedAt", "date"}, {"attendance.customerJoinedAt", "date"}, {"attendance.specialistLeftAt", "date"},
      {"attendance.customerLeftAt", "date"}, {"feedback", "object"}, {"feedback.customerRating", "number"}, {"feedback.customerReview", "string"},
      {"feedback.specialistRating", "number"}, {"feedback.specialistReview", "string"}, {"feedback.ratedAt", "date"}, {"rescheduleHistory", "[object]"},
      {"rescheduleHistory.fromSlotId", "objectId"}, {"rescheduleHistory.toSlotId", "objectId"}, {"rescheduleHistory.rescheduledAt", "date"},
      {"rescheduleHistory.rescheduledBy", "objectId"}, {"rescheduleHistory.reason", "string"}, {"timezone", "string"}, {"reminders", "object"},
      {"reminders.day_before_sent", "bool"}, {"reminders.hour_before_sent", "bool"}, {"reminders.post_session_sent", "bool"}, {"createdAt", "date"},
      {"updatedAt", "date"}},
     {{"status", {"pending", "confirmed", "cancelled", "completed", "no-show"}},
      {"cancellation.status", {"not-cancelled", "cancelled-by-specialist", "cancelled-by-customer"}}},
     {{"slotId_1", {{"slotId"}}},
      {"specialistId_1_status_1", {{"specialistId"}, {"status"}}},
      {"customerId_1_status_1", {{"customerId"}, {"status"}}},
      {"meeting.zoomMeetingId_1", {{"meeting.zoomMeetingId"}}}}},

    {"payments",
     {{"_id", "objectId"}, {"bookingId", "objectId"}, {"specialistId", "objectId"}, {"customerId", "objectId"}, {"amount", "number"}, {"currency", "string"},
      {"platformFee", "number"}, {"platformFeePercentage", "number"}, {"specialistPayout", "number"}, {"stripePaymentIntentId", "string"},
      {"stripeChargeId", "string"}, {"stripeCustomerId", "string"}, {"stripeConnectAccountId", "string"}, {"status", "string"}, {"paymentMethod", "string"},
      {"createdAt", "date"}, {"initiatedAt", "date"}, {"succeededAt", "date"}, {"failedAt", "date"}, {"refundedAt", "date"}, {"failureCode", "string"},
      {"failureMessage", "string"}, {"failureReason", "string"}, {"refund", "object"}, {"refund.requestedAt", "date"}, {"refund.requestedBy", "objectId"},
      {"refund.reason", "string"}, {"refund.refundAmount", "number"}, {"refund.refundedAt", "date"}, {"refund.stripeRefundId", "string"},
      {"refund.status", "string"}, {"invoiceId", "string"}, {"invoiceUrl", "string"}, {"receiptNumber", "string"}, {"metadata", "object"},
      {"metadata.specialistName", "string"}, {"metadata.customerEmail", "string"}, {"metadata.consultationType", "string"}, {"metadata.duration", "number"},
      {"idempotencyKey", "string"}, {"updatedAt", "date"}},
     {{"status", {"pending", "succeeded", "failed", "refunded", "chargeback"}},
      {"paymentMethod", {"card", "bank_transfer", "wallet"}},
      {"refund.status", {"pending", "succeeded", "failed"}}},
     {{"bookingId_1", {{"bookingId"}}},
      {"specialistId_1_status_1", {{"specialistId"}, {"status"}}},
      {"customerId_1_status_1", {{"customerId"}, {"status"}}},
      {"stripePaymentIntentId_1", {{"stripePaymentIntentId"}}},
      {"createdAt_1", {{"createdAt"}}},
      {"stripePaymentIntentId", {{"stripePaymentIntentId"}}, true},
      {"idempotencyKey", {{"idempotencyKey"}}, true}}},

    {"customers",
     {{"_id", "objectId"}, {"userId", "objectId"}, {"email", "string"}, {"name", "string"}, {"phone", "string"}, {"profileImage", "string"}, {"company", "string"},
      {"role", "string"}, {"timezone", "string"}, {"language", "string"}, {"preferences", "object"}, {"preferences.emailNotifications", "bool"},
      {"preferences.smsNotifications", "bool"}, {"preferences.remindersEnabled", "bool"}, {"totalBookings", "number"}, {"totalSpent", "number"},
      {"averageSpentPerSession", "number"}, {"defaultPaymentMethodId", "string"}, {"savedPaymentMethods", "[object]"},
      {"savedPaymentMethods.stripePaymentMethodId", "string"}, {"savedPaymentMethods.isDefault", "bool"}, {"savedPaymentMethods.cardLast4", "string"},
      {"savedPaymentMethods.cardBrand", "string"}, {"address", "object"}, {"address.street", "string"}, {"address.city", "string"}, {"address.state", "string"},
      {"address.zipCode", "string"}, {"address.country", "string"}, {"status", "string"}, {"emailVerified", "bool"}, {"createdAt", "date"}, {"updatedAt", "date"}},
     {{"status", {"active", "suspended", "deleted"}}},
     {{"email", {{"email"}}, true}}},

    {"notifications",
     {{"_id", "objectId"}, {"recipientId", "objectId"}, {"type", "string"}, {"title", "string"}, {"message", "string"}, {"action", "string"},
      {"actionUrl", "string"}, {"bookingId", "objectId"}, {"paymentId", "objectId"}, {"isRead", "bool"}, {"isArchived", "bool"}, {"channels", "[string]"},
      {"emailSentAt", "date"}, {"smsSentAt", "date"}, {"metadata", "object"}, {"metadata.specialistName", "string"}, {"metadata.customerName", "string"},
      {"metadata.sessionTime", "date"}, {"createdAt", "date"}, {"expiresAt", "date"}},
     {{"type", {"booking_confirmation", "booking_reminder", "session_started", "session_completed", "recording_ready", "payment_received", "refund_processed",
                "availability_request", "message_received"}},
      {"channels", {"email", "in-app", "sms"}}},
     {{"recipientId_1_isRead_1", {{"recipientId"}, {"isRead"}}},
      {"recipientId_1_createdAt_-1", {{"recipientId"}, {"createdAt", true}}}}},

    {"reviews",
     {{"_id", "objectId"}, {"bookingId", "objectId"}, {"specialistId", "objectId"}, {"customerId", "objectId"}, {"rating", "number"}, {"reviewText", "string"},
      {"aspects", "object"}, {"aspects.professionalism", "number"}, {"aspects.expertise", "number"}, {"aspects.communication", "number"},
      {"aspects.valueForMoney", "number"}, {"specialistResponse", "string"}, {"respondedAt", "date"}, {"isPublic", "bool"}, {"isVerifiedBooking", "bool"},
      {"createdAt", "date"}, {"updatedAt", "date"}},
     {},
     {{"specialistId_1_createdAt_-1", {{"specialistId"}, {"createdAt", true}}},
      {"customerId_1_createdAt_-1", {{"customerId"}, {"createdAt", true}}}}},

    {"sessions",
     {{"_id", "objectId"}, {"bookingId", "objectId"}, {"zoomMeetingId", "string"}, {"specialistId", "objectId"}, {"customerId", "objectId"},
      {"scheduledStartTime", "date"}, {"actualStartTime", "date"}, {"actualEndTime", "date"}, {"duration", "number"}, {"participants", "[object]"},
      {"participants.userId", "string"}, {"participants.name", "string"}, {"participants.email", "string"}, {"participants.joinTime", "date"},
      {"participants.leaveTime", "date"}, {"participants.duration", "number"}, {"hasRecording", "bool"}, {"recordingId", "string"}, {"recordingUrl", "string"},
      {"recordingDuration", "number"}, {"screenshare", "bool"}, {"screenShareDuration", "number"}, {"createdAt", "date"}},
     {},
     {}},
};
// clang-format on

CollectionSpec const& specOf(std::string const& name) {
    auto const& all = seedCollections();
    auto const found = std::find_if(all.begin(), all.end(), [&](auto const* spec) { return spec->name == name; });
    EXPECT_NE(found, all.end()) << name;
    return **found;
}

// The schema of what stands at a dotted path, lists being walked through; null if there is none.
json::object const* schemaAt(json::object const& root, std::string_view path) {
    auto const* schema = &root;
    while (!path.empty()) {
        if (auto const* items = schema->if_contains("items")) schema = &items->get_object();
        auto const dot = path.find('.');
        auto const* properties = schema->if_contains("properties");
        auto const* next = properties == nullptr ? nullptr : properties->get_object().if_contains(path.substr(0, dot));
        if (next == nullptr) return nullptr;
        schema = &next->get_object();
        path = dot == path.npos ? std::string_view{} : path.substr(dot + 1);
    }
    return schema;
}

std::string typeOf(json::object const* schema) {
    if (schema == nullptr) return "absent";
    auto const& type = schema->at("bsonType");
    if (type.is_array()) return "number";
    if (type.get_string() == "array") return "[" + typeOf(&schema->at("items").get_object()) + "]";
    return std::string(type.get_string());
}

std::vector<std::string> expanded(std::string const& path) {
    auto const star = path.find('*');
    if (star == path.npos) return {path};
    std::vector<std::string> paths;
    for (auto const* day : {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})
        paths.push_back(std::string(path).replace(star, 1, day));
    return paths;
}

bool sameKeys(std::vector<IndexKey> const& a, std::vector<IndexKey> const& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](auto const& x, auto const& y) { return x.path == y.path && x.descending == y.descending; });
}

TEST(Seed, HasTenCollectionsInItsOrder) {
    ASSERT_EQ(seedCollections().size(), model.size());
    for (std::size_t i = 0; i < model.size(); ++i) EXPECT_EQ(seedCollections()[i]->name, model[i].collection);
}

TEST(Seed, EveryMemberIsThereWithItsType) {
    for (auto const& row : model) {
        auto const schema = bsonSchema(*specOf(row.collection).shape);
        for (auto const& member : row.members)
            for (auto const& path : expanded(member.path))
                EXPECT_EQ(typeOf(schemaAt(schema, path)), member.type) << row.collection << " " << path;
    }
}

TEST(Seed, EveryEnumHasItsWordsFirst) {
    for (auto const& row : model) {
        auto const schema = bsonSchema(*specOf(row.collection).shape);
        for (auto const& list : row.enums) {
            auto const* at = schemaAt(schema, list.path);
            ASSERT_NE(at, nullptr) << row.collection << " " << list.path;
            if (auto const* items = at->if_contains("items")) at = &items->get_object();
            auto const& words = at->at("enum").get_array();
            for (std::size_t i = 0; i < list.words.size(); ++i)
                EXPECT_EQ(words.at(i).get_string(), list.words[i]) << row.collection << " " << list.path;
        }
    }
}

TEST(Seed, EveryIndexIsDeclaredWithExactlyItsKeys) {
    for (auto const& row : model) {
        auto const& declared = specOf(row.collection).indexes;
        for (auto const& index : row.indexes) {
            auto const fits = [&](IndexSpec const& spec) {
                return sameKeys(spec.keys, index.keys) && spec.unique == index.unique && (index.unique || spec.name == index.name);
            };
            EXPECT_EQ(std::count_if(declared.begin(), declared.end(), fits), 1) << row.collection << " " << index.name;
        }
    }
}

} // namespace
} // namespace visavis::app
