#include "rules/plan_repeat.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/address.h"
#include "rules/event_words.h"
#include "rules/owner.h"
#include "rules/place_of.h"
#include "rules/plan_open.h"

namespace postroom {
namespace {

constexpr std::size_t most_events = 20;

// Nobody has done anything yet, and this channel says more about the message than the first one.
bool is_more_specific(const Desk& desk, const Arrival& arrival, const Twin& twin) {
  const Verdict& verdict = arrival.decision.verdict;
  if (desk.duplicates.channel != WhichChannel::specific || twin.touched || verdict.spam) return false;
  if (twin.ticket.status != Status::fresh || verdict.queue == twin.ticket.queue) return false;
  const Channel* before = find_channel(desk, twin.ticket.channel);
  const Channel* now = find_channel(desk, verdict.channel);
  return before && now && before->general == Switch::on && now->general == Switch::off &&
         find_queue(desk, verdict.queue);
}

void hand_over(const Desk& desk, const Arrival& arrival, const Facts& facts, Plan& plan) {
  const Verdict& verdict = arrival.decision.verdict;
  plan.queue = verdict.queue;
  plan.channel = verdict.channel;
  plan.mailbox = mailbox_of(desk, verdict.queue);
  plan.folder.clear();
  plan.owner = "";
  plan.events.push_back({event::handed_over, fmt::format("to queue '{}': {} is the more specific channel",
                                                         verdict.queue, verdict.channel)});
  assign_first(queue_settings(desk, verdict.queue), desk, facts.last_owner, plan);
}

}  // namespace

Plan plan_repeat(const Desk& desk, const Arrival& arrival, const Facts& facts, const Twin& twin) {
  Plan plan;
  plan.filing = Filing::repeats;
  plan.ticket = twin.ticket.number;
  plan.repeated = twin.message;
  Where where = place_of(desk, twin.ticket);
  plan.mailbox = std::move(where.mailbox);
  plan.folder = std::move(where.folder);
  for (std::size_t i = 0; i < std::min(arrival.recipients.size(), most_events); ++i)
    plan.events.push_back(
        {event::also_addressed_to + normal_address(arrival.recipients[i]), "the same message, kept once"});
  if (is_more_specific(desk, arrival, twin)) hand_over(desk, arrival, facts, plan);
  return plan;
}

}  // namespace postroom
