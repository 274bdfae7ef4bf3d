#include "rules/compose.h"

#include <catch2/catch.hpp>

#include <algorithm>

namespace postroom {
namespace {

using namespace std::chrono_literals;

const std::string russian =
    "Subject: {{ticket}} {{subject}}\n\n"
    "Здравствуйте{{#name}}, {{name}}{{/name}}!\n"
    "Номер {{number}}, очередь {{queue}}, пишите на {{from}}.\n"
    "{{#expected}}Ответим в течение {{expected}}.{{/expected}}\n";

Acknowledgement sample() {
  Acknowledgement mail;
  mail.text = russian;
  mail.language = "ru";
  mail.from = {"Поддержка", "support@desk.test"};
  mail.to = {"Анна & <Ко>", "anna@home.test"};
  mail.queue = "support";
  mail.ticket_tag = "[SUP#1042]";
  mail.ticket = 1042;
  mail.original_subject = "Не работает <оплата>";
  mail.original_message_id = "orig-1@home.test";
  mail.original_references = {"root@home.test", "mid@home.test"};
  mail.answer_within = 4h;
  mail.message_id = "ack-1042@mx.desk.test";
  mail.date = std::chrono::system_clock::time_point{} + std::chrono::seconds{1795370400};
  return mail;
}

Message sent(const Acknowledgement& mail) { return read_message(compose_acknowledgement(mail), {}); }

std::string header(const Message& message, std::string_view name) {
  const std::string* value = find_header(message.headers, name);
  return value ? *value : "absent";
}

std::vector<std::string> header_names(const Message& message) {
  std::vector<std::string> names;
  for (const Header& one : message.headers) names.push_back(one.name);
  std::ranges::sort(names);
  return names;
}

}  // namespace

TEST_CASE("an acknowledgement reads as the admin wrote it, filled in", "[rules][R18]") {
  const Message mail = sent(sample());
  CHECK(mail.subject == "[SUP#1042] Не работает <оплата>");
  CHECK(mail.text.find("Здравствуйте, Анна & <Ко>!") != std::string::npos);
  CHECK(mail.text.find("Номер 1042, очередь support, пишите на support@desk.test.") != std::string::npos);
  CHECK(mail.text.find("Ответим в течение 4 часов.") != std::string::npos);
  CHECK(mail.from == std::vector<Address>{{"Поддержка", "support@desk.test"}});
  CHECK(mail.to == std::vector<Address>{{"Анна & <Ко>", "anna@home.test"}});
}

TEST_CASE("an acknowledgement says that it is one, and which mail it answers", "[rules][R18]") {
  const Message mail = sent(sample());
  CHECK(mail.message_id == "ack-1042@mx.desk.test");
  CHECK(mail.in_reply_to == std::vector<std::string>{"orig-1@home.test"});
  CHECK(mail.references == std::vector<std::string>{"root@home.test", "mid@home.test", "orig-1@home.test"});
  CHECK(header(mail, "Auto-Submitted") == "auto-replied");
  CHECK(header(mail, "Precedence") == "bulk");
  CHECK(header(mail, "X-Auto-Response-Suppress") == "All");
  CHECK(header(mail, "Content-Language") == "ru");
  CHECK(header(mail, "Content-Type").find("utf-8") != std::string::npos);
  CHECK(mail.date == "2026-11-22T18:00:00Z");
}

TEST_CASE("an answer to an acknowledgement goes to the signed address of its ticket, if it has one",
          "[rules][R12]") {
  Acknowledgement mail = sample();
  CHECK(sent(mail).reply_to.empty());
  mail.reply_to = "support+1042.abcdefghijklmnop@desk.test";
  CHECK(sent(mail).reply_to == std::vector<Address>{{"Поддержка", mail.reply_to}});
  CHECK(sent(mail).from.front().address == "support@desk.test");
}

TEST_CASE("the bytes of an acknowledgement are ASCII lines of mail length ended by CRLF", "[rules]") {
  Acknowledgement mail = sample();
  for (const char* text : {russian.c_str(), "Subject: plain\n\nPlain words, {{name}}.\n.\nFrom here\n"}) {
    mail.text = text + std::string(500, 'x') + "\n";
    const std::string bytes = compose_acknowledgement(mail);
    std::size_t length = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (bytes[i] == '\n') REQUIRE((i > 0 && bytes[i - 1] == '\r'));
      if (bytes[i] == '\r') REQUIRE(bytes.substr(i, 2) == "\r\n");
      CHECK(static_cast<unsigned char>(bytes[i]) < 0x80);
      length = bytes[i] == '\n' ? 0 : length + 1;
      CHECK(length <= 998);
    }
    CHECK(bytes.ends_with("\r\n"));
  }
}

