// Logs through spdlog; members are JSON strings, so that nothing a user typed can break a line.
#include "core/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

namespace visavis::log {
namespace {

spdlog::logger& logger() {
    static auto const made = [] {
        auto fresh = spdlog::stderr_logger_mt("visavis");
        fresh->set_pattern(R"({"at":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})", spdlog::pattern_time_type::utc);
        return fresh;
    }();
    return *made;
}

std::string quoted(std::string_view text) { return boost::json::serialize(boost::json::string_view(text.data(), text.size())); }

std::string line(std::string_view event, Members members) {
    std::string text = "\"event\":" + quoted(event);
    for (auto const& [name, value] : members) text += "," + quoted(name) + ":" + quoted(value);
    return text;
}

} // namespace

void info(std::string_view event, Members members) { logger().info(line(event, members)); }
void warning(std::string_view event, Members members) { logger().warn(line(event, members)); }
void error(std::string_view event, Members members) { logger().error(line(event, members)); }

void setLevel(Level level) {
    constexpr spdlog::level::level_enum levels[] = {spdlog::level::info, spdlog::level::warn, spdlog::level::err, spdlog::level::off};
    logger().set_level(levels[static_cast<int>(level)]);
}

} // namespace visavis::log
