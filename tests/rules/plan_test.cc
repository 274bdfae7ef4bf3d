#include "rules/plan.h"

#include <catch2/catch.hpp>

#include "tests/rules/plan_for_tests.h"

namespace postroom {

using namespace tests;

TEST_CASE("a message to a pull queue opens a ticket in the incoming folder", "[rules][R13]") {
  const Plan plan = plan_inbound(small_desk(), arrival("support"), {});
  CHECK(plan.filing == Filing::opens);
  CHECK(plan.mailbox == "Support");
  CHECK(plan.folder.empty());
  CHECK_FALSE(plan.owner);
  CHECK(plan.acknowledge);
  CHECK(events_of(plan) == std::vector<std::string>{"created: rule 'payment failures': subject 'оплата'",
                                                    "acknowledgement queued: a person wrote"});
}

TEST_CASE("round robin gives each ticket to the next operator in written order", "[rules][R10]") {
  struct Row {
    std::string last, next;
  };
  const Row row = GENERATE(values<Row>({{"", "ivan"}, {"ivan", "olga"}, {"olga", "ivan"}, {"gone", "ivan"}}));
  const Plan plan = plan_inbound(round_robin_desk(), arrival("support"), {0, 0, row.last});
  CHECK(plan.owner == row.next);
  CHECK(plan.folder == std::vector<std::string>{row.next == "ivan" ? "Иван" : "Ольга"});
  REQUIRE(plan.events.size() == 3);
  CHECK(plan.events[1].what == "assigned");
  CHECK(plan.events[1].why.starts_with("to " + row.next + ": round robin in group 'firstline'"));
}

TEST_CASE("round robin passes over who is absent", "[rules][R10]") {
  Desk desk = round_robin_desk();
  desk.operators[0].absent = Switch::on;
  CHECK(plan_inbound(desk, arrival("support"), {}).owner == "olga");
  CHECK(plan_inbound(desk, arrival("support"), {0, 0, "olga"}).owner == "olga");
  desk.operators[1].absent = Switch::on;
  const Plan plan = plan_inbound(desk, arrival("support"), {});
  CHECK_FALSE(plan.owner);
  CHECK(plan.folder.empty());
  CHECK(events_of(plan)[1] == "not assigned: all operators of group 'firstline' are absent");
}

TEST_CASE("a group without operators leaves the ticket in the incoming folder and says so", "[rules][R10]") {
  const Plan plan = plan_inbound(round_robin_desk(), arrival("billing"), {});
  CHECK(plan.folder.empty());
  CHECK_FALSE(plan.owner);
  CHECK(plan.filing == Filing::opens);
  CHECK(events_of(plan)[1] == "not assigned: group 'money' has no operators");
}

TEST_CASE("spam is kept in the junk folder without ticket, owner or acknowledgement", "[rules][R5]") {
  Arrival spam = arrival("support");
  spam.decision.verdict.spam = true;
  const Plan plan = plan_inbound(round_robin_desk(), spam, {});
  CHECK_FALSE(plan.filing == Filing::opens);
  CHECK(plan.mailbox == "Support");
  CHECK(plan.folder == std::vector<std::string>{"Junk"});
  CHECK_FALSE(plan.owner);
  CHECK_FALSE(plan.acknowledge);
  CHECK(events_of(plan) ==
        std::vector<std::string>{"filed as spam: rule 'payment failures': subject 'оплата'"});
}

TEST_CASE("an acknowledgement that is not sent leaves its reason", "[rules][R18]") {
  struct Row {
    bool may;
    Facts facts;
    std::string why;  // empty: sent
  };
  const Row row = GENERATE(values<Row>({
      {true, {2, 599, ""}, ""},
      {false, {0, 0, ""}, "switched off"},
      {true, {3, 0, ""}, "this address had 3 acknowledgements within 1 day, the limit is 3"},
      {true, {0, 600, ""}, "all addresses together had 600 acknowledgements within 1 hour, the limit is 600"},
  }));
  Arrival one = arrival("support");
  one.may_acknowledge = {row.may, row.may ? "a person wrote" : "switched off"};
  const Plan plan = plan_inbound(small_desk(), one, row.facts);
  CHECK(plan.acknowledge == row.why.empty());
  CHECK(plan.events.back().what == (row.why.empty() ? "acknowledgement queued" : "acknowledgement not sent"));
  if (!row.why.empty()) CHECK(plan.events.back().why == row.why);
}

TEST_CASE("a queue that left the configuration still has a place for its mail", "[rules]") {
  const Plan plan = plan_inbound(small_desk(), arrival("former"), {});
  CHECK(plan.mailbox == "former");
  CHECK(plan.folder.empty());
}

TEST_CASE("a newsletter's channel files bounces and robots' replies without a ticket", "[rules][R7]") {
  Desk desk = small_desk();
  desk.channels[1].automatic = AutomaticMail::file;
  Arrival one = arrival("sales");
  one.decision.automatic = {Automatic::Kind::bounce, "multipart/report", {}, {}};
  one.automatic_only = is_automatic_only(desk, one.decision);
  const Plan plan = plan_inbound(desk, one, {});
  CHECK_FALSE(plan.filing == Filing::opens);
  CHECK_FALSE(plan.acknowledge);
  CHECK(plan.folder == std::vector<std::string>{"Automatic"});
  CHECK(events_of(plan) == std::vector<std::string>{"filed as automatic: bounce: multipart/report; channel "
                                                    "sales@desk.test opens no tickets for such mail"});
}

TEST_CASE("only reports, receipts and robots' replies are filed, and only where the channel says so",
          "[rules][R7]") {
  using Kind = Automatic::Kind;
  Desk desk = small_desk();
  Decision decision = arrival("sales").decision;
  const std::pair<Kind, bool> rows[] = {
      {Kind::none, false},   {Kind::auto_reply, true}, {Kind::auto_generated, false},
      {Kind::bounce, true},  {Kind::delayed, true},    {Kind::feedback, true},
      {Kind::receipt, true}, {Kind::list, false},      {Kind::bulk, false}};
  for (const auto& [kind, filed] : rows) {
    CAPTURE(kind_name(kind));
    decision.automatic.kind = kind;
    desk.channels[1].automatic = AutomaticMail::ticket;
    CHECK_FALSE(is_automatic_only(desk, decision));
    desk.channels[1].automatic = AutomaticMail::file;
    CHECK(is_automatic_only(desk, decision) == filed);
  }
  decision.automatic.kind = Kind::bounce;
  decision.verdict.spam = true;
  CHECK_FALSE(is_automatic_only(desk, decision));
}

}  // namespace postroom
