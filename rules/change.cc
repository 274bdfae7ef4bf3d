#include "rules/change.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/change_two.h"
#include "rules/event_words.h"
#include "rules/owner.h"

namespace postroom {
namespace {

using Kind = TicketChange::Kind;

ChangePlan refused(std::string why) { return {std::move(why), {}, false}; }

ChangePlan refused(const ChangeFacts& facts, std::string_view why) {
  return refused(fmt::format("ticket {} {}", facts.ticket.number, why));
}

// Why he cannot be given a ticket of this queue; empty if he can.
std::string unfit(const Desk& desk, const std::string& login, const std::string& queue) {
  const Operator* person = find_operator(desk, login);
  if (!person) return fmt::format("there is no operator '{}'", login);
  const std::string& group = queue_settings(desk, queue).group;
  if (works_in(*person, group)) return "";
  return fmt::format("operator '{}' does not work in queue '{}' (group '{}')", login, queue, group);
}

ChangePlan one(Changed changed) { return {"", {std::move(changed)}, false}; }

ChangePlan assign(const Desk& desk, const TicketChange& change, const ChangeFacts& facts) {
  const KnownTicket& before = facts.ticket;
  const bool gives = !change.person.empty(), stays = before.status == Status::resolved;
  if (gives && before.owner == change.person)
    return refused(facts, fmt::format("belongs to {} already", change.person));
  if (!gives && before.owner.empty() && (stays || before.status == Status::fresh))
    return refused(facts, "belongs to nobody already");
  if (gives)
    if (std::string why = unfit(desk, change.person, before.queue); !why.empty()) return refused(why);

  KnownTicket after = before;
  after.owner = change.person;
  if (!stays) after.status = Status::fresh;
  const char* word = stays ? event::owner_changed : gives ? event::assigned : event::requeued;
  return one(changed_to(desk, before, after,
                        {{word, told(gives                  ? "to " + change.person
                                     : before.owner.empty() ? "to nobody"
                                                            : "taken from " + before.owner,
                                     change.why)}}));
}

ChangePlan claim(const Desk& desk, const TicketChange& change, const ChangeFacts& facts) {
  const KnownTicket& before = facts.ticket;
  if (before.owner == change.person && before.status == Status::open)
    return refused(facts, fmt::format("is claimed by {} already", change.person));
  if (std::string why = unfit(desk, change.person, before.queue); !why.empty()) return refused(why);

  KnownTicket after = before;
  after.owner = change.person;
  after.status = Status::open;
  std::vector<PlannedEvent> events = wakes(before);
  events.push_back({event::claimed, told("by " + change.person, change.why)});
  return one(changed_to(desk, before, after, std::move(events)));
}

ChangePlan hand_over(const Desk& desk, const TicketChange& change, const ChangeFacts& facts) {
  const KnownTicket& before = facts.ticket;
  if (!find_queue(desk, change.queue)) return refused(fmt::format("there is no queue '{}'", change.queue));
  if (before.queue == change.queue)
    return refused(facts, fmt::format("is in queue '{}' already", change.queue));

  KnownTicket after = before;
  after.queue = change.queue;
  after.owner.clear();
  after.status = Status::fresh;
  std::vector<PlannedEvent> events = wakes(before);
  events.push_back({event::handed_over,
                    told(fmt::format("from queue '{}' to '{}'", before.queue, change.queue), change.why)});
  return one(changed_to(desk, before, after, std::move(events)));
}

ChangePlan resolve(const Desk& desk, const TicketChange& change, const ChangeFacts& facts) {
  if (facts.ticket.status == Status::resolved) return refused(facts, "is resolved already");
  KnownTicket after = facts.ticket;
  after.status = Status::resolved;
  return one(changed_to(desk, facts.ticket, after, {{event::resolved, told("", change.why)}}));
}

ChangePlan wait(const Desk& desk, const TicketChange& change, const ChangeFacts& facts) {
  if (facts.ticket.status == Status::waiting) return refused(facts, "waits for the customer already");
  KnownTicket after = facts.ticket;
  after.status = Status::waiting;
  std::vector<PlannedEvent> events = wakes(facts.ticket);
  events.push_back({event::waiting, told("", change.why)});
  return one(changed_to(desk, facts.ticket, after, std::move(events)));
}

ChangePlan reopen(const Desk& desk, const TicketChange& change, const ChangeFacts& facts) {
  const Status status = facts.ticket.status;
  if (status != Status::resolved && status != Status::waiting)
    return refused(facts, fmt::format("is {}: there is nothing to reopen", status_name(status)));
  return one(reopened(desk, facts.ticket, change.why));
}

ChangePlan set_priority(const Desk&, const TicketChange& change, const ChangeFacts& facts) {
  const std::string_view now = priority_name(change.priority), before = priority_name(facts.ticket.priority);
  if (now == before) return refused(facts, fmt::format("has priority {} already", now));
  Changed changed;
  changed.ticket = facts.ticket.number;
  changed.priority = change.priority;
  changed.events = {{event::priority_changed, told(fmt::format("from {} to {}", before, now), change.why)}};
  return one(std::move(changed));
}

ChangePlan note(const Desk&, const TicketChange& change, const ChangeFacts& facts) {
  if (change.why.empty()) return refused("a note needs a text");
  Changed changed;
  changed.ticket = facts.ticket.number;
  changed.events = {{event::noted, change.why}};
  return one(std::move(changed));
}

struct KindRow {
  Kind kind;
  std::string_view name;
  ChangePlan (*plan)(const Desk&, const TicketChange&, const ChangeFacts&);
};
constexpr KindRow kinds[] = {
    {Kind::assign, "assign", assign},
    {Kind::claim, "claim", claim},
    {Kind::hand_over, "hand over", hand_over},
    {Kind::resolve, "resolve", resolve},
    {Kind::reopen, "reopen", reopen},
    {Kind::wait, "wait", wait},
    {Kind::set_priority, "set priority", set_priority},
    {Kind::note, "note", note},
    {Kind::link, "link", plan_link},
    {Kind::merge, "merge", plan_merge},
    {Kind::split, "split", plan_split},
};

}  // namespace

std::string_view change_name(TicketChange::Kind kind) {
  return std::ranges::find(kinds, kind, &KindRow::kind)->name;
}

std::optional<TicketChange::Kind> change_from(std::string_view name) {
  const auto found = std::ranges::find(kinds, name, &KindRow::name);
  if (found == std::end(kinds)) return std::nullopt;
  return found->kind;
}

ChangePlan plan_change(const Desk& desk, const TicketChange& change, const ChangeFacts& facts) {
  if (facts.merged_into != 0) return refused(merged_away(facts.ticket.number, facts.merged_into));
  return std::ranges::find(kinds, change.kind, &KindRow::kind)->plan(desk, change, facts);
}

}  // namespace postroom
