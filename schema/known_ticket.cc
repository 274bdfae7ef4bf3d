#include "schema/known_ticket.h"

#include "schema/columns.h"

namespace postroom {
namespace {

constexpr int longest_chain = 100;  // merges make no circle; a damaged database might have one

std::optional<TicketNumber> next_of(Db& db, TicketNumber number) {
  Statement row = db.statement("SELECT merged_into FROM tickets WHERE number = ?");
  if (!row.bind(number).step()) return std::nullopt;
  return row.integer(0);
}

}  // namespace

std::optional<KnownTicket> known_ticket(Db& db, TicketNumber number) {
  Statement row = db.statement(
      "SELECT t.queue, t.channel, t.owner, t.status, t.priority, t.created, coalesce(t.resolved, 0), "
      "coalesce(c.address, '') FROM tickets AS t LEFT JOIN customers AS c ON c.id = t.customer "
      "WHERE t.number = ?");
  if (!row.bind(number).step()) return std::nullopt;
  KnownTicket known;
  known.number = number;
  known.queue = row.text(0);
  known.channel = row.text(1);
  known.owner = row.text(2);
  known.status = status_from(row.text(3)).value_or(Status::fresh);
  known.priority = priority_from(row.text(4)).value_or(Priority::normal);
  known.created = from_ms(row.integer(5));
  known.resolved = from_ms(row.integer(6));
  known.customer = row.text(7);
  return known;
}

TicketNumber merged_into(Db& db, TicketNumber number) { return next_of(db, number).value_or(0); }

TicketNumber surviving(Db& db, TicketNumber number) {
  for (int step = 0; step < longest_chain; ++step) {
    const auto next = next_of(db, number);
    if (!next) return 0;
    if (*next == 0) return number;
    number = *next;
  }
  return 0;
}

}  // namespace postroom
