#pragma once
// What the database knows of deliveries, for comparing it with Postfix's log.

#include <optional>
#include <string>

#include "schema/sqlite.h"

namespace postroom {

// Under which queue id each message came to whom, in memory (about 24 bytes each), for there is no index.
class Arrivals {
 public:
  explicit Arrivals(Db& db);

  // nullopt: no such delivery is recorded. `recipient` in any form; empty: to anybody.
  std::optional<MessageNumber> message(const std::string& queue_id, const std::string& recipient) const;

 private:
  struct Row {
    std::uint64_t hash = 0;
    MessageNumber message = 0;
  };
  std::vector<Row> rows_;  // sorted
};

bool has_ticket(Db& db, TicketNumber ticket);
bool has_message(Db& db, MessageNumber message);

}  // namespace postroom
