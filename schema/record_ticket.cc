#include "schema/record_ticket.h"

#include <algorithm>

#include "rules/address.h"
#include "schema/columns.h"
#include "schema/customers.h"
#include "schema/moves.h"
#include "schema/thread_keys.h"
#include "schema/ticket_people.h"
#include "schema/update_ticket.h"

namespace postroom {
namespace {

// Bytes kept of what mail brings; a header line has at most 998 (RFC 5322, 2.1.1), an address 320.
constexpr std::size_t line = 1000, address = 330;

bool add_key(Db& db, const Delivery& delivery, MessageNumber message, const DeliveryKey& key) {
  db.statement(
        "INSERT INTO deliveries (message, recipient, orcpt, queue_id, at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT DO NOTHING")
      .bind(message, bounded(key.recipient, address), bounded(key.orcpt, line),
            bounded(delivery.queue_id, 64), to_ms(delivery.at))
      .run();
  return db.changes() > 0;
}

// nullopt: the message names nobody who could be answered.
std::optional<std::int64_t> customer_of(Db& db, const Customer& customer) {
  return customer_id(db, bounded(normal_address(customer.address), address), bounded(customer.name, line));
}

// Ids that lead to this ticket already are not kept again: long threads name the same ones in every mail.
bool leads_to(Db& db, const std::string& id, TicketNumber ticket) {
  for (const ThreadKey key : {ThreadKey::id, ThreadKey::named}) {
    const auto hits = find_thread_key(db, key, id);
    if (std::ranges::any_of(hits, [ticket](const ThreadHit& hit) { return hit.ticket == ticket; }))
      return true;
  }
  return false;
}

void add_thread_keys(Db& db, const Delivery& delivery, TicketNumber ticket) {
  add_thread_key(db, ThreadKey::id, delivery.message_id, delivery.message);
  add_content(db, delivery.arrival.decision.content, delivery.message, delivery.at);
  for (const std::string& id : delivery.arrival.references.ids)
    if (!leads_to(db, id, ticket)) add_thread_key(db, ThreadKey::named, id, delivery.message);
}

}  // namespace

std::vector<DeliveryKey> add_keys(Db& db, const Delivery& delivery, MessageNumber message) {
  std::vector<DeliveryKey> added;
  for (const DeliveryKey& key : delivery.keys)
    if (add_key(db, delivery, message, key)) added.push_back(key);
  return added;
}

void open_ticket(Db& db, const Delivery& delivery, const Plan& plan) {
  const Decision& decision = delivery.arrival.decision;
  const Verdict& verdict = decision.verdict;
  db.statement(
        "INSERT INTO tickets (number, queue, channel, priority, status, owner, customer, subject, tags, "
        "created, updated) VALUES (?1, ?2, ?3, ?4, 'new', ?5, ?6, ?7, ?8, ?9, ?9)")
      .bind(delivery.ticket, verdict.queue, verdict.channel, priority_name(verdict.priority),
            plan.owner.value_or(""), customer_of(db, decision.customer), bounded(delivery.subject, line),
            to_list(verdict.tags), to_ms(delivery.at))
      .run();
  add_links(db, delivery.ticket, plan.links, delivery.at);
  if (plan.owner) remember_owner(db, verdict.queue, *plan.owner);
}

void remember_owner(Db& db, const std::string& queue, const std::string& owner) {
  if (owner.empty()) return;
  db.statement(
        "INSERT INTO queues (name, last_owner) VALUES (?, ?) "
        "ON CONFLICT (name) DO UPDATE SET last_owner = excluded.last_owner")
      .bind(queue, owner)
      .run();
}

bool join_ticket(Db& db, const Delivery& delivery, const Plan& plan) {
  TicketUpdate update{plan.ticket, delivery.at};
  update.owner = plan.owner;
  update.status = plan.status;
  update_ticket(db, update);
  add_links(db, plan.ticket, plan.links, delivery.at);
  if (!plan.brings_conversation) return false;
  return bring_messages(db, plan.ticket, {plan.mailbox, plan.folder}, delivery.message, delivery.at);
}

Place add_message(Db& db, const Delivery& delivery, const Plan& plan, TicketNumber ticket) {
  db.statement(
        "INSERT INTO messages (number, ticket, digest, kind, message_id, sender, subject, automatic, at, "
        "published) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)")
      .bind(delivery.message, or_null(ticket), Blob{delivery.digest}, plan.kind,
            bounded(delivery.message_id, line), bounded(delivery.arrival.sender, address),
            bounded(delivery.subject, line), kind_name(delivery.arrival.decision.automatic.kind),
            to_ms(delivery.at))
      .run();
  db.statement("INSERT INTO places (message, mailbox, folder, file) VALUES (?, ?, ?, ?)")
      .bind(delivery.message, plan.mailbox, to_list(plan.folder), delivery.file)
      .run();
  add_keys(db, delivery, delivery.message);
  if (ticket != 0) {
    add_thread_keys(db, delivery, ticket);
    add_participants(db, ticket, plan.participants, delivery.message);
  }
  return {plan.mailbox, plan.folder, delivery.file};
}

}  // namespace postroom
