// The English texts.
#include "notifications/language.hpp"

namespace visavis::notifications {
namespace {

void addReminders(std::map<MailText, MailTemplate>& all);

std::map<MailText, MailTemplate> mails() {
    std::map<MailText, MailTemplate> all{
        {MailText::verifyEmail,
         {.subject = "Confirm your e-mail address",
          .heading = "Welcome, {{name}}",
          .paragraphs = {"Please confirm that this is your e-mail address. After that you can book sessions, or publish your own hours."},
          .facts = {},
          .button = "Confirm address",
          .closing = {"The link works once, within {{hours}} hours; a newer mail replaces it.",
                      "If you did not register at {{platform}}, please ignore this mail."}}},
        {MailText::resetPassword,
         {.subject = "Choose a new password",
          .heading = "Hello {{name}}",
          .paragraphs = {"Somebody, probably you, asked for a new password for your account."},
          .facts = {},
          .button = "Choose a password",
          .closing = {"The link works once, within {{minutes}} minutes; a newer mail replaces it.",
                      "If it was not you, please ignore this mail: your password stays as it is."}}},
        {MailText::confirmedForCustomer,
         {.subject = "Confirmed: your session with {{specialist}}",
          .heading = "Your session is confirmed",
          .paragraphs = {"Hello {{name}}, your session with {{specialist}} is booked. An invitation for your calendar is attached."},
          .facts = {{"When", "{{time}}"},
                    {"For {{specialist}}", "{{otherTime}}"},
                    {"Duration", "{{minutes}} minutes"},
                    {"Session", "{{type}}"},
                    {"Price", "{{price}}"}},
          .button = "View booking",
          .closing = {"{{policy}}"}}},
        {MailText::confirmedForSpecialist,
         {.subject = "{{customer}} has booked a session with you",
          .heading = "You have a new session",
          .paragraphs = {"Hello {{name}}, {{customer}} has booked a session with you. An invitation for your calendar is attached."},
          .facts = {{"When", "{{time}}"},
                    {"For {{customer}}", "{{otherTime}}"},
                    {"Duration", "{{minutes}} minutes"},
                    {"Session", "{{type}}"},
                    {"Price", "{{price}}"},
                    {"Platform fee", "{{fee}}"},
                    {"Your payout", "{{payout}}"}},
          .button = "View booking",
          .closing = {}}},
        {MailText::refunded,
         {.subject = "Your refund of {{amount}}",
          .heading = "{{amount}} go back to you",
          .paragraphs =
              {"Hello {{name}}, we have refunded {{amount}} for your session with {{specialist}} to the card that you paid with."},
          .facts = {{"Session", "{{time}}"}, {"Refund", "{{amount}}"}},
          .button = "View booking",
          .closing = {"Banks take up to ten working days to show a refund."}}},
        {MailText::lateMoney,
         {.subject = "Your payment came too late: all of it is refunded",
          .heading = "Your payment came too late",
          .paragraphs =
              {"Hello {{name}}, your payment of {{amount}} for a session with {{specialist}} arrived after your reservation had ended, "
               "and the time could no longer be given to you.",
               "Everything is refunded to the card that you paid with. There is nothing that you have to do."},
          .facts = {{"Session", "{{time}}"}, {"Refund", "{{amount}}"}},
          .button = "View booking",
          .closing = {"Banks take up to ten working days to show a refund."}}},
    };
    addReminders(all);
    return all;
}

// Around a session, and what others ask for: these can be switched off.
void addReminders(std::map<MailText, MailTemplate>& all) {
    all.merge(std::map<MailText, MailTemplate>{
        {MailText::reminderDay,
         {.subject = "Reminder: your session with {{other}}",
          .heading = "Your session is coming up",
          .paragraphs = {"Hello {{name}}, this is a reminder of your session with {{other}}."},
          .facts = {{"When", "{{time}}"}, {"Duration", "{{minutes}} minutes"}, {"Session", "{{type}}"}},
          .button = "View booking",
          .closing = {"{{policy}}", "You can switch reminders off in your settings."}}},
        {MailText::reminderHour,
         {.subject = "Starting soon: your session with {{other}}",
          .heading = "Your session starts soon",
          .paragraphs = {"Hello {{name}}, your session with {{other}} starts within the hour."},
          .facts = {{"When", "{{time}}"}, {"Duration", "{{minutes}} minutes"}, {"Session", "{{type}}"}},
          .button = "View booking",
          .closing = {"You can switch reminders off in your settings."}}},
        {MailText::reviewWanted,
         {.subject = "How was your session with {{specialist}}?",
          .heading = "How was your session?",
          .paragraphs = {"Hello {{name}}, thank you for your session with {{specialist}}. A review helps others to choose."},
          .facts = {{"Session", "{{time}}"}},
          .button = "Write a review",
          .closing = {"You can switch reminders off in your settings."}}},
        {MailText::availabilityWanted,
         {.subject = "{{customer}} asks for a time",
          .heading = "{{customer}} asks for a time",
          .paragraphs = {"Hello {{name}}, {{customer}} would like a session with you at a time that you do not offer yet.", "{{message}}"},
          .facts = {{"From", "{{from}}"}, {"To", "{{to}}"}},
          .button = "See the request",
          .closing = {"You can switch these mails off in your settings."}}},
    });
}

// What is told of a booking after its confirmation.
std::map<MailText, MailTemplate> changeMails() {
    return {
        {MailText::cancelledByYou,
         {.subject = "Cancelled: your session with {{other}}",
          .heading = "Your session is cancelled",
          .paragraphs = {"Hello {{name}}, you have cancelled your session with {{other}}. {{other}} has been told."},
          .facts = {{"When", "{{time}}"}, {"Refund", "{{refund}}"}, {"Your reason", "{{reason}}"}},
          .button = "View booking",
          .closing = {}}},
        {MailText::cancelledByOther,
         {.subject = "{{other}} has cancelled your session",
          .heading = "Your session is cancelled",
          .paragraphs = {"Hello {{name}}, {{other}} has cancelled the session with you."},
          .facts = {{"When", "{{time}}"}, {"Refund", "{{refund}}"}, {"Reason", "{{reason}}"}},
          .button = "View booking",
          .closing = {}}},
        {MailText::cancelledByPlatform,
         {.subject = "Cancelled: your session with {{other}}",
          .heading = "Your session is cancelled",
          .paragraphs = {"Hello {{name}}, we had to cancel your session with {{other}}."},
          .facts = {{"When", "{{time}}"}, {"Refund", "{{refund}}"}, {"Reason", "{{reason}}"}},
          .button = "View booking",
          .closing = {}}},
        {MailText::rescheduled,
         {.subject = "New time: your session with {{other}}",
          .heading = "Your session has a new time",
          .paragraphs =
              {"Hello {{name}}, your session with {{other}} has been moved. An updated invitation for your calendar is attached."},
          .facts = {{"New time", "{{time}}"},
                    {"For {{other}}", "{{otherTime}}"},
                    {"Before", "{{oldTime}}"},
                    {"Duration", "{{minutes}} minutes"},
                    {"Reason", "{{reason}}"}},
          .button = "View booking",
          .closing = {"{{leave}}", "{{policy}}"}}},
        {MailText::message,
         {.subject = "Message from {{other}}",
          .heading = "{{other}} has written to you",
          .paragraphs = {"Hello {{name}}, about your session of {{time}}, {{other}} writes:", "{{message}}"},
          .facts = {},
          .button = "Answer",
          .closing = {"You can turn off mails about messages in your settings."}}},
    };
}

std::map<MailText, MailTemplate> allMails() {
    auto all = mails();
    all.merge(changeMails());
    return all;
}

std::map<NoteText, NoteTemplate> notes() {
    return {
        {NoteText::confirmedForCustomer, {"Session confirmed", "Your session with {{specialist}} is confirmed: {{time}}."}},
        {NoteText::confirmedForSpecialist, {"New session", "{{customer}} has booked a session with you: {{time}}."}},
        {NoteText::paymentReceived,
         {"Payment received", "{{customer}} has paid {{price}} for the session of {{time}}. Your payout is {{payout}}."}},
        {NoteText::holdExpired,
         {"Reservation ended",
          "Your reservation with {{specialist}} for {{time}} has ended without a payment. You have not been charged; please choose a time "
          "again."}},
        {NoteText::paymentDeclined,
         {"Payment declined",
          "The payment for your session with {{specialist}}, {{time}}, did not go through. {{reason}} You can try again while your "
          "reservation "
          "lasts."}},
        {NoteText::refunded, {"Refund of {{amount}}", "We have refunded {{amount}} for your session with {{specialist}} of {{time}}."}},
        {NoteText::lateMoney,
         {"Payment came too late",
          "Your payment of {{amount}} for a session with {{specialist}}, {{time}}, arrived after your reservation had ended. Everything is "
          "refunded."}},
        {NoteText::reviewReceived,
         {"{{customer}} has reviewed your session",
          "{{customer}} rates the session of {{time}} with {{rating}} of 5. You can answer the review once."}},
        {NoteText::cancelledByYou, {"Session cancelled", "You have cancelled your session with {{other}}: {{time}}."}},
        {NoteText::cancelledByOther, {"Session cancelled", "{{other}} has cancelled the session with you: {{time}}."}},
        {NoteText::cancelledByPlatform, {"Session cancelled", "We had to cancel your session with {{other}}: {{time}}."}},
        {NoteText::rescheduled, {"Session moved", "Your session with {{other}} now takes place {{time}}; before, it was {{oldTime}}."}},
        {NoteText::completedForCustomer, {"Session completed", "Your session with {{other}} is over. How was it? Write a review."}},
        {NoteText::completedForSpecialist, {"Session completed", "Your session with {{other}} is over: {{time}}."}},
        {NoteText::reportedAbsent,
         {"Reported as absent",
          "It was reported that you missed your session with {{other}}: {{time}}. If that is not so, say so on the booking within 48 hours "
          "after its end."}},
        {NoteText::message, {"Message from {{other}}", "{{message}}"}},
        {NoteText::moneyAtOdds, {"A payment needs your attention", "{{reason}}"}},
        {NoteText::reminderDay, {"Session coming up", "Your session with {{other}}: {{time}}."}},
        {NoteText::reminderHour, {"Session starts soon", "Your session with {{other}} starts within the hour: {{time}}."}},
        {NoteText::availabilityWanted,
         {"{{customer}} asks for a time", "{{customer}} would like a session with you between {{from}} and {{to}}."}},
    };
}

std::map<std::string, std::string> declines() {
    return {
        {"", "Your bank declined the card."},
        {"insufficient_funds", "The card does not have enough funds."},
        {"expired_card", "The card has expired."},
        {"incorrect_cvc", "The security code of the card is wrong."},
        {"incorrect_number", "The number of the card is wrong."},
        {"authentication_required", "Your bank asks you to confirm the payment."},
        {"payment_intent_authentication_failure", "The confirmation that your bank asked for failed."},
        {"processing_error", "Something went wrong while the card was processed."},
    };
}

} // namespace

LanguageTable const& english() {
    static LanguageTable const table{
        .code = "en",
        .mails = allMails(),
        .notes = notes(),
        .months = {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
                   "December"},
        .weekdays = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
        .sessionTime = "{{weekday}}, {{day}} {{month}} {{year}}, {{hours}} ({{zone}})",
        .policy = {.intro = "Refund if you cancel: ",
                   .untilHours = "{{percent}}% until {{hours}} hours before the start",
                   .untilHour = "{{percent}}% until one hour before the start",
                   .untilStart = "{{percent}}% until the start",
                   .nothingLater = "nothing after that",
                   .nothing = "The price is not refunded if you cancel."},
        .free = "free",
        .declines = declines(),
        .mayLeave = "If the new time does not suit you, you can cancel until the start and get back everything that you paid.",
        .eventTitle = "Session with {{other}}",
        .eventText = "Details and changes: {{link}}",
        .footer = "{{platform}}: sessions one to one. This mail was sent because of your account.",
    };
    return table;
}

} // namespace visavis::notifications
