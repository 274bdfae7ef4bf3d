#pragma once
// All messages that have a place, with what the ticket says about it: for comparing the database with the
// folders. Reads everything once.

#include <functional>
#include <optional>

#include "rules/place_of.h"
#include "schema/sqlite.h"

namespace postroom {

struct PlacedRow {
  MessageNumber message = 0;
  KnownTicket ticket;  // number (0: none), queue, owner and status are set
  Place place;
  std::optional<Where> to;  // it waits to be moved there ...
  Time asked{};             // ... since then
  Time at{};
  bool published = false;
  bool gone = false;  // erased or expired, or just about to be: no file may be left
};

// In order of the message number. One transaction, so that rows fit each other.
void each_placed(Db& db, const std::function<void(const PlacedRow&)>& row);

}  // namespace postroom
