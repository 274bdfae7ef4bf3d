#include "schema/record.h"

#include <fmt/format.h>

#include "rules/address.h"
#include "schema/columns.h"
#include "schema/customers.h"
#include "schema/events.h"
#include "schema/facts.h"
#include "schema/outbox.h"
#include "schema/queries.h"

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

void add_keys(Db& db, const Delivery& delivery, MessageNumber message) {
  for (const DeliveryKey& key : delivery.keys) add_key(db, delivery, message, key);
}

Recorded repeat(Db& db, const Delivery& delivery, Recorded known) {
  for (const DeliveryKey& key : delivery.keys) {
    if (!add_key(db, delivery, known.message, key)) continue;
    add_event(db, {known.ticket, known.message, delivery.at,
                   "also addressed to " + bounded(key.recipient, address), "the same message, kept once"});
  }
  known.repeated = Repeated::yes;
  return known;
}

// nullopt: the message names nobody who could be answered.
std::optional<std::int64_t> customer_of(Db& db, const Customer& customer) {
  return customer_id(db, bounded(normal_address(customer.address), address), bounded(customer.name, line));
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
}

void add_inbound(Db& db, const Delivery& delivery, TicketNumber ticket) {
  db.statement(
        "INSERT INTO messages (number, ticket, digest, kind, message_id, sender, subject, automatic, at, "
        "published) VALUES (?, ?, ?, 'inbound', ?, ?, ?, ?, ?, 0)")
      .bind(delivery.message, or_null(ticket), Blob{delivery.digest}, bounded(delivery.message_id, line),
            bounded(delivery.arrival.sender, address), bounded(delivery.subject, line),
            kind_name(delivery.arrival.decision.automatic.kind), to_ms(delivery.at))
      .run();
}

Place set_place(Db& db, const Delivery& delivery, const Plan& plan) {
  db.statement("INSERT INTO places (message, mailbox, folder, file) VALUES (?, ?, ?, ?)")
      .bind(delivery.message, plan.mailbox, to_list(plan.folder), delivery.file)
      .run();
  return {plan.mailbox, plan.folder, delivery.file};
}

void remember_owner(Db& db, const std::string& queue, const std::string& owner) {
  db.statement(
        "INSERT INTO queues (name, last_owner) VALUES (?, ?) "
        "ON CONFLICT (name) DO UPDATE SET last_owner = excluded.last_owner")
      .bind(queue, owner)
      .run();
}

// What the plan could not know; empty if nothing stands against the acknowledgement.
std::string hindrance(const Delivery& delivery) {
  if (delivery.acknowledgement.empty()) return "there is no text for it";
  if (!is_deliverable(delivery.arrival.decision.customer.address))
    return "the customer's address takes no mail";
  return {};
}

void add_events(Db& db, const Delivery& delivery, const Plan& plan, TicketNumber ticket) {
  const std::string hindered = plan.acknowledge ? hindrance(delivery) : std::string{};
  for (const PlannedEvent& event : plan.events) {
    if (!hindered.empty() && event.what == "acknowledgement queued") continue;
    add_event(db, {ticket, delivery.message, delivery.at, event.what, event.why});
  }
  if (hindered.empty()) return;
  add_event(db, {ticket, delivery.message, delivery.at, "acknowledgement not sent", hindered});
}

}  // namespace

Recorded record(Db& db, const Delivery& delivery, const Desk& desk, MessageNumber acknowledgement) {
  if (const auto known = find_recorded(db, delivery.digest)) return repeat(db, delivery, *known);
  const Plan plan = plan_inbound(desk, delivery.arrival, facts_for(db, delivery, desk));
  if (!delivery.mailbox.empty() && plan.mailbox != delivery.mailbox)
    throw StoreError{"the configuration changed while the message was delivered; it will be tried again"};

  Recorded recorded;
  recorded.ticket = plan.filing == Filing::opens ? delivery.ticket : 0;
  recorded.message = delivery.message;
  if (plan.filing == Filing::opens) open_ticket(db, delivery, plan);
  add_inbound(db, delivery, recorded.ticket);
  recorded.place = set_place(db, delivery, plan);
  add_keys(db, delivery, delivery.message);
  add_events(db, delivery, plan, recorded.ticket);
  if (plan.filing == Filing::opens && plan.owner)
    remember_owner(db, delivery.arrival.decision.verdict.queue, *plan.owner);

  recorded.acknowledged = plan.filing == Filing::opens && plan.acknowledge && hindrance(delivery).empty();
  if (recorded.acknowledged) enqueue_acknowledgement(db, delivery, acknowledgement);
  return recorded;
}

}  // namespace postroom
