// What a language must say: the texts of every mail and notification, and the words that times and policies are made of.
//
// Texts are plain; {{name}} stands for a value. A paragraph or fact whose text comes out empty is left out. One file per language holds its table.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

namespace visavis::notifications {

enum class Language { en, de };
inline constexpr std::array languages{Language::en, Language::de};

enum class MailText {
    verifyEmail,
    resetPassword,
    confirmedForCustomer,
    confirmedForSpecialist,
    refunded,
    lateMoney,
    cancelledByYou,
    cancelledByOther,
    cancelledByPlatform,
    rescheduled,
    message,
    reminderDay,
    reminderHour,
    reviewWanted,
    availabilityWanted
};
inline constexpr std::array mailTexts{MailText::verifyEmail,
                                      MailText::resetPassword,
                                      MailText::confirmedForCustomer,
                                      MailText::confirmedForSpecialist,
                                      MailText::refunded,
                                      MailText::lateMoney,
                                      MailText::cancelledByYou,
                                      MailText::cancelledByOther,
                                      MailText::cancelledByPlatform,
                                      MailText::rescheduled,
                                      MailText::message,
                                      MailText::reminderDay,
                                      MailText::reminderHour,
                                      MailText::reviewWanted,
                                      MailText::availabilityWanted};

enum class NoteText {
    confirmedForCustomer,
    confirmedForSpecialist,
    paymentReceived,
    holdExpired,
    paymentDeclined,
    refunded,
    lateMoney,
    reviewReceived,
    cancelledByYou,
    cancelledByOther,
    cancelledByPlatform,
    rescheduled,
    completedForCustomer,
    completedForSpecialist,
    reportedAbsent,
    message,
    moneyAtOdds,
    reminderDay,
    reminderHour,
    availabilityWanted
};
inline constexpr std::array noteTexts{NoteText::confirmedForCustomer,
                                      NoteText::confirmedForSpecialist,
                                      NoteText::paymentReceived,
                                      NoteText::holdExpired,
                                      NoteText::paymentDeclined,
                                      NoteText::refunded,
                                      NoteText::lateMoney,
                                      NoteText::reviewReceived,
                                      NoteText::cancelledByYou,
                                      NoteText::cancelledByOther,
                                      NoteText::cancelledByPlatform,
                                      NoteText::rescheduled,
                                      NoteText::completedForCustomer,
                                      NoteText::completedForSpecialist,
                                      NoteText::reportedAbsent,
                                      NoteText::message,
                                      NoteText::moneyAtOdds,
                                      NoteText::reminderDay,
                                      NoteText::reminderHour,
                                      NoteText::availabilityWanted};

// A line of the small table in a mail: "When", "Tuesday, …".
struct Fact {
    std::string label;
    std::string value;
};

struct MailTemplate {
    std::string subject;
    std::string heading;
    std::vector<std::string> paragraphs;
    std::vector<Fact> facts;
    std::string button; // leads to {{link}}
    std::vector<std::string> closing;
};

struct NoteTemplate {
    std::string title;   // at most 200 characters when filled in
    std::string message; // at most 2,000
};

// "Refund if you cancel: 100 % until 24 hours before the start, nothing after that."
struct PolicyWords {
    std::string intro;
    std::string untilHours; // {{percent}} {{hours}}
    std::string untilHour;  // {{percent}}, one hour
    std::string untilStart; // {{percent}}
    std::string nothingLater;
    std::string nothing; // the whole sentence when nothing is ever refunded
};

struct LanguageTable {
    std::string code; // BCP 47, primary subtag
    std::map<MailText, MailTemplate> mails;
    std::map<NoteText, NoteTemplate> notes;
    std::array<std::string, 12> months;
    std::array<std::string, 7> weekdays; // Monday first
    std::string sessionTime;             // {{weekday}} {{day}} {{month}} {{year}} {{hours}} {{zone}}
    PolicyWords policy;
    std::string free;                            // instead of a price of 0
    std::map<std::string, std::string> declines; // sentences by the gateway's code; "" is any other
    std::string mayLeave;                        // to a customer whose paid session was moved by others
    std::string eventTitle;                      // of the calendar entry, {{other}}
    std::string eventText;                       // {{link}}
    std::string footer;                          // {{platform}}
};

LanguageTable const& english();
LanguageTable const& german();
LanguageTable const& tableOf(Language language);

} // namespace visavis::notifications
