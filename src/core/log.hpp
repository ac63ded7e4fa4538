// Structured logs: one JSON object a line on standard error, with an event word and text members (spdlog writes them).
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace visavis::log {

using Members = std::initializer_list<std::pair<std::string_view, std::string>>;

// Never put tokens, passwords, card data or mail bodies into a member.
void info(std::string_view event, Members members = {});
void warning(std::string_view event, Members members = {});
void error(std::string_view event, Members members = {});

enum class Level { info, warning, error, off };
void setLevel(Level level);

} // namespace visavis::log
