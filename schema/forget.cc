#include "schema/forget.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "schema/columns.h"
#include "schema/events.h"

namespace postroom {
namespace {

constexpr const char* going = "SELECT number FROM messages WHERE gone IN ('erasing', 'expiring')";

// Reports need to know who had a ticket when: the words up to a colon are ours, what follows is free text.
constexpr const char* without_free_text =
    "CASE WHEN what IN ('assigned', 'claimed', 'handed over', 'requeued', 'owner changed', "
    "'priority changed', 'erased', 'expired') THEN substr(why, 1, instr(why || ':', ':') - 1) ELSE '' END";

struct GoingRow {
  MessageNumber number = 0;
  TicketNumber ticket = 0;
  bool erased = false;
};

GoingRow going_row(const Statement& row) { return {row.integer(0), row.integer(1), row.integer(2) != 0}; }

std::vector<GoingRow> next_going(Db& db, int most) {
  Statement row = db.statement(
      "SELECT number, coalesce(ticket, 0), gone = 'erasing' FROM messages "
      "WHERE gone IN ('erasing', 'expiring') ORDER BY number LIMIT ?");
  row.bind(most);
  std::vector<GoingRow> found;
  while (row.step()) found.push_back(going_row(row));
  return found;
}

std::vector<GoingRow> going_of(Db& db, TicketNumber ticket) {
  Statement row = db.statement(
      "SELECT number, ticket, gone = 'erasing' FROM messages "
      "WHERE ticket = ? AND gone IN ('erasing', 'expiring') ORDER BY number");
  row.bind(ticket);
  std::vector<GoingRow> found;
  while (row.step()) found.push_back(going_row(row));
  return found;
}

// A mail that was not sent yet is not sent any more; one that is being sent may or may not arrive.
void forget_outgoing(Db& db, MessageNumber message, Time at) {
  Statement row = db.statement("SELECT ticket, kind, state FROM outbox WHERE message = ?");
  if (!row.bind(message).step()) return;
  const std::string state = row.text(2);
  if (state == "queued" || state == "claimed") {
    const char* end = state == "queued" ? "failed" : "uncertain";
    add_event(db, {row.integer(0), message, at, fmt::format("{} {}", row.text(1), end), ""});
    db.statement("UPDATE outbox SET state = ?, body = NULL WHERE message = ?").bind(end, message).run();
  }
  db.statement("UPDATE outbox SET recipient = 'gone', message_id = '', why = '' WHERE message = ?")
      .bind(message)
      .run();
}

void forget_message(Db& db, const GoingRow& message, Time at) {
  constexpr const char* statements[] = {
      "DELETE FROM places WHERE message = ?",
      "DELETE FROM moves WHERE message = ?",
      "DELETE FROM repeats WHERE message = ?",
      "DELETE FROM contents WHERE message = ?1 AND hour = (SELECT at / 3600000 FROM messages WHERE number = "
      "?1)",
      "DELETE FROM deliveries WHERE message = ?",
      // An arrival stays one; its digest must be unique and may fit no mail.
      "INSERT INTO deliveries (message, recipient, orcpt, queue_id, at) "
      "SELECT number, '', '', '', at FROM messages WHERE number = ? AND kind = 'inbound'",
      "UPDATE messages SET message_id = '', sender = '', subject = '', published = published OR digest IS "
      "NOT NULL, digest = CASE WHEN digest IS NULL THEN NULL ELSE CAST('gone ' || number AS BLOB) END, "
      "gone = CASE gone WHEN 'erasing' THEN 'erased' ELSE 'expired' END WHERE number = ?",
  };
  for (const char* sql : statements) db.statement(sql).bind(message.number).run();
  forget_outgoing(db, message.number, at);
  if (message.ticket == 0) return;
  db.statement(fmt::format("UPDATE events SET why = {} WHERE ticket = ? AND message = ? AND why <> ''",
                           without_free_text))
      .bind(message.ticket, message.number)
      .run();
}

void forget_ticket(Db& db, TicketNumber ticket) {
  db.statement("UPDATE tickets SET subject = '', customer = NULL WHERE number = ?").bind(ticket).run();
  db.statement("DELETE FROM participants WHERE ticket = ?").bind(ticket).run();
  db.statement(fmt::format("UPDATE events SET why = {} WHERE ticket = ? AND why <> ''", without_free_text))
      .bind(ticket)
      .run();
}

bool has_mail(Db& db, TicketNumber ticket) {
  Statement row = db.statement("SELECT 1 FROM messages WHERE ticket = ? AND gone = '' LIMIT 1");
  return row.bind(ticket).step();
}

// `what`: "erased" or "expired".
void add_gone_event(Db& db, TicketNumber ticket, const char* what, std::ptrdiff_t messages, const By& by) {
  db.statement("INSERT INTO events (ticket, at, who, what, why) VALUES (?, ?, ?, ?, ?)")
      .bind(or_null(ticket), to_ms(by.at), by.who, what,
            fmt::format("{} message{}", messages, messages == 1 ? "" : "s"))
      .run();
}

// ticket 0: messages of no ticket.
void forget_messages(Db& db, TicketNumber ticket, const std::vector<GoingRow>& messages, const By& by,
                     Forgotten& forgotten) {
  for (const GoingRow& message : messages) forget_message(db, message, by.at);
  forgotten.messages += static_cast<std::int64_t>(messages.size());
  if (ticket != 0 && !has_mail(db, ticket)) {
    forget_ticket(db, ticket);
    ++forgotten.tickets;
  }
  const auto erased = std::ranges::count(messages, true, &GoingRow::erased);
  const auto expired = std::ssize(messages) - erased;
  if (erased > 0) add_gone_event(db, ticket, "erased", erased, by);
  if (expired > 0) add_gone_event(db, ticket, "expired", expired, by);
}

std::vector<std::int64_t> numbers(Statement& row) {
  std::vector<std::int64_t> found;
  while (row.step()) found.push_back(row.integer(0));
  return found;
}

}  // namespace

std::vector<ThreadKeyRow> going_keys(Db& db, ThreadKeyRow after, int most) {
  Statement row = db.statement(
      fmt::format("SELECT hash, message FROM thread_keys WHERE (hash, message) > (?, ?) AND message IN ({}) "
                  "ORDER BY hash, message LIMIT ?",
                  going));
  row.bind(after.hash, after.message, most);
  std::vector<ThreadKeyRow> found;
  while (row.step()) found.push_back({row.integer(0), row.integer(1)});
  return found;
}

void forget_key(Db& db, ThreadKeyRow key) {
  db.statement("DELETE FROM thread_keys WHERE hash = ? AND message = ?").bind(key.hash, key.message).run();
}

std::vector<std::int64_t> going_events(Db& db, std::int64_t after, int most) {
  Statement row = db.statement(
      fmt::format("SELECT id FROM events WHERE id > ? AND ticket IS NULL AND why <> '' AND message IN ({}) "
                  "ORDER BY id LIMIT ?",
                  going));
  row.bind(after, most);
  return numbers(row);
}

std::vector<std::int64_t> events_naming(Db& db, const std::vector<std::string>& addresses, std::int64_t after,
                                        int most) {
  Statement row = db.statement(
      "SELECT id FROM events WHERE id > ? AND why <> '' AND EXISTS "
      "(SELECT 1 FROM json_each(?) WHERE instr(lower(why), value) > 0) ORDER BY id LIMIT ?");
  row.bind(after, to_list(addresses), most);
  return numbers(row);
}

void forget_why(Db& db, std::int64_t event) {
  db.statement("UPDATE events SET why = '' WHERE id = ?").bind(event).run();
}

Forgotten forget_next(Db& db, const By& by, int most) {
  Forgotten forgotten;
  std::set<TicketNumber> tickets;
  std::vector<GoingRow> others;
  for (const GoingRow& message : next_going(db, most)) {
    if (message.ticket == 0) others.push_back(message);
    if (message.ticket != 0) tickets.insert(message.ticket);
  }
  for (const TicketNumber ticket : tickets) forget_messages(db, ticket, going_of(db, ticket), by, forgotten);
  if (!others.empty()) forget_messages(db, 0, others, by, forgotten);
  return forgotten;
}

void forget_leftovers(Db& db) {
  Statement row = db.statement(
      "SELECT number FROM tickets AS t WHERE merged_into IS NOT NULL AND (subject <> '' OR customer IS NOT "
      "NULL) AND NOT EXISTS (SELECT 1 FROM messages WHERE ticket IN (t.number, t.merged_into) AND gone = "
      "'') AND EXISTS (SELECT 1 FROM messages WHERE ticket = t.merged_into AND gone <> '')");
  for (const TicketNumber ticket : numbers(row)) forget_ticket(db, ticket);
  db.execute(
      "DELETE FROM customers WHERE status = '' AND same_as IS NULL "
      "AND id NOT IN (SELECT customer FROM tickets WHERE customer IS NOT NULL) "
      "AND id NOT IN (SELECT customer FROM participants) "
      "AND id NOT IN (SELECT same_as FROM customers WHERE same_as IS NOT NULL)");
}

Forgotten forget_addresses(Db& db, const std::vector<std::string>& addresses, const By& by) {
  constexpr const char* ids = "SELECT id FROM customers WHERE address IN (SELECT value FROM json_each(?1))";
  const std::string list = to_list(addresses);
  Forgotten forgotten;
  Statement row = db.statement(fmt::format("SELECT number FROM tickets WHERE customer IN ({})", ids));
  for (const TicketNumber ticket : numbers(row.bind(list))) {
    if (has_mail(db, ticket)) continue;
    forget_ticket(db, ticket);
    add_gone_event(db, ticket, "erased", 0, by);
    ++forgotten.tickets;
  }
  db.statement(fmt::format("DELETE FROM participants WHERE customer IN ({})", ids)).bind(list).run();
  db.statement(fmt::format("UPDATE customers SET same_as = NULL WHERE same_as IN ({0}) OR id IN ({0})", ids))
      .bind(list)
      .run();
  db.statement(fmt::format("DELETE FROM customers WHERE id IN ({}) AND id NOT IN "
                           "(SELECT customer FROM tickets WHERE customer IS NOT NULL)",
                           ids))
      .bind(list)
      .run();
  if (db.changes() > 0)
    db.statement("INSERT INTO events (at, who, what, why) VALUES (?, ?, 'erased', 'a customer')")
        .bind(to_ms(by.at), by.who)
        .run();
  return forgotten;
}

}  // namespace postroom
