#pragma once
// Single values of the configuration: text to value and back.

#include <chrono>
#include <string>
#include <string_view>
#include <variant>

#include "conf/settings.h"

namespace postroom {

// Where a value goes. Which alternative belongs to which type of setting: values.cc.
using Slot = std::variant<std::string*, char*, int*, unsigned*, std::size_t*, std::chrono::seconds*,
                          std::chrono::milliseconds*, Layout*, Assignment*, AutomaticMail*, FollowUp*,
                          WhichChannel*, Switch*>;

// Reads text as the row's type and puts it into the slot; relative paths are taken from `directory`.
// The answer is empty, or a sentence that says what is wrong; the slot is then unchanged.
std::string read_value(const SettingRow& row, const std::string& text, const std::string& directory,
                       Slot slot);

// The value as it is written in the configuration: "4h", "64K", "0700", "off".
std::string write_value(const SettingRow& row, Slot slot);

// What is wrong with the name of a folder, as a sentence; empty if it is good.
std::string folder_name_problem(std::string_view name);

}  // namespace postroom
