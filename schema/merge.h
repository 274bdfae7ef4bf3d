#pragma once
// Messages change their ticket. Events stay with the ticket that they tell of.

#include "schema/sqlite.h"

namespace postroom {

// All inside the caller's transaction; events and the rows of the tickets themselves are the caller's.

// Messages, participants, links and waiting mail of `from` become those of `into`; its requester takes part.
void merge_tickets(Db& db, TicketNumber from, TicketNumber into);

// change.messages become the new ticket change.other, which is as change.ticket is; whoever takes part in the
// one takes part in the other.
void split_off(Db& db, const TicketChange& change, Time at);

}  // namespace postroom
