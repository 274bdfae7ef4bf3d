#pragma once
// Rows of the database that folders and headers tell as well, so that a rebuilt one has to have the same
// (I9).

#include <set>
#include <string>

#include "schema/sqlite.h"

namespace postroom::tests {

using Rows = std::set<std::string>;

// What is compared. Left out is what mail cannot tell: the outbox with its acknowledgements, the number of
// events and their exact times (so also when a ticket changed last, or was resolved), later arrivals of a
// mail that is kept once, customers' status and further addresses, who owned a ticket before it was merged or
// while it waits, and whose turn it is in a round robin.
struct Compared {
  std::string columns, from;
};
inline const Compared compared[] = {
    {"t.number, t.queue, t.channel, t.priority, t.status, iif(t.merged_into IS NULL AND t.status <> "
     "'waiting', "
     "t.owner, '-'), c.address, t.subject, t.tags, t.created, t.merged_into, t.resolved IS NULL",
     "tickets AS t LEFT JOIN customers AS c ON c.id = t.customer"},
    {"number, ticket, hex(digest), kind, message_id, sender, subject, automatic, at, published, gone",
     "messages WHERE kind <> 'acknowledgement'"},
    {"message, mailbox, folder, file", "places"},
    {"p.ticket, c.address, p.since", "participants AS p JOIN customers AS c ON c.id = p.customer"},
    {"ticket, other, relation, at", "links"},
    {"hash, message",
     "thread_keys WHERE message IN (SELECT number FROM messages WHERE kind <> 'acknowledgement') "
     "AND message NOT IN (SELECT message FROM repeats)"},
    {"hour, hash, message", "contents"},
    {"address, name", "customers"},
    {"message, recipient, orcpt, queue_id, at",
     "deliveries WHERE message NOT IN (SELECT message FROM repeats)"},
};

inline Rows rows_of(Db& db, const Compared& wanted) {
  Rows rows;
  Statement read = db.statement("SELECT json_array(" + wanted.columns + ") FROM " + wanted.from);
  while (read.step()) rows.insert(read.text(0));
  return rows;
}

}  // namespace postroom::tests
