#pragma once
// Who takes part in a ticket besides its requester, and to which others the ticket is related.

#include "schema/sqlite.h"

namespace postroom {

using Ids = std::vector<std::int64_t>;  // customers.id

// Adds them, since this message; the requester and those who are there already stay as they are. A ticket has
// at most 200.
void add_participants(Db& db, TicketNumber ticket, const std::vector<Address>& people, MessageNumber since);

// Normalised addresses: the requester's, the participants', and those of `also`.
std::vector<std::string> people_of(Db& db, TicketNumber ticket, const Ids& also);

// Without the requester, oldest first.
std::vector<CustomerRow> participants(Db& db, TicketNumber ticket);

void add_links(Db& db, TicketNumber ticket, const std::vector<Link>& links, Time at);

// Those of the ticket, and those of others to it where both ends say the same.
std::vector<Link> links(Db& db, TicketNumber ticket);

}  // namespace postroom
