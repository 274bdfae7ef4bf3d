#pragma once
// Arrivals and tickets, for the tests of plans.

#include <string>
#include <vector>

#include "rules/event_words.h"
#include "rules/plan.h"
#include "tests/rules/desk_for_tests.h"

namespace postroom::tests {

inline const Time noon{std::chrono::hours{24 * 20000}};

inline Arrival arrival(const std::string& queue) {
  Arrival one;
  one.decision.verdict.channel = queue + "@desk.test";
  one.decision.verdict.queue = queue;
  one.decision.verdict.rules = {{"payment failures", "subject", "оплата"}};
  one.decision.verdict.decided_by = "payment failures";
  one.decision.customer = {"Anna", "anna@home.test", "from"};
  one.may_acknowledge = {true, "a person wrote"};
  one.sender = "anna@home.test";
  one.recipients = {queue + "@desk.test"};
  one.people = {{"Anna", "anna@home.test"}};
  one.subject = "Re: order";
  one.at = noon;
  return one;
}

inline Desk round_robin_desk() {
  Desk desk = small_desk();
  for (Queue& queue : desk.queues) queue.assignment = Assignment::round_robin;
  return desk;
}

// Anna's ticket 7 in the queue support; resolved yesterday, if it is.
inline KnownTicket ticket(Status status, const std::string& owner = "ivan") {
  KnownTicket one;
  one.number = 7;
  one.queue = "support";
  one.channel = "support@desk.test";
  one.owner = owner;
  one.status = status;
  one.customer = "anna@home.test";
  one.created = noon - std::chrono::hours{48};
  if (status == Status::resolved) one.resolved = noon - std::chrono::hours{24};
  return one;
}

inline Facts named(const KnownTicket& known, Proof proof = Proof::signed_id, bool takes_part = true) {
  Facts facts;
  facts.candidates = {{known, proof, takes_part}};
  return facts;
}

inline std::vector<std::string> events_of(const std::vector<PlannedEvent>& events) {
  std::vector<std::string> lines;
  for (const PlannedEvent& event : events) lines.push_back(event.what + ": " + event.why);
  return lines;
}
inline std::vector<std::string> events_of(const Plan& plan) { return events_of(plan.events); }

inline std::vector<std::string> words_of(const std::vector<PlannedEvent>& events) {
  std::vector<std::string> what;
  for (const PlannedEvent& event : events) what.push_back(event.what);
  return what;
}

// What the last event that says a status says; `before` if none does.
inline Status status_told(Status before, const std::vector<PlannedEvent>& events) {
  for (const PlannedEvent& event : events) {
    const EventWord* word = find_event_word(event.what);
    if (word && word->status) before = *word->status;
  }
  return before;
}

}  // namespace postroom::tests