TEST_CASE("what a customer wrote can inject neither headers nor template code", "[rules][R18]") {
  const std::vector<std::string> names = header_names(sent(sample()));
  const std::string attack = GENERATE(values<std::string>({
      "Anna\r\nBcc: victim@x.test",
      "Anna\nBcc: victim@x.test\n\nBody",
      "Anna\rBcc: victim@x.test",
      "{{#subject}}loop{{/subject}} {{from}} {{{number}}}",
      "{{=<% %>=}}",
      "{{#name}}",
      "=?utf-8?q?=0d=0aBcc:_victim@x.test?=",
      "=?=?utf-8?q?=0d=0aBcc:_victim@x.test?=",
      "\"Anna\" <other@x.test>, second@x.test",
      "\u202Etxt.exe",
      std::string("nul\0byte", 8),
      "\xFF\xFE",
      std::string(5000, 'n'),
  }));
  CAPTURE(attack);
  Acknowledgement mail = sample();
  mail.to.name = attack;
  mail.original_subject = attack;
  const Message message = sent(mail);
  CHECK(header_names(message) == names);
  CHECK(message.to.size() == 1);
  CHECK(message.to[0].address == "anna@home.test");
  CHECK(message.cc.empty());
  CHECK(message.subject.size() < 450);
  CHECK(message.text.find("Номер 1042, очередь support") != std::string::npos);
  if (attack.starts_with("{{")) CHECK(message.text.find(attack) != std::string::npos);
}

TEST_CASE("a message id with odd characters is not repeated", "[rules]") {
  for (const char* id : {"", "no-at-sign", "a b@c", "a@b\r\nBcc: x@y", "a>@b", "@b", "a@", "п@b"}) {
    Acknowledgement mail = sample();
    mail.original_message_id = id;
    mail.original_references = {id, "good@home.test"};
    const Message message = sent(mail);
    CHECK(message.in_reply_to.empty());
    CHECK(message.references == std::vector<std::string>{"good@home.test"});
  }
}

TEST_CASE("of a very long thread the first and the newest references stay", "[rules]") {
  Acknowledgement mail = sample();
  mail.original_references.clear();
  for (int i = 0; i < 100; ++i) mail.original_references.push_back(std::to_string(i) + "@home.test");
  const Message message = sent(mail);
  REQUIRE(message.references.size() == 20);
  CHECK(message.references.front() == "0@home.test");
  CHECK(message.references.back() == "orig-1@home.test");
}

TEST_CASE("a section without a value is left out, and its opposite is written", "[rules]") {
  Acknowledgement mail = sample();
  mail.text =
      "Subject: x\n\nDear {{#name}}{{name}}{{/name}}{{^name}}customer{{/name}}{{#expected}}, in "
      "{{expected}}{{/expected}}";
  mail.to.name.clear();
  mail.answer_within = 0s;
  CHECK(sent(mail).text.find("Dear customer") != std::string::npos);
  CHECK(sent(mail).text.find(", in") == std::string::npos);
}

TEST_CASE("a text of the admin is checked, and the mistake told in plain words", "[rules]") {
  struct Row {
    std::string text, problem;
  };
  const Row row = GENERATE(values<Row>({
      {russian, ""},
      {"\xEF\xBB\xBFSubject: a\r\n\r\nb {{ name }} {{& name}} {{{name}}} {{! words }}\r\n", ""},
      {"Subject: a\n\nb\n{{#name}}c\n", "line 4: section 'name' is not closed"},
      {"Subject: a\n\nb {{/name}}\n", "line 3: section 'name' is closed, but was not opened"},
      {"Subject: a {{name\n\nb\n", "line 1: '{{' without '}}'"},
      {"Subject: a\n\nb\n\n {{nmae}}\n",
       "line 5: 'nmae' is unknown; known are name, ticket, number, queue, subject, expected, from"},
      {"Hello\n", "line 1: the first line has to be 'Subject: ...'"},
      {"", "line 1: the first line has to be 'Subject: ...'"},
      {"Subject: \n\nb", "line 1: the subject is empty"},
      {"Subject: a\nb", "line 2: an empty line has to follow the subject"},
      {"Subject: a\n\n \n", "line 3: the text is empty"},
      {"Subject: a", "line 2: an empty line has to follow the subject"},
      {"Subject: a\n\n{{", "line 3: '{{' without '}}'"},
      {"Subject: a\n\n{{{", "line 3: '{{' without '}}'"},
  }));
  CHECK(check_text(row.text) == row.problem);
}

TEST_CASE("times are told in whole units and in the right case", "[rules][R18]") {
  struct Row {
    std::chrono::seconds duration;
    std::string english, russian;
  };
  const Row row = GENERATE(values<Row>({
      {0s, "", ""},
      {30s, "1 minute", "1 минуты"},
      {30min, "30 minutes", "30 минут"},
      {21min, "21 minutes", "21 минуты"},
      {1h, "1 hour", "1 часа"},
      {4h, "4 hours", "4 часов"},
      {11h, "11 hours", "11 часов"},
      {21h, "21 hours", "21 часа"},
      {24h, "1 day", "1 дня"},
      {36h, "36 hours", "36 часов"},
      {48h, "2 days", "2 дней"},
      {24h * 111, "111 days", "111 дней"},
      {90min, "90 minutes", "90 минут"},
      {-5s, "", ""},
  }));
  CHECK(duration_text(row.duration, "en") == row.english);
  CHECK(duration_text(row.duration, "ru") == row.russian);
  CHECK(duration_text(row.duration, "de") == row.english);
}

TEST_CASE("a ticket number is shown with the queue's prefix", "[rules]") {
  CHECK(ticket_tag("", 1042) == "[#1042]");
  CHECK(ticket_tag("SUP", 1042) == "[SUP#1042]");
}

}  // namespace postroom
