#pragma once
// Bounces written for people only, by mail systems that do not speak RFC 3464. Pure.

#include <optional>
#include <string>

#include "rules/automatic.h"

namespace postroom {

// A bounce or a notice of delay with the recipients its text names. It takes two signs, one of them the
// sender: what a customer writes about a bounce is no bounce. `sender`: as find_automatic() knows it.
std::optional<Automatic> bounce_in_prose(const Message& message, const std::optional<std::string>& sender);

}  // namespace postroom
