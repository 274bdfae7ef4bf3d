#pragma once
// What happened: every change of a ticket has a row (who, when, what, why).

#include "schema/sqlite.h"

namespace postroom {

struct Event {
  TicketNumber ticket = 0;  // 0: of no ticket
  MessageNumber message = 0;
  Time at;
  std::string what, why;
};

// Appends it, inside the caller's transaction; done by "postroom".
void add_event(Db& db, const Event& event);

}  // namespace postroom
