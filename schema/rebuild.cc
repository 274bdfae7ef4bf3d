#include "schema/rebuild.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/event_words.h"
#include "rules/rebuilt_state.h"
#include "schema/change_ticket.h"
#include "schema/columns.h"
#include "schema/events.h"
#include "schema/known_ticket.h"
#include "schema/record_ticket.h"
#include "schema/thread_keys.h"
#include "schema/ticket_people.h"
#include "schema/update_ticket.h"

namespace postroom {
namespace {

constexpr int batch_size = 5000;

// As the delivery was when it was recorded.
Delivery delivery_of(const RebuiltFile& file) {
  const FileRecord& record = file.record;
  Delivery delivery;
  delivery.digest = record.digest;
  delivery.queue_id = record.queue_id;
  for (const auto& [recipient, orcpt] : record.keys) delivery.keys.push_back({recipient, orcpt});
  delivery.ticket = record.ticket;
  delivery.message = record.message;
  delivery.file = file.place.file;
  delivery.mailbox = file.place.mailbox;
  delivery.at = record.at;
  delivery.subject = file.subject;
  delivery.message_id = file.message_id;
  Decision& decision = delivery.arrival.decision;
  decision.automatic.kind = kind_from(record.automatic).value_or(Automatic::Kind::none);
  decision.content = record.content;
  decision.customer.name = record.customer.name;
  decision.customer.address = record.customer.address;
  decision.verdict.queue = record.queue;
  decision.verdict.channel = record.channel;
  decision.verdict.priority = priority_from(record.priority).value_or(Priority::normal);
  decision.verdict.tags = record.tags;
  delivery.arrival.sender = record.change ? record.change->who : file.sender;
  if (record.kind != "note") delivery.arrival.references.ids = file.named;  // ours lead nowhere else
  delivery.arrival.at = record.at;
  return delivery;
}

Plan plan_of(const RebuiltFile& file) {
  Plan plan;
  plan.mailbox = file.place.mailbox;
  plan.folder = file.place.folder;
  plan.kind = file.record.kind;
  plan.links = file.record.links;
  plan.participants = file.record.participants;
  return plan;
}

const char* event_of(const FileRecord& record) {
  const auto kind = kind_from(record.automatic).value_or(Automatic::Kind::none);
  if (record.ticket == 0)
    return kind == Automatic::Kind::none ? event::filed_as_spam : event::filed_as_automatic;
  if (record.kind == "answer") return event::answer_filed;
  if (kind == Automatic::Kind::bounce) return event::answer_bounced;
  if (kind == Automatic::Kind::delayed) return event::answer_delayed;
  return kind == Automatic::Kind::none ? event::followed_up : event::filed;
}

std::string shown(const Where& where) {
  std::string text = where.mailbox;
  for (const std::string& name : where.folder) text += "/" + name;
  return text;
}

// The event that says the state, after "created".
const char* event_of(const State& state) {
  if (state.status == Status::open) return event::claimed;
  if (state.status == Status::waiting) return event::waiting;
  if (state.status == Status::resolved) return event::resolved;
  return state.owner.empty() ? nullptr : event::assigned;
}

void raise_counter(Db& db, const char* name, std::int64_t least) {
  db.statement("UPDATE counters SET next = max(next, ?2) WHERE name = ?1").bind(name, least).run();
}

}  // namespace

void Rebuild::next_batch() {
  if (batch_ && in_batch_ < batch_size) return;
  if (batch_) batch_->commit();
  batch_.reset();
  batch_.emplace(db_, Durable::later);
  in_batch_ = 0;
}

void Rebuild::add(const RebuiltFile& file) {
  next_batch();
  ++in_batch_;
  if (file.record.kind == "note") ++counts_.notes;
  if (file.record.change) replay(file);
  add_message_of(file);
  ++counts_.messages;
  db_.statement("UPDATE messages SET published = 1 WHERE number = ?").bind(file.record.message).run();
  const auto state = state_at(desk_, {file.place.mailbox, file.place.folder});
  if (state && state->status != Status::fresh) arrived_[file.record.message] = file.arrived;
}

// The ticket of the file's header by now; it is opened if it is not there.
TicketNumber Rebuild::ticket_for(const RebuiltFile& file) {
  const TicketNumber number = file.record.ticket;
  if (number == 0) return 0;
  if (const TicketNumber there = surviving(db_, number); there != 0) return there;
  open_ticket(db_, delivery_of(file), plan_of(file));
  ++counts_.tickets;
  return number;
}

void Rebuild::add_message_of(const RebuiltFile& file) {
  const FileRecord& record = file.record;
  const auto before = counts_.tickets;
  const TicketNumber ticket = ticket_for(file);
  add_message(db_, delivery_of(file), plan_of(file), ticket);
  if (counts_.tickets != before) {
    const std::string why = record.why.empty() ? "rebuilt from its first message" : record.why;
    add_event(db_, {ticket, record.message, record.at, event::created, why});
  } else {
    update_ticket(db_, {ticket, record.at});
    add_links(db_, ticket, record.links, record.at);
    if (!record.change)
      add_event(db_, {ticket, record.message, record.at, event_of(record), "rebuilt from its file"});
  }
  add_events(file, ticket);
}

void Rebuild::add_events(const RebuiltFile& file, TicketNumber ticket) {
  const FileRecord& record = file.record;
  for (const Link& link : record.links)
    add_event(db_, {ticket, record.message, record.at, event::linked,
                    fmt::format("{} ticket {}", relation_name(link.relation), link.other)});
  if (ticket == 0 || record.participants.empty()) return;
  std::string names;
  for (const Address& person : record.participants) names += (names.empty() ? "" : ", ") + person.address;
  add_event(db_, {ticket, record.message, record.at, event::participant_joined, names});
}

// What a person did to the ticket, by the same rules as then.
void Rebuild::replay(const RebuiltFile& file) {
  const TicketChange& change = *file.record.change;
  const ChangeDone done = change_ticket(db_, {change, std::nullopt, file.record.at}, desk_);
  if (done.opened != 0) ++counts_.tickets;
  if (!done.refusal.empty()) ++counts_.refused;
}

void Rebuild::place(TicketNumber ticket, const std::vector<MessageNumber>& messages,
                    const std::vector<Where>& where) {
  const auto known = known_ticket(db_, ticket);
  if (!known) return;
  const State state = state_from_places(desk_, known->queue, where);
  Time at{};
  std::size_t told = 0;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const auto here = state_at(desk_, where[i]);
    if (!here || here->status != state.status || here->owner != state.owner) continue;
    told = i;
    if (const auto found = arrived_.find(messages[i]); found != arrived_.end())
      at = std::max(at, found->second);
  }
  TicketUpdate update{ticket, at};
  if (state.queue != known->queue) update.queue = state.queue;
  update.owner = state.owner;
  update.status = state.status;
  update_ticket(db_, update);
  const char* what = event_of(state);
  if (!what) return;
  const Time when = at == Time{} ? known->created : at;
  const std::string why = fmt::format("rebuilt from '{}'", shown(where[told]));
  if (state.status == Status::resolved && !state.owner.empty())
    add_event(db_, {ticket, 0, when, event::owner_changed, why});
  add_event(db_, {ticket, 0, when, what, why});
}

