#pragma once
// What a delivery status notification says in its machine-readable parts (RFC 3464, RFC 3798). Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/automatic.h"
#include "rules/mail_system.h"

namespace postroom {

// Bounce, delayed, or receipt (delivered, relayed, expanded) with its recipients; nullopt if the message is
// no delivery report: the report has to be the message itself (multipart/report), or a mail system its
// sender, for people attach reports and ask about them.
std::optional<Automatic> delivery_report(const Message& message, const MailSystem& system);

// The recipients that fields of RFC 3464 name in any text, if delivery failed or is delayed.
std::vector<Failed> failed_fields(std::string_view text);

// Value of the first field of that name (lower case) in the header section that begins the text, unfolded.
std::string header_in(std::string_view text, std::string_view name);

// Original-Message-ID that a receipt names (RFC 8098, 3.2.5), without <>; empty if there is none.
std::string original_id_field(const Message& message);

// "550 5.1.1 user unknown" -> "5.1.1" (RFC 3463); empty if there is none.
std::string enhanced_status(std::string_view text);

// First SMTP reply code of 400 to 599 that stands alone in the text; 0 if there is none.
int reply_code(std::string_view text);

}  // namespace postroom
