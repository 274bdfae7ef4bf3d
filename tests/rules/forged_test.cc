// What From and a report say is easily forged: who may speak for the desk, and for a mail system.

#include <catch2/catch.hpp>

#include "rules/plan.h"
#include "tests/rules/plan_for_tests.h"

namespace postroom {

using namespace tests;

namespace {

using Words = std::vector<std::string>;

Arrival from_ivan() {
  Arrival one = arrival("support");
  one.from_desk = true;
  one.people = {};
  one.decision.customer = {"Ivan", "ivan@desk.test", "from"};
  return one;
}

Arrival report(Automatic::Kind kind) {
  Arrival one = arrival("support");
  one.decision.automatic.kind = kind;
  one.decision.automatic.failed = {{"anna@home.test", "5.1.1", "failed", true}};
  one.people = {{"Mail Delivery System", "mailer-daemon@home.test"}};
  one.sender = "";
  return one;
}

Facts named_by(Proof proof, bool takes_part, bool by_desk) {
  Facts facts;
  facts.candidates = {{ticket(Status::resolved), proof, takes_part, by_desk}};
  return facts;
}

}  // namespace

TEST_CASE("an operator's mail in a thread is an answer and changes nothing", "[rules][threads]") {
  const Proof proof = GENERATE(Proof::reply_address, Proof::signed_id, Proof::message_id);
  const Plan plan = plan_inbound(small_desk(), from_ivan(), named(ticket(Status::resolved), proof, false));
  CHECK(plan.filing == Filing::joins);
  CHECK(plan.kind == "answer");
  CHECK(plan.folder == std::vector<std::string>{"Иван", "Done"});
  CHECK(words_of(plan.events) == Words{"answer filed"});
  CHECK_FALSE(plan.status);
  CHECK_FALSE(plan.acknowledge);
  const bool doubted = plan.events[0].why.find("only its From says") != std::string::npos;
  CHECK(doubted == (proof == Proof::message_id));

  SECTION("of an operator who is the customer himself it is his message") {
    const Plan own = plan_inbound(small_desk(), from_ivan(), named(ticket(Status::resolved), proof, true));
    CHECK(own.status == Status::open);
  }
}

TEST_CASE("an operator's address and a ticket's number make no answer: somebody sees the mail",
          "[rules][threads]") {
  const Proof proof = GENERATE(Proof::subject_tag, Proof::copied_id);
  const Status status = GENERATE(Status::fresh, Status::open, Status::waiting, Status::resolved);
  const Plan plan = plan_inbound(small_desk(), from_ivan(), named(ticket(status), proof, false));
  CHECK(plan.filing == Filing::opens);
  CHECK(plan.kind == "inbound");
  CHECK(plan.folder.empty());
  CHECK(plan.links == std::vector<Link>{{7, Relation::possibly_same}});
}

TEST_CASE("a web form that puts the desk's address into From brings its customer's words",
          "[rules][R6][threads]") {
  Arrival form = from_ivan();
  form.decision.customer = {"Anna", "anna@home.test", "form"};
  CHECK(plan_inbound(small_desk(), form, named(ticket(Status::open), Proof::message_id, false)).filing ==
        Filing::opens);
  const Plan plan =
      plan_inbound(small_desk(), form, named(ticket(Status::resolved), Proof::reply_address, false));
  CHECK(plan.kind == "inbound");
  CHECK(plan.status == Status::open);
}

TEST_CASE("an answer that nothing proves brings nobody into its ticket", "[rules][threads]") {
  Arrival answer = from_ivan();
  answer.people = {{"Eve", "eve@else.test"}};
  const auto people = [&](Proof proof) {
    return plan_inbound(small_desk(), answer, named(ticket(Status::open), proof, false)).participants.size();
  };
  CHECK(people(Proof::message_id) == 0);
  CHECK(people(Proof::reply_address) == 1);
}

TEST_CASE(
    "a report belongs to a ticket by a signature, or by a mail of ours that did not reach a participant",
    "[rules][R7][threads]") {
  struct Row {
    Proof proof;
    bool takes_part, by_desk, joins;
  };
  const Row row = GENERATE(values<Row>({{Proof::reply_address, false, false, true},
                                        {Proof::signed_id, false, false, true},
                                        {Proof::message_id, true, true, true},
                                        {Proof::message_id, true, false, false},
                                        {Proof::message_id, false, true, false},
                                        {Proof::subject_tag, true, false, false},
                                        {Proof::copied_id, true, false, false}}));
  const auto kind = GENERATE(Automatic::Kind::bounce, Automatic::Kind::delayed);
  const Facts facts = named_by(row.proof, row.takes_part, row.by_desk);
  Arrival one = report(kind);
  const Plan plan = plan_inbound(small_desk(), one, facts);
  CHECK(plan.filing == (row.joins ? Filing::joins : Filing::opens));
  if (row.joins) CHECK(plan.status.has_value() == (kind == Automatic::Kind::bounce));
  if (!row.joins) {
    REQUIRE(plan.links == std::vector<Link>{{7, Relation::possibly_same}});
    const std::string why = row.takes_part ? "which is no proof in such mail" : "takes no part";
    CHECK_THAT(plan.events.back().why, Catch::Contains(why));
  }

  SECTION("a channel that files reports files what belongs nowhere") {
    one.automatic_only = true;
    CHECK(plan_inbound(small_desk(), one, facts).filing == (row.joins ? Filing::joins : Filing::ticketless));
  }
}

}  // namespace postroom
