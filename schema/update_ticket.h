#pragma once
// Changes of a ticket's row.

#include "schema/sqlite.h"

namespace postroom {

// Everything not set stays.
struct TicketUpdate {
  TicketNumber ticket = 0;
  Time at{};
  std::optional<std::string> queue{}, channel{}, owner{};
  std::optional<Status> status{};
  std::optional<Priority> priority{};
  std::optional<TicketNumber> merged_into{};
};

// Inside the caller's transaction, with the events that say so. `resolved` follows the status.
void update_ticket(Db& db, const TicketUpdate& update);

}  // namespace postroom
