#include "rules/plan_follow_up.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/address.h"
#include "rules/event_words.h"
#include "rules/owner.h"
#include "rules/place_of.h"
#include "rules/plan_people.h"

namespace postroom {
namespace {

// What the message is to the ticket.
enum class Part { customer, thanks, desk, automatic, bounced, delayed };

struct PartRow {
  Part part;
  const char* event;
  bool wakes;  // somebody has to look at the ticket
  const char* kind;
};
constexpr PartRow parts[] = {
    {Part::customer, event::followed_up, true, "inbound"},
    {Part::thanks, event::filed, false, "inbound"},
    {Part::desk, event::answer_filed, false, "answer"},
    {Part::automatic, event::filed, false, "inbound"},
    {Part::bounced, event::answer_bounced, true, "inbound"},
    {Part::delayed, event::answer_delayed, false, "inbound"},
};

bool is_signed(const Candidate& candidate) {
  return candidate.proof == Proof::reply_address || candidate.proof == Proof::signed_id;
}

bool is_report(const Automatic& automatic) {
  return automatic.kind == Automatic::Kind::bounce || automatic.kind == Automatic::Kind::delayed;
}

// Who knows a ticket's number and its customer can write a report about them.
bool proves_report(const Candidate& candidate) {
  return is_signed(candidate) || (candidate.by_desk && candidate.takes_part);
}

// A report that somebody will not get the mail, whatever its status: "4.2.2" with the action "failed" means
// that the mail system has given up (RFC 3464, 2.3.3).
bool is_final(const Automatic& automatic) {
  const auto given_up = [](const Failed& failed) { return failed.permanent || failed.action != "delayed"; };
  return automatic.kind == Automatic::Kind::bounce &&
         (automatic.failed.empty() || std::ranges::any_of(automatic.failed, given_up));
}

// The mail of a web form says its customer's words, whatever address of ours the program puts into From.
bool speaks_for_desk(const Arrival& arrival) {
  return arrival.from_desk && arrival.decision.customer.source != "form";
}

bool is_at_rest(Status status) { return status == Status::resolved || status == Status::waiting; }

const PartRow& part_of(const Desk& desk, const Arrival& arrival, const Candidate& candidate) {
  const auto row = [](Part part) -> const PartRow& {
    return *std::ranges::find(parts, part, &PartRow::part);
  };
  const Automatic& automatic = arrival.decision.automatic;
  if (is_final(automatic)) return row(Part::bounced);
  if (is_report(automatic)) return row(Part::delayed);
  if (automatic.kind != Automatic::Kind::none) return row(Part::automatic);
  if (speaks_for_desk(arrival) && !candidate.takes_part) return row(Part::desk);
  const bool thanks = arrival.decision.thanks &&
                      queue_settings(desk, candidate.ticket.queue).thanks == Switch::on &&
                      is_at_rest(candidate.ticket.status);
  return row(thanks ? Part::thanks : Part::customer);
}

std::string failures(const Automatic& automatic) {
  std::string text;
  for (const Failed& failed : automatic.failed) {
    if (!text.empty()) text += ", ";
    text += failed.recipient.empty() ? "an unknown recipient" : failed.recipient;
    if (!failed.status.empty()) text += " " + failed.status;
  }
  return text.empty() ? automatic.reason : text;
}

std::string story(const Arrival& arrival, const Candidate& candidate, Part part) {
  const Automatic& automatic = arrival.decision.automatic;
  if (part == Part::bounced || part == Part::delayed) return failures(automatic);
  if (part == Part::automatic)
    return fmt::format("{}: {}; it changes nothing", kind_name(automatic.kind), automatic.reason);
  if (part == Part::thanks) return "thanks, and nothing else; it changes nothing";
  std::string text = fmt::format("by its {}", proof_name(candidate.proof));
  if (part == Part::desk && !is_signed(candidate)) text += "; that an operator wrote it only its From says";
  if (arrival.decision.verdict.spam)
    text += fmt::format("; an answer, although {} makes it spam", why(arrival.decision.verdict));
  return text;
}

// Somebody has to look at it: it is no longer resolved or waiting, and lies where somebody is.
void wake(const Desk& desk, KnownTicket& ticket, std::vector<PlannedEvent>& events) {
  if (ticket.status == Status::resolved) events.push_back({event::reopened, "somebody wrote again"});
  if (ticket.status == Status::waiting) events.push_back({event::resumed, "the customer wrote"});
  const bool rested = is_at_rest(ticket.status);
  if (rested) ticket.status = Status::open;

  std::string reason = owner_missing(desk, ticket);
  if (reason.empty() && queue_settings(desk, ticket.queue).follow_up == FollowUp::queue)
    reason = fmt::format("further mail goes to queue '{}' itself, not to {}", ticket.queue, ticket.owner);
  if (reason.empty() || (ticket.owner.empty() && ticket.status == Status::fresh)) return;
  ticket.owner.clear();
  ticket.status = Status::fresh;
  events.push_back({event::requeued, reason});
}

// What differs between the ticket before and after.
void take_over(const KnownTicket& before, const KnownTicket& after, Plan& plan) {
  if (after.owner != before.owner) plan.owner = after.owner;
  if (after.status != before.status) plan.status = after.status;
}

}  // namespace

bool belongs(const Arrival& arrival, const Candidate& candidate) {
  if (candidate.proof == Proof::copied_id) return false;
  if (is_report(arrival.decision.automatic) && !proves_report(candidate)) return false;
  const bool known =
      candidate.takes_part || (speaks_for_desk(arrival) && candidate.proof == Proof::message_id);
  if (arrival.decision.verdict.spam) {
    if (candidate.proof == Proof::subject_tag) return false;
    return known || (is_signed(candidate) && !arrival.references.signed_ids.empty());
  }
  if (is_signed(candidate)) return true;
  if (!arrival.automatic_only) return known;
  return candidate.takes_part && candidate.proof == Proof::message_id;
}

bool comes_too_late(const Desk& desk, const Arrival& arrival, const Candidate& candidate) {
  const KnownTicket& ticket = candidate.ticket;
  if (ticket.status != Status::resolved) return false;
  if (part_of(desk, arrival, candidate).part != Part::customer) return false;
  const std::chrono::seconds within = queue_settings(desk, ticket.queue).reopen_within;
  return within.count() == 0 || arrival.at - ticket.resolved > within;
}

Plan plan_follow_up(const Desk& desk, const Arrival& arrival, const Facts& facts,
                    const Candidate& candidate) {
  const KnownTicket& ticket = candidate.ticket;
  const PartRow& row = part_of(desk, arrival, candidate);
  Plan plan;
  plan.filing = Filing::joins;
  plan.ticket = ticket.number;
  plan.kind = row.kind;
  plan.events.push_back({row.event, story(arrival, candidate, row.part)});

  KnownTicket after = ticket;
  if (row.wakes) wake(desk, after, plan.events);
  take_over(ticket, after, plan);
  Where where = place_of(desk, after);
  plan.mailbox = std::move(where.mailbox);
  plan.folder = std::move(where.folder);
  plan.brings_conversation =
      (plan.owner || plan.status) && queue_settings(desk, ticket.queue).conversation == Switch::on;
  // A forged answer must not make its writer a participant.
  if (row.part == Part::desk && !is_signed(candidate)) return plan;
  add_participants(desk, arrival, {normal_address(ticket.customer), facts.participants}, plan);
  return plan;
}

}  // namespace postroom
