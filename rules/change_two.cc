#include "rules/change_two.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "rules/event_words.h"
#include "rules/owner.h"

namespace postroom {
namespace {

ChangePlan refused(std::string why) { return {std::move(why), {}, false}; }

// Why the other ticket cannot be meant; empty if it can.
std::string no_partner(const TicketChange& change, const ChangeFacts& facts) {
  if (change.other == facts.ticket.number)
    return fmt::format("ticket {} cannot be {} itself", change.other,
                       change.kind == TicketChange::Kind::merge ? "merged into" : "linked to");
  if (!facts.other) return fmt::format("there is no ticket {}", change.other);
  if (facts.other_merged_into == facts.ticket.number)
    return fmt::format("ticket {} is a part of {} already", change.other, facts.ticket.number);
  if (facts.other_merged_into != 0) return merged_away(change.other, facts.other_merged_into);
  return "";
}

// Why these messages cannot become a ticket of their own; empty if they can.
std::string cannot_leave(const std::set<MessageNumber>& leaving, const ChangeFacts& facts) {
  const TicketNumber number = facts.ticket.number;
  if (leaving.empty()) return "name the messages that become a ticket of their own";
  for (const MessageNumber message : leaving)
    if (std::ranges::find(facts.messages, message) == facts.messages.end())
      return fmt::format("message {} does not belong to ticket {}", message, number);
  const auto leaves = [&](MessageNumber message) { return leaving.contains(message); };
  if (std::ranges::none_of(facts.inbound, leaves))
    return "a ticket begins with a message that came in, and none of these did";
  if (std::ranges::all_of(facts.inbound, leaves))
    return fmt::format("ticket {} would have no message left that came in: one has to stay", number);
  return "";
}

std::string list_of(const std::set<MessageNumber>& messages) {
  std::string text;
  for (const MessageNumber message : messages) text += fmt::format("{}{}", text.empty() ? "" : ", ", message);
  return text;
}

// As work that nobody has begun, for whoever has the old one.
Changed split_off(const Desk& desk, const TicketChange& change, const ChangeFacts& facts) {
  KnownTicket fresh = facts.ticket;
  fresh.number = change.other;
  fresh.status = Status::fresh;
  if (!owner_missing(desk, fresh).empty()) fresh.owner.clear();

  Changed changed;
  changed.ticket = fresh.number;
  changed.queue = fresh.queue;
  changed.owner = fresh.owner;
  changed.status = fresh.status;
  changed.priority = fresh.priority;
  changed.events = {
      {event::created, told(fmt::format("split from ticket {}", facts.ticket.number), change.why)}};
  if (!fresh.owner.empty())
    changed.events.push_back(
        {event::assigned, fmt::format("to {}, who has ticket {}", fresh.owner, facts.ticket.number)});
  changed.links = {{facts.ticket.number, Relation::split_from}};
  changed.goes_to = place_of(desk, fresh);
  return changed;
}

}  // namespace

ChangePlan plan_link(const Desk&, const TicketChange& change, const ChangeFacts& facts) {
  if (std::string why = no_partner(change, facts); !why.empty()) return refused(why);
  if (facts.linked)
    return refused(fmt::format("tickets {} and {} are linked already", facts.ticket.number, change.other));
  Changed here, there;
  here.ticket = facts.ticket.number;
  here.links = {{change.other, Relation::linked}};
  here.events = {{event::linked, told(fmt::format("to ticket {}", change.other), change.why)}};
  there.ticket = change.other;
  there.events = {{event::linked, told(fmt::format("to ticket {}", here.ticket), change.why)}};
  return {"", {here, there}, false};
}

ChangePlan plan_merge(const Desk& desk, const TicketChange& change, const ChangeFacts& facts) {
  if (std::string why = no_partner(change, facts); !why.empty()) return refused(why);
  const KnownTicket &merged = facts.ticket, &other = *facts.other;
  KnownTicket done = merged;
  done.status = Status::resolved;
  Changed away = changed_to(desk, merged, done,
                            {{event::merged, told(fmt::format("into ticket {}", other.number), change.why)}});
  if (merged.status != Status::resolved)
    away.events.push_back({event::resolved, fmt::format("its messages are in ticket {}", other.number)});
  away.merged_into = other.number;
  away.goes_to.reset();

  const bool wakens = other.status == Status::resolved && merged.status != Status::resolved;
  Changed stays =
      wakens
          ? reopened(desk, other, fmt::format("ticket {} was {}", merged.number, status_name(merged.status)))
          : changed_to(desk, other, other, {});
  stays.events.insert(stays.events.begin(),
                      {event::merged, told(fmt::format("with ticket {}", merged.number), change.why)});
  return {"", {std::move(away), std::move(stays)}, false};
}

ChangePlan plan_split(const Desk& desk, const TicketChange& change, const ChangeFacts& facts) {
  const std::set<MessageNumber> leaving{change.messages.begin(), change.messages.end()};
  if (std::string why = cannot_leave(leaving, facts); !why.empty()) return refused(why);
  if (facts.other || change.other == facts.ticket.number)
    return refused(fmt::format("there is a ticket {} already", change.other));

  Changed stays;
  stays.ticket = facts.ticket.number;
  stays.events = {
      {event::split,
       told(fmt::format("messages {} became ticket {}", list_of(leaving), change.other), change.why)}};
  return {"", {std::move(stays), split_off(desk, change, facts)}, true};
}

Changed changed_to(const Desk& desk, const KnownTicket& before, const KnownTicket& after,
                   std::vector<PlannedEvent> events) {
  Changed changed;
  changed.ticket = before.number;
  if (after.queue != before.queue) changed.queue = after.queue;
  if (after.owner != before.owner) changed.owner = after.owner;
  if (after.status != before.status) changed.status = after.status;
  changed.events = std::move(events);
  changed.goes_to = place_of(desk, after);
  return changed;
}

Changed reopened(const Desk& desk, const KnownTicket& ticket, const std::string& why) {
  KnownTicket after = ticket;
  after.status = Status::open;
  std::vector<PlannedEvent> events = wakes(ticket);
  if (!events.empty()) events.back().why = told("", why);
  if (const std::string missing = owner_missing(desk, ticket); !missing.empty()) {
    after.owner.clear();
    after.status = Status::fresh;
    events.push_back({event::requeued, missing});
  }
  return changed_to(desk, ticket, after, std::move(events));
}

std::vector<PlannedEvent> wakes(const KnownTicket& ticket) {
  if (ticket.status == Status::resolved) return {{event::reopened, ""}};
  if (ticket.status == Status::waiting) return {{event::resumed, ""}};
  return {};
}

std::string told(const std::string& what, const std::string& why) {
  if (what.empty() || why.empty()) return what + why;
  return what + ": " + why;
}

std::string merged_away(TicketNumber ticket, TicketNumber into) {
  return fmt::format("ticket {} was merged into {}: use that number", ticket, into);
}

}  // namespace postroom
