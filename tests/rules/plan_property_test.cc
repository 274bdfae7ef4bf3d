// Whatever arrives and whatever is known: what every plan keeps.

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "rules/change.h"
#include "rules/place_of.h"
#include "tests/rules/plan_for_tests.h"

namespace postroom {

using namespace tests;

namespace {

constexpr int rounds = 20000;

// The seed is Catch's: a failure is repeated with --rng-seed.
class Chance {
 public:
  Chance() : random_{Catch::rngSeed()} {}

  int below(int most) { return std::uniform_int_distribution{0, most - 1}(random_); }
  bool one_in(int n) { return below(n) == 0; }
  template <class T>
  const T& of(const std::vector<T>& list) {
    return list[static_cast<std::size_t>(below(static_cast<int>(list.size())))];
  }
  Switch toss() { return one_in(2) ? Switch::on : Switch::off; }

 private:
  std::mt19937 random_;
};

Desk any_desk(Chance& chance) {
  Desk desk = small_desk();
  for (Operator& person : desk.operators) person.absent = chance.one_in(4) ? Switch::on : Switch::off;
  for (Queue& queue : desk.queues) {
    queue.assignment = chance.one_in(2) ? Assignment::pull : Assignment::round_robin;
    queue.follow_up = chance.one_in(3) ? FollowUp::queue : FollowUp::owner;
    queue.reopen_within = std::chrono::hours{chance.of<int>({0, 12, 24, 720})};
    queue.thanks = chance.toss();
    queue.conversation = chance.toss();
  }
  for (Channel& channel : desk.channels) channel.general = chance.toss();
  desk.duplicates.channel = static_cast<WhichChannel>(chance.below(3));
  return desk;
}

KnownTicket any_ticket(Chance& chance) {
  KnownTicket one =
      ticket(static_cast<Status>(chance.below(4)), chance.of<std::string>({"", "ivan", "olga", "gone"}));
  one.number = 1 + chance.below(5);
  one.queue = chance.of<std::string>({"support", "sales", "billing", "former"});
  if (one.status == Status::open && one.owner.empty()) one.owner = "ivan";
  return one;
}

Arrival any_arrival(Chance& chance) {
  Arrival one = arrival(chance.of<std::string>({"support", "sales"}));
  one.decision.automatic.kind =
      chance.one_in(2) ? Automatic::Kind::none : static_cast<Automatic::Kind>(chance.below(9));
  if (chance.one_in(2))
    one.decision.automatic.failed = {
        {"anna@home.test", "5.1.1", chance.of<std::string>({"failed", "delayed"}), true}};
  one.decision.verdict.spam = chance.one_in(5);
  one.decision.thanks = chance.one_in(4);
  one.automatic_only =
      !one.decision.verdict.spam && one.decision.automatic.kind != Automatic::Kind::none && chance.one_in(2);
  one.from_desk = chance.one_in(5);
  one.may_acknowledge.send = chance.one_in(2);
  for (int i = chance.below(40); i > 0; --i)
    one.people.push_back({"", std::to_string(chance.below(60)) + "@else.test"});
  if (chance.one_in(2)) one.references.signed_ids = {7};
  return one;
}

Facts any_facts(Chance& chance) {
  Facts facts;
  facts.acknowledged_address = chance.below(5);
  facts.last_owner = chance.of<std::string>({"", "ivan", "olga", "gone"});
  for (int i = chance.below(4); i > 0; --i)
    facts.candidates.push_back(
        {any_ticket(chance), static_cast<Proof>(chance.below(5)), chance.one_in(2), chance.one_in(2)});
  std::ranges::sort(facts.candidates, {}, &Candidate::proof);
  for (std::size_t i = 0; i < facts.candidates.size(); ++i)
    facts.candidates[i].ticket.number = static_cast<TicketNumber>(i) + 1;
  if (chance.one_in(5)) facts.twin = Twin{any_ticket(chance), 70, chance.one_in(2)};
  for (int i = chance.below(4); i > 0; --i) facts.alike.push_back(1 + chance.below(8));
  for (int i = chance.below(120); i > 0; --i) facts.participants.push_back(std::to_string(i) + "@else.test");
  return facts;
}

const Candidate& joined_one(const Plan& plan, const Facts& facts) {
  return *std::ranges::find(facts.candidates, plan.ticket,
                            [](const Candidate& c) { return c.ticket.number; });
}

// The ticket that the plan is about, as it was.
const KnownTicket& before(const Plan& plan, const Facts& facts) {
  if (plan.filing == Filing::repeats) return facts.twin->ticket;
  return joined_one(plan, facts).ticket;
}

KnownTicket after(const Plan& plan, KnownTicket known) {
  if (plan.queue) known.queue = *plan.queue;
  known.owner = plan.owner.value_or(known.owner);
  known.status = plan.status.value_or(known.status);
  return known;
}

void keeps_one_ticket(const Plan& plan, const Facts& facts) {
  const bool known = plan.filing == Filing::joins || plan.filing == Filing::repeats;
  CHECK((plan.ticket != 0) == known);
  CHECK((plan.repeated != 0) == (plan.filing == Filing::repeats));
  if (plan.filing != Filing::opens) CHECK((!plan.acknowledge && plan.links.empty()));
  if (plan.filing == Filing::ticketless || plan.filing == Filing::repeats)
    CHECK((plan.participants.empty() && !plan.status && !plan.brings_conversation));
  if (plan.filing == Filing::ticketless) CHECK_FALSE(plan.owner);
  CHECK(plan.links.size() <= 3);
  CHECK(plan.participants.size() <= 20);
  if (plan.filing == Filing::joins)
    CHECK(plan.participants.size() + facts.participants.size() <=
          std::max<std::size_t>(100, facts.participants.size()));
}

void tells_all(const Plan& plan) {
  CHECK_FALSE(plan.events.empty());
  for (const PlannedEvent& event : plan.events) {
    CAPTURE(event.what);
    CHECK(find_event_word(event.what));
  }
  CHECK(std::ranges::count(plan.events, "linked", &PlannedEvent::what) ==
        static_cast<std::ptrdiff_t>(plan.links.size()));
}

void lies_where_it_belongs(const Desk& desk, const Arrival& one, const Plan& plan, const Facts& facts) {
  if (plan.filing == Filing::ticketless) {
    CHECK_FALSE(state_at(desk, {plan.mailbox, plan.folder}));
    return;
  }
  KnownTicket known;
  known.queue = one.decision.verdict.queue;
  if (plan.filing != Filing::opens) known = before(plan, facts);
  const KnownTicket now = after(plan, known);
  CHECK(place_of(desk, now) == Where{plan.mailbox, plan.folder});
  CHECK(status_told(known.status, plan.events) == now.status);
  if (!plan.status && !plan.owner) CHECK_FALSE(plan.brings_conversation);
  if (plan.filing == Filing::joins && plan.status) {
    CHECK(known.status != now.status);
    CHECK((now.status == Status::open || now.status == Status::fresh));
  }
}

// What a stranger can write into a mail neither joins a ticket by itself nor passes for somebody's answer.
void believes_no_forgery(const Arrival& one, const Plan& plan, const Facts& facts) {
  if (plan.filing != Filing::joins) return;
  const Candidate& candidate = joined_one(plan, facts);
  const bool is_signed = candidate.proof == Proof::reply_address || candidate.proof == Proof::signed_id;
  if (is_signed) return;
  CHECK(candidate.proof != Proof::copied_id);
  CHECK((candidate.takes_part || (one.from_desk && candidate.proof == Proof::message_id)));
  if (!candidate.takes_part) CHECK((!plan.status && !plan.owner && plan.participants.empty()));
  const bool report = one.decision.automatic.kind == Automatic::Kind::bounce ||
                      one.decision.automatic.kind == Automatic::Kind::delayed;
  if (report) CHECK(candidate.by_desk);
}

bool is_robot(const Arrival& one) {
  using Kind = Automatic::Kind;
  return one.decision.automatic.kind != Kind::none && one.decision.automatic.kind != Kind::bounce;
}

}  // namespace

TEST_CASE("whatever arrives makes one plan that keeps the invariants", "[rules][property]") {
  Chance chance;
  for (int round = 0; round < rounds; ++round) {
    CAPTURE(round, Catch::rngSeed());
    const Desk desk = any_desk(chance);
    const Arrival one = any_arrival(chance);
    const Facts facts = any_facts(chance);
    const Plan plan = plan_inbound(desk, one, facts);
    keeps_one_ticket(plan, facts);
    tells_all(plan);
    lies_where_it_belongs(desk, one, plan, facts);
    believes_no_forgery(one, plan, facts);
    if (plan.filing == Filing::joins && is_robot(one)) CHECK((!plan.status && !plan.owner));
  }
}

TEST_CASE("whatever is asked of a ticket is refused or told by its events", "[rules][property]") {
  Chance chance;
  for (int round = 0; round < rounds; ++round) {
    CAPTURE(round, Catch::rngSeed());
    const Desk desk = any_desk(chance);
    ChangeFacts facts;
    facts.ticket = any_ticket(chance);
    facts.messages = facts.inbound = {70, 71, 72};
    if (chance.one_in(2)) facts.other = any_ticket(chance);
    TicketChange change;
    change.kind = static_cast<TicketChange::Kind>(chance.below(11));
    change.ticket = facts.ticket.number;
    change.person = chance.of<std::string>({"", "ivan", "olga", "gone"});
    change.queue = chance.of<std::string>({"", "support", "sales", "former"});
    change.priority = static_cast<Priority>(chance.below(3));
    change.other = facts.other ? facts.other->number : 50;
    change.messages = {70 + chance.below(4), 71};
    change.why = chance.of<std::string>({"", "because"});

    const ChangePlan plan = plan_change(desk, change, facts);
    CHECK(plan.refusal.empty() != plan.tickets.empty());
    for (const Changed& changed : plan.tickets) {
      KnownTicket known = facts.ticket;
      if (changed.ticket != known.number && facts.other) known = *facts.other;
      if (changed.ticket != known.number) known.status = Status::fresh;
      KnownTicket now = known;
      now.queue = changed.queue.value_or(now.queue);
      now.owner = changed.owner.value_or(now.owner);
      now.status = changed.status.value_or(now.status);
      CHECK(status_told(known.status, changed.events) == now.status);
      CHECK_FALSE(changed.events.empty());
      for (const PlannedEvent& event : changed.events) CHECK(find_event_word(event.what));
      if (changed.goes_to) CHECK(*changed.goes_to == place_of(desk, now));
    }
  }
}

TEST_CASE("each word of events stands once in the table", "[rules]") {
  for (const EventWord& word : event_words()) {
    CHECK(find_event_word(word.what) == &word);
    CHECK_FALSE(word.meaning.empty());
  }
  CHECK(find_event_word("also addressed to anna@home.test"));
  CHECK_FALSE(find_event_word("exploded"));
  CHECK_FALSE(find_event_word("created twice"));
}

}  // namespace postroom
