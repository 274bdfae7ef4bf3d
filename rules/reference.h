#pragma once
// To which ticket does a message belong? How our mail says it (a signed reply address, a signed Message-ID,
// a tag in the subject), and how what comes in is read for it. Pure, linear time.
//
// The signatures survive mail systems that change case: their alphabet is a-z and 2-7 (RFC 4648, 6), compared
// in lower case. A forged one is treated as none.

#include <string>
#include <string_view>
#include <vector>

#include "rules/automatic.h"
#include "rules/keys.h"
#include "rules/message.h"
#include "rules/ticket.h"

namespace postroom {

struct Envelope;

// "support@desk.test", 48213 -> "support+48213.k7q2m9p4xa@desk.test". Empty if the delimiter is '\0', or if
// the local part would exceed 64 bytes (RFC 5321, 4.5.3.1.1): then mail goes without one.
std::string reply_address(std::string_view channel, TicketNumber ticket, char delimiter, const Keys& keys);

// The ticket that a signed reply address names; nullopt if there is no signature, or a forged one.
std::optional<TicketNumber> ticket_of_address(std::string_view address, char delimiter, const Keys& keys);

struct OwnId {
  TicketNumber ticket = 0;
  MessageNumber message = 0;
};

// Message-ID of a mail of ours, without <>: "t48213.m991.<random>.<signature>@<host>". `random`: a-z and 0-9.
std::string signed_message_id(OwnId id, std::string_view random, std::string_view host, const Keys& keys);
std::optional<OwnId> read_message_id(std::string_view id, const Keys& keys);

// What a message says, each list with the nearest first and without doubles.
struct References {
  std::vector<TicketNumber> addressed;   // by signed reply addresses: envelope recipients, To, Cc
  std::vector<TicketNumber> signed_ids;  // by our Message-IDs in In-Reply-To and References
  std::vector<std::string> ids;          // other Message-IDs there, without <>, at most 20
  std::vector<TicketNumber> tagged;      // by tags in the subject, at most 5

  bool operator==(const References&) const = default;
};

// A report about a mail of ours refers to what that mail refers to (Automatic::original_message_id,
// original_ids, original_reply_to).
References references_of(const Message& message, const Envelope& envelope, const Automatic& automatic,
                         char delimiter, const Keys& keys);

}  // namespace postroom
