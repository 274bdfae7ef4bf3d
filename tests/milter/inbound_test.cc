#include "milter/inbound.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "rules/tags.h"

namespace postroom {
namespace {

const std::string secret(32, 's');

Rulebook rulebook() {
  Desk desk;
  desk.host = "mx.desk.test";
  desk.channels = {{"support@desk.test", "support"}, {"sales@desk.test", "sales"}};
  Queue support, sales;
  support.name = support.mailbox = "support";
  sales.name = sales.mailbox = "sales";
  support.group = sales.group = "all";
  desk.queues = {support, sales};
  Rule rule;
  rule.name = "payment failures";
  rule.all = {{Field::subject, "", {"payment", "оплата"}}};
  rule.priority = Priority::high;
  rule.tags = {"payment", "money"};
  desk.rules = {rule};
  return Rulebook{desk};
}

Collected order(const Rulebook& rules, const std::string& recipient, const std::vector<Header>& headers) {
  Collector message{rules.desk(), 10, "<ann@example.net>"};
  message.recipient(recipient);
  for (const Header& header : headers) message.header(header.name, header.value);
  message.body("I cannot pay.\r\n");
  return message.finish();
}

const std::vector<Header> hello{{"From", "Ann <ann@example.net>"},
                                {"Subject", "payment failed"},
                                {"Date", "Sun, 22 Nov 2026 18:00:00 +0000"},
                                {"Message-ID", "<1@example.net>"}};

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(tolower(static_cast<unsigned char>(c)));
  return text;
}

// The edits as Postfix carries them out.
std::vector<Header> apply(std::vector<Header> headers, const std::vector<Edit>& edits) {
  for (const Edit& edit : edits) {
    if (edit.kind == Edit::Kind::insert) {
      headers.insert(headers.begin() + edit.index, {edit.name, edit.value});
      continue;
    }
    int seen = 0;
    const auto found = std::find_if(headers.begin(), headers.end(), [&](const Header& header) {
      return lower(header.name) == lower(edit.name) && ++seen == edit.index;
    });
    REQUIRE(found != headers.end());
    headers.erase(found);
  }
  return headers;
}

std::string stored(const std::vector<Header>& headers) {
  std::string bytes;
  for (const Header& header : headers) bytes += header.name + ": " + header.value + "\r\n";
  return bytes + "\r\nI cannot pay.\r\n";
}

}  // namespace

TEST_CASE("the tags of a message for the desk can be read back after delivery", "[milter][R9]") {
  const Rulebook rules = rulebook();
  const Inbound inbound = tag_inbound(rules, secret, order(rules, "<support@desk.test>", hello));
  const std::vector<Header> after = apply(hello, inbound.edits);

  const Message message = read_message(stored(after), {});
  const auto decision = read_tags(message.headers, binding_of(message, secret, rules.version()));
  REQUIRE(decision);
  CHECK(decision->verdict.queue == "support");
  CHECK(decision->verdict.channel == "support@desk.test");
  CHECK(decision->verdict.priority == Priority::high);
  CHECK(decision->verdict.tags == std::vector<std::string>{"payment", "money"});
  CHECK(decision->verdict == inbound.decision.verdict);
  CHECK(std::vector<Header>(after.end() - 4, after.end()) == hello);
}

TEST_CASE("a message for others is not changed", "[milter]") {
  const Rulebook rules = rulebook();
  std::vector<Header> headers = hello;
  headers.push_back({"X-Postroom-Queue", "sales"});
  headers.push_back({"Disposition-Notification-To", "ann@example.net"});
  CHECK(tag_inbound(rules, secret, order(rules, "<bob@desk.test>", headers)).edits.empty());
}

TEST_CASE("forged tags and receipt requests are gone, and the customer's other fields are not",
          "[milter][R16]") {
  const Rulebook rules = rulebook();
  const std::vector<Header> forged{{"X-Postroom-Queue", "sales"},
                                   hello[0],
                                   {"x-postroom-QUEUE", "boss"},
                                   hello[1],
                                   {"Return-Receipt-To", "ann@example.net"},
                                   {"X-Postroom-Seal", "AAAA"},
                                   hello[2],
                                   {"DISPOSITION-notification-to", "ann@example.net"},
                                   {"X-POSTROOM-QUEUE", "x"},
                                   hello[3],
                                   {"X-Postroom-Anything", "y"}};
  const Inbound inbound = tag_inbound(rules, secret, order(rules, "<support@desk.test>", forged));
  const std::vector<Header> after = apply(forged, inbound.edits);
  REQUIRE(after.size() > hello.size());
  CHECK(std::vector<Header>(after.end() - 4, after.end()) == hello);

  const auto tags =
      write_tags(inbound.decision, binding_of(read_message(stored(hello), {}), secret, rules.version()));
  CHECK(std::vector<Header>(after.begin(), after.end() - 4) == tags);
}

