#include "rules/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "rules/event_words.h"
#include "rules/owner.h"
#include "rules/plan_follow_up.h"
#include "rules/plan_open.h"
#include "rules/plan_repeat.h"

namespace postroom {
namespace {

constexpr std::array<std::pair<Proof, std::string_view>, 5> proofs{{
    {Proof::reply_address, "signed reply address"},
    {Proof::signed_id, "signed Message-ID"},
    {Proof::message_id, "Message-ID"},
    {Proof::subject_tag, "subject"},
    {Proof::copied_id, "copied Message-ID"},
}};

Plan plan_spam(const Desk& desk, const Arrival& arrival, Plan plan) {
  plan.filing = Filing::ticketless;
  plan.folder = {desk.folders.junk};
  plan.events.push_back({event::filed_as_spam, why(arrival.decision.verdict)});
  return plan;
}

Plan plan_automatic(const Desk& desk, const Arrival& arrival, Plan plan) {
  const Automatic& automatic = arrival.decision.automatic;
  plan.filing = Filing::ticketless;
  plan.folder = {desk.folders.automatic};
  plan.events.push_back(
      {event::filed_as_automatic,
       fmt::format("{}: {}; channel {} opens no tickets for such mail", kind_name(automatic.kind),
                   automatic.reason, arrival.decision.verdict.channel)});
  return plan;
}

}  // namespace

std::string_view proof_name(Proof proof) {
  return std::ranges::find(proofs, proof, [](const auto& row) { return row.first; })->second;
}

bool is_automatic_only(const Desk& desk, const Decision& decision) {
  constexpr Automatic::Kind filed[] = {Automatic::Kind::auto_reply, Automatic::Kind::bounce,
                                       Automatic::Kind::delayed, Automatic::Kind::feedback,
                                       Automatic::Kind::receipt};
  const Channel* channel = find_channel(desk, decision.verdict.channel);
  return channel && channel->automatic == AutomaticMail::file && !decision.verdict.spam &&
         std::ranges::find(filed, decision.automatic.kind) != std::end(filed);
}

const Candidate* joined(const Desk& desk, const Arrival& arrival, const std::vector<Candidate>& candidates) {
  const auto found = std::ranges::find_if(candidates, [&](const Candidate& candidate) {
    return belongs(arrival, candidate) && !comes_too_late(desk, arrival, candidate);
  });
  return found == candidates.end() ? nullptr : &*found;
}

Plan plan_inbound(const Desk& desk, const Arrival& arrival, const Facts& facts) {
  const Verdict& verdict = arrival.decision.verdict;
  if (facts.twin && facts.twin->ticket.number != 0) return plan_repeat(desk, arrival, facts, *facts.twin);
  if (const Candidate* candidate = joined(desk, arrival, facts.candidates))
    return plan_follow_up(desk, arrival, facts, *candidate);

  Plan plan;
  plan.mailbox = mailbox_of(desk, verdict.queue);
  if (verdict.spam) return plan_spam(desk, arrival, std::move(plan));
  if (arrival.automatic_only) return plan_automatic(desk, arrival, std::move(plan));
  return plan_open(desk, arrival, facts, std::move(plan));
}

}  // namespace postroom
