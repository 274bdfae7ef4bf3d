#include "rules/change.h"

#include <catch2/catch.hpp>

#include "tests/rules/plan_for_tests.h"

namespace postroom {

using namespace tests;

namespace {

using Kind = TicketChange::Kind;
using Lines = std::vector<std::string>;

TicketChange asked(Kind kind, const std::string& person = "") {
  TicketChange change;
  change.kind = kind;
  change.ticket = 7;
  change.who = "root";
  change.person = person;
  return change;
}

ChangeFacts facts_of(const KnownTicket& known) {
  ChangeFacts facts;
  facts.ticket = known;
  facts.messages = {70, 71, 72, 73};
  facts.inbound = {70, 71, 72};
  return facts;
}

KnownTicket other_ticket(Status status) {
  KnownTicket one = ticket(status, "olga");
  one.number = 9;
  return one;
}

// The only ticket of a plan that was not refused.
Changed done(const TicketChange& change, const KnownTicket& known, const Desk& desk = small_desk()) {
  const ChangePlan plan = plan_change(desk, change, facts_of(known));
  REQUIRE(plan.refusal == "");
  REQUIRE(plan.tickets.size() == 1);
  CHECK_FALSE(plan.opens_ticket);
  const Changed& changed = plan.tickets.front();
  CHECK(changed.ticket == 7);
  CHECK_FALSE(changed.events.empty());
  CHECK(status_told(known.status, changed.events) == changed.status.value_or(known.status));
  return changed;
}

std::string refusal(const TicketChange& change, const ChangeFacts& facts) {
  const ChangePlan plan = plan_change(small_desk(), change, facts);
  CHECK(plan.tickets.empty());
  return plan.refusal;
}
std::string refusal(const TicketChange& change, const KnownTicket& known) {
  return refusal(change, facts_of(known));
}

}  // namespace

TEST_CASE("the kinds of changes have names that lead back", "[rules]") {
  for (int i = 0; i <= static_cast<int>(Kind::split); ++i)
    CHECK(change_from(change_name(static_cast<Kind>(i))) == static_cast<Kind>(i));
  CHECK_FALSE(change_from("explode"));
}

TEST_CASE("an assigned ticket lies in its owner's folder and is new, unless it is resolved", "[rules][R14]") {
  const Status status = GENERATE(Status::fresh, Status::open, Status::waiting);
  Changed changed = done(asked(Kind::assign, "olga"), ticket(status));
  CHECK(changed.owner == "olga");
  CHECK(changed.goes_to == Where{"Support", {"Ольга"}});
  CHECK(events_of(changed.events) == Lines{"assigned: to olga"});

  changed = done(asked(Kind::assign), ticket(status));
  CHECK(changed.owner == "");
  CHECK(changed.goes_to == Where{"Support", {}});
  CHECK(events_of(changed.events) == Lines{"requeued: taken from ivan"});

  changed = done(asked(Kind::assign, "olga"), ticket(Status::resolved));
  CHECK_FALSE(changed.status);
  CHECK(changed.goes_to == Where{"Support", {"Ольга", "Done"}});
  CHECK(events_of(changed.events) == Lines{"owner changed: to olga"});
}

TEST_CASE("claiming makes a ticket open", "[rules][R14]") {
  CHECK(words_of(done(asked(Kind::claim, "ivan"), ticket(Status::fresh, "")).events) == Lines{"claimed"});
  const Changed changed = done(asked(Kind::claim, "olga"), ticket(Status::resolved));
  CHECK(changed.owner == "olga");
  CHECK(changed.goes_to == Where{"Support", {"Ольга", "In progress"}});
  CHECK(words_of(changed.events) == Lines{"reopened", "claimed"});
}

TEST_CASE("a ticket that is handed over is nobody's in the other queue", "[rules][R14]") {
  TicketChange change = asked(Kind::hand_over);
  change.queue = "sales";
  change.why = "they sell it";
  const Changed changed = done(change, ticket(Status::open));
  CHECK(changed.queue == "sales");
  CHECK(changed.owner == "");
  CHECK(changed.status == Status::fresh);
  CHECK(changed.goes_to == Where{"Sales", {}});
  CHECK(events_of(changed.events) == Lines{"handed over: from queue 'support' to 'sales': they sell it"});
}

TEST_CASE("resolving, waiting and reopening", "[rules][R14]") {
  Changed changed = done(asked(Kind::resolve), ticket(Status::open));
  CHECK(changed.goes_to == Where{"Support", {"Иван", "Done"}});
  changed = done(asked(Kind::wait), ticket(Status::open));
  CHECK(changed.goes_to == Where{"Support", {"Waiting"}});
  CHECK_FALSE(changed.owner);
  changed = done(asked(Kind::reopen), ticket(Status::resolved));
  CHECK(changed.status == Status::open);
  CHECK(words_of(changed.events) == Lines{"reopened"});
  changed = done(asked(Kind::reopen), ticket(Status::waiting));
  CHECK(words_of(changed.events) == Lines{"resumed"});

  Desk desk = small_desk();
  desk.operators[0].absent = Switch::on;
  changed = done(asked(Kind::reopen), ticket(Status::resolved), desk);
  CHECK(changed.status == Status::fresh);
  CHECK(changed.owner == "");
  CHECK(events_of(changed.events).back() == "requeued: ivan is absent");
}

TEST_CASE("priorities and notes move nothing", "[rules][R14]") {
  TicketChange change = asked(Kind::set_priority);
  change.priority = Priority::high;
  Changed changed = done(change, ticket(Status::resolved));
  CHECK(changed.priority == Priority::high);
  CHECK_FALSE(changed.goes_to);
  CHECK(events_of(changed.events) == Lines{"priority changed: from normal to high"});

  change = asked(Kind::note);
  change.why = "called him";
  changed = done(change, ticket(Status::open));
  CHECK_FALSE(changed.goes_to);
  CHECK(events_of(changed.events) == Lines{"noted: called him"});
}

TEST_CASE("what would change nothing, or cannot be, is refused with a sentence", "[rules][R14]") {
  const KnownTicket open = ticket(Status::open);
  TicketChange elsewhere = asked(Kind::hand_over), same = asked(Kind::hand_over);
  elsewhere.queue = "nowhere";
  same.queue = "support";
  CHECK(refusal(asked(Kind::assign, "nobody"), open) == "there is no operator 'nobody'");
  CHECK(refusal(asked(Kind::assign, "ivan"), open) == "ticket 7 belongs to ivan already");
  CHECK(refusal(asked(Kind::assign), ticket(Status::fresh, "")) == "ticket 7 belongs to nobody already");
  CHECK(refusal(asked(Kind::claim, "ivan"), open) == "ticket 7 is claimed by ivan already");
  CHECK(refusal(elsewhere, open) == "there is no queue 'nowhere'");
  CHECK(refusal(same, open) == "ticket 7 is in queue 'support' already");
  CHECK(refusal(asked(Kind::resolve), ticket(Status::resolved)) == "ticket 7 is resolved already");
  CHECK(refusal(asked(Kind::wait), ticket(Status::waiting)) == "ticket 7 waits for the customer already");
  CHECK(refusal(asked(Kind::reopen), open) == "ticket 7 is open: there is nothing to reopen");
  CHECK(refusal(asked(Kind::set_priority), open) == "ticket 7 has priority normal already");
  CHECK(refusal(asked(Kind::note), open) == "a note needs a text");
  KnownTicket sold = open;
  sold.queue = "sales";
  CHECK(refusal(asked(Kind::assign, "olga"), sold) ==
        "operator 'olga' does not work in queue 'sales' (group 'traders')");
}

TEST_CASE("a merged ticket cannot be changed, whatever is asked", "[rules][R14]") {
  ChangeFacts facts = facts_of(ticket(Status::resolved));
  facts.merged_into = 5;
  for (int i = 0; i <= static_cast<int>(Kind::split); ++i)
    CHECK(refusal(asked(static_cast<Kind>(i), "olga"), facts) ==
          "ticket 7 was merged into 5: use that number");
}

TEST_CASE("a merged ticket is resolved, and the other one stays as it is", "[rules][R14][threads]") {
  struct Row {
    Status merged, other;
    Lines merged_says, other_says;
    std::optional<Status> other_becomes;
  };
  const Row row = GENERATE(values<Row>({
      {Status::open, Status::fresh, {"merged", "resolved"}, {"merged"}, {}},
      {Status::open, Status::waiting, {"merged", "resolved"}, {"merged"}, {}},
      {Status::resolved, Status::resolved, {"merged"}, {"merged"}, {}},
      {Status::open, Status::resolved, {"merged", "resolved"}, {"merged", "reopened"}, Status::open},
  }));
  ChangeFacts facts = facts_of(ticket(row.merged));
  facts.other = other_ticket(row.other);
  TicketChange change = asked(Kind::merge);
  change.other = 9;
  change.why = "the same";
  const ChangePlan plan = plan_change(small_desk(), change, facts);
  CHECK(plan.refusal == "");
  REQUIRE(plan.tickets.size() == 2);
  const Changed &merged = plan.tickets[0], &other = plan.tickets[1];
  CHECK(merged.merged_into == 9);
  CHECK(merged.status.value_or(row.merged) == Status::resolved);
  CHECK_FALSE(merged.goes_to);
  CHECK(words_of(merged.events) == row.merged_says);
  CHECK(merged.events[0].why == "into ticket 9: the same");
  CHECK(other.status == row.other_becomes);
  CHECK_FALSE(other.owner);
  CHECK(words_of(other.events) == row.other_says);
  CHECK(other.events[0].why == "with ticket 7: the same");
  KnownTicket after = *facts.other;
  after.status = other.status.value_or(after.status);
  CHECK(other.goes_to == place_of(small_desk(), after));
}

TEST_CASE("tickets are linked and merged with others that are there", "[rules][R14][threads]") {
  const Kind kind = GENERATE(Kind::link, Kind::merge);
  ChangeFacts facts = facts_of(ticket(Status::open));
  TicketChange change = asked(kind);
  change.other = 9;
  CHECK(refusal(change, facts) == "there is no ticket 9");
  facts.other = other_ticket(Status::open);
  facts.other_merged_into = 5;
  CHECK(refusal(change, facts) == "ticket 9 was merged into 5: use that number");
  facts.other_merged_into = 7;
  CHECK(refusal(change, facts) == "ticket 9 is a part of 7 already");
  change.other = 7;
  CHECK(refusal(change, facts) == (kind == Kind::link ? "ticket 7 cannot be linked to itself"
                                                      : "ticket 7 cannot be merged into itself"));
}

TEST_CASE("a link is told in both tickets", "[rules][threads]") {
  ChangeFacts facts = facts_of(ticket(Status::open));
  facts.other = other_ticket(Status::open);
  TicketChange change = asked(Kind::link);
  change.other = 9;
  const ChangePlan plan = plan_change(small_desk(), change, facts);
  REQUIRE(plan.tickets.size() == 2);
  CHECK(plan.tickets[0].links == std::vector<Link>{{9, Relation::linked}});
  CHECK(events_of(plan.tickets[0].events) == Lines{"linked: to ticket 9"});
  CHECK(plan.tickets[1].links.empty());
  CHECK(events_of(plan.tickets[1].events) == Lines{"linked: to ticket 7"});
  facts.linked = true;
  CHECK(refusal(change, facts) == "tickets 7 and 9 are linked already");
}

TEST_CASE("messages that are split off are a new ticket for the same owner", "[rules][R14][threads]") {
  TicketChange change = asked(Kind::split);
  change.other = 10;
  change.messages = {72, 71, 72};
  const Status status = GENERATE(Status::fresh, Status::open, Status::waiting, Status::resolved);
  KnownTicket known = ticket(status);
  known.priority = Priority::high;
  const ChangePlan plan = plan_change(small_desk(), change, facts_of(known));
  CHECK(plan.refusal == "");
  CHECK(plan.opens_ticket);
  REQUIRE(plan.tickets.size() == 2);
  CHECK(plan.tickets[0].ticket == 7);
  CHECK_FALSE(plan.tickets[0].status);
  CHECK_FALSE(plan.tickets[0].goes_to);
  CHECK(events_of(plan.tickets[0].events) == Lines{"split: messages 71, 72 became ticket 10"});
  const Changed& fresh = plan.tickets[1];
  CHECK(fresh.ticket == 10);
  CHECK(fresh.queue == "support");
  CHECK(fresh.owner == "ivan");
  CHECK(fresh.status == Status::fresh);
  CHECK(fresh.priority == Priority::high);
  CHECK(fresh.links == std::vector<Link>{{7, Relation::split_from}});
  CHECK(fresh.goes_to == Where{"Support", {"Иван"}});
  CHECK(words_of(fresh.events) == Lines{"created", "assigned"});
}

TEST_CASE("a split needs messages of the ticket, and leaves one", "[rules][R14][threads]") {
  TicketChange change = asked(Kind::split);
  change.other = 10;
  const KnownTicket known = ticket(Status::open);
  CHECK(refusal(change, known) == "name the messages that become a ticket of their own");
  change.messages = {71, 99};
  CHECK(refusal(change, known) == "message 99 does not belong to ticket 7");
  change.messages = {70, 71, 72, 71};
  CHECK(refusal(change, known) == "ticket 7 would have no message left that came in: one has to stay");
  change.messages = {73};
  CHECK(refusal(change, known) == "a ticket begins with a message that came in, and none of these did");
  change.messages = {71};
  ChangeFacts facts = facts_of(known);
  facts.other = other_ticket(Status::open);
  change.other = 9;
  CHECK(refusal(change, facts) == "there is a ticket 9 already");
}

}  // namespace postroom
