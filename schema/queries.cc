#include "schema/queries.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/address.h"
#include "schema/columns.h"

namespace postroom {
namespace {

constexpr std::string_view select_ticket =
    "SELECT t.number, t.queue, t.channel, t.priority, t.status, t.owner, coalesce(c.name, ''), "
    "coalesce(c.address, ''), t.subject, t.tags, t.created, t.updated, "
    "coalesce(t.merged_into, 0) "
    "FROM tickets AS t LEFT JOIN customers AS c ON c.id = t.customer ";

TicketRow ticket_row(const Statement& row) {
  TicketRow ticket;
  ticket.number = row.integer(0);
  ticket.queue = row.text(1);
  ticket.channel = row.text(2);
  ticket.priority = row.text(3);
  ticket.status = row.text(4);
  ticket.owner = row.text(5);
  ticket.customer_name = row.text(6);
  ticket.customer_address = row.text(7);
  ticket.subject = row.text(8);
  ticket.tags = from_list(row.text(9));
  ticket.created = from_ms(row.integer(10));
  ticket.updated = from_ms(row.integer(11));
  ticket.merged_into = row.integer(12);
  return ticket;
}

constexpr std::string_view select_message =
    "SELECT m.number, m.ticket, m.kind, m.message_id, m.sender, m.subject, m.automatic, m.at, m.published, "
    "p.mailbox, p.folder, p.file FROM messages AS m LEFT JOIN places AS p ON p.message = m.number ";

MessageRow message_row(const Statement& row) {
  MessageRow message;
  message.number = row.integer(0);
  message.ticket = row.integer(1);
  message.kind = row.text(2);
  message.message_id = row.text(3);
  message.sender = row.text(4);
  message.subject = row.text(5);
  message.automatic = row.text(6);
  message.at = from_ms(row.integer(7));
  message.published = row.integer(8) != 0;
  if (!row.is_null(9)) message.place = Place{row.text(9), from_list(row.text(10)), row.text(11)};
  return message;
}

std::vector<MessageRow> message_rows(Statement row) {
  std::vector<MessageRow> messages;
  while (row.step()) messages.push_back(message_row(row));
  return messages;
}

// By all addresses that the customer is known to have.
constexpr const char* of_customer =
    " AND t.customer IN (WITH main AS (SELECT coalesce(same_as, id) AS id FROM customers WHERE address = ?4) "
    "SELECT id FROM main UNION SELECT o.id FROM customers AS o JOIN main ON o.same_as = main.id)";

// A negative LIMIT means no limit to SQLite.
int at_least_none(int most) { return std::max(most, 0); }

}  // namespace

Recorded recorded_message(Db& db, MessageNumber number) {
  Statement row = db.statement(
      "SELECT m.ticket, m.published, p.mailbox, p.folder, p.file FROM messages AS m "
      "JOIN places AS p ON p.message = m.number WHERE m.number = ?");
  Recorded recorded;
  recorded.repeated = Repeated::yes;
  recorded.message = number;
  if (!row.bind(number).step())
    throw StoreError(fmt::format("{}: message {} has no place", db.path(), number));
  recorded.ticket = row.integer(0);
  recorded.published = row.integer(1) != 0;
  recorded.place = {row.text(2), from_list(row.text(3)), row.text(4)};
  return recorded;
}

std::optional<Recorded> find_recorded(Db& db, const std::string& digest) {
  Statement row = db.statement(
      "SELECT number FROM messages WHERE digest = ?1 UNION ALL SELECT message FROM repeats WHERE digest = "
      "?1");
  if (!row.bind(Blob{digest}).step()) return std::nullopt;
  return recorded_message(db, row.integer(0));
}

std::vector<MessageRow> unpublished(Db& db) {
  return message_rows(db.statement(
      fmt::format("{} WHERE m.published = 0 AND m.digest IS NOT NULL ORDER BY m.number", select_message)));
}

std::optional<TicketRow> ticket(Db& db, TicketNumber number) {
  Statement row = db.statement(fmt::format("{} WHERE t.number = ?", select_ticket));
  if (!row.bind(number).step()) return std::nullopt;
  return ticket_row(row);
}

std::vector<TicketRow> tickets(Db& db, const TicketFilter& filter) {
  std::string sql = fmt::format("{} WHERE true", select_ticket);
  if (!filter.queue.empty()) sql += " AND t.queue = ?1";
  if (!filter.status.empty()) sql += " AND t.status = ?2";
  if (!filter.owner.empty()) sql += " AND t.owner = ?3 AND t.owner <> ''";  // so that the index fits
  if (!filter.customer.empty()) sql += of_customer;
  sql += " ORDER BY t.number DESC LIMIT ?5";

  Statement row = db.statement(sql);
  row.bind(filter.queue, filter.status, filter.owner, normal_address(filter.customer),
           at_least_none(filter.most));
  std::vector<TicketRow> found;
  while (row.step()) found.push_back(ticket_row(row));
  return found;
}

std::vector<EventRow> events(Db& db, std::optional<TicketNumber> ticket, int most) {
  const std::string where =
      ticket ? "WHERE ticket IN (WITH RECURSIVE merged (number) AS (VALUES (?2) UNION SELECT t.number FROM "
               "tickets AS t JOIN merged AS m ON t.merged_into = m.number) SELECT number FROM merged)"
             : "";
  Statement row =
      db.statement(fmt::format("SELECT id, ticket, message, at, who, what, why FROM "
                               "(SELECT * FROM events {} ORDER BY id DESC LIMIT ?1) ORDER BY id",
                               where));
  if (ticket) row.bind(at_least_none(most), *ticket);
  if (!ticket) row.bind(at_least_none(most));
  std::vector<EventRow> found;
  while (row.step())
    found.push_back({row.integer(0), row.integer(1), row.integer(2), from_ms(row.integer(3)), row.text(4),
                     row.text(5), row.text(6)});
  return found;
}

std::vector<MessageRow> messages(Db& db, TicketNumber ticket) {
  Statement row = db.statement(fmt::format("{} WHERE m.ticket = ? ORDER BY m.number", select_message));
  row.bind(ticket);
  std::vector<MessageRow> found;
  while (row.step()) found.push_back(message_row(row));
  return found;
}

std::vector<MessageRow> select_messages(Db& db, std::string_view rest,
                                        const std::function<void(Statement&)>& bind) {
  Statement row = db.statement(fmt::format("{}{}", select_message, rest));
  bind(row);
  std::vector<MessageRow> found;
  while (row.step()) found.push_back(message_row(row));
  return found;
}

void each_message(Db& db, const std::function<void(const MessageRow&)>& each) {
  Statement row = db.statement(fmt::format("{} ORDER BY m.number", select_message));
  while (row.step()) each(message_row(row));
}

std::int64_t count_rows(Db& db, const std::string& table) {
  Statement known = db.statement("SELECT name FROM sqlite_schema WHERE type = 'table' AND name = ?");
  if (!known.bind(table).step())
    throw StoreError(fmt::format("{}: there is no table '{}'", db.path(), table));
  return db.number(fmt::format("SELECT count(*) FROM \"{}\"", table));
}

}  // namespace postroom
