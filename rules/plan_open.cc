#include "rules/plan_open.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/address.h"
#include "rules/compose.h"
#include "rules/event_words.h"
#include "rules/owner.h"
#include "rules/plan_follow_up.h"
#include "rules/plan_people.h"
#include "rules/subject.h"

namespace postroom {
namespace {

constexpr std::size_t most_links = 3;

struct Limit {
  int done;
  int most;
  std::chrono::seconds window;
  const char* whom;
};

// Why an acknowledgement that may be sent is not sent now; empty if it is.
std::string over_limit(const AcknowledgementLimits& limits, const Facts& facts) {
  const Limit rows[] = {
      {facts.acknowledged_address, limits.per_address, limits.per_address_window, "this address"},
      {facts.acknowledged_global, limits.global, limits.global_window, "all addresses together"},
  };
  for (const Limit& row : rows) {
    if (row.done < row.most) continue;
    return fmt::format("{} had {} acknowledgements within {}, the limit is {}", row.whom, row.done,
                       duration_text(row.window, "en"), row.most);
  }
  return "";
}

void plan_acknowledgement(const Desk& desk, const Arrival& arrival, const Facts& facts, Plan& plan) {
  const MayAcknowledge& may = arrival.may_acknowledge;
  const std::string refused = may.send ? over_limit(desk.acknowledgements, facts) : may.reason;
  plan.acknowledge = refused.empty();
  if (plan.acknowledge) {
    plan.events.push_back({event::acknowledgement_queued, may.reason});
  } else {
    plan.events.push_back({event::acknowledgement_not_sent, refused});
  }
}

// The operator written after the last one who is there; nullptr if nobody is.
const Operator* next_operator(const std::vector<const Operator*>& members, const std::string& last) {
  const auto found = std::ranges::find(members, last, &Operator::login);
  const std::size_t first =
      found == members.end() ? 0 : static_cast<std::size_t>(found - members.begin()) + 1;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Operator* one = members[(first + i) % members.size()];
    if (one->absent == Switch::off) return one;
  }
  return nullptr;
}

void add_link(Plan& plan, const Link& link, std::string why) {
  if (plan.links.size() == most_links ||
      std::ranges::find(plan.links, link.other, &Link::other) != plan.links.end())
    return;
  plan.links.push_back(link);
  plan.events.push_back({event::linked, std::move(why)});
}

// A ticket that the message names, and yet it does not join it.
void link_named(const Desk& desk, const Arrival& arrival, const Candidate& candidate, Plan& plan) {
  const TicketNumber number = candidate.ticket.number;
  if (belongs(arrival, candidate)) {
    const std::chrono::seconds within = queue_settings(desk, candidate.ticket.queue).reopen_within;
    return add_link(plan, {number, Relation::continues},
                    within.count() == 0
                        ? fmt::format("continues ticket {}, which is resolved", number)
                        : fmt::format("continues ticket {}, which was resolved more than {} ago", number,
                                      duration_text(within, "en")));
  }
  add_link(plan, {number, Relation::possibly_same},
           fmt::format(
               "possibly the same as ticket {}, by its {}; {}", number, proof_name(candidate.proof),
               candidate.takes_part ? "which is no proof in such mail" : "the sender takes no part in it"));
}

// Robots and web forms repeat their subjects for ever, and an empty one says nothing.
bool subject_counts(const Arrival& arrival) {
  if (base_subject(arrival.subject).empty()) return false;
  if (is_reply_subject(arrival.subject)) return true;
  const Decision& decision = arrival.decision;
  return decision.automatic.kind == Automatic::Kind::none && decision.customer.source != "form";
}

void add_links(const Desk& desk, const Arrival& arrival, const Facts& facts, Plan& plan) {
  for (const Candidate& candidate : facts.candidates) link_named(desk, arrival, candidate, plan);
  if (facts.alike.empty() || !subject_counts(arrival)) return;
  for (const TicketNumber number : facts.alike)
    add_link(plan, {number, Relation::possibly_same},
             fmt::format("possibly the same as ticket {}, by customer and subject", number));
}

}  // namespace

void assign_first(const Queue& queue, const Desk& desk, const std::string& last_owner, Plan& plan) {
  if (queue.assignment == Assignment::pull) return;

  const std::vector<const Operator*> members = operators_of(desk, queue.group);
  const Operator* next = next_operator(members, last_owner);
  if (!next) {
    const char* what =
        members.empty() ? "group '{}' has no operators" : "all operators of group '{}' are absent";
    plan.events.push_back({event::not_assigned, fmt::format(fmt::runtime(what), queue.group)});
    return;
  }
  plan.owner = next->login;
  plan.folder = {next->name};
  plan.events.push_back(
      {event::assigned, fmt::format("to {}: round robin in group '{}'{}", next->login, queue.group,
                                    last_owner.empty() ? "" : " after " + last_owner)});
}

Plan plan_open(const Desk& desk, const Arrival& arrival, const Facts& facts, Plan plan) {
  const Verdict& verdict = arrival.decision.verdict;
  plan.filing = Filing::opens;
  plan.events.push_back({event::created, why(verdict)});
  if (const Queue* queue = find_queue(desk, verdict.queue))
    assign_first(*queue, desk, facts.last_owner, plan);
  plan_acknowledgement(desk, arrival, facts, plan);
  add_links(desk, arrival, facts, plan);
  add_participants(desk, arrival, {normal_address(arrival.decision.customer.address), {}}, plan);
  return plan;
}

}  // namespace postroom
