#pragma once
// What no single value shows: names that lead nowhere, doubles, and values that contradict each other. Pure.

#include "conf/problems.h"
#include "conf/settings.h"

namespace postroom {

void check_settings(const Settings& settings, const Places& places, Problems& problems);

}  // namespace postroom
