#pragma once
// Header fields that say by themselves what a message is: one row a sign. Pure.

#include <optional>

#include "rules/automatic.h"

namespace postroom {

// The most certain sign that the message bears, with kind and reason; nullopt if it bears none.
std::optional<Automatic> sign_of(const Message& message);

}  // namespace postroom
