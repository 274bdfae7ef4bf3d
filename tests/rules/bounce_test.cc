#include <catch2/catch.hpp>

#include "rules/automatic.h"
#include "rules/delivery_status.h"

using namespace postroom;
using Kind = Automatic::Kind;

namespace {

Automatic of_bytes(const std::string& bytes, const std::optional<std::string>& sender) {
  return find_automatic(read_message(bytes, MessageLimits{}), sender);
}

std::string notice(const std::string& text) {
  return "From: Mail Delivery System <MAILER-DAEMON@mx.test>\nTo: news@desk.test\n"
         "Subject: Undelivered Mail Returned to Sender\n\n" +
         text;
}

struct Form {
  const char* system;
  const char* text;
  const char* recipient;
  const char* status;
  bool permanent;
};

const Form forms[] = {
    {"Postfix",
     "<ann@a.test>: host mx.a.test[192.0.2.1] said: 550 5.1.1 <ann@a.test>: gone (in reply to RCPT)",
     "ann@a.test", "5.1.1", true},
    {"Postfix, 4xx after five days", "<ann@a.test>: host mx.a.test said: 451 4.3.0 try later", "ann@a.test",
     "4.3.0", false},
    {"Exim",
     "The following address(es) failed:\n\n  ann@a.test\n    SMTP error from remote mail server after\n"
     "    RCPT TO:<ann@a.test>: host mx.a.test [192.0.2.1]: 552 5.2.2 full",
     "ann@a.test", "5.2.2", true},
    {"Exim without a code", "The following address(es) failed:\n\n  ann@a.test\n    Unrouteable address",
     "ann@a.test", "5.1.2", true},
    {"qmail",
     "Hi. This is the qmail-send program at mx.test.\n\n<ann@a.test>:\nRemote host said: 554 5.7.1 no\n",
     "ann@a.test", "5.7.1", true},
    {"sendmail",
     "   ----- The following addresses had permanent fatal errors -----\n<ann@a.test>\n"
     "    (reason: 550 User unknown)\n\n   ----- Transcript of session follows -----\n"
     "... while talking to mx.a.test.:\n>>> RCPT To:<ann@a.test>\n<<< 550 User unknown\n",
     "ann@a.test", "5.1.1", true},
    {"sendmail, alias",
     "   ----- The following addresses had permanent fatal errors -----\n"
     "bob@inner.a.test\n    (expanded from: <ann@a.test>)\n",
     "ann@a.test", "", true},
    {"old sendmail",
     "   ----- Transcript of session follows -----\n"
     "554 <ann@a.test>... 550 Host unknown (Authoritative answer from name server)\n",
     "ann@a.test", "5.1.2", true},
    {"Exchange 5.5",
     "Your message\n\n  To:      list@lists.test\n  Subject: News\n\ndid not reach the following "
     "recipient(s):\n\nann@a.test on Thu, 11 Jul 2002 16:54:54\n"
     "    The recipient name is not recognized\n",
     "ann@a.test", "5.1.1", true},
    {"Gmail",
     "Delivery to the following recipient failed permanently:\n\n     ann@a.test\n\nTechnical details:\n"
     "The error that the other server returned was: 550 5.1.1 no such user\n",
     "ann@a.test", "5.1.1", true},
    {"DragonFly",
     "There was an error delivering your mail to <ann@a.test>.\n\nmx.a.test did not like our DATA:\n"
     "550 5.7.26 not accepted\n",
     "ann@a.test", "5.7.26", true},
    {"Mail.ru",
     "К сожалению, Ваше письмо не может быть доставлено одному или нескольким получателям:\n\n"
     "  ann@a.test\n    ящик переполнен\n",
     "ann@a.test", "5.2.2", true},
    {"Japanese provider",
     "送信先のメールボックスが一杯のため、送信できませんでした。\n\n"
     "     Could not be delivered to: <ann@a.test>\n",
     "ann@a.test", "5.2.2", true},
    {"AOL, local part alone", "Your mail to the following recipients could not be delivered:\n\tann\n",
     "ann@mx.test", "", true},
    {"fields in the text",
     "It failed.\n\nFinal-Recipient: rfc822; ann@a.test\nAction: failed\nStatus: 5.2.1\n", "ann@a.test",
     "5.2.1", true},
    {"only the mail that came back",
     "Message could not be delivered to mobile.\n\nOriginal Message:\n"
     "From: news@desk.test\nTo: ann@a.test\nSubject: News\n",
     "ann@a.test", "", true},
};
}  // namespace

