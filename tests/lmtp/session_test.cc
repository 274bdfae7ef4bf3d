#include "lmtp/session.h"

#include <catch2/catch.hpp>

#include "lmtp/syntax.h"
#include "tests/lmtp/talk.h"

using namespace postroom;
using namespace postroom::tests;

namespace {

const Talk talks[] = {
    {"two messages on one connection", R"(
> MAIL FROM:<a@b.example> SIZE=100 BODY=8BITMIME
< 250 2.1.0
> RCPT TO:<support@desk.test>
< 250 2.1.5
> RCPT TO:<sales@desk.test>
< 250 2.1.5
> DATA
< 354
= one
< 250 2.0.0 filed
< 250 2.0.0 filed
> MAIL FROM:<>
< 250 2.1.0
> RCPT TO:<support@desk.test>
< 250 2.1.5
> DATA
< 354
= two
< 250 2.0.0 filed
> QUIT
< 221 2.0.0)"},
    {"bad order", R"(
> RCPT TO:<support@desk.test>
< 503 5.5.1
> DATA
< 503 5.5.1
> MAIL FROM:<a@b.example>
< 250
> MAIL FROM:<a@b.example>
< 503 5.5.1
> DATA
< 503 5.5.1
> XFORWARD IDENT=4Xy1Zq
< 503 5.5.1
> RCPT TO:<support@desk.test>
< 250
> MAIL FROM:<a@b.example>
< 503 5.5.1)"},
    {"recipients refused one by one; DATA without any is 503 (RFC 2033, 4.2)", R"(
> MAIL FROM:<a@b.example>
< 250
> RCPT TO:<who@else.test>
< 450 4.1.1
> DATA
< 503 5.5.1
> RCPT TO:<support@desk.test>
< 250
> RCPT TO:<who@else.test>
< 450 4.1.1
> DATA
< 354
= text
< 250)"},
    {"RSET forgets the transaction", R"(
> MAIL FROM:<a@b.example>
< 250
> RCPT TO:<support@desk.test>
< 250
> RSET
< 250 2.0.0
> DATA
< 503 5.5.1
> RCPT TO:<support@desk.test>
< 503 5.5.1
> MAIL FROM:<a@b.example>
< 250)"},
    {"other verbs", R"(
> noop whatever
< 250 2.0.0
> VRFY support
< 252
> help
< 214
> EHLO mx.example.org
< 500 5.5.1
> HELO mx.example.org
< 500 5.5.1
> STARTTLS
< 500 5.5.1
>
< 500 5.5.1
> RSET now
< 501 5.5.4
> LHLO
< 501 5.5.4)"},
    {"mistakes in paths", R"(
> MAIL
< 501 5.1.7
> MAIL FROM
< 501 5.1.7
> MAIL TO:<a@b.example>
< 501 5.1.7
> MAIL FROM:a@b.example
< 501 5.1.7
> MAIL FROM:<a@b.example
< 501 5.1.7
> MAIL FROM:<a @b.example>
< 501 5.1.7
> MAIL FROM:<a@b.example>SIZE=1
< 501 5.1.7
> MAIL FROM:<"a@b.example>
< 501 5.1.7
> mail from: <a@b.example>
< 250
> RCPT TO:<>
< 501 5.1.3
> RCPT TO:<<support@desk.test>>
< 501 5.1.3)"},
    {"parameters of MAIL", R"(
> MAIL FROM:<a@b.example> SIZE=104857601
< 552 5.3.4
> MAIL FROM:<a@b.example> SIZE=99999999999999999999
< 552 5.3.4
> MAIL FROM:<a@b.example> SIZE=1x
< 501 5.5.4
> MAIL FROM:<a@b.example> SIZE
< 501 5.5.4
> MAIL FROM:<a@b.example> BODY=BINARYMIME
< 501 5.5.4
> MAIL FROM:<a@b.example> SMTPUTF8=1
< 501 5.5.4
> MAIL FROM:<a@b.example> RET=ALL ENVID=a+b
< 250
> RSET
< 250
> MAIL FROM:<a@b.example> MT-PRIORITY=3
< 455 4.5.1
> MAIL FROM:<a@b.example> size=104857600 body=7bit SMTPUTF8 RET=HDRS ENVID=a+2Bb
< 250)"},
    {"parameters of RCPT", R"(
> MAIL FROM:<a@b.example>
< 250
> RCPT TO:<support@desk.test> NOTIFY=NEVER,DELAY
< 250
> RCPT TO:<support@desk.test> NOTIFY=
< 250
> RCPT TO:<support@desk.test> ORCPT=support@desk.test
< 250
> RCPT TO:<support@desk.test> ORCPT=rfc822;a+b@desk.test
< 250
> RCPT TO:<support@desk.test> SIZE=1
< 455 4.5.1
> RCPT TO:<support@desk.test> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;a+2Bb@desk.test
< 250)"},
    {"XFORWARD", R"(
> XFORWARD
< 501 5.5.4
> XFORWARD COLOUR=red
< 501 5.5.4
> XFORWARD IDENT=a+zz
< 501 5.5.4
> XFORWARD IDENT=a+0D+0Ab
< 501 5.5.4
> XFORWARD NAME=mx.example.org ADDR=[UNAVAILABLE] PORT=25 PROTO=ESMTP HELO=a+20b SOURCE=REMOTE IDENT=4Xy1Zq
< 250 2.0.0)"},
};

}  // namespace

