#pragma once
// Rows of the database that folders and headers tell as well, so that a rebuilt one has to have the same
// (I9).

#include <set>
#include <string>
#include <vector>

#include "schema/sqlite.h"

namespace postroom::tests {

using Rows = std::set<std::string>;

// What is compared. Left out is what mail cannot tell: the outbox with its acknowledgements, the number of
// events and their exact times (so also when a ticket changed last, or was resolved), later arrivals of a
// mail that is kept once, customers' status and further addresses, owner and queue of a ticket before it was
// merged, its owner while it waits, and whose turn it is in a round robin.
struct Compared {
  std::string columns, from;
  std::string known{};  // of the rows that were written as things happened, those that the files tell
};
inline const Compared compared[] = {
    {"t.number, iif(t.merged_into IS NULL, t.queue, '-'), t.channel, t.priority, t.status, iif(t.merged_into "
     "IS NULL AND t.status <> "
     "'waiting', t.owner, '-'), c.address, t.subject, t.tags, t.created, t.merged_into, t.resolved IS NULL",
     "tickets AS t LEFT JOIN customers AS c ON c.id = t.customer"},
    {"number, ticket, hex(digest), kind, message_id, sender, subject, automatic, at, published, gone",
     "messages WHERE kind <> 'acknowledgement'"},
    {"message, mailbox, folder, file", "places"},
    {"p.ticket, c.address, p.since", "participants AS p JOIN customers AS c ON c.id = p.customer"},
    {"ticket, other, relation, at", "links"},
    {"hash, message", "thread_keys", "message NOT IN (SELECT message FROM repeats)"},
    {"hour, hash, message", "contents"},
    {"address, name", "customers"},
    {"message, recipient, orcpt, queue_id, at", "deliveries",
     "at = (SELECT m.at FROM messages AS m WHERE m.number = message)"},
};

inline Rows rows_of(Db& db, const Compared& wanted, const std::string& where = "") {
  Rows rows;
  const std::string which = where.empty() ? "" : " WHERE " + where;
  Statement read = db.statement("SELECT json_array(" + wanted.columns + ") FROM " + wanted.from + which);
  while (read.step()) rows.insert(read.text(0));
  return rows;
}

inline void add_missing(const Rows& rows, const Rows& among, const std::string& what,
                        std::vector<std::string>& differences) {
  for (const std::string& row : rows)
    if (!among.contains(row)) differences.push_back(what + ": " + row);
}

// What only one of the two says, in words.
inline std::vector<std::string> differences(Db& written, Db& rebuilt) {
  std::vector<std::string> found;
  for (const Compared& each : compared) {
    add_missing(rows_of(written, each, each.known), rows_of(rebuilt, each), "not rebuilt, " + each.from,
                found);
    add_missing(rows_of(rebuilt, each), rows_of(written, each), "only rebuilt, " + each.from, found);
  }
  return found;
}

}  // namespace postroom::tests