TEST_CASE("each mail system's way to tell whom it could not reach, and why", "[rules][R7]") {
  for (const Form& form : forms) {
    INFO(form.system);
    const Automatic bounce = of_bytes(notice(form.text), "");
    CHECK(bounce.kind == Kind::bounce);
    REQUIRE(bounce.failed.size() == 1);
    CHECK(bounce.failed[0].recipient == form.recipient);
    CHECK(bounce.failed[0].status == form.status);
    CHECK(bounce.failed[0].permanent == form.permanent);
  }
}

TEST_CASE("each failed recipient has its own reason", "[rules][R7]") {
  const Automatic bounce = of_bytes(notice("<ann@a.test>:\nRemote host said: 552 5.2.2 <ann@a.test>: full\n\n"
                                           "<bob@b.test>:\nRemote host said: 550 5.1.1 <bob@b.test>: gone\n"),
                                    "");
  REQUIRE(bounce.failed.size() == 2);
  CHECK(bounce.failed[0].status == "5.2.2");
  CHECK(bounce.failed[1].status == "5.1.1");
}

TEST_CASE("a report that says only 5.0.0 is completed from its text", "[rules][R7]") {
  const Automatic bounce = of_bytes(
      "From: MAILER-DAEMON@mx.test\nTo: news@desk.test\nContent-Type: multipart/report; "
      "report-type=delivery-status; boundary=x\n\n--x\n\nann@a.test: 550 5.1.1 <ann@a.test>: gone\n\n"
      "--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.test\n\n"
      "Final-Recipient: rfc822; ann@a.test\nAction: failed\nStatus: 5.0.0\n\n--x--\n",
      "");
  REQUIRE(bounce.failed.size() == 1);
  CHECK(bounce.failed[0].status == "5.1.1");
}

TEST_CASE("the server's own answer says more than the reporting system's words", "[rules][R7]") {
  const std::pair<const char*, const char*> rows[] = {
      {"5.1.0 - Unknown address error 550-'5.7.1 <ann@a.test>... Access denied'", "5.7.1"},
      {"554 4.4.7 Message expired: unable to deliver in 840 minutes.<421 4.4.2 Connection timed out>",
       "4.4.2"},
      {"554 4.4.7 Message expired", "4.4.7"},
      {"550 #5.1.0 Address rejected.", "5.1.0"},
      {"connect to 192.0.2.5.1.1: 450 4.2.0 greylisted", "4.2.0"},
      {"550 version 5.1.2345 of nothing", ""},
  };
  for (const auto& [text, status] : rows) {
    INFO(text);
    CHECK(enhanced_status(text) == status);
  }
}

TEST_CASE("a recipient behind a source route is the recipient", "[rules][R7]") {
  const std::vector<Failed> failed =
      failed_fields("Final-Recipient: rfc822; @mx.a.test:ann@a.test\nAction: failed\nStatus: 5.1.1\n");
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].recipient == "ann@a.test");
}

TEST_CASE("a complaint older than RFC 5965 is told by its subject and the mail it encloses", "[rules]") {
  const std::string head = "From: staff@hotmail.test\nSubject: complaint about message from 192.0.2.1\n";
  CHECK(
      of_bytes(head + "Content-Type: message/rfc822\n\nSubject: News\n\nNews\n", "staff@hotmail.test").kind ==
      Kind::feedback);
  CHECK(of_bytes(head + "\nI got spam from you.\n", "staff@hotmail.test").kind == Kind::none);
  const std::string person = "From: ann@x.test\nSubject: Complaint about message from Ivan\n";
  CHECK(of_bytes(person + "Content-Type: message/rfc822\n\nSubject: Hi\n\nGo away\n", "ann@x.test").kind ==
        Kind::none);
}

