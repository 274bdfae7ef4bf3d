#include "schema/change_ticket.h"

#include <fmt/format.h>

#include <algorithm>

#include "schema/columns.h"
#include "schema/events.h"
#include "schema/known_ticket.h"
#include "schema/merge.h"
#include "schema/moves.h"
#include "schema/thread_keys.h"
#include "schema/ticket_people.h"
#include "schema/update_ticket.h"

namespace postroom {
namespace {

using Kind = TicketChange::Kind;

void add_messages(Db& db, TicketNumber ticket, ChangeFacts& facts) {
  Statement row = db.statement("SELECT number, kind FROM messages WHERE ticket = ? ORDER BY number");
  row.bind(ticket);
  while (row.step()) {
    facts.messages.push_back(row.integer(0));
    if (row.text(1) == "inbound") facts.inbound.push_back(row.integer(0));
  }
}

bool are_linked(Db& db, TicketNumber one, TicketNumber other) {
  Statement row = db.statement(
      "SELECT 1 FROM links WHERE relation = 'linked to' AND ((ticket = ?1 AND other = ?2) OR (ticket = ?2 "
      "AND "
      "other = ?1))");
  return row.bind(one, other).step();
}

struct Prepared {
  ChangeFacts facts;
  ChangePlan plan;
};

Prepared prepare(Db& db, const TicketChange& change, const Desk& desk) {
  Prepared prepared;
  const auto ticket = known_ticket(db, change.ticket);
  if (!ticket) {
    prepared.plan.refusal = fmt::format("there is no ticket {}", change.ticket);
    return prepared;
  }
  prepared.facts.ticket = *ticket;
  prepared.facts.merged_into = merged_into(db, change.ticket);
  prepared.facts.other = known_ticket(db, change.other);
  prepared.facts.other_merged_into = merged_into(db, change.other);
  prepared.facts.linked = are_linked(db, change.ticket, change.other);
  add_messages(db, change.ticket, prepared.facts);
  prepared.plan = plan_change(desk, change, prepared.facts);
  return prepared;
}

// Whose folder a note about the change lies in: a merged ticket has no messages.
TicketNumber told_in(const TicketChange& change) {
  return change.kind == Kind::merge ? change.other : change.ticket;
}

KnownTicket after(KnownTicket ticket, const Changed& changed) {
  ticket.queue = changed.queue.value_or(ticket.queue);
  ticket.owner = changed.owner.value_or(ticket.owner);
  ticket.status = changed.status.value_or(ticket.status);
  ticket.priority = changed.priority.value_or(ticket.priority);
  return ticket;
}

Where place_of_note(const Desk& desk, const TicketChange& change, const Prepared& prepared) {
  const TicketNumber number = told_in(change);
  const KnownTicket ticket =
      number == change.ticket || !prepared.facts.other ? prepared.facts.ticket : *prepared.facts.other;
  const auto& changes = prepared.plan.tickets;
  const auto changed = std::ranges::find(changes, number, &Changed::ticket);
  if (changed == changes.end()) return place_of(desk, ticket);
  return changed->goes_to.value_or(place_of(desk, after(ticket, *changed)));
}

void add_note(Db& db, const AskedChange& asked) {
  const NoteFile& note = *asked.note;
  db.statement(
        "INSERT INTO messages (number, ticket, digest, kind, message_id, sender, subject, automatic, at, "
        "published) VALUES (?, ?, ?, 'note', ?, ?, ?, 'none', ?, 0)")
      .bind(note.message, told_in(asked.change), Blob{note.digest}, bounded(note.message_id, 1000),
            bounded(asked.change.who, 330), bounded(note.subject, 1000), to_ms(asked.at))
      .run();
  db.statement("INSERT INTO places (message, mailbox, folder, file) VALUES (?, ?, ?, ?)")
      .bind(note.message, note.place.mailbox, to_list(note.place.folder), note.place.file)
      .run();
  add_thread_key(db, ThreadKey::id, note.message_id, note.message);
}

void write_ticket(Db& db, const AskedChange& asked, const Changed& changed) {
  TicketUpdate update{changed.ticket, asked.at};
  update.queue = changed.queue;
  update.owner = changed.owner;
  update.status = changed.status;
  update.priority = changed.priority;
  update.merged_into = changed.merged_into;
  update_ticket(db, update);
  const MessageNumber note = asked.note ? asked.note->message : 0;
  for (const PlannedEvent& event : changed.events)
    add_event(db, {changed.ticket, note, asked.at, event.what, event.why, asked.change.who});
  add_links(db, changed.ticket, changed.links, asked.at);
}

}  // namespace

ChangeDone change_ticket(Db& db, const AskedChange& asked, const Desk& desk) {
  const TicketChange& change = asked.change;
  const Prepared prepared = prepare(db, change, desk);
  ChangeDone done;
  done.refusal = prepared.plan.refusal;
  if (!done.refusal.empty()) return done;
  if (asked.note) {
    const Place& place = asked.note->place;
    done.stale = Where{place.mailbox, place.folder} != place_of_note(desk, change, prepared);
    if (done.stale) return done;
  }
  if (prepared.plan.opens_ticket) {
    split_off(db, change, asked.at);
    done.opened = change.other;
  }
  if (change.kind == Kind::merge) merge_tickets(db, change.ticket, change.other);
  if (asked.note) add_note(db, asked);
  for (const Changed& changed : prepared.plan.tickets) write_ticket(db, asked, changed);
  for (const Changed& changed : prepared.plan.tickets)
    if (changed.goes_to) done.moves |= bring_messages(db, changed.ticket, *changed.goes_to, 0, asked.at);
  return done;
}

std::optional<Where> place_after(Db& db, const TicketChange& change, const Desk& desk) {
  const Prepared prepared = prepare(db, change, desk);
  if (!prepared.plan.refusal.empty()) return std::nullopt;
  return place_of_note(desk, change, prepared);
}

}  // namespace postroom
