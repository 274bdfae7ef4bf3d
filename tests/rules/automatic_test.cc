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
      {"Subject: Automatische Antwort: Preise", Kind::auto_reply},
      {"Subject: [Automatyczna odpowiedź] ceny", Kind::auto_reply},
      {"Subject: 自動応答: 価格", Kind::auto_reply},
      {"Subject: Réponse automatique : prix", Kind::auto_reply},
      {"Subject: Re: Automatic reply: prices", Kind::none},
      {"Subject: Automatic reply: prices\nPrecedence: bulk", Kind::auto_reply},
      {"Subject: Out of office: who can help me?", Kind::none},
      {"Subject: Out of office: prices\nX-Auto-Response-Suppress: DR", Kind::auto_reply},
      {"Subject: В отпуске\nIn-Reply-To: <1@desk.test>", Kind::auto_reply},
      {"Subject: Re: Holiday flat\nIn-Reply-To: <1@desk.test>", Kind::none},
      {"Subject: Re: Отпуск на море\nX-Auto-Response-Suppress: DR, RN, NRN", Kind::none},
      {"Subject: Abwesend bis Montag\nAuto-Submitted: auto-generated", Kind::auto_reply},
      {"Subject: Holiday flat, is it free?\nIn-Reply-To: <2@x.test>\nReferences: <1@x.test>", Kind::none},
      {"X-Trusted-Delivery: <1>", Kind::auto_reply},
      {"X-FC-MachineGenerated: true", Kind::auto_generated},
      {"Precedence: auto_reply", Kind::auto_reply},
      {"TLS-Report-Domain: x.test", Kind::auto_generated},
      {"Subject: Report Domain: desk.test Submitter: mx.x.test Report-ID: 1", Kind::auto_generated},
      {"Subject: Report Domain: broken, please help", Kind::none},
      {"Subject: Прочитано: вопрос", Kind::none},
      {"Subject: Read: your answer", Kind::none},
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

TEST_CASE("a customer attaches a report and stays a customer", "[rules][R7]") {
  const std::pair<const char*, Kind> rows[] = {
      {"multipart/mixed", Kind::none},
      {"multipart/report; report-type=disposition-notification", Kind::receipt},
  };
  for (const auto& [type, kind] : rows) {
    INFO(type);
    const std::string bytes =
        "From: Kim <kim@x.test>\nSubject: Read: prices\nContent-Type: " + std::string{type} +
        "; boundary=x\n\n--x\n\nWhat is this?\n--x\nContent-Type: message/disposition-notification\n\n"
        "Original-Message-ID: <answer-3@desk.test>\nDisposition: automatic-action/MDN-sent; "
        "displayed\n\n--x--\n";
    CHECK(kind_name(find_automatic(read_message(bytes, MessageLimits{}), "kim@x.test").kind) ==
          kind_name(kind));
  }
}

TEST_CASE("the words for the kinds go both ways", "[rules]") {
  for (const char* name :
       {"none", "auto-reply", "auto-generated", "bounce", "delayed", "feedback", "receipt", "list", "bulk"}) {
    REQUIRE(kind_from(name));
    CHECK(kind_name(*kind_from(name)) == name);
  }
  CHECK_FALSE(kind_from("robot"));
}
