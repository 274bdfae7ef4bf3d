#include "schema/merge.h"

#include "schema/columns.h"

namespace postroom {
namespace {

void run(Db& db, std::string_view sql, TicketNumber from, TicketNumber to) {
  db.statement(sql).bind(from, to).run();
}

// An acknowledgement goes with the message that it answers.
constexpr std::string_view outbox_follows[] = {
    "UPDATE messages SET ticket = ?2 WHERE number IN (SELECT message FROM outbox WHERE answers = ?1)",
    "UPDATE outbox SET ticket = ?2 WHERE answers = ?1"};

constexpr std::string_view merging[] = {
    ("INSERT INTO participants (ticket, customer, since) SELECT ?2, t.customer, "
     "(SELECT min(number) FROM messages WHERE ticket = ?1) FROM tickets AS t "
     "WHERE t.number = ?1 AND t.customer IS NOT NULL "
     "AND EXISTS (SELECT 1 FROM messages WHERE ticket = ?1) ON CONFLICT DO NOTHING"),
    ("INSERT INTO participants (ticket, customer, since) SELECT ?2, customer, since FROM participants "
     "WHERE ticket = ?1 ON CONFLICT DO NOTHING"),
    "DELETE FROM participants WHERE ticket = ?1 AND ?1 <> ?2",
    ("DELETE FROM participants WHERE ticket = ?2 "
     "AND customer = (SELECT customer FROM tickets WHERE number = ?2) AND ?1 <> ?2"),
    "UPDATE outbox SET ticket = ?2 WHERE message IN (SELECT number FROM messages WHERE ticket = ?1)",
    "UPDATE messages SET ticket = ?2 WHERE ticket = ?1",
    "UPDATE OR IGNORE links SET ticket = ?2 WHERE ticket = ?1 AND other <> ?2",
    "UPDATE OR IGNORE links SET other = ?2 WHERE other = ?1 AND ticket <> ?2",
    "DELETE FROM links WHERE (ticket = ?1 OR other = ?1) AND ?1 <> ?2",
    "UPDATE tickets SET merged_into = ?2 WHERE merged_into = ?1 AND number <> ?2"};

}  // namespace

void merge_tickets(Db& db, TicketNumber from, TicketNumber into) {
  for (const std::string_view sql : merging) run(db, sql, from, into);
}

void split_off(Db& db, const TicketChange& change, Time at) {
  const MessageNumber first = change.messages.empty() ? 0 : change.messages.front();
  db.statement(
        "INSERT INTO tickets (number, queue, channel, priority, status, owner, customer, subject, tags, "
        "created, updated) SELECT ?2, queue, channel, priority, 'new', owner, customer, coalesce((SELECT "
        "subject FROM messages WHERE number = ?3), subject), tags, ?4, ?4 FROM tickets WHERE number = ?1")
      .bind(change.ticket, change.other, first, to_ms(at))
      .run();
  for (const MessageNumber message : change.messages) {
    db.statement("UPDATE messages SET ticket = ?2 WHERE number = ?1 AND ticket = ?3")
        .bind(message, change.other, change.ticket)
        .run();
    for (const std::string_view sql : outbox_follows) run(db, sql, message, change.other);
  }
  run(db,
      "INSERT INTO participants (ticket, customer, since) SELECT ?2, customer, since FROM participants "
      "WHERE ticket = ?1",
      change.ticket, change.other);
}

}  // namespace postroom
