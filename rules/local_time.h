#pragma once
// Time zones, from ICU's copy of the IANA database. Pure.

#include <chrono>
#include <string_view>

namespace postroom {

// True for a name as "Europe/Kyiv" or "UTC".
bool is_time_zone(std::string_view name);

// The hour of the day, 0 to 23, in a zone; in UTC where the zone is unknown.
int hour_in(std::string_view zone, std::chrono::sys_seconds time);

}  // namespace postroom
