#pragma once
// What a person does to a ticket.

#include "schema/sqlite.h"

namespace postroom {

struct AskedChange {
  const TicketChange& change;
  const std::optional<NoteFile>& note;
  Time at;
};

// The contracts are those of Store; the first runs inside the caller's transaction.
ChangeDone change_ticket(Db& db, const AskedChange& asked, const Desk& desk);
std::optional<Where> place_after(Db& db, const TicketChange& change, const Desk& desk);

}  // namespace postroom
