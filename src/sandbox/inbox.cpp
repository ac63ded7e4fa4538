// Keeping and listing mail.
#include "sandbox/inbox.hpp"

#include "core/id.hpp"
#include "core/text.hpp"

namespace visavis::sandbox {

namespace {

constexpr std::string_view table = "mail";

} // namespace

Inbox::Inbox(World world) : world_(world) {
    for (auto& [id, value] : world_.journal.take(table)) {
        if (value.is_object()) mails_.push_back(std::move(value.get_object()));
    }
}

void Inbox::add(std::string const& to, smtp::Mail const& mail) {
    json::array attachments;
    for (auto const& one : mail.attachments) {
        attachments.push_back({{"filename", one.filename}, {"contentType", one.contentType}, {"content", one.content}});
    }
    ObjectId id;
    world_.rng.fill(id.bytes.data(), id.bytes.size());
    json::object entry{{"id", "mail_" + id.hex()}, {"to", to},          {"subject", mail.subject},
                       {"text", mail.text},        {"html", mail.html}, {"attachments", std::move(attachments)}};
    std::lock_guard const lock(mutex_);
    Changes changes;
    changes.put(table, textOf(entry, "id"), entry);
    mails_.push_back(std::move(entry));
    if (mails_.size() > most) {
        changes.erase(table, textOf(mails_.front(), "id"));
        mails_.pop_front();
    }
    world_.journal.append(changes);
}

json::object Inbox::list(std::string_view to) const {
    std::lock_guard const lock(mutex_);
    json::array items;
    for (auto const& mail : mails_) {
        if (to.empty() || equalIgnoringCase(textOf(mail, "to"), to)) items.push_back(mail);
    }
    return {{"items", std::move(items)}};
}

std::optional<json::object> Inbox::find(std::string_view id) const {
    std::lock_guard const lock(mutex_);
    for (auto const& mail : mails_) {
        if (textOf(mail, "id") == id) return mail;
    }
    return std::nullopt;
}

} // namespace visavis::sandbox
