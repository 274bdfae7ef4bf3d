#pragma once
// Conditions on numbers: the size of a message and the hour of its arrival. Pure.

#include <cstdint>
#include <string>
#include <string_view>

#include "rules/desk.h"

namespace postroom {

// What is wrong with a range of Field::size or Field::hour, as a sentence; empty: nothing is.
std::string range_problem(Field field, std::string_view range);

// Sizes in bytes: ">5M", "<10K", "1M-5M" (both included), with K, M and G of 1024. Hours: "18-9" is from
// 18:00 until 9:00, "13" from 13:00 until 14:00. False for what is no range.
bool in_range(Field field, std::string_view range, std::uint64_t value);

}  // namespace postroom
