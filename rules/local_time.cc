#include "rules/local_time.h"

#include <unicode/timezone.h>

#include <memory>
#include <string>

namespace postroom {
namespace {

using Zone = std::unique_ptr<icu::TimeZone>;

// ICU answers "Etc/Unknown" for what it does not know, and takes "GMT+3" for a zone of its own making.
Zone zone_named(std::string_view name) {
  return Zone{icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(std::string{name}))};
}

}  // namespace

bool is_time_zone(std::string_view name) {
  if (name.empty() || name.size() > 100) return false;
  const Zone zone = zone_named(name);
  return zone && *zone != icu::TimeZone::getUnknown();
}

int hour_in(std::string_view name, std::chrono::sys_seconds time) {
  constexpr std::int64_t hour = 3600, day = 24 * hour;
  std::int32_t raw = 0, summer = 0;  // milliseconds
  UErrorCode status = U_ZERO_ERROR;
  const std::int64_t seconds = time.time_since_epoch().count();
  const Zone zone = zone_named(name);
  if (zone) zone->getOffset(static_cast<UDate>(seconds) * 1000, false, raw, summer, status);
  const std::int64_t local = U_FAILURE(status) ? seconds : seconds + (raw + summer) / 1000;
  return static_cast<int>((local % day + day) % day / hour);
}

}  // namespace postroom
