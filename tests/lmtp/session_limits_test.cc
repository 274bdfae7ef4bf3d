#include <catch2/catch.hpp>

#include "tests/lmtp/talk.h"

using namespace postroom;
using namespace postroom::tests;

TEST_CASE("more recipients than the limit wait for another transaction", "[lmtp]") {
  Session session = new_session({.recipients = 2});
  play(session, hello);
  play(session,
       "> MAIL FROM:<>\n< 250\n> RCPT TO:<a@desk.test>\n< 250\n> RCPT TO:<b@desk.test>\n< 250\n"
       "> RCPT TO:<c@desk.test>\n< 452 4.5.3\n> DATA\n< 354\n= text\n< 250\n< 250");
}

TEST_CASE("a peer that talks no LMTP is left after a number of bad commands", "[lmtp]") {
  Session session = new_session({.bad_commands = 3});

  SECTION("unknown, out of order, too long") {
    play(session, "> FOO\n< 500\n> DATA\n< 503");
    CHECK(session.line_too_long().starts_with("421 4.7.0"));
    CHECK(session.phase() == Phase::quit);
  }
  SECTION("a delivered message makes up for them") {
    play(session, "> FOO\n< 500\n> FOO\n< 500");
    play(session, hello);
    play(session,
         "> MAIL FROM:<>\n< 250\n> RCPT TO:<a@desk.test>\n< 250\n> DATA\n< 354\n= text\n< 250\n> FOO\n< 500");
    CHECK(session.phase() == Phase::ready);
  }
  SECTION("refused recipients are no bad commands, however many") {
    play(session, hello);
    for (int i = 0; i < 10; ++i)
      play(session, "> MAIL FROM:<>\n< 250\n> RCPT TO:<a@else.test>\n< 450\n> DATA\n< 503\n> RSET\n< 250");
  }
  SECTION("a web browser is left at once") {
    play(session, "> POST / HTTP/1.1\n< 421 4.7.0");
    CHECK(session.phase() == Phase::quit);
  }
}
