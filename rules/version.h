#pragma once
// Which rules made a decision. Pure.

#include <string>

#include "rules/desk.h"

namespace postroom {

// 16 hex digits of a SHA-256 over everything in the desk that decisions depend on: channels, names of queues,
// rules in their order, the recipient delimiter, the limits of reading.
std::string version_of(const Desk& desk);

}  // namespace postroom
