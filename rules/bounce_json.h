#pragma once
// Bounces, complaints and deliveries that Amazon SES tells as JSON in the text of a mail. Pure.
// Source: Amazon SES Developer Guide, "Notification contents".

#include <optional>
#include <string_view>

#include "rules/automatic.h"

namespace postroom {

// Bounce, feedback or receipt; nullopt if the text is no such notification. Reads at most 64 KiB.
std::optional<Automatic> notification_in(std::string_view text);

}  // namespace postroom
