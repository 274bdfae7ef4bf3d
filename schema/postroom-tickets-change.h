#pragma once
// How postroom-tickets changes a ticket, and its files after it.

#include "lmtp/maildir.h"
#include "rules/keys.h"
#include "schema/postroom-tickets.h"
#include "schema/show.h"

namespace postroom {

// Database and folders. Whoever writes is the owner of the database from here on.
struct TicketsDesk {
  enum class Use { writes, reads };
  explicit TicketsDesk(const TicketsAsked& asked, Use use = Use::writes);

  const TicketsAsked& asked;
  std::unique_ptr<Store> store;
  Keys keys;
  Maildir maildir;
};

// Changes the ticket and puts a note about it into its folder, or does neither. Killed at any line it leaves
// nothing that postroom-lmtp does not finish or clean at its start.
ChangeDone change_with_note(TicketsDesk& desk, const TicketChange& change);

// Puts notes into their folders that commands have recorded and not lived to publish. Of mail that comes in
// this is left to postroom-lmtp, which may be about to do so. What fails is told, and hinders nothing.
void publish_left_notes(TicketsDesk& desk);

// Moves what waits to be moved. What cannot be moved now is told, and left to postroom-lmtp.
void move_waiting(TicketsDesk& desk);

// All addresses of the customer who has this one, by the configuration and by `customer --same-as`.
std::vector<std::string> addresses_of_customer(TicketsDesk& desk, const std::string& address);

}  // namespace postroom
