#include "rules/classify.h"

#include <catch2/catch.hpp>

#include "tests/rules/desk_for_tests.h"

namespace postroom {
namespace {

using namespace tests;

Rule rule_named(const std::string& name) {
  Rule rule;
  rule.name = name;
  return rule;
}

Verdict classify(const std::vector<Rule>& rules, const Message& message,
                 const Envelope& envelope = to({"support@desk.test"})) {
  Desk desk = small_desk();
  desk.rules = rules;
  return Rulebook{desk}.classify(message, envelope, {});
}

const Message letter = mail_from("anna@home.test", "Payment problem", "My payment of 5 EUR has not arrived.");

}  // namespace

TEST_CASE("mail to no channel of the desk has an empty verdict", "[rules][R1]") {
  CHECK(classify({}, letter, to({"ivan@desk.test"})) == Verdict{});
  CHECK(classify({}, letter, to({})) == Verdict{});
}

TEST_CASE("of several desk recipients the channel written first in the configuration wins", "[rules][R1]") {
  const Verdict verdict = classify({}, letter, to({"x@y.test", "sales@desk.test", "Support+7@desk.test"}));
  CHECK(verdict.channel == "support@desk.test");
  CHECK(verdict.queue == "support");
  CHECK(verdict.priority == Priority::normal);
  CHECK(verdict.rules.empty());
}

TEST_CASE("each field of a message can be asked for words", "[rules][R2]") {
  Message message = letter;
  message.text += "\n> We had cancelled it.\n";
  message.to = {{"Help desk", "support@desk.test"}};
  message.cc = {{"Olga", "olga@home.test"}};
  message.attachments = {{"invoice_2026.pdf", "application/pdf", 9, ""}, {"photo.jpg", "image/jpeg", 9, ""}};
  message.headers.push_back({"X-Spam-Level", "*******"});
  message.headers.push_back({"X-Shop", "first"});
  message.headers.push_back({"x-shop", "second order"});
  struct Row {
    Condition condition;
    std::string where, hit;  // where empty: does not hold
  };
  const Row row = GENERATE(values<Row>({
      {words(Field::subject, {"refund", "PAYMENT"}), "subject", "payment"},
      {words(Field::subject, {"arrived"}), "", ""},
      {words(Field::body, {"has arrived"}), "", ""},
      {words(Field::body, {"not", "has not"}), "body", "not"},
      {words(Field::body, {"cancelled"}), "", ""},
      {words(Field::text, {"cancelled"}), "text", "cancelled"},
      {words(Field::text, {"arrived"}), "text", "arrived"},
      {words(Field::mentions, {"problem"}), "mentions", "problem"},
      {words(Field::mentions, {"arrived"}), "mentions", "arrived"},
      {words(Field::mentions, {"cancelled"}), "", ""},
      {words(Field::attachment, {"invoice"}), "attachment", "invoice"},
      {words(Field::attachment, {"photo.jpg"}), "attachment", "photo.jpg"},
      {words(Field::attachment, {"invoice photo"}), "", ""},
      {words(Field::to, {"help"}), "to", "help"},
      {words(Field::to, {"olga@home.test"}), "to", "olga@home.test"},
      {words(Field::channel, {"support@desk.test"}), "channel", "support@desk.test"},
      {words(Field::channel, {"support+vip@desk.test"}), "", ""},
      {words(Field::language, {"de", "en"}), "language", "en"},
      {words(Field::customer, {"VIP"}), "customer", "vip"},
      {words(Field::form, {"moscow"}, "Town"), "form Town", "moscow"},
      {words(Field::form, {"moscow"}, "street"), "", ""},
      {words(Field::from, {"@home.test"}), "from", "@home.test"},
      {words(Field::from, {"anna"}), "from", "anna"},
      {words(Field::from, {"@other.test"}), "", ""},
      {words(Field::recipient, {"support@desk.test"}), "recipient", "support@desk.test"},
      {words(Field::recipient, {"support+vip@desk.test"}), "recipient", "support+vip@desk.test"},
      {words(Field::queue, {"support"}), "queue", "support"},
      {words(Field::queue, {"sales"}), "", ""},
      {words(Field::header, {"*****"}, "X-SPAM-Level"), "header X-SPAM-Level", "*****"},
      {words(Field::header, {"second"}, "X-Shop"), "header X-Shop", "second"},
      {words(Field::header, {"first second"}, "X-Shop"), "", ""},
      {words(Field::header, {"x"}, "X-Absent"), "", ""},
      {words(Field::subject, {}), "", ""},
  }));
  Rule rule = rule_named("row");
  rule.all = {row.condition};
  rule.tags = {"hit"};
  Desk desk = small_desk();
  desk.rules = {rule};
  const Findings findings{{}, {"Anna", "anna@home.test", "form", "", "vip"}, {{"town", "Moscow"}}, "en"};
  const Verdict verdict = Rulebook{desk}.classify(message, to({"support+vip@desk.test"}), findings);
  CAPTURE(row.where, row.hit);
  CHECK(verdict.tags.size() == (row.where.empty() ? 0 : 1));
  if (!row.where.empty()) CHECK(verdict.rules == std::vector<Hit>{{"row", row.where, row.hit}});
}

TEST_CASE("a rule applies if every all holds, some any holds, and no none holds", "[rules][R3]") {
  const Condition yes = words(Field::subject, {"payment"}), yes2 = words(Field::body, {"payment"});
  const Condition no = words(Field::subject, {"parrot"}), no2 = words(Field::body, {"parrot"});
  struct Row {
    std::vector<Condition> all, any, none;
    bool applies;
  };
  const Row row = GENERATE_REF(values<Row>({
      {{yes}, {}, {}, true},
      {{yes, yes2}, {}, {}, true},
      {{yes, no}, {}, {}, false},
      {{}, {no, yes}, {}, true},
      {{}, {no, no2}, {}, false},
      {{yes}, {no}, {}, false},
      {{yes}, {yes2}, {no}, true},
      {{yes}, {yes2}, {no, yes2}, false},
      {{}, {}, {no}, true},
      {{}, {}, {yes}, false},
      {{}, {}, {}, true},
  }));
  Rule rule = rule_named("row");
  rule.all = row.all;
  rule.any = row.any;
  rule.none = row.none;
  rule.priority = Priority::high;
  CHECK((classify({rule}, letter).priority == Priority::high) == row.applies);
}

TEST_CASE("the first rule wins queue, priority and template, and tags gather without doubles",
          "[rules][R3][R9]") {
  Rule tags = rule_named("tags only"), first = rule_named("first"), second = rule_named("second");
  for (Rule* rule : {&tags, &first, &second}) rule->all = {words(Field::subject, {"payment"})};
  tags.tags = {"a", "b"};
  first.queue = "billing";
  first.tags = {"b", "c"};
  second.queue = "sales";
  second.priority = Priority::low;
  second.template_name = "payment-failed";
  const Verdict verdict = classify({tags, first, second}, letter);
  CHECK(verdict.queue == "billing");
  CHECK(verdict.priority == Priority::low);
  CHECK(verdict.template_name == "payment-failed");
  CHECK(verdict.tags == std::vector<std::string>{"a", "b", "c"});
  CHECK(verdict.channel == "support@desk.test");
  REQUIRE(verdict.rules.size() == 3);
  CHECK(verdict.rules[2].rule == "second");
  CHECK(why(verdict) == "rule 'first': subject 'payment'");
  CHECK(why(classify({tags}, letter)) == "channel support@desk.test; rule 'tags only': subject 'payment'");
}

TEST_CASE("a rule with a weight votes once for every different word, wherever it stands", "[rules][R3]") {
  Rule billing = rule_named("payments"), sales = rule_named("orders");
  billing.any = {words(Field::subject, {"payment", "problem", "parrot"}),
                 words(Field::body, {"payment", "EUR"})};
  billing.queue = "billing";
  billing.weight = 1;
  sales.all = {words(Field::mentions, {"problem", "arrived"})};
  sales.queue = "sales";
  sales.weight = 1.6;
  const Verdict verdict = classify({sales, billing}, letter);
  CHECK(verdict.queue == "sales");
  CHECK(verdict.settled == std::vector<std::string>{
                               "queue sales by 3.2 points of 'orders' against 3 of 'payments' for billing"});
  const Hit problem{"orders", "mentions", "problem"}, arrived{"orders", "mentions", "arrived"};
  REQUIRE(verdict.rules.size() == 6);
  CHECK(verdict.rules[0] == problem);
  CHECK(verdict.rules[1] == arrived);

  Rule decides = rule_named("all");
  decides.queue = "support";
  CHECK(classify({sales, billing, decides}, letter).queue == "support");
}

TEST_CASE("spam is what a rule or the filter before us calls so", "[rules][R5]") {
  Rule rule = rule_named("pills");
  rule.any = {words(Field::body, {"EUR"})};
  rule.spam = Switch::on;
  CHECK(classify({rule}, letter).spam);
  CHECK_FALSE(classify({}, letter).spam);
  Rule queue = rule_named("queue");
  queue.queue = "billing";
  CHECK(why(classify({queue, rule}, letter)) == "rule 'pills': body 'eur'");

  Message marked = letter;
  marked.headers.push_back({"X-Spam-Flag", " YES"});
  CHECK(classify({}, marked).spam);
  CHECK(why(classify({queue}, marked)) == "rule 'spam filter': header X-Spam-Flag 'yes'");
  marked.headers.back().value = "NO";
  CHECK_FALSE(classify({}, marked).spam);
}

TEST_CASE("the trace of a verdict is bounded and cut at a character", "[rules]") {
  std::vector<Rule> rules;
  for (int i = 0; i < 40; ++i) {
    rules.push_back(rule_named("rule " + std::to_string(i)));
    rules.back().all = {words(Field::body, {"длинноедлинноедлинноедлинноедлинноедлинноедлинноедлинное"})};
  }
  Message message = letter;
  message.text = message.new_text = rules[0].all[0].words[0];
  const Verdict verdict = classify(rules, message);
  REQUIRE(verdict.rules.size() == 32);
  CHECK(verdict.rules[31].rule == "rule 31");
  REQUIRE(verdict.applied.size() == 40);
  CHECK(verdict.applied[39] == "rule 39");
  CHECK(verdict.rules[0].hit.size() == 100);
}

TEST_CASE("the version of a rulebook changes with everything that decisions depend on", "[rules]") {
  const std::string version = Rulebook{small_desk()}.version();
  CHECK(version == Rulebook{small_desk()}.version());
  CHECK(version.size() == 16);

  const auto changed = [&](const auto& change) {
    Desk desk = small_desk();
    change(desk);
    return Rulebook{desk}.version() != version;
  };
  CHECK(changed([](Desk& desk) { desk.recipient_delimiter = '-'; }));
  CHECK(changed([](Desk& desk) { std::swap(desk.channels[0], desk.channels[1]); }));
  CHECK(changed([](Desk& desk) { desk.channels[0].general = Switch::on; }));
  CHECK(changed([](Desk& desk) { desk.duplicates.channel = WhichChannel::specific; }));
  CHECK(changed([](Desk& desk) { desk.queues[0].name = "other"; }));
  CHECK(changed([](Desk& desk) { desk.rules = {rule_named("x")}; }));
  CHECK(changed([](Desk& desk) { desk.message.text = 1; }));
  CHECK_FALSE(changed([](Desk& desk) { desk.folders.done = "Fertig"; }));
}

TEST_CASE("quoted history is not asked for words, a forwarded mail is", "[rules][R2]") {
  const Rule rule = [] {
    Rule urgent = rule_named("urgent");
    urgent.all = {words(Field::body, {"urgent"})};
    urgent.priority = Priority::high;
    return urgent;
  }();
  Message message = mail_from("anna@home.test", "Re: order", "No.\n\n> is this urgent?\n");
  message.new_text = "No.\n";
  CHECK(classify({rule}, message).rules.empty());
  message.forwarded = Forwarded{{}, "order", "It is urgent.\n"};
  CHECK(classify({rule}, message).rules.size() == 1);
  message.forwarded.reset();
  message.new_text.clear();
  CHECK(classify({rule}, message).rules.size() == 1);
}

TEST_CASE("the customer of a web form is the one in Reply-To", "[rules][R6]") {
  Message message;
  message.from = {{"Shop", "noreply@shop.test"}};
  message.reply_to = {{"Anna", "anna@home.test"}};
  CHECK(find_customer(message) == Customer{"Anna", "anna@home.test", "reply-to"});
  message.reply_to.push_back({"Olga", "olga@home.test"});
  CHECK(find_customer(message) == Customer{"Shop", "noreply@shop.test", "from"});
  message.reply_to.clear();
  CHECK(find_customer(message) == Customer{"Shop", "noreply@shop.test", "from"});
}

TEST_CASE("the customer is the author, or Reply-To where the author has no address", "[rules][R6]") {
  Message message = letter;
  message.reply_to = {{"Boss", "boss@home.test"}};
  CHECK(find_customer(message) == Customer{"Anna", "anna@home.test", "from"});
  message.from = {{"Anna", "undisclosed"}};
  CHECK(find_customer(message) == Customer{"Boss", "boss@home.test", "reply-to"});
  message.reply_to.clear();
  CHECK(find_customer(message) == Customer{"Anna", "", "from"});
  message.from.clear();
  CHECK(find_customer(message) == Customer{"", "", "from"});
}

TEST_CASE("a decision about the bytes of a real message is complete", "[rules]") {
  Desk desk = small_desk();
  Rule rule = rule_named("payment failures");
  rule.all = {words(Field::subject, {"оплата"})};
  rule.priority = Priority::high;
  desk.rules = {rule};
  const Message message = read_message(
      "From: =?utf-8?B?0JDQvdC90LA=?= <anna@home.test>\r\nTo: support@desk.test\r\n"
      "Subject: =?koi8-r?B?7/DszPTB?= =?utf-8?B?0J7Qn9Cb0JDQotCQ?=\r\n\r\nЗдравствуйте, оплата не "
      "прошла.\r\n",
      desk.message);
  const Decision decision = decide(Rulebook{desk}, message, to({"support@desk.test"}));
  CHECK(decision.customer.name == "Анна");
  CHECK(decision.automatic.kind == Automatic::Kind::none);
  CHECK(decision.verdict.queue == "support");
}

}  // namespace postroom