TEST_CASE("removals stand before insertions, the highest index of a name first", "[milter]") {
  const Rulebook rules = rulebook();
  std::vector<Header> headers = hello;
  for (int i = 0; i < 5; ++i) headers.push_back({"X-Postroom-Queue", "sales"});
  const Inbound inbound = tag_inbound(rules, secret, order(rules, "<support@desk.test>", headers));
  REQUIRE(inbound.edits.size() > 5);
  for (std::size_t i = 0; i < inbound.edits.size(); ++i) {
    CHECK(inbound.edits[i].kind == (i < 5 ? Edit::Kind::remove : Edit::Kind::insert));
    CHECK(inbound.edits[i].index == (i < 5 ? 5 - static_cast<int>(i) : 0));
  }
}

TEST_CASE("a sender with a seal of another message gains nothing by it", "[milter]") {
  const Rulebook rules = rulebook();
  const Inbound first = tag_inbound(rules, secret, order(rules, "<sales@desk.test>", hello));
  std::vector<Header> stolen = apply({}, first.edits);
  stolen.insert(stolen.end(), hello.begin(), hello.end());
  const Inbound second = tag_inbound(rules, secret, order(rules, "<support@desk.test>", stolen));
  CHECK(second.decision.verdict.queue == "support");
  const std::vector<Header> after = apply(stolen, second.edits);
  CHECK(std::count_if(after.begin(), after.end(), [](const Header& h) { return is_ours(h.name); }) ==
        std::count_if(second.edits.begin(), second.edits.end(), [](const Edit& edit) {
          return edit.kind == Edit::Kind::insert && is_ours(edit.name);
        }));
}

TEST_CASE("the log line tells the outcome and no text of the message", "[milter]") {
  const Rulebook rules = rulebook();
  const Inbound inbound = tag_inbound(rules, secret, order(rules, "<support@desk.test>", hello));
  CHECK(outcome_line("4Xy1Zq", inbound, std::chrono::microseconds{180}) ==
        "4Xy1Zq: channel=support@desk.test queue=support priority=high tags=payment,money automatic=none "
        "spam=no rules=\"payment failures\" status=tagged micros=180");
  CHECK_THAT(outcome_line("4Xy1Zq", {}, std::chrono::microseconds{9}), Catch::Contains("status=passed"));
}

TEST_CASE("what the store cannot tell now leaves the message to LMTP", "[milter][R9]") {
  Desk desk = rulebook().desk();
  int asked = 0;
  const AskStatus silent = [&](const std::string&) { return ++asked, std::optional<std::string>{}; };
  const AskStatus vip = [&](const std::string& address) { return ++asked, std::optional{"vip " + address}; };
  std::vector<Header> headers = hello;
  headers.push_back({"X-Postroom-Queue", "forged"});

  SECTION("a desk without such rules does not ask") {
    const Rulebook rules{desk};
    CHECK(tag_inbound(rules, secret, order(rules, "<support@desk.test>", headers), silent).tagged);
    CHECK(asked == 0);
  }
  Rule rule;
  rule.name = "vip";
  rule.all = {{Field::customer, "", {"vip"}}};
  rule.tags = {"important"};
  desk.rules = {rule};
  const Rulebook rules{desk};
  SECTION("the answer is what the rules see") {
    const Inbound inbound = tag_inbound(rules, secret, order(rules, "<support@desk.test>", headers), vip);
    CHECK(inbound.tagged);
    CHECK(inbound.decision.verdict.tags == std::vector<std::string>{"important"});
    CHECK(asked == 1);
  }
  SECTION("without an answer there are no tags, and forged ones are removed all the same") {
    const Inbound inbound = tag_inbound(rules, secret, order(rules, "<support@desk.test>", headers), silent);
    CHECK_FALSE(inbound.tagged);
    CHECK(apply(headers, inbound.edits) == hello);
    CHECK_THAT(outcome_line("4Xy1Zq", inbound, std::chrono::microseconds{9}),
               Catch::Contains("status=untagged"));
  }
  SECTION("mail for nobody of the desk is nobody's question") {
    CHECK_FALSE(tag_inbound(rules, secret, order(rules, "<other@desk.test>", headers), silent).tagged);
  }
}

}  // namespace postroom
