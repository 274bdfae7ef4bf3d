// Desks and letters that the tests of the store use.

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/schema/store_contract.h"

namespace postroom::tests {
namespace {

Queue queue(const std::string& name, Assignment assignment) {
  Queue made;
  made.name = name;
  made.mailbox = name == "sales" ? "Продажи" : "Support";
  made.group = name;
  made.assignment = assignment;
  made.acknowledgement = Switch::on;
  return made;
}

}  // namespace

Desk desk() {
  Desk made;
  made.host = "mx.desk.test";
  made.channels = {{"support@desk.test", "support"}, {"sales@desk.test", "sales"}};
  made.queues = {queue("support", Assignment::pull), queue("sales", Assignment::round_robin)};
  made.operators = {{"ivan", "Ivan", {"sales"}}, {"olga", "Ольга", {"sales"}}, {"pyotr", "Пётр", {"sales"}}};
  return made;
}

Delivery delivery(Store& store, const Letter& letter) {
  const Numbers numbers = store.draw(1).front();
  Delivery made;
  made.digest = "digest of " + letter.name;
  made.queue_id = "4Xy1Zq3Pz2z9v";
  made.keys = {{letter.queue + "@desk.test", ""}};
  made.ticket = numbers.ticket;
  made.message = numbers.message;
  made.file = fmt::format("1795370000.M{}.mx.desk.test,S=1000,W=1020", numbers.message);
  made.at = letter.at;
  made.subject = "Заказ 17 не оплачен";
  made.message_id = letter.name + "@customer.test";
  made.acknowledgement = "Subject: we have it\r\n\r\nThank you.\r\n";
  made.acknowledgement_id = fmt::format("ack.{}@mx.desk.test", numbers.ticket);
  made.arrival.sender = letter.from;
  made.arrival.at = letter.at;
  made.arrival.subject = made.subject;
  made.arrival.recipients = {letter.queue + "@desk.test"};
  made.arrival.may_acknowledge = {true, "a person has written"};
  made.arrival.decision.verdict.channel = letter.queue + "@desk.test";
  made.arrival.decision.verdict.queue = letter.queue;
  made.arrival.decision.verdict.tags = {"payment", "оплата"};
  made.arrival.decision.customer = {"Анна", letter.from, "from"};
  return made;
}

Recorded arrives(Store& store, Delivery one) {
  const Destination where = store.destination(one, desk());
  one.joins = where.filing == Filing::joins;
  if (one.joins) one.ticket = where.ticket;
  if (where.filing == Filing::ticketless) one.ticket = 0;
  one.mailbox = where.mailbox;
  const Recorded recorded = record_one(store, one);
  REQUIRE_FALSE(recorded.stale);
  return recorded;
}

Delivery reply_to(Store& store, const std::string& id, const Letter& letter) {
  Delivery made = delivery(store, letter);
  made.arrival.references.ids = {id};
  made.subject = "Re: Заказ 17 не оплачен";
  return made;
}

ChangeDone done(Store& store, const TicketChange& change) {
  const ChangeDone made = store.change(change, {}, desk(), Letter{}.at + std::chrono::hours{1});
  REQUIRE(made.refusal == "");
  REQUIRE_FALSE(made.stale);
  return made;
}

Recorded record_one(Store& store, const Delivery& one) {
  Changes changes;
  changes.deliveries = {one};
  changes.now = one.at;
  return store.apply(changes, desk(), Durable::yes).recorded.at(0);
}

void published(Store& store, const Recorded& recorded) {
  Changes changes;
  changes.published = {recorded.message};
  store.apply(changes, desk(), Durable::later);
}

std::string history(Store& store, TicketNumber ticket) {
  std::string words;
  for (const EventRow& event : store.events(ticket, 1000)) words += (words.empty() ? "" : "; ") + event.what;
  return words;
}

}  // namespace postroom::tests
