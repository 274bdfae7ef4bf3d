#include "schema/facts.h"

#include <chrono>

#include "rules/address.h"
#include "schema/columns.h"
#include "schema/thread_facts.h"
#include "schema/ticket_people.h"

namespace postroom {
namespace {

// Counts what was queued, sent or not: who floods us must not gain by a peer that refuses.
int acknowledged_address(Db& db, const Delivery& delivery, std::chrono::seconds window) {
  const std::string address = normal_address(delivery.arrival.decision.customer.address);
  if (address.empty()) return 0;
  Statement row = db.statement(
      "SELECT count(*) FROM outbox WHERE recipient = ? AND created > ? AND kind = 'acknowledgement'");
  row.bind(address, to_ms(delivery.at - window)).step();
  return static_cast<int>(row.integer(0));
}

int acknowledged_global(Db& db, Time at, std::chrono::seconds window) {
  const auto since = std::chrono::floor<std::chrono::minutes>((at - window).time_since_epoch());
  Statement row = db.statement("SELECT coalesce(sum(n), 0) FROM acknowledged_minutes WHERE minute > ?");
  row.bind(since.count()).step();
  return static_cast<int>(row.integer(0));
}

std::string last_owner(Db& db, const std::string& queue) {
  Statement row = db.statement("SELECT last_owner FROM queues WHERE name = ?");
  return row.bind(queue).step() ? row.text(0) : std::string{};
}

void add_threads(Db& db, const Delivery& delivery, const Desk& desk, Facts& facts) {
  const auto sender = sender_ids(db, delivery, desk);
  facts.candidates = candidates_of(db, delivery, sender);
  const Candidate* candidate = joined(desk, delivery.arrival, facts.candidates);
  const TicketNumber ticket = candidate ? candidate->ticket.number : 0;
  facts.twin = twin_of(db, delivery, desk, ticket);
  if (!candidate && !delivery.arrival.decision.verdict.spam) facts.alike = alike(db, delivery, sender);
  if (candidate) facts.participants = people_of(db, ticket, candidate->takes_part ? sender : Ids{});
}

}  // namespace

Facts facts_for(Db& db, const Delivery& delivery, const Desk& desk) {
  const AcknowledgementLimits& limits = desk.acknowledgements;
  Facts facts;
  facts.acknowledged_address = acknowledged_address(db, delivery, limits.per_address_window);
  facts.acknowledged_global = acknowledged_global(db, delivery.at, limits.global_window);
  facts.last_owner = last_owner(db, delivery.arrival.decision.verdict.queue);
  add_threads(db, delivery, desk, facts);
  return facts;
}

Facts facts_for_repeat(Db& db, const Recorded& known, const Delivery& delivery, const Desk& desk) {
  Facts facts;
  facts.last_owner = last_owner(db, delivery.arrival.decision.verdict.queue);
  facts.twin = twin_of_message(db, known, delivery, desk);
  return facts;
}

}  // namespace postroom
