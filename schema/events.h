#pragma once
// What happened: every change of a ticket has a row (who, when, what, why).

#include "schema/sqlite.h"

namespace postroom {

struct Event {
  TicketNumber ticket = 0;  // 0: of no ticket
  MessageNumber message = 0;
  Time at;
  std::string what, why;
  std::string who = "postroom";  // or the login of the operator
};

// Appends it, inside the caller's transaction.
void add_event(Db& db, const Event& event);

}  // namespace postroom
