#pragma once
// Mail about mail that was not delivered: reports (RFC 3464), and what mail systems write for people. Pure.

#include <optional>

#include "rules/automatic.h"
#include "rules/mail_system.h"

namespace postroom {

// A bounce, a notice of delay or a report of success (receipt), with its recipients. It takes signs from two
// places, one of them the sender: what a customer writes about a bounce, or attaches, is no bounce.
std::optional<Automatic> find_bounce(const Message& message, const MailSystem& system);

}  // namespace postroom
