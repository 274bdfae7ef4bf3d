#pragma once
// A ticket as decisions want to know it.

#include "schema/sqlite.h"

namespace postroom {

std::optional<KnownTicket> known_ticket(Db& db, TicketNumber number);

// Into which ticket it was merged; 0: it was not, or there is no such ticket.
TicketNumber merged_into(Db& db, TicketNumber number);

// The ticket that stands for this one today: itself, or the last one of those that it was merged into.
// 0: there is no such ticket.
TicketNumber surviving(Db& db, TicketNumber number);

// Were these two (surviving ones) a single ticket at that time, of which one was split off since? Bounded: of
// splits from splits the nearest ones count.
bool were_one(Db& db, TicketNumber one, TicketNumber other, Time at);

}  // namespace postroom