void Rebuild::place_tickets() {
  struct Row {
    TicketNumber ticket;
    MessageNumber message;
    Where where;
  };
  TicketNumber last = 0;
  for (bool more = true; more;) {  // some at a time: rows are read while others are written
    std::vector<Row> rows;
    Statement read = db_.statement(
        "SELECT m.ticket, m.number, p.mailbox, p.folder FROM messages AS m JOIN places AS p "
        "ON p.message = m.number WHERE m.ticket IN (SELECT DISTINCT ticket FROM messages WHERE ticket > ? "
        "ORDER BY ticket LIMIT 1000) ORDER BY m.ticket, m.number");
    read.bind(last);
    while (read.step())
      rows.push_back({read.integer(0), read.integer(1), {read.text(2), from_list(read.text(3))}});
    read.run();
    for (auto row = rows.begin(); row != rows.end();) {
      std::vector<MessageNumber> messages;
      std::vector<Where> where;
      for (last = row->ticket; row != rows.end() && row->ticket == last; ++row) {
        messages.push_back(row->message);
        where.push_back(std::move(row->where));
      }
      next_batch();
      ++in_batch_;
      place(last, messages, where);
    }
    more = !rows.empty();
  }
}

RebuildCounts Rebuild::finish(const Numbers& least) {
  next_batch();
  db_.execute("DELETE FROM moves");  // the files lie where they lie
  place_tickets();
  db_.execute(
      "UPDATE counters SET next = max(next, 1 + coalesce((SELECT max(number) FROM tickets), 0)) "
      "WHERE name = 'ticket'");
  db_.execute(
      "UPDATE counters SET next = max(next, 1 + coalesce((SELECT max(number) FROM messages), 0)) "
      "WHERE name = 'message'");
  raise_counter(db_, "ticket", least.ticket);
  raise_counter(db_, "message", least.message);
  batch_->commit();
  batch_.reset();
  return counts_;
}

}  // namespace postroom
