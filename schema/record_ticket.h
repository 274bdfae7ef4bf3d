#pragma once
// The rows of one arrived message, as the plan says. All inside the caller's transaction.

#include "schema/sqlite.h"

namespace postroom {

// Keys of a delivery that are new for this message, in order.
std::vector<DeliveryKey> add_keys(Db& db, const Delivery& delivery, MessageNumber message);

// A new ticket with its links, participants and round robin.
void open_ticket(Db& db, const Delivery& delivery, const Plan& plan);

// Round robin goes on after him; nobody ("") is not remembered.
void remember_owner(Db& db, const std::string& queue, const std::string& owner);

// What the message changes in the ticket it joins. True: other messages of it have to move.
bool join_ticket(Db& db, const Delivery& delivery, const Plan& plan);

// The message with its place, deliveries and thread keys. `ticket`: 0 for none.
Place add_message(Db& db, const Delivery& delivery, const Plan& plan, TicketNumber ticket);

}  // namespace postroom
