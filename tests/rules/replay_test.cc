#include "rules/replay.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "rules/expect.h"
#include "tests/rules/desk_for_tests.h"

namespace postroom {
namespace {

using namespace tests;

Desk desk_with_rules() {
  Desk desk = small_desk();
  Rule orders, idle;
  orders.name = "orders";
  orders.any = {words(Field::subject, {"order"})};
  orders.queue = "sales";
  orders.tags = {"order"};
  orders.priority = Priority::high;
  idle.name = "idle";
  idle.any = {words(Field::subject, {"xyzzy"})};
  desk.rules = {orders, idle};
  return desk;
}

Explained explained(const std::string& subject, const std::string& text = "x") {
  static const Rulebook rulebook{desk_with_rules()};
  return explain(rulebook, mail_from("anna@home.test", subject, text), to({"support@desk.test"}));
}

}  // namespace

TEST_CASE("a replay tells what hits, what never does and what nothing covers", "[rules][R28]") {
  Replay replay{desk_with_rules()};
  replay.add(explained("order 1"));
  replay.add(explained("Re: Opening hours", "when do you open"));
  replay.add(explained("opening hours", "do you open on Sunday"));
  replay.add_unreadable();

  CHECK(replay.messages() == 3);
  CHECK(replay.unreadable() == 1);
  CHECK(replay.queues() == std::vector<Counted>{{"support", 2}, {"sales", 1}});
  CHECK(replay.rules() == std::vector<Counted>{{"orders", 1}});
  CHECK(replay.idle_rules() == std::vector<std::string>{"idle"});
  CHECK(replay.uncovered() == 2);
  CHECK(replay.acknowledged() == 3);
  CHECK(replay.uncovered_subjects(5) == std::vector<Counted>{{"opening hours", 2}});
  const auto found = replay.uncovered_words(9);
  CHECK(std::ranges::find(found, "opening", &Counted::name) != found.end());
  CHECK(std::ranges::find(found, "order", &Counted::name) == found.end());
  CHECK(replay.uncovered_words(1).size() == 1);

  const std::string text = replay_text(replay);
  CHECK_THAT(text, Catch::Contains("never hits       idle\n"));
  CHECK_THAT(text, Catch::Contains("queue            support         2   66.7 %\n"));
  CHECK_THAT(text, Catch::Contains("no rule          2 ( 66.7 %)\n"));
  CHECK(nlohmann::json::parse(replay_json(replay))["never_hit"][0] == "idle");
}

TEST_CASE("machines' mail is no question of customers", "[rules][R28]") {
  Replay replay{Desk{}};
  for (int i = 0; i < 3; ++i) {
    Explained one = explained("Backup finished");
    one.decision.automatic.kind = Automatic::Kind::auto_generated;
    replay.add(one);
  }
  CHECK(replay.uncovered() == 3);
  CHECK(replay.uncovered_subjects(5).empty());
  CHECK(replay.uncovered_words(5).empty());
}

TEST_CASE("other rules change what they change", "[rules]") {
  const Outcomes before = outcomes_of(explained("hello")), after = outcomes_of(explained("order"));
  CHECK(changes_between(before, before).empty());
  CHECK(changes_between(before, after) == std::vector<Change>{{"queue", "support", "sales"},
                                                              {"priority", "normal", "high"},
                                                              {"tags", "", "order"}});
  CHECK(change_text("a\x1b.eml", {{"tags", "", "order"}}).find('\x1b') == std::string::npos);
  CHECK_THAT(change_text("a", {{"queue", "x", "y"}, {"tags", "", "order"}}),
             Catch::Equals("a: queue x -> y, tags (none) -> order"));
  CHECK(nlohmann::json::parse(change_json("a", {{"queue", "x", "y"}}))["changes"]["queue"]["after"] == "y");

  Replay replay{Desk{}};
  replay.add_changes({});
  replay.add_changes({{"queue", "x", "y"}, {"template", "", "t"}});
  CHECK(replay.changed() == 1);
  CHECK(replay.changes() == std::vector<Counted>{{"queue x -> y", 1}, {"template (none) -> t", 1}});
  Outcomes with_template = before;
  with_template.template_name = "order";
  CHECK(changes_between(before, with_template) == std::vector<Change>{{"template", "", "order"}});
}

TEST_CASE("only what is expected is compared", "[rules]") {
  const Explained one = explained("order");
  CHECK(mismatches({}, one).empty());
  Expected right;
  right.queue = "sales";
  right.priority = Priority::high;
  right.spam = false;
  right.acknowledge = true;
  right.automatic = "none";
  right.customer = "anna@home.test";
  right.channel = "support@desk.test";
  right.tags = {"order"};
  right.not_tags = {"other"};
  right.rules = {"orders"};
  right.not_rules = {"idle"};
  CHECK(mismatches(right, one).empty());

  Expected wrong;
  wrong.queue = "support";
  wrong.template_name = "t";
  wrong.spam = true;
  wrong.tags = {"other"};
  wrong.not_tags = {"order"};
  wrong.rules = {"idle"};
  wrong.not_rules = {"orders"};
  CHECK(mismatches(wrong, one) == std::vector<Mismatch>{{"queue", "support", "sales"},
                                                        {"template", "t", ""},
                                                        {"spam", "yes", "no"},
                                                        {"tags", "other", "order"},
                                                        {"tags", "not order", "order"},
                                                        {"rule", "idle", "orders"},
                                                        {"rule", "not orders", "orders"}});
}

TEST_CASE("a rule that applies behind many others is not called idle", "[rules][R28]") {
  Desk desk = small_desk();
  for (int i = 0; i < 40; ++i) {
    Rule rule;
    rule.name = "rule " + std::to_string(i);
    rule.all = {words(Field::subject, {"order"})};
    desk.rules.push_back(rule);
  }
  const Explained one =
      explain(Rulebook{desk}, mail_from("anna@home.test", "order", "x"), to({"support@desk.test"}));
  Replay replay{desk};
  replay.add(one);
  CHECK(replay.idle_rules().empty());
  CHECK_THAT(explain_text(one), Catch::Contains("and 8 more: rule 32, rule 33"));
}

}  // namespace postroom