TEST_CASE("the LMTP session answers each command in each order as RFC 2033 asks", "[lmtp]") {
  for (const Talk& talk : talks) {
    INFO(talk.about);
    Session session = new_session();
    play(session, hello);
    play(session, talk.lines);
  }
}

TEST_CASE("nothing but LHLO opens a transaction", "[lmtp]") {
  Session session = new_session();
  CHECK(session.greeting() == "220 mx.desk.test LMTP\r\n");
  play(session,
       "> MAIL FROM:<a@b.example>\n< 503 5.5.1\n> XFORWARD IDENT=1\n< 503 5.5.1\n> RSET\n< 250\n"
       "> RCPT TO:<support@desk.test>\n< 503\n> DATA\n< 503\n> QUIT\n< 221");
  CHECK(session.phase() == Phase::quit);
}

TEST_CASE("LHLO in the middle forgets the transaction", "[lmtp]") {
  Session session = new_session();
  play(session, hello);
  play(session, "> MAIL FROM:<a@b.example>\n< 250\n");
  play(session, hello);
  CHECK(session.phase() == Phase::ready);
}

TEST_CASE("the envelope arrives whole: sender, recipients, original recipients, queue id", "[lmtp][R1]") {
  Session session = new_session();
  play(session, hello);
  play(session,
       "> XFORWARD NAME=a IDENT=4Xy1Zq\n< 250\n> MAIL FROM:<\"a b\"@c.example>\n< 250\n"
       "> RCPT TO:<@relay.test:support+42@desk.test> ORCPT=rfc822;help+2B1@desk.test\n< 250\n"
       "> RCPT TO:<\"sales\"@desk.test>\n< 250\n> RCPT TO:<\"Иван \\\"П\\\"\"@desk.test>\n< 250\n> DATA\n< "
       "354");
  const Incoming incoming = session.take("text");
  CHECK(incoming.sender == "\"a b\"@c.example");
  CHECK(incoming.queue_id == "4Xy1Zq");
  CHECK(incoming.peer == "mx.example.org");
  CHECK(incoming.data == "text");
  REQUIRE(incoming.recipients.size() == 3);
  CHECK(incoming.recipients[0].address == "support+42@desk.test");
  CHECK(incoming.recipients[0].orcpt == "rfc822;help+2B1@desk.test");
  CHECK(incoming.recipients[1].address == "sales@desk.test");
  CHECK(incoming.recipients[1].orcpt.empty());
  CHECK(incoming.recipients[2].address == "\"Иван \\\"П\\\"\"@desk.test");
}

