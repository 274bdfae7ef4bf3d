#pragma once
// Values as columns of the database hold them, and back. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/store.h"

namespace postroom {

std::int64_t to_ms(Time time);  // milliseconds since 1970, UTC
Time from_ms(std::int64_t ms);  // out of range: the nearest time there is

std::string to_list(const std::vector<std::string>& words);  // JSON array
std::vector<std::string> from_list(std::string_view json);   // empty for anything but an array of strings

// NULL for 0: "of no ticket".
std::optional<std::int64_t> or_null(std::int64_t number);

// What mail brings is hostile: valid UTF-8 without control characters, at most so many bytes.
std::string bounded(std::string_view text, std::size_t most);

}  // namespace postroom
