// The German texts.
#include "notifications/language.hpp"

namespace visavis::notifications {
namespace {

void addReminders(std::map<MailText, MailTemplate>& all);

std::map<MailText, MailTemplate> mails() {
    std::map<MailText, MailTemplate> all{
        {MailText::verifyEmail,
         {.subject = "Bitte bestätigen Sie Ihre E-Mail-Adresse",
          .heading = "Willkommen, {{name}}",
          .paragraphs = {"Bitte bestätigen Sie, dass dies Ihre E-Mail-Adresse ist. Danach können Sie Termine buchen oder eigene anbieten."},
          .facts = {},
          .button = "Adresse bestätigen",
          .closing = {"Der Link gilt einmal und {{hours}} Stunden lang; eine neuere Mail ersetzt ihn.",
                      "Falls Sie sich nicht bei {{platform}} angemeldet haben, beachten Sie diese Mail bitte nicht."}}},
        {MailText::resetPassword,
         {.subject = "Neues Passwort wählen",
          .heading = "Guten Tag, {{name}}",
          .paragraphs = {"Jemand, vermutlich Sie selbst, hat ein neues Passwort für Ihr Konto angefordert."},
          .facts = {},
          .button = "Passwort wählen",
          .closing = {"Der Link gilt einmal und {{minutes}} Minuten lang; eine neuere Mail ersetzt ihn.",
                      "Falls Sie es nicht waren, beachten Sie diese Mail bitte nicht: Ihr Passwort bleibt, wie es ist."}}},
        {MailText::confirmedForCustomer,
         {.subject = "Bestätigt: Ihr Termin mit {{specialist}}",
          .heading = "Ihr Termin ist bestätigt",
          .paragraphs = {"Guten Tag, {{name}}, Ihr Termin mit {{specialist}} ist gebucht. Eine Einladung für Ihren Kalender liegt bei."},
          .facts = {{"Wann", "{{time}}"},
                    {"Für {{specialist}}", "{{otherTime}}"},
                    {"Dauer", "{{minutes}} Minuten"},
                    {"Art", "{{type}}"},
                    {"Preis", "{{price}}"}},
          .button = "Buchung ansehen",
          .closing = {"{{policy}}"}}},
        {MailText::confirmedForSpecialist,
         {.subject = "{{customer}} hat einen Termin mit Ihnen gebucht",
          .heading = "Sie haben einen neuen Termin",
          .paragraphs =
              {"Guten Tag, {{name}}, {{customer}} hat einen Termin mit Ihnen gebucht. Eine Einladung für Ihren Kalender liegt bei."},
          .facts = {{"Wann", "{{time}}"},
                    {"Für {{customer}}", "{{otherTime}}"},
                    {"Dauer", "{{minutes}} Minuten"},
                    {"Art", "{{type}}"},
                    {"Preis", "{{price}}"},
                    {"Gebühr der Plattform", "{{fee}}"},
                    {"Ihre Auszahlung", "{{payout}}"}},
          .button = "Buchung ansehen",
          .closing = {}}},
        {MailText::refunded,
         {.subject = "Ihre Rückerstattung von {{amount}}",
          .heading = "Sie erhalten {{amount}} zurück",
          .paragraphs =
              {"Guten Tag, {{name}}, wir haben {{amount}} für Ihren Termin mit {{specialist}} auf die Karte erstattet, mit der Sie "
               "bezahlt haben."},
          .facts = {{"Termin", "{{time}}"}, {"Rückerstattung", "{{amount}}"}},
          .button = "Buchung ansehen",
          .closing = {"Banken brauchen bis zu zehn Arbeitstage, um eine Rückerstattung zu zeigen."}}},
        {MailText::lateMoney,
         {.subject = "Ihre Zahlung kam zu spät und wird ganz erstattet",
          .heading = "Ihre Zahlung kam zu spät",
          .paragraphs =
              {"Guten Tag, {{name}}, Ihre Zahlung von {{amount}} für einen Termin mit {{specialist}} kam an, nachdem Ihre Reservierung "
               "abgelaufen war, und die Zeit konnte nicht mehr an Sie vergeben werden.",
               "Alles wird auf die Karte erstattet, mit der Sie bezahlt haben. Sie müssen nichts tun."},
          .facts = {{"Termin", "{{time}}"}, {"Rückerstattung", "{{amount}}"}},
          .button = "Buchung ansehen",
          .closing = {"Banken brauchen bis zu zehn Arbeitstage, um eine Rückerstattung zu zeigen."}}},
    };
    addReminders(all);
    return all;
}

// Around a session, and what others ask for: these can be switched off.
void addReminders(std::map<MailText, MailTemplate>& all) {
    all.merge(std::map<MailText, MailTemplate>{
        {MailText::reminderDay,
         {.subject = "Erinnerung: Ihr Termin mit {{other}}",
          .heading = "Ihr Termin steht bevor",
          .paragraphs = {"Guten Tag, {{name}}, wir erinnern Sie an Ihren Termin mit {{other}}."},
          .facts = {{"Wann", "{{time}}"}, {"Dauer", "{{minutes}} Minuten"}, {"Art", "{{type}}"}},
          .button = "Buchung ansehen",
          .closing = {"{{policy}}", "Erinnerungen lassen sich in Ihren Einstellungen abschalten."}}},
        {MailText::reminderHour,
         {.subject = "In Kürze: Ihr Termin mit {{other}}",
          .heading = "Ihr Termin beginnt in Kürze",
          .paragraphs = {"Guten Tag, {{name}}, Ihr Termin mit {{other}} beginnt innerhalb der nächsten Stunde."},
          .facts = {{"Wann", "{{time}}"}, {"Dauer", "{{minutes}} Minuten"}, {"Art", "{{type}}"}},
          .button = "Buchung ansehen",
          .closing = {"Erinnerungen lassen sich in Ihren Einstellungen abschalten."}}},
        {MailText::reviewWanted,
         {.subject = "Wie war Ihr Termin mit {{specialist}}?",
          .heading = "Wie war Ihr Termin?",
          .paragraphs = {"Guten Tag, {{name}}, danke für Ihren Termin mit {{specialist}}. Eine Bewertung hilft anderen bei der Wahl."},
          .facts = {{"Termin", "{{time}}"}},
          .button = "Bewertung schreiben",
          .closing = {"Erinnerungen lassen sich in Ihren Einstellungen abschalten."}}},
        {MailText::availabilityWanted,
         {.subject = "{{customer}} fragt nach einer Zeit",
          .heading = "{{customer}} fragt nach einer Zeit",
          .paragraphs = {"Guten Tag, {{name}}, {{customer}} wünscht sich einen Termin zu einer Zeit, die Sie noch nicht anbieten.",
                         "{{message}}"},
          .facts = {{"Von", "{{from}}"}, {"Bis", "{{to}}"}},
          .button = "Anfrage ansehen",
          .closing = {"Diese Mails lassen sich in Ihren Einstellungen abschalten."}}},
    });
}

// What is told of a booking after its confirmation.
std::map<MailText, MailTemplate> changeMails() {
    return {
        {MailText::cancelledByYou,
         {.subject = "Abgesagt: Ihr Termin mit {{other}}",
          .heading = "Ihr Termin ist abgesagt",
          .paragraphs = {"Guten Tag, {{name}}, Sie haben Ihren Termin mit {{other}} abgesagt. Wir haben {{other}} benachrichtigt."},
          .facts = {{"Wann", "{{time}}"}, {"Rückerstattung", "{{refund}}"}, {"Ihr Grund", "{{reason}}"}},
          .button = "Buchung ansehen",
          .closing = {}}},
        {MailText::cancelledByOther,
         {.subject = "{{other}} hat Ihren Termin abgesagt",
          .heading = "Ihr Termin ist abgesagt",
          .paragraphs = {"Guten Tag, {{name}}, {{other}} hat den Termin mit Ihnen abgesagt."},
          .facts = {{"Wann", "{{time}}"}, {"Rückerstattung", "{{refund}}"}, {"Grund", "{{reason}}"}},
          .button = "Buchung ansehen",
          .closing = {}}},
        {MailText::cancelledByPlatform,
         {.subject = "Abgesagt: Ihr Termin mit {{other}}",
          .heading = "Ihr Termin ist abgesagt",
          .paragraphs = {"Guten Tag, {{name}}, wir mussten Ihren Termin mit {{other}} absagen."},
          .facts = {{"Wann", "{{time}}"}, {"Rückerstattung", "{{refund}}"}, {"Grund", "{{reason}}"}},
          .button = "Buchung ansehen",
          .closing = {}}},
        {MailText::rescheduled,
         {.subject = "Neue Zeit: Ihr Termin mit {{other}}",
          .heading = "Ihr Termin hat eine neue Zeit",
          .paragraphs = {"Guten Tag, {{name}}, Ihr Termin mit {{other}} wurde verlegt. Eine neue Einladung für Ihren Kalender liegt bei."},
          .facts = {{"Neue Zeit", "{{time}}"},
                    {"Für {{other}}", "{{otherTime}}"},
                    {"Bisher", "{{oldTime}}"},
                    {"Dauer", "{{minutes}} Minuten"},
                    {"Grund", "{{reason}}"}},
          .button = "Buchung ansehen",
          .closing = {"{{leave}}", "{{policy}}"}}},
        {MailText::message,
         {.subject = "Nachricht von {{other}}",
          .heading = "{{other}} hat Ihnen geschrieben",
          .paragraphs = {"Guten Tag, {{name}}, zu Ihrem Termin ({{time}}) schreibt {{other}}:", "{{message}}"},
          .facts = {},
          .button = "Antworten",
          .closing = {"Mails über Nachrichten können Sie in Ihren Einstellungen abschalten."}}},
    };
}

std::map<MailText, MailTemplate> allMails() {
    auto all = mails();
    all.merge(changeMails());
    return all;
}

std::map<NoteText, NoteTemplate> notes() {
    return {
        {NoteText::confirmedForCustomer, {"Termin bestätigt", "Ihr Termin mit {{specialist}} ist bestätigt: {{time}}."}},
        {NoteText::confirmedForSpecialist, {"Neuer Termin", "{{customer}} hat einen Termin mit Ihnen gebucht: {{time}}."}},
        {NoteText::paymentReceived,
         {"Zahlung eingegangen", "{{customer}} hat {{price}} für diesen Termin bezahlt: {{time}}. Ihre Auszahlung beträgt {{payout}}."}},
        {NoteText::holdExpired,
         {"Reservierung abgelaufen",
          "Ihre Reservierung bei {{specialist}} ist ohne Zahlung abgelaufen: {{time}}. Es wurde nichts abgebucht; bitte wählen Sie erneut "
          "eine Zeit."}},
        {NoteText::paymentDeclined,
         {"Zahlung abgelehnt",
          "Die Zahlung für Ihren Termin mit {{specialist}}, {{time}}, kam nicht zustande. {{reason}} Solange Ihre Reservierung gilt, "
          "können Sie es "
          "erneut versuchen."}},
        {NoteText::refunded,
         {"Rückerstattung von {{amount}}", "Wir haben Ihnen {{amount}} für Ihren Termin mit {{specialist}} erstattet: {{time}}."}},
        {NoteText::lateMoney,
         {"Zahlung kam zu spät",
          "Ihre Zahlung von {{amount}} für einen Termin mit {{specialist}}, {{time}}, kam nach dem Ende Ihrer Reservierung an. Alles wird "
          "erstattet."}},
        {NoteText::reviewReceived,
         {"{{customer}} hat Ihren Termin bewertet",
          "{{customer}} bewertet diesen Termin mit {{rating}} von 5: {{time}}. Sie können einmal auf die Bewertung antworten."}},
        {NoteText::cancelledByYou, {"Termin abgesagt", "Sie haben Ihren Termin mit {{other}} abgesagt: {{time}}."}},
        {NoteText::cancelledByOther, {"Termin abgesagt", "{{other}} hat den Termin mit Ihnen abgesagt: {{time}}."}},
        {NoteText::cancelledByPlatform, {"Termin abgesagt", "Wir mussten Ihren Termin mit {{other}} absagen: {{time}}."}},
        {NoteText::rescheduled, {"Termin verlegt", "Ihr Termin mit {{other}} hat eine neue Zeit: {{time}}. Bisher: {{oldTime}}."}},
        {NoteText::completedForCustomer,
         {"Termin beendet", "Ihr Termin mit {{other}} ist vorbei. Wie war er? Schreiben Sie eine Bewertung."}},
        {NoteText::completedForSpecialist, {"Termin beendet", "Ihr Termin mit {{other}} ist vorbei: {{time}}."}},
        {NoteText::reportedAbsent,
         {"Als abwesend gemeldet",
          "Es wurde gemeldet, dass Sie Ihren Termin mit {{other}} versäumt haben: {{time}}. Falls das nicht stimmt, widersprechen Sie bei "
          "der Buchung innerhalb von 48 Stunden nach dem Ende."}},
        {NoteText::message, {"Nachricht von {{other}}", "{{message}}"}},
        {NoteText::moneyAtOdds, {"Eine Zahlung braucht Ihre Aufmerksamkeit", "{{reason}}"}},
        {NoteText::reminderDay, {"Termin steht bevor", "Ihr Termin mit {{other}}: {{time}}."}},
        {NoteText::reminderHour, {"Termin beginnt in Kürze", "Ihr Termin mit {{other}} beginnt innerhalb der nächsten Stunde: {{time}}."}},
        {NoteText::availabilityWanted,
         {"{{customer}} fragt nach einer Zeit", "{{customer}} wünscht sich einen Termin zwischen {{from}} und {{to}}."}},
    };
}

std::map<std::string, std::string> declines() {
    return {
        {"", "Ihre Bank hat die Karte abgelehnt."},
        {"insufficient_funds", "Die Karte ist nicht ausreichend gedeckt."},
        {"expired_card", "Die Karte ist abgelaufen."},
        {"incorrect_cvc", "Die Prüfnummer der Karte ist falsch."},
        {"incorrect_number", "Die Nummer der Karte ist falsch."},
        {"authentication_required", "Ihre Bank möchte, dass Sie die Zahlung bestätigen."},
        {"payment_intent_authentication_failure", "Die Bestätigung, die Ihre Bank verlangt, ist fehlgeschlagen."},
        {"processing_error", "Beim Verarbeiten der Karte ist ein Fehler aufgetreten."},
    };
}

} // namespace

LanguageTable const& german() {
    static LanguageTable const table{
        .code = "de",
        .mails = allMails(),
        .notes = notes(),
        .months = {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
        .weekdays = {"Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"},
        .sessionTime = "{{weekday}}, {{day}}. {{month}} {{year}}, {{hours}} Uhr ({{zone}})",
        .policy = {.intro = "Rückerstattung bei Absage: ",
                   .untilHours = "{{percent}}\u00A0% bis {{hours}} Stunden vor Beginn",
                   .untilHour = "{{percent}}\u00A0% bis eine Stunde vor Beginn",
                   .untilStart = "{{percent}}\u00A0% bis zum Beginn",
                   .nothingLater = "danach nichts",
                   .nothing = "Der Preis wird bei einer Absage nicht erstattet."},
        .free = "kostenlos",
        .declines = declines(),
        .mayLeave =
            "Falls Ihnen die neue Zeit nicht passt, können Sie bis zum Beginn absagen und erhalten alles zurück, was Sie bezahlt haben.",
        .eventTitle = "Termin mit {{other}}",
        .eventText = "Einzelheiten und Änderungen: {{link}}",
        .footer = "{{platform}}: Termine unter vier Augen. Sie erhalten diese Mail wegen Ihres Kontos.",
    };
    return table;
}

} // namespace visavis::notifications
