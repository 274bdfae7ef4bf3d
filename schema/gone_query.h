#pragma once
// Whose mail goes, and which is going. The contracts are those of Store; gone.h has the order.

#include "schema/gone.h"
#include "schema/sqlite.h"

namespace postroom {

std::vector<std::string> addresses_of(Db& db, const std::string& address);
std::vector<TicketNumber> tickets_of(Db& db, const std::vector<std::string>& addresses, TicketNumber after,
                                     int most);
std::vector<MessageNumber> messages_of(Db& db, const std::vector<std::string>& addresses);
std::vector<MessageRow> messages_around(Db& db, const std::vector<std::string>& addresses,
                                        MessageNumber after, int most);
Expirable expirable(Db& db, const Expiry& expiry);

// Inside the caller's transaction.
std::int64_t mark_going(Db& db, const std::vector<MessageNumber>& messages, Going going);

bool is_going(Db& db, MessageNumber message);
std::vector<MessageRow> going(Db& db, MessageNumber after, int most);

}  // namespace postroom
