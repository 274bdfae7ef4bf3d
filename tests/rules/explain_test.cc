#include "rules/explain.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/rules/desk_for_tests.h"

namespace postroom {
namespace {

using namespace tests;

Explained explained(Message message) {
  const Rulebook rulebook{small_desk()};
  const Envelope envelope = to({"support@desk.test"});
  Explained one;
  one.file = "a.eml";
  one.decision = decide(rulebook, message, envelope);
  one.acknowledge = may_acknowledge(rulebook, message, envelope, one.decision);
  one.message = std::move(message);
  one.micros = 180;
  return one;
}

std::vector<std::string> keys(const nlohmann::ordered_json& object) {
  std::vector<std::string> names;
  for (const auto& item : object.items()) names.push_back(item.key());
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("the explanation of a message has the shape that scripts rely on", "[rules]") {
  Message message = mail_from("anna@home.test", "Hello", "Text");
  message.to = {{"", "support@desk.test"}};
  message.attachments = {{"a.png", "image/png", 123, "d41d8cd98f00b204e9800998ecf8427e"}};
  message.forwarded = Forwarded{{"Bob", "bob@home.test"}, "Old", "Old text"};
  Explained one = explained(message);
  one.decision.automatic.failed = {{"x@y.test", "5.1.1", "failed", true}};
  one.decision.verdict.rules = {{"r", "subject", "hello"}};
  const auto json = explain_json(one);

  CHECK(keys(json) == Names{"file", "message", "automatic", "verdict", "customer", "form", "acknowledge",
                            "references", "base_subject", "content", "thanks", "problems", "micros"});
  CHECK(keys(json["message"]) == Names{"from", "to", "cc", "reply_to", "subject", "date", "message_id",
                                       "in_reply_to", "references", "text", "new_text", "forwarded",
                                       "language", "attachments"});
  CHECK(keys(json["automatic"]) == Names{"kind", "reason", "failed", "original_message_id", "original_ids"});
  CHECK(keys(json["references"]) == Names{"addressed", "signed", "ids", "tagged"});
  CHECK(keys(json["verdict"]) ==
        Names{"channel", "queue", "priority", "tags", "template", "spam", "rules", "settled"});
  CHECK(keys(json["customer"]) == Names{"name", "address", "source", "phone", "status"});
  CHECK(keys(json["acknowledge"]) == Names{"send", "reason"});
  CHECK(keys(json["message"]["from"]) == Names{"name", "address"});
  CHECK(keys(json["message"]["to"][0]) == Names{"name", "address"});
  CHECK(keys(json["message"]["attachments"][0]) == Names{"name", "type", "size", "md5"});
  CHECK(keys(json["message"]["forwarded"]) == Names{"from", "subject", "text"});
  CHECK(keys(json["automatic"]["failed"][0]) == Names{"recipient", "status", "action", "permanent"});
  CHECK(keys(json["verdict"]["rules"][0]) == Names{"rule", "where", "hit"});
  CHECK(json["message"]["date"].is_null());
  CHECK(json["verdict"]["template"].is_null());
  CHECK(json["automatic"]["original_message_id"].is_null());
  CHECK(json["automatic"]["kind"] == "none");
  CHECK(json["verdict"]["priority"] == "normal");
  CHECK(json["acknowledge"]["send"] == true);
  CHECK(json["micros"] == 180);
}

TEST_CASE("scripts are told what a message says of its ticket", "[rules][reference]") {
  const std::string text =
      "From: anna@home.test\nTo: support@desk.test\nSubject: Re: [#12] lamp\n"
      "In-Reply-To: <b@desk.test>\nReferences: <a@home.test> <b@desk.test>\n\nThank you!\n";
  const Rulebook rulebook{small_desk()};
  const auto json = explain_json(explain(rulebook, read_message(text, {}), to({"support@desk.test"})));
  CHECK(json["references"]["ids"] == std::vector<std::string>{"b@desk.test", "a@home.test"});
  CHECK(json["references"]["tagged"] == std::vector<int>{12});
  CHECK(json["references"]["addressed"].empty());
  CHECK(json["base_subject"] == "lamp");
  CHECK(json["content"].get<std::string>().size() == 32);
  CHECK(json["thanks"] == true);
}

TEST_CASE("a message without anything is explained in the same shape", "[rules]") {
  const auto json = explain_json(Explained{});
  CHECK(json["message"]["from"]["address"] == "");
  CHECK(json["message"]["to"].is_array());
  CHECK(json["message"]["references"].is_array());
  CHECK(json["message"]["forwarded"].is_null());
  CHECK(json["verdict"]["tags"].is_array());
  CHECK(json["verdict"]["rules"].is_array());
}

TEST_CASE("ill-formed text in a message does not stop its explanation", "[rules]") {
  Message message = mail_from("anna@home.test", "\xFF\xFE", "\xD0");
  const std::string line = explain_line(explained(message));
  CHECK(line.find('\n') == std::string::npos);
  CHECK(nlohmann::json::parse(line)["message"]["subject"] == "\uFFFD\uFFFD");
}

TEST_CASE("for people the verdict comes first, and mail cannot write to the terminal", "[rules]") {
  const std::string text =
      explain_text(explained(mail_from("anna@home.test", "a\x1b[31m\nqueue faked", "x")));
  CHECK(text.starts_with("a.eml: queue support, priority normal, acknowledged\n"));
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("\nqueue faked") == std::string::npos);
  CHECK(text.find("acknowledge  yes: a person wrote to queue 'support'") != std::string::npos);
}

TEST_CASE("people read which words decided, what was overruled and what a form says", "[rules]") {
  Explained one = explained(mail_from("anna@home.test", "Refund", "Please pay\nme back"));
  one.decision.verdict.rules = {
      {"money", "subject", "refund"}, {"money", "subject", "invoice"}, {"all", "every message", ""}};
  one.decision.verdict.settled = {"queue billing has 4 points, support 1"};
  one.decision.form = {{"phone", "+7 900"}, {"name", "Anna\x1b[2J"}};
  one.decision.customer.status = "vip";
  const std::string text = explain_text(one);

  CHECK(text.find("  rule         money: subject 'refund', 'invoice'\n") != std::string::npos);
  CHECK(text.find("\n               all: every message\n") != std::string::npos);
  CHECK(text.find("  settled      queue billing has 4 points, support 1\n") != std::string::npos);
  CHECK(text.find("  form         phone: +7 900\n") != std::string::npos);
  CHECK(text.find("  status       vip\n") != std::string::npos);
  CHECK(text.find("  text         Please pay me back\n") != std::string::npos);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("settled") < text.find("customer"));
  CHECK(explain_json(one)["form"]["phone"] == "+7 900");
  CHECK(explain_json(one)["verdict"]["settled"].size() == 1);
}

}  // namespace postroom
