#pragma once
// What the store answers without changing anything.

#include "schema/sqlite.h"

namespace postroom {

// A message that is there, as Repeated::yes.
Recorded recorded_message(Db& db, MessageNumber number);

// The recorded message of this digest, as Repeated::yes: its own, or that of a later arrival of the same
// mail.
std::optional<Recorded> find_recorded(Db& db, const std::string& digest);

// The contracts of the following are those of Store, where they have the same names.
std::vector<MessageRow> unpublished(Db& db);
std::vector<TicketRow> tickets(Db& db, const TicketFilter& filter);
std::optional<TicketRow> ticket(Db& db, TicketNumber number);
std::vector<EventRow> events(Db& db, std::optional<TicketNumber> ticket, int most);
std::vector<MessageRow> messages(Db& db, TicketNumber ticket);
void each_message(Db& db, const std::function<void(const MessageRow&)>& row);
// `rest`: of the query, from WHERE on; m is messages, p is places.
std::vector<MessageRow> select_messages(Db& db, std::string_view rest,
                                        const std::function<void(Statement&)>& bind);
std::int64_t count_rows(Db& db, const std::string& table);

}  // namespace postroom
