#pragma once
// The effective configuration, defaults filled in. Pure.

#include <string>

#include "conf/settings.h"

namespace postroom {

// As a postroom.yaml that means the same; paths are absolute.
std::string show_yaml(const Settings& settings);

// As one line of JSON: durations in seconds, sizes in bytes, switches as true and false.
std::string show_json(const Settings& settings);

}  // namespace postroom
