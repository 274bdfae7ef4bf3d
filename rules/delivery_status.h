#pragma once
// What a delivery status notification says in its machine-readable parts (RFC 3464, RFC 3798). Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/automatic.h"

namespace postroom {

// Bounce, delayed, or receipt (delivered, relayed, expanded) with its recipients; nullopt if the message
// holds no delivery report.
std::optional<Automatic> delivery_report(const Message& message);

// Message-ID of the mail that a report or bounce encloses or quotes.
std::optional<std::string> original_message_id(const Message& message);

// "550 5.1.1 user unknown" -> "5.1.1" (RFC 3463); empty if there is none.
std::string enhanced_status(std::string_view text);

// First SMTP reply code of 400 to 599 that stands alone in the text; 0 if there is none.
int reply_code(std::string_view text);

}  // namespace postroom