TEST_CASE("wishes of any length refuse no mail, and long original recipients stay distinct", "[lmtp][R12]") {
  Session session = new_session();
  play(session, hello);
  const std::string wish(3000, 'x');
  play(session, "> MAIL FROM:<a@b.example> ENVID=" + wish +
                    "\n< 250\n> RCPT TO:<support@desk.test> ORCPT=rfc822;" + wish +
                    "1\n< 250\n> RCPT TO:<support@desk.test> NOTIFY=" + wish + " ORCPT=rfc822;" + wish +
                    "2\n< 250\n> DATA\n< 354");
  const Incoming incoming = session.take("text");
  REQUIRE(incoming.recipients.size() == 2);
  for (const Recipient& recipient : incoming.recipients) {
    CHECK(recipient.orcpt.size() < 300);
    CHECK(recipient.orcpt.starts_with("rfc822;xxx"));
  }
  CHECK(incoming.recipients[0].orcpt != incoming.recipients[1].orcpt);
}

TEST_CASE("a queue id is of one message and not of the next one", "[lmtp]") {
  Session session = new_session();
  play(session, hello);
  const auto next = [&] {
    play(session, "> MAIL FROM:<a@b.example>\n< 250\n> RCPT TO:<support@desk.test>\n< 250\n> DATA\n< 354");
    const Incoming incoming = session.take("");
    session.answer({{250, "2.0.0", "filed"}});
    return incoming.queue_id;
  };
  play(session, "> XFORWARD IDENT=4Xy1Zq\n< 250");
  CHECK(next() == "4Xy1Zq");
  CHECK(next() == "");
  play(session, "> XFORWARD IDENT=[UNAVAILABLE]\n< 250");
  CHECK(next() == "");
}

TEST_CASE("the same address twice stays two recipients with two answers", "[lmtp][R12]") {
  Session session = new_session();
  play(session, hello);
  play(session,
       "> MAIL FROM:<>\n< 250\n> RCPT TO:<support@desk.test> ORCPT=rfc822;help@desk.test\n< 250\n"
       "> RCPT TO:<support@desk.test> ORCPT=rfc822;all@desk.test\n< 250\n> DATA\n< 354");
  CHECK(session.take("").recipients.size() == 2);

  SECTION("in the order of the recipients") {
    CHECK(session.answer({{250, "2.0.0", "a"}, {451, "4.3.0", "b"}}) == "250 2.0.0 a\r\n451 4.3.0 b\r\n");
  }
  SECTION("and a missing result is a temporary error") {
    CHECK(session.answer({{250, "2.0.0", "a"}}) == "250 2.0.0 a\r\n451 4.3.0 no result, try again\r\n");
  }
  SECTION("and an internal error is one for both") {
    const std::string one = "451 4.3.0 internal error, try again\r\n";
    CHECK(session.broken() == one + one);
  }
}

TEST_CASE("text of a reply cannot forge another reply", "[lmtp]") {
  Session session = new_session();
  play(session, hello);
  play(session, "> MAIL FROM:<>\n< 250\n> RCPT TO:<support@desk.test>\n< 250\n> DATA\n< 354");
  session.take("");
  CHECK(session.answer({{451, "4.3.0", "a\r\n250 ok"}}) == "451 4.3.0 a??250 ok\r\n");
}

TEST_CASE("control characters in a command are an error", "[lmtp]") {
  Session session = new_session();
  CHECK(session.command(std::string_view{"NOOP\0", 5}).starts_with("500 5.5.2"));
  CHECK(session.command("MAIL FROM:<a\rb@c.example>").starts_with("500 5.5.2"));
  CHECK(session.command("NOOP\x7f").starts_with("500 5.5.2"));
}

TEST_CASE("xtext is decoded or refused", "[lmtp]") {
  CHECK(from_xtext("a+2Bb+3D") == "a+b=");
  CHECK(from_xtext("") == "");
  for (const char* wrong : {"+", "+2", "a+2b", "+G0", "a+"}) CHECK(!from_xtext(wrong));
}
