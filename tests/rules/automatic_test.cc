#include "rules/automatic.h"

#include <catch2/catch.hpp>

#include "tests/support/tempdir.h"

using namespace postroom;
using Kind = Automatic::Kind;

namespace {

Automatic of_mail(const std::string& name) {
  const std::string bytes = tests::read_file(std::string{TESTS_DIR} + "/mail/" + name);
  return find_automatic(read_message(bytes, MessageLimits{}), std::nullopt);
}

Automatic of_headers(const std::string& headers, const std::optional<std::string>& sender = "kim@x.test") {
  const std::string bytes =
      "From: Kim <kim@x.test>\nTo: support@desk.test\n" + headers + "\n\nHello, a question.\n";
  return find_automatic(read_message(bytes, MessageLimits{}), sender);
}

}  // namespace

TEST_CASE("each kind of automatic mail is told by its signs", "[rules][R7]") {
  const std::pair<const char*, Kind> mails[] = {
      {"auto-reply.eml", Kind::auto_reply}, {"bounce.eml", Kind::bounce},
      {"delayed.eml", Kind::delayed},       {"list.eml", Kind::list},
      {"feedback.eml", Kind::feedback},     {"receipt.eml", Kind::receipt},
      {"prose-bounce.eml", Kind::bounce},   {"russian-utf8.eml", Kind::none},
      {"forwarded.eml", Kind::none},        {"reply.eml", Kind::none},
      {"about-a-bounce.eml", Kind::none},
  };
  for (const auto& [name, kind] : mails) {
    INFO(name);
    CHECK(kind_name(of_mail(name).kind) == kind_name(kind));
    CHECK(of_mail(name).reason.empty() == (kind == Kind::none));
  }
}

TEST_CASE("headers that robots write, and the values that say the contrary", "[rules][R7]") {
  const std::pair<const char*, Kind> rows[] = {
      {"Auto-Submitted: auto-replied (vacation)", Kind::auto_reply},
      {"Auto-Submitted: auto-generated", Kind::auto_generated},
      {"Auto-Submitted: no", Kind::none},
      {"Auto-Submitted: No; x=y", Kind::none},
      {"X-Autoreply: yes", Kind::auto_reply},
      {"X-Autoreply: no", Kind::none},
      {"X-Auto-Response-Suppress: DR, OOF, AutoReply", Kind::auto_generated},
      {"X-Auto-Response-Suppress: All", Kind::auto_generated},
      {"X-Auto-Response-Suppress: DR, RN, NRN", Kind::none},
      {"Precedence: bulk", Kind::bulk},
      {"Precedence: list", Kind::list},
      {"Precedence: first-class", Kind::none},
      {"List-Id: <a.b.test>", Kind::list},
      {"List-Unsubscribe: <mailto:u@x.test>", Kind::bulk},
      {"X-OTRS-Loop: otrs@x.test", Kind::auto_generated},
      {"X-JIRA-FingerPrint: 1", Kind::auto_generated},
      {"Feedback-ID: 1.eu:AmazonSES", Kind::none},
      {"Feedback-ID: i1a2b3c:Fastmail", Kind::none},
      {"Subject: Автоматический ответ: цены", Kind::auto_reply},
      {"Subject: Automatic reply to my question never came", Kind::none},
      {"Subject: I am on vacation, please deliver next week", Kind::none},
      {"Subject: Delivery failed, user unknown", Kind::none},
  };
  for (const auto& [header, kind] : rows) {
    INFO(header);
    CHECK(kind_name(of_headers(header).kind) == kind_name(kind));
  }
}

TEST_CASE("the envelope sender tells a robot", "[rules][R7]") {
  CHECK(of_headers("Subject: hello", "").kind == Kind::auto_generated);
  CHECK(of_headers("Subject: Out of office", "").kind == Kind::auto_reply);
  CHECK(of_headers("Subject: Undelivered mail", "").kind == Kind::bounce);
  CHECK(of_headers("Subject: hello", "users-request@x.test").kind == Kind::list);
  CHECK(of_headers("Subject: hello", std::nullopt).kind == Kind::none);
  CHECK(of_headers("Return-Path: <>\nSubject: hello", std::nullopt).kind == Kind::auto_generated);
}

TEST_CASE("a bounce names who could not be reached, why, and by which mail", "[rules][R7]") {
  const Automatic bounce = of_mail("bounce.eml");
  REQUIRE(bounce.failed.size() == 1);
  CHECK(bounce.failed[0].recipient == "gone@partner.test");
  CHECK(bounce.failed[0].status == "5.1.1");
  CHECK(bounce.failed[0].action == "failed");
  CHECK(bounce.failed[0].permanent);
  CHECK(bounce.original_message_id == "news-7@desk.test");

  const Automatic delayed = of_mail("delayed.eml");
  REQUIRE(delayed.failed.size() == 1);
  CHECK(delayed.failed[0].status == "4.4.1");
  CHECK(delayed.failed[0].action == "delayed");
  CHECK_FALSE(delayed.failed[0].permanent);

  const Automatic prose = of_mail("prose-bounce.eml");
  REQUIRE(prose.failed.size() == 1);
  CHECK(prose.failed[0].recipient == "nobody@partner.test");
  CHECK(prose.failed[0].status == "5.1.1");
  CHECK(prose.failed[0].permanent);
  CHECK(prose.original_message_id == "news-9@desk.test");

  CHECK(of_mail("receipt.eml").original_message_id == "answer-3@desk.test");
  CHECK(of_mail("auto-reply.eml").original_message_id == "news-7@desk.test");
}

TEST_CASE("a report of success is a receipt, no bounce", "[rules]") {
  const Message message = read_message(
      "From: MAILER-DAEMON@x.test\nContent-Type: multipart/report; report-type=delivery-status; "
      "boundary=x\n\n"
      "--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x.test\n\n"
      "Final-Recipient: rfc822;a@x.test\nAction: delivered\nStatus: 2.0.0\n\n--x--\n",
      MessageLimits{});
  CHECK(find_automatic(message, "").kind == Kind::receipt);
}

TEST_CASE("the words for the kinds go both ways", "[rules]") {
  for (const char* name :
       {"none", "auto-reply", "auto-generated", "bounce", "delayed", "feedback", "receipt", "list", "bulk"}) {
    REQUIRE(kind_from(name));
    CHECK(kind_name(*kind_from(name)) == name);
  }
  CHECK_FALSE(kind_from("robot"));
}
