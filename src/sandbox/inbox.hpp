// The mail that arrived at the SMTP sink.
#pragma once

#include "sandbox/smtp/mime.hpp"
#include "sandbox/world.hpp"

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace visavis::sandbox {

class Inbox {
public:
    static constexpr std::size_t most = 10'000; // the oldest are forgotten

    explicit Inbox(World world);

    // One entry per recipient.
    void add(std::string const& to, smtp::Mail const& mail);
    // {items:[{id,to,subject,text,html,attachments:[{filename,contentType,content}]}]}, newest last; an empty address means all.
    json::object list(std::string_view to) const;
    std::optional<json::object> find(std::string_view id) const;

private:
    World world_;
    mutable std::mutex mutex_;
    std::deque<json::object> mails_;
};

} // namespace visavis::sandbox
