#pragma once
// Does a mail come from a mail system (MTA, gateway, list manager) rather than a person? Pure.

#include <optional>
#include <string>

#include "rules/message.h"

namespace postroom {

// Weights add up over independent places: 2 is what no person's mail shows, 1 what a person's may show too.
struct MailSystem {
  int envelope = 0;  // null sender (RFC 5321, 4.5.5), or the sender is a mailer daemon
  int from = 0;      // header From: address and display name
  int headers = 0;   // fields that only mail systems write

  int sum() const { return envelope + from + headers; }
};

// `sender`: envelope sender in the form of normal_address(), "" for the null sender; nullopt if unknown.
MailSystem mail_system(const Message& message, const std::optional<std::string>& sender);

}  // namespace postroom
