#include "schema/known_ticket.h"

#include <algorithm>
#include <vector>

#include "schema/columns.h"

namespace postroom {
namespace {

constexpr int longest_chain = 100;  // merges make no chain, let alone a circle; a damaged database might
constexpr std::size_t most_splits = 20;

std::optional<TicketNumber> next_of(Db& db, TicketNumber number) {
  Statement row = db.statement("SELECT merged_into FROM tickets WHERE number = ?");
  if (!row.bind(number).step()) return std::nullopt;
  return row.integer(0);
}

// The ticket, and those that it has been split from since, one from the other.
std::vector<TicketNumber> split_from(Db& db, TicketNumber ticket, Time since) {
  std::vector<TicketNumber> found{ticket};
  Statement row = db.statement(
      "SELECT other FROM links WHERE ticket = ? AND relation = 'split from' AND at >= ? LIMIT 20");
  for (std::size_t i = 0; i < found.size() && found.size() < most_splits; ++i) {
    row.bind(found[i], to_ms(since));
    while (row.step())
      if (std::ranges::find(found, row.integer(0)) == found.end()) found.push_back(row.integer(0));
    row.run();
  }
  return found;
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

bool were_one(Db& db, TicketNumber one, TicketNumber other, Time at) {
  if (one == other) return true;
  const auto whole = split_from(db, other, at);
  return std::ranges::any_of(split_from(db, one, at), [&](TicketNumber ticket) {
    return std::ranges::find(whole, ticket) != whole.end();
  });
}

}  // namespace postroom
