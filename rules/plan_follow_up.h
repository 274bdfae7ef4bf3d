#pragma once
// A message joins a ticket. Part of plan_inbound().

#include "rules/plan.h"

namespace postroom {

// Does what the message says prove that it belongs to the ticket?
// - A signature does by itself; a Message-ID or a number in the subject where the sender takes part.
// - Of an operator a Message-ID does: he answers the customer's mail, which no signature of ours is in. A
//   number does not, for From is easily forged, and what is filed as an answer wakes nobody.
// - A report on undelivered mail reopens tickets: it needs a signature, or the Message-ID of a mail that the
//   desk or an operator wrote, and a failed recipient who takes part.
// - Other automatic mail to a channel that files such mail needs a signature or a Message-ID.
// - Spam needs a Message-ID, signed or not: neither a number nor a signed address, which may have been
//   harvested, brings a stranger's spam into a thread; a customer's answer stays one.
bool belongs(const Arrival& arrival, const Candidate& candidate);

// Would it have to reopen a ticket that was resolved too long ago?
bool comes_too_late(const Desk& desk, const Arrival& arrival, const Candidate& candidate);

Plan plan_follow_up(const Desk& desk, const Arrival& arrival, const Facts& facts, const Candidate& candidate);

}  // namespace postroom
