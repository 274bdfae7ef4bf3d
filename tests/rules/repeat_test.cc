// One message that came several times, and messages that may belong together.

#include <catch2/catch.hpp>

#include "rules/plan.h"
#include "tests/rules/plan_for_tests.h"

namespace postroom {

using namespace tests;

namespace {

using Lines = std::vector<std::string>;

// support@ is for everything; the message came there first, and now to sales@.
Desk general_desk() {
  Desk desk = small_desk();
  desk.channels[0].general = Switch::on;
  desk.duplicates.channel = WhichChannel::specific;
  return desk;
}

Facts twin_of(const KnownTicket& known, bool touched = false) {
  Facts facts;
  facts.twin = Twin{known, 70, touched};
  return facts;
}

}  // namespace

TEST_CASE("a message that is kept already is only noted", "[rules][R12][threads]") {
  const Plan plan = plan_inbound(small_desk(), arrival("sales"), twin_of(ticket(Status::open)));
  CHECK(plan.filing == Filing::repeats);
  CHECK(plan.ticket == 7);
  CHECK(plan.repeated == 70);
  CHECK(plan.mailbox == "Support");
  CHECK_FALSE(plan.acknowledge);
  CHECK_FALSE(plan.queue);
  CHECK_FALSE(plan.status);
  CHECK(events_of(plan) == Lines{"also addressed to sales@desk.test: the same message, kept once"});
}

TEST_CASE("a message that also came to a more specific channel goes to that channel's queue",
          "[rules][R12][threads]") {
  Desk desk = general_desk();
  const Plan plan = plan_inbound(desk, arrival("sales"), twin_of(ticket(Status::fresh, "olga")));
  CHECK(plan.queue == "sales");
  CHECK(plan.channel == "sales@desk.test");
  CHECK(plan.owner == "");
  CHECK(plan.mailbox == "Sales");
  CHECK(plan.folder.empty());
  CHECK(events_of(plan).back() ==
        "handed over: to queue 'sales': sales@desk.test is the more specific channel");

  desk.queues[1].assignment = Assignment::round_robin;
  const Plan given = plan_inbound(desk, arrival("sales"), twin_of(ticket(Status::fresh, "")));
  CHECK(given.owner == "ivan");
  CHECK(given.folder == Lines{"Иван"});
  CHECK(status_told(Status::fresh, given.events) == Status::fresh);
}

TEST_CASE("a ticket stays where it is once somebody has touched it, or both channels are alike",
          "[rules][R12][threads]") {
  Desk desk = general_desk();
  Facts facts = twin_of(ticket(Status::fresh));
  Arrival one = arrival("sales");
  SECTION("touched") { facts.twin->touched = true; }
  SECTION("claimed") { facts.twin->ticket.status = Status::open; }
  SECTION("the second one is general, too") { desk.channels[1].general = Switch::on; }
  SECTION("the first one is not general") { desk.channels[0].general = Switch::off; }
  SECTION("the first channel wins") { desk.duplicates.channel = WhichChannel::first; }
  SECTION("a rule takes it for spam there") { one.decision.verdict.spam = true; }
  SECTION("a rule sent it to the same queue") { one.decision.verdict.queue = "support"; }
  const Plan plan = plan_inbound(desk, one, facts);
  CHECK(plan.filing == Filing::repeats);
  CHECK_FALSE(plan.queue);
  CHECK_FALSE(plan.owner);
  CHECK(plan.events.size() == 1);
}

TEST_CASE("what may belong together is linked, three tickets at most", "[rules][threads]") {
  Facts facts;
  facts.alike = {3, 7, 2, 1};
  facts.candidates = {{ticket(Status::open), Proof::subject_tag, false}};
  Arrival one = arrival("support");
  SECTION("those that the message names first, then those alike") {
    const Plan plan = plan_inbound(small_desk(), one, facts);
    CHECK(plan.links == std::vector<Link>{{7, Relation::possibly_same},
                                          {3, Relation::possibly_same},
                                          {2, Relation::possibly_same}});
    CHECK(std::ranges::count(plan.events, "linked", &PlannedEvent::what) == 3);
  }
  SECTION("robots repeat their subjects, so they are not linked by them") {
    one.subject = "Backup report";
    one.decision.automatic.kind = Automatic::Kind::auto_generated;
    CHECK(plan_inbound(small_desk(), one, facts).links.size() == 1);
  }
  SECTION("so do web forms") {
    one.subject = "Contact form";
    one.decision.customer.source = "form";
    CHECK(plan_inbound(small_desk(), one, facts).links.size() == 1);
  }
  SECTION("no subject is like no other") {
    one.subject = GENERATE("", "Re:", "Fwd: ");
    CHECK(plan_inbound(small_desk(), one, facts).links.size() == 1);
  }
}

}  // namespace postroom
