#include "schema/outbox.h"

#include <fmt/format.h>

#include "rules/address.h"
#include "schema/columns.h"
#include "schema/events.h"

namespace postroom {
namespace {

void count_minute(Db& db, Time at) {
  const auto minute = std::chrono::floor<std::chrono::minutes>(at.time_since_epoch()).count();
  db.statement(
        "INSERT INTO acknowledged_minutes (minute, n) VALUES (?, 1) "
        "ON CONFLICT (minute) DO UPDATE SET n = n + 1")
      .bind(minute)
      .run();
}

struct Settled {
  TicketNumber ticket = 0;
  MessageNumber message = 0;
  std::string kind;
};

struct Change {
  std::int64_t id = 0;
  const char* state = "";
  std::string why;
};

// nullopt: there is no such mail, or it is settled already. A claimed mail that somebody took for dead
// (uncertain) may still be reported by the program that has it.
std::optional<Settled> change_state(Db& db, const Change& change) {
  Statement row = db.statement(
      "UPDATE outbox SET state = ?2, why = ?3, body = NULL WHERE id = ?1 AND state IN ('claimed', "
      "'uncertain') "
      "AND state <> ?2 RETURNING ticket, message, kind");
  if (!row.bind(change.id, change.state, change.why).step()) return std::nullopt;
  Settled settled{row.integer(0), row.integer(1), row.text(2)};
  row.run();
  return settled;
}

void finish(Db& db, const Change& change, Time now) {
  const auto settled = change_state(db, change);
  if (!settled) return;
  add_event(db, {settled->ticket, settled->message, now, fmt::format("{} {}", settled->kind, change.state),
                 change.why});
}

void try_again(Db& db, const Handed& handed, Time now) {
  db.statement(
        "UPDATE outbox SET state = 'queued', tries = tries + 1, next_try = ?2, why = ?3 "
        "WHERE id = ?1 AND state = 'claimed'")
      .bind(handed.id, to_ms(handed.next.value_or(now)), bounded(handed.why, 1000))
      .run();
}

const char* state_name(Handed::Result result) {
  if (result == Handed::Result::sent) return "sent";
  if (result == Handed::Result::failed) return "failed";
  return "uncertain";
}

struct Due {
  Outgoing mail;
  bool ready = false;  // the message that it answers lies in its folder
};

std::vector<Due> due(Db& db, int most, Time now) {
  std::vector<Due> found;
  Statement row = db.statement(
      "SELECT o.id, o.ticket, o.recipient, o.body, o.tries, o.created, m.published FROM outbox AS o "
      "JOIN messages AS m ON m.number = o.answers "
      "WHERE o.state = 'queued' AND o.next_try <= ? ORDER BY o.next_try LIMIT ?");
  row.bind(to_ms(now), most);
  while (row.step()) {
    Outgoing mail{
        row.integer(0),         row.integer(1), row.text(2), row.text(3), static_cast<int>(row.integer(4)),
        from_ms(row.integer(5))};
    found.push_back({std::move(mail), row.integer(6) != 0});
  }
  return found;
}

}  // namespace

void enqueue_acknowledgement(Db& db, const Delivery& delivery, MessageNumber number) {
  const std::string recipient = normal_address(delivery.arrival.decision.customer.address);
  const std::string message_id = bounded(delivery.acknowledgement_id, 1000);
  db.statement(
        "INSERT INTO messages (number, ticket, kind, message_id, sender, subject, automatic, at, published) "
        "VALUES (?, ?, 'acknowledgement', ?, '', '', 'auto-reply', ?, 0)")
      .bind(number, delivery.ticket, message_id, to_ms(delivery.at))
      .run();
  db.statement(
        "INSERT INTO outbox (ticket, message, answers, kind, recipient, message_id, body, state, next_try, "
        "created) VALUES (?1, ?2, ?3, 'acknowledgement', ?4, ?5, ?6, 'queued', ?7, ?7)")
      .bind(delivery.ticket, number, delivery.message, recipient, message_id, Blob{delivery.acknowledgement},
            to_ms(delivery.at))
      .run();
  count_minute(db, delivery.at);
}

void settle(Db& db, const Handed& handed, Time now) {
  if (handed.result == Handed::Result::again) return try_again(db, handed, now);
  finish(db, {handed.id, state_name(handed.result), bounded(handed.why, 1000)}, now);
}

std::vector<Outgoing> claim(Db& db, int most, Time now) {
  std::vector<Outgoing> claimed;
  if (most <= 0) return claimed;
  for (Due& candidate : due(db, most, now)) {
    if (!candidate.ready) {
      // As long again as it has waited: a message that never comes into its folder is not asked for all day.
      db.statement("UPDATE outbox SET next_try = ?1 + min(max(?1 - created, 2000), 3600000) WHERE id = ?2")
          .bind(to_ms(now), candidate.mail.id)
          .run();
      continue;
    }
    db.statement("UPDATE outbox SET state = 'claimed' WHERE id = ?").bind(candidate.mail.id).run();
    claimed.push_back(std::move(candidate.mail));
  }
  return claimed;
}

int settle_claimed(Db& db, Time now) {
  std::vector<std::int64_t> ids;
  {
    Statement row = db.statement("SELECT id FROM outbox WHERE state = 'claimed' ORDER BY id");
    while (row.step()) ids.push_back(row.integer(0));
  }
  for (const std::int64_t id : ids)
    finish(db, {id, "uncertain", "the program ended while it handed the mail to Postfix"}, now);
  return static_cast<int>(ids.size());
}

std::optional<Time> next_due(Db& db) {
  Statement row = db.statement("SELECT min(next_try) FROM outbox WHERE state = 'queued'");
  if (!row.step() || row.is_null(0)) return std::nullopt;
  return from_ms(row.integer(0));
}

}  // namespace postroom
