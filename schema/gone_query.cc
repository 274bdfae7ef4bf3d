#include "schema/gone_query.h"

#include "schema/columns.h"
#include "schema/queries.h"

namespace postroom {
namespace {

std::vector<std::int64_t> all_numbers(Statement& row) {
  std::vector<std::int64_t> found;
  while (row.step()) found.push_back(row.integer(0));
  return found;
}

}  // namespace

std::vector<std::string> addresses_of(Db& db, const std::string& address) {
  std::vector<std::string> found{address};
  Statement row = db.statement(
      "WITH main AS (SELECT coalesce(same_as, id) AS id FROM customers WHERE address = ?1) "
      "SELECT address FROM customers WHERE (id IN main OR same_as IN main) AND address <> ?1 ORDER BY id");
  row.bind(address);
  while (row.step()) found.push_back(row.text(0));
  return found;
}

std::vector<TicketNumber> tickets_of(Db& db, const std::vector<std::string>& addresses, TicketNumber after,
                                     int most) {
  Statement row = db.statement(
      "SELECT number FROM tickets WHERE customer IN (SELECT id FROM customers WHERE address IN "
      "(SELECT value FROM json_each(?1))) AND number > ?2 ORDER BY number LIMIT ?3");
  return all_numbers(row.bind(to_list(addresses), after, most));
}

std::vector<MessageNumber> messages_of(Db& db, const std::vector<std::string>& addresses) {
  Statement row = db.statement(
      "WITH his AS (SELECT value FROM json_each(?1)) "
      "SELECT number FROM messages WHERE gone = '' AND (lower(sender) IN his OR ticket IN "
      "(SELECT number FROM tickets WHERE customer IN (SELECT id FROM customers WHERE address IN his)) "
      "OR number IN (SELECT message FROM outbox WHERE recipient IN his)) ORDER BY number");
  return all_numbers(row.bind(to_list(addresses)));
}

std::vector<MessageRow> messages_around(Db& db, const std::vector<std::string>& addresses,
                                        MessageNumber after, int most) {
  return select_messages(
      db,
      "WHERE m.gone = '' AND m.kind = 'inbound' AND m.ticket IN (SELECT ticket FROM participants WHERE "
      "customer IN (SELECT id FROM customers WHERE address IN (SELECT value FROM json_each(?1)))) "
      "AND m.number > ?2 ORDER BY m.number LIMIT ?3",
      [&](Statement& row) { row.bind(to_list(addresses), after, most); });
}

Expirable expirable(Db& db, const Expiry& expiry) {
  Statement resolved = db.statement(
      "SELECT m.number FROM tickets AS t JOIN messages AS m ON m.ticket = t.number "
      "WHERE t.status = 'resolved' AND t.resolved < ? AND m.gone = '' AND m.published >= (m.digest IS NOT "
      "NULL) ORDER BY m.number");
  const auto ticketless = [&](Time before, const std::string& folder) {
    Statement row = db.statement(
        "SELECT m.number FROM messages AS m JOIN places AS p ON p.message = m.number "
        "WHERE m.ticket IS NULL AND m.gone = '' AND m.published = 1 AND m.at < ? "
        "AND json_extract(p.folder, '$[#-1]') = ? ORDER BY m.number");
    return all_numbers(row.bind(to_ms(before), folder));
  };
  return {all_numbers(resolved.bind(to_ms(expiry.resolved))), ticketless(expiry.spam, expiry.junk),
          ticketless(expiry.automatic, expiry.automatic_folder)};
}

std::int64_t mark_going(Db& db, const std::vector<MessageNumber>& messages, Going going) {
  const bool erases = going == Going::erased;
  std::int64_t marked = 0;
  for (const MessageNumber message : messages) {
    db.statement(erases
                     ? "UPDATE messages SET gone = 'erasing' WHERE number = ? AND gone IN ('', 'expiring')"
                     : "UPDATE messages SET gone = 'expiring' WHERE number = ? AND gone = '' AND (ticket IS "
                       "NULL OR (SELECT status FROM tickets WHERE number = ticket) = 'resolved')")
        .bind(message)
        .run();
    if (db.changes() == 0) continue;
    ++marked;
    db.statement("DELETE FROM moves WHERE message = ?").bind(message).run();
  }
  return marked;
}

bool is_going(Db& db, MessageNumber message) {
  Statement row = db.statement("SELECT 1 FROM messages WHERE number = ? AND gone IN ('erasing', 'expiring')");
  return row.bind(message).step();
}

std::vector<MessageRow> going(Db& db, MessageNumber after, int most) {
  return select_messages(
      db, "WHERE m.gone IN ('erasing', 'expiring') AND m.number > ?1 ORDER BY m.number LIMIT ?2",
      [&](Statement& row) { row.bind(after, most); });
}

}  // namespace postroom
