#pragma once
// The database anew, from what the stored files say of themselves and where they lie.

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "rules/record_line.h"
#include "schema/sqlite.h"

namespace postroom {

// One file of the desk.
struct RebuiltFile {
  FileRecord record;
  Place place;
  std::string message_id, sender, subject;
  std::vector<std::string> named;  // Message-IDs in its References
  Time arrived{};                  // when it came into this folder
};

struct RebuildCounts {
  std::int64_t tickets = 0, messages = 0, notes = 0;
  std::int64_t refused = 0;  // changes that a note tells and that cannot be (the ticket is gone)
};

// Writes into an empty database of the newest schema. No mail is ever sent for what it writes.
class Rebuild {
 public:
  // Both must outlive the object.
  Rebuild(Db& db, const Desk& desk) : db_{db}, desk_{desk} {}

  // In order of the time in the record: what a note tells happened after what came before it. A note that
  // splits a ticket off comes before what is in that ticket.
  void add(const RebuiltFile& file);

  // Status, owner and queue of every ticket from where its messages lie. `least`: numbers below these were
  // given out already, and are never given out again.
  RebuildCounts finish(const Numbers& least);

 private:
  TicketNumber ticket_for(const RebuiltFile& file);
  void add_message_of(const RebuiltFile& file);
  void add_events(const RebuiltFile& file, TicketNumber ticket);
  void replay(const RebuiltFile& file);
  void place_tickets();
  void place(TicketNumber ticket, const std::vector<MessageNumber>& messages,
             const std::vector<Where>& where);
  void next_batch();

  Db& db_;
  const Desk& desk_;
  std::optional<Transaction> batch_;
  int in_batch_ = 0;
  RebuildCounts counts_;
  std::unordered_map<MessageNumber, Time> arrived_;  // in folders that say more than "new"
};

}  // namespace postroom