TEST_CASE("a warning that delivery goes on is no failure", "[rules][R7]") {
  for (const char* text : {
           "Your message to:\n\tann@a.test\n\nhas not yet been delivered. This is just a warning.\n",
           "THIS IS A WARNING MESSAGE ONLY.\nYOU DO NOT NEED TO RESEND YOUR MESSAGE.\n<ann@a.test>\n",
           "<ann@a.test>: delivery temporarily suspended. We will keep trying for 3 days.\n",
           "Сообщение для <ann@a.test> пока не доставлено, попытки доставки будут продолжены.\n",
       }) {
    INFO(text);
    const Automatic delayed = of_bytes(notice(text), "");
    CHECK(delayed.kind == Kind::delayed);
    REQUIRE(delayed.failed.size() == 1);
    CHECK(delayed.failed[0].recipient == "ann@a.test");
    CHECK(delayed.failed[0].action == "delayed");
    CHECK_FALSE(delayed.failed[0].permanent);
  }
  CHECK(of_bytes(notice("<ann@a.test>: delayed for 5 days, giving up.\n"), "").kind == Kind::bounce);
}

TEST_CASE("people write about bounces and are no mail systems", "[rules][R7]") {
  const std::string returned =
      "--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.test\n\n"
      "Final-Recipient: rfc822; ann@a.test\nAction: failed\nStatus: 5.1.1\n\n--x--\n";
  const std::string mails[] = {
      "From: Kim <kim@x.test>\nSubject: Undelivered mail returned?\n\nWhy did my mail come back?\n\n"
      "> <sales@desk.test>: host mx said: 550 5.1.1 user unknown\n",
      "From: Kim <kim@x.test>\nSubject: Fwd: Mail delivery failed: returning message to sender\n\nWhat is "
      "this?\n\n"
      "---------- Forwarded message ----------\nFrom: MAILER-DAEMON <mailer-daemon@mx.test>\n\n"
      "This message was created automatically by mail delivery software.\n  sales@desk.test\n",
      "From: Kim <kim@x.test>\nSubject: delivery failed\nContent-Type: multipart/mixed; boundary=x\n\n"
      "--x\n\nPlease help.\n" +
          returned,
      "From: Bounce GmbH <info@bounce.example>\nSubject: Delivery has failed, mailbox full\n\n"
      "The goods could not be delivered.\n",
      "From: Bounce <sales@bounce.example>\nSubject: Undeliverable: our order\n\nIt could not be "
      "delivered.\n",
      "From: System Administrator <admin@x.test>\nSubject: Mail delivery failed\n\nUsers get: user "
      "unknown.\n",
      "From: Bob <admin@x.test>\nSubject: Undelivered Mail Returned to Sender\n\nOur users get:\n\n"
      "Your message could not be delivered.\n<sales@desk.test>: host mx said: 550 5.1.1 User unknown\n",
      "From: Bob <admin@x.test>\nSubject: parcel\n\nIt is being held at the customs.\n",
      "From: Mail Server Team <bob@x.test>\nSubject: WG: Undelivered Mail Returned to Sender\n\nWas ist "
      "das?\n\nYour message could not be delivered.\n<sales@desk.test>: 550 5.1.1 User unknown\n",
      "From: Ann <postmaster@x.test>\nSubject: Mail delivery failed to you\n\nOur mail could not be "
      "delivered: 550 5.7.1 blocked.\n",
      "From: Ann <postmaster@x.test>\nSubject: Undelivered mail returned?\n\nOur mail could not be "
      "delivered.\n",
      "From: Kim <kim@x.test>\nSubject: Не доставлено\n\nЗаказ не доставлен, ящик переполнен.\n",
  };
  for (const std::string& mail : mails) {
    INFO(mail);
    const std::string from = mail.substr(mail.find('<') + 1, mail.find('>') - mail.find('<') - 1);
    CHECK(kind_name(of_bytes(mail, from).kind) == "none");
  }
}

