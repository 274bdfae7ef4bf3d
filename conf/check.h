#pragma once
// What no single value shows: names that lead nowhere, doubles, and values that contradict each other. Pure.

#include "conf/problems.h"
#include "conf/settings.h"

namespace postroom {

void check_settings(const Settings& settings, const Places& places, Problems& problems);

// What works, but not as the admin may think: a sentence each.
std::vector<std::string> warnings_of(const Settings& settings);

}  // namespace postroom
