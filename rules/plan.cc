#include "rules/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/compose.h"

namespace postroom {
namespace {

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
    plan.events.push_back({"acknowledgement queued", may.reason});
  } else {
    plan.events.push_back({"acknowledgement not sent", refused});
  }
}

// The operator written after the last one; the first one if the last is unknown or gone.
const Operator* next_operator(const std::vector<const Operator*>& members, const std::string& last) {
  const auto found = std::ranges::find(members, last, &Operator::login);
  if (found == members.end() || found + 1 == members.end()) return members.front();
  return *(found + 1);
}

void assign(const Desk& desk, const Queue& queue, const Facts& facts, Plan& plan) {
  if (queue.assignment == Assignment::pull) return;

  const std::vector<const Operator*> members = operators_of(desk, queue.group);
  if (members.empty()) {
    plan.events.push_back({"not assigned", fmt::format("group '{}' has no operators", queue.group)});
    return;
  }
  const Operator* next = next_operator(members, facts.last_owner);
  plan.owner = next->login;
  plan.folder = {next->name};
  plan.events.push_back(
      {"assigned", fmt::format("to {}: round robin in group '{}'{}", next->login, queue.group,
                               facts.last_owner.empty() ? "" : " after " + facts.last_owner)});
}

Plan plan_spam(const Desk& desk, const Arrival& arrival, Plan plan) {
  plan.filing = Filing::ticketless;
  plan.folder = {desk.folders.junk};
  plan.events.push_back({"filed as spam", why(arrival.decision.verdict)});
  return plan;
}

Plan plan_automatic(const Desk& desk, const Arrival& arrival, Plan plan) {
  const Automatic& automatic = arrival.decision.automatic;
  plan.filing = Filing::ticketless;
  plan.folder = {desk.folders.automatic};
  plan.events.push_back(
      {"filed as automatic",
       fmt::format("{}: {}; channel {} opens no tickets for such mail", kind_name(automatic.kind),
                   automatic.reason, arrival.decision.verdict.channel)});
  return plan;
}

}  // namespace

bool is_automatic_only(const Desk& desk, const Decision& decision) {
  constexpr Automatic::Kind filed[] = {Automatic::Kind::auto_reply, Automatic::Kind::bounce,
                                       Automatic::Kind::delayed, Automatic::Kind::feedback,
                                       Automatic::Kind::receipt};
  const Channel* channel = find_channel(desk, decision.verdict.channel);
  return channel && channel->automatic == AutomaticMail::file && !decision.verdict.spam &&
         std::ranges::find(filed, decision.automatic.kind) != std::end(filed);
}

Plan plan_inbound(const Desk& desk, const Arrival& arrival, const Facts& facts) {
  const Verdict& verdict = arrival.decision.verdict;
  const Queue* queue = find_queue(desk, verdict.queue);
  Plan plan;
  plan.mailbox = queue ? queue->mailbox : verdict.queue;
  if (verdict.spam) return plan_spam(desk, arrival, std::move(plan));
  if (arrival.automatic_only) return plan_automatic(desk, arrival, std::move(plan));

  plan.events.push_back({"created", why(verdict)});
  if (queue) assign(desk, *queue, facts, plan);
  plan_acknowledgement(desk, arrival, facts, plan);
  return plan;
}

}  // namespace postroom
