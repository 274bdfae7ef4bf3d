#include "schema/record.h"

#include <utility>

#include "rules/address.h"
#include "rules/event_words.h"
#include "schema/columns.h"
#include "schema/events.h"
#include "schema/facts.h"
#include "schema/moves.h"
#include "schema/outbox.h"
#include "schema/queries.h"
#include "schema/record_ticket.h"
#include "schema/thread_keys.h"
#include "schema/update_ticket.h"

namespace postroom {
namespace {

// What the plan could not know; empty if nothing stands against the acknowledgement.
std::string hindrance(const Delivery& delivery) {
  if (delivery.acknowledgement.empty()) return "there is no text for it";
  if (!is_deliverable(delivery.arrival.decision.customer.address))
    return "the customer's address takes no mail";
  return {};
}

void add_events(Db& db, const Delivery& delivery, const Plan& plan, const Recorded& recorded) {
  const std::string hindered = plan.acknowledge ? hindrance(delivery) : std::string{};
  for (const PlannedEvent& event : plan.events) {
    if (!hindered.empty() && event.what == "acknowledgement queued") continue;
    add_event(db, {recorded.ticket, recorded.message, delivery.at, event.what, event.why});
  }
  if (hindered.empty()) return;
  add_event(db, {recorded.ticket, recorded.message, delivery.at, "acknowledgement not sent", hindered});
}

void remember_repeat(Db& db, const Delivery& delivery, MessageNumber message) {
  db.statement("INSERT INTO repeats (digest, message) VALUES (?, ?)")
      .bind(Blob{delivery.digest}, message)
      .run();
  add_thread_key(db, ThreadKey::id, delivery.message_id, message);
  add_keys(db, delivery, message);
}

// Another arrival may show a more specific channel.
Recorded follow(Db& db, const Delivery& delivery, const Plan& plan) {
  Recorded recorded = recorded_message(db, plan.repeated);
  recorded.events = plan.events;
  for (const PlannedEvent& event : plan.events)
    add_event(db, {recorded.ticket, recorded.message, delivery.at, event.what, event.why});
  if (!plan.queue && !plan.channel) return recorded;
  if (plan.queue && plan.owner) remember_owner(db, *plan.queue, *plan.owner);
  TicketUpdate update{recorded.ticket, delivery.at};
  update.queue = plan.queue;
  update.channel = plan.channel;
  update.owner = plan.owner;
  update_ticket(db, update);
  recorded.moves = bring_messages(db, recorded.ticket, {plan.mailbox, plan.folder}, 0, delivery.at);
  return recorded;
}

// Another arrival of a mail that is kept already.
Recorded file_again(Db& db, const Delivery& delivery, const Plan& plan) {
  remember_repeat(db, delivery, plan.repeated);
  return follow(db, delivery, plan);
}

// The same bytes: Postfix tries again, or delivers to one recipient after the other.
Recorded repeat(Db& db, const Delivery& delivery, const Recorded& known, const Desk& desk) {
  const std::vector<DeliveryKey> added = add_keys(db, delivery, known.message);
  if (added.empty()) return known;
  Arrival arrival = delivery.arrival;
  arrival.recipients.clear();
  for (const DeliveryKey& key : added) arrival.recipients.push_back(key.recipient);
  const Facts facts = facts_for_repeat(db, known, delivery, desk);
  const bool decided = !arrival.decision.verdict.channel.empty();
  if (decided && facts.twin) return follow(db, delivery, plan_inbound(desk, arrival, facts));
  for (const DeliveryKey& key : added)
    add_event(db, {known.ticket, known.message, delivery.at,
                   event::also_addressed_to + bounded(key.recipient, 330), "the same message, kept once"});
  return known;
}

// Does the file say another ticket than the plan, or lie where the plan does not want it?
bool is_stale(const Delivery& delivery, const Plan& plan) {
  if (delivery.file.empty()) return true;
  if (!delivery.mailbox.empty() && delivery.mailbox != plan.mailbox) return true;
  if (plan.filing == Filing::joins) return !delivery.joins || delivery.ticket != plan.ticket;
  if (plan.filing == Filing::opens) return delivery.joins || delivery.ticket == 0;
  return delivery.ticket != 0;
}

}  // namespace

Recorded record(Db& db, const Delivery& delivery, const Desk& desk, MessageNumber acknowledgement) {
  if (const auto known = find_recorded(db, delivery.digest)) return repeat(db, delivery, *known, desk);
  const Plan plan = plan_inbound(desk, delivery.arrival, facts_for(db, delivery, desk));
  if (plan.filing == Filing::repeats) return file_again(db, delivery, plan);
  Recorded recorded;
  recorded.stale = is_stale(delivery, plan);
  if (recorded.stale) return recorded;

  recorded.events = plan.events;
  recorded.ticket = delivery.ticket;
  recorded.message = delivery.message;
  if (plan.filing == Filing::opens) open_ticket(db, delivery, plan);
  recorded.place = add_message(db, delivery, plan, recorded.ticket);
  if (plan.filing == Filing::joins) recorded.moves = join_ticket(db, delivery, plan);
  add_events(db, delivery, plan, recorded);
  recorded.acknowledged = plan.filing == Filing::opens && plan.acknowledge && hindrance(delivery).empty();
  if (recorded.acknowledged) enqueue_acknowledgement(db, delivery, acknowledgement);
  return recorded;
}

Destination destination(Db& db, const Delivery& delivery, const Desk& desk) {
  Destination found;
  if (const auto known = find_recorded(db, delivery.digest)) {
    found.filing = Filing::repeats;
    found.ticket = known->ticket;
    found.mailbox = known->place.mailbox;
    return found;
  }
  Plan plan = plan_inbound(desk, delivery.arrival, facts_for(db, delivery, desk));
  found.filing = plan.filing;
  found.ticket = plan.filing == Filing::joins || plan.filing == Filing::repeats ? plan.ticket : 0;
  found.mailbox = std::move(plan.mailbox);
  found.kind = std::move(plan.kind);
  found.events = std::move(plan.events);
  found.links = std::move(plan.links);
  found.participants = std::move(plan.participants);
  return found;
}

}  // namespace postroom
