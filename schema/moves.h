#pragma once
// Files that have to go to another folder because their ticket has changed: written with the change, done
// after its commit.

#include "schema/sqlite.h"

namespace postroom {

// All messages of the ticket go there, but this one (0: without exception). Returns whether any has to move.
bool bring_messages(Db& db, TicketNumber ticket, const Where& where, MessageNumber but, Time at);

// The contracts of the following are those of Store; moved() runs inside the caller's transaction.
std::vector<Move> moves(Db& db, int most);
void moved(Db& db, const std::vector<Moved>& moved);

}  // namespace postroom
