#include "schema/ticket_people.h"

#include "rules/address.h"
#include "schema/columns.h"
#include "schema/customers.h"

namespace postroom {
namespace {

constexpr std::size_t line = 1000, longest_address = 330;
constexpr std::size_t most_people = 200;  // of one ticket

}  // namespace

void add_participants(Db& db, TicketNumber ticket, const std::vector<Address>& people, MessageNumber since) {
  for (const Address& person : people) {
    const auto id =
        customer_id(db, bounded(normal_address(person.address), longest_address), bounded(person.name, line));
    if (!id) continue;
    db.statement(
          "INSERT INTO participants (ticket, customer, since) SELECT ?1, ?2, ?3 WHERE NOT EXISTS "
          "(SELECT 1 FROM tickets WHERE number = ?1 AND customer = ?2) AND (SELECT count(*) FROM "
          "participants "
          "WHERE ticket = ?1) < ?4 ON CONFLICT DO NOTHING")
        .bind(ticket, *id, since, most_people)
        .run();
  }
}

std::vector<std::string> people_of(Db& db, TicketNumber ticket, const Ids& also) {
  std::vector<std::string> found;
  Statement row = db.statement(
      "SELECT c.address FROM customers AS c WHERE c.id = (SELECT customer FROM tickets WHERE number = ?1) "
      "UNION ALL SELECT c.address FROM participants AS p JOIN customers AS c ON c.id = p.customer "
      "WHERE p.ticket = ?1");
  row.bind(ticket);
  while (row.step()) found.push_back(row.text(0));
  Statement one = db.statement("SELECT address FROM customers WHERE id = ?");
  for (const std::int64_t id : also) {
    if (one.bind(id).step()) found.push_back(one.text(0));
    one.run();
  }
  return found;
}

std::vector<CustomerRow> participants(Db& db, TicketNumber ticket) {
  std::vector<CustomerRow> found;
  Statement row = db.statement(
      "SELECT c.address, c.name, c.status FROM participants AS p JOIN customers AS c ON c.id = p.customer "
      "WHERE p.ticket = ? ORDER BY p.since, c.id");
  row.bind(ticket);
  while (row.step()) found.push_back({row.text(0), row.text(1), row.text(2)});
  return found;
}

void add_links(Db& db, TicketNumber ticket, const std::vector<Link>& links, Time at) {
  for (const Link& link : links)
    db.statement(
          "INSERT INTO links (ticket, other, relation, at) SELECT ?1, ?2, ?3, ?4 WHERE ?1 <> ?2 "
          "AND EXISTS (SELECT 1 FROM tickets WHERE number = ?2) ON CONFLICT DO NOTHING")
        .bind(ticket, link.other, relation_name(link.relation), to_ms(at))
        .run();
}

std::vector<Link> links(Db& db, TicketNumber ticket) {
  std::vector<Link> found;
  Statement row = db.statement(
      "SELECT other, relation FROM links WHERE ticket = ?1 UNION SELECT ticket, relation FROM links "
      "WHERE other = ?1 AND relation IN ('possibly the same as', 'linked to') ORDER BY 1, 2");
  row.bind(ticket);
  while (row.step()) found.push_back({row.integer(0), relation_from(row.text(1)).value_or(Relation::linked)});
  return found;
}

}  // namespace postroom
