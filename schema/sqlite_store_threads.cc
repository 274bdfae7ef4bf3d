// Threads, changes and moves of the store.

#include "schema/change_ticket.h"
#include "schema/moves.h"
#include "schema/record.h"
#include "schema/same_customer.h"
#include "schema/sqlite_store.h"
#include "schema/ticket_people.h"

namespace postroom {

Destination SqliteStore::destination(const Delivery& delivery, const Desk& desk) {
  const Snapshot snapshot{*db_};
  return postroom::destination(*db_, delivery, desk);
}

ChangeDone SqliteStore::change(const TicketChange& change, const std::optional<NoteFile>& note,
                               const Desk& desk, Time at) {
  Transaction transaction{*db_};
  ChangeDone done = change_ticket(*db_, {change, note, at}, desk);
  transaction.commit();
  return done;
}

std::optional<Where> SqliteStore::place_after(const TicketChange& change, const Desk& desk) {
  const Snapshot snapshot{*db_};
  return postroom::place_after(*db_, change, desk);
}

std::vector<Move> SqliteStore::moves(int most) { return postroom::moves(*db_, most); }

void SqliteStore::moved(const std::vector<Moved>& moved) {
  if (moved.empty()) return;
  Transaction transaction{*db_};
  postroom::moved(*db_, moved);
  transaction.commit();
}

std::vector<Link> SqliteStore::links(TicketNumber ticket) { return postroom::links(*db_, ticket); }

std::vector<CustomerRow> SqliteStore::participants(TicketNumber ticket) {
  return postroom::participants(*db_, ticket);
}

bool SqliteStore::set_same_customer(const std::string& address, const std::string& main, const By& by) {
  Transaction transaction{*db_};
  const bool changed = postroom::set_same_customer(*db_, address, main, by);
  transaction.commit();
  return changed;
}

}  // namespace postroom