TEST_CASE("a parcel that could not be delivered is no bounce", "[rules][R7]") {
  const std::string shop =
      "From: Parcels <noreply@parcel.test>\nSubject: Delivery failed\n\nYour parcel could not be "
      "delivered.\n";
  CHECK(of_bytes(shop, "noreply@parcel.test").kind != Kind::bounce);
}

TEST_CASE("who asks to be confirmed has not refused the mail", "[rules][R7]") {
  const Automatic challenge = of_bytes(
      "From: noreply@guard.test\nTo: news@desk.test\nContent-Type: multipart/report; "
      "report-type=delivery-status; boundary=x\n\n--x\n\nTo be added to the guest list of ann@a.test, "
      "click.\n"
      "--x\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; ann@a.test\nAction: failed\n"
      "Status: 5.7.1\n\n--x--\n",
      "noreply@guard.test");
  CHECK(challenge.kind == Kind::auto_reply);
}

TEST_CASE("Amazon tells of bounces in JSON", "[rules][R7]") {
  const std::string head =
      "From: News <no-reply@sns.amazonaws.com>\nTo: news@desk.test\nX-Amz-Sns-Message-Id: 1\n\n";
  const std::string tail = "\n\n--\nIf you wish to stop receiving notifications, click {here}.\n";
  const Automatic bounce =
      of_bytes(head +
                   R"({"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":[)"
                   R"({"emailAddress":"ann@a.test","action":"failed","status":"5.1.1"}]},)"
                   R"("mail":{"commonHeaders":{"messageId":"<news-7@desk.test>"}}})" +
                   tail,
               "bounce@amazonses.test");
  CHECK(bounce.kind == Kind::bounce);
  REQUIRE(bounce.failed.size() == 1);
  CHECK(bounce.failed[0].recipient == "ann@a.test");
  CHECK(bounce.failed[0].status == "5.1.1");
  CHECK(bounce.failed[0].permanent);
  CHECK(bounce.original_message_id == "news-7@desk.test");

  const auto kind = [&](const std::string& type) {
    return kind_name(of_bytes(head + R"({"eventType":")" + type + R"("})" + tail, "b@amazonses.test").kind);
  };
  CHECK(kind("Complaint") == "feedback");
  CHECK(kind("Delivery") == "receipt");
  CHECK(kind("Subscription") == "none");
  const std::string nested(60'000, '[');
  CHECK(of_bytes(head + R"({"eventType":"Bounce","bounce":)" + nested, "b@amazonses.test").failed.empty());
}

TEST_CASE("of those a bounce mentions, the one the returned mail was for has failed", "[rules][R7]") {
  const Automatic bounce = of_bytes(
      notice("Addresses look like first.last@a.test here. The one you wrote to, ann@a.test, is unknown.\n"
             "Original message follows:\n>Received: from desk.test for <ann@a.test>; Mon\n"
             ">From: news@desk.test\n"),
      "");
  REQUIRE(bounce.failed.size() == 1);
  CHECK(bounce.failed[0].recipient == "ann@a.test");
}

TEST_CASE("an explanation of any shape costs linear time and a bounded answer", "[rules]") {
  std::string addresses, lines;
  for (int i = 0; i < 20'000; ++i) addresses += "<a" + std::to_string(i) + "@a.test>: 550 5.1.1 no\n";
  for (int i = 0; i < 50'000; ++i) lines += "@a.b";
  for (const std::string& text : {addresses, lines, std::string(1 << 20, '@'), std::string(1 << 20, '>')}) {
    CHECK(of_bytes(notice(text), "").failed.size() <= 100);
  }
}
