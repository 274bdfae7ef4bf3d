#pragma once
// Numbers, sizes, durations and modes of the configuration, with their units and bounds; private to conf/.

#include <string>

#include "conf/values.h"

namespace postroom {

// One value on its way from the text to its slot.
struct Value {
  const SettingRow& row;
  const std::string& text;
  const std::string& directory;
  Slot slot;
};

// Like read_value(), for rows of these types.
std::string read_number(const Value& value);
std::string read_size(const Value& value);      // 64K, 2M, 1G
std::string read_duration(const Value& value);  // 30s, 5m, 4h, 2d
std::string read_mode(const Value& value);      // "0660"

// The shortest exact form: "90m", "64K".
std::string duration_word(long long seconds);
std::string size_word(long long bytes);

}  // namespace postroom
