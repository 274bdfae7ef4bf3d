#include "milter/collect.h"

#include <catch2/catch.hpp>

#include <string>

namespace postroom {
namespace {

Desk desk() {
  Desk desk;
  desk.channels = {{"support@desk.test", "support"}, {"sales@desk.test", "sales"}};
  return desk;
}

Collector::More wanted = Collector::More::wanted;
Collector::More enough = Collector::More::enough;

}  // namespace

TEST_CASE("addresses are kept without angle brackets, as SMTP and sendmail give them", "[milter][R1]") {
  const Desk ours = desk();
  Collector smtp{ours, 10, "<ann@example.net>"};
  smtp.recipient("<support@desk.test>");
  smtp.recipient("sales@desk.test");
  const Envelope envelope = smtp.finish().envelope;
  CHECK(envelope.sender == "ann@example.net");
  CHECK(envelope.recipients == std::vector<std::string>{"support@desk.test", "sales@desk.test"});

  CHECK(Collector(ours, 10, "<>").finish().envelope.sender == "");
  CHECK(Collector(ours, 10, "").finish().envelope.sender == "");
  CHECK(Collector(ours, 10, "<").finish().envelope.sender == "<");
}

TEST_CASE("a message that goes to others too is not for the milter to change", "[milter][R1]") {
  const Desk ours = desk();
  Collector message{ours, 10, "<ann@example.net>"};
  CHECK_FALSE(message.for_desk());
  message.recipient("<Sales+48213@Desk.Test>");
  CHECK(message.for_desk());
  message.recipient("<support@desk.test>");
  CHECK(message.for_desk());
  message.recipient("<bob@desk.test>");
  CHECK_FALSE(message.for_desk());
  message.recipient("<support@desk.test>");
  CHECK_FALSE(message.for_desk());
}

TEST_CASE("the recipients kept are bounded", "[milter]") {
  const Desk ours = desk();
  Collector message{ours, 5, "<ann@example.net>"};
  for (int i = 0; i < 1000; ++i) message.recipient("<support+" + std::to_string(i) + "@desk.test>");
  CHECK(message.for_desk());
  CHECK(message.finish().envelope.recipients.size() == 5);
}

TEST_CASE("the bytes kept are the message as it came", "[milter]") {
  const Desk ours = desk();
  Collector message{ours, 10, "<ann@example.net>"};
  message.header("Subject", "one\n two");
  message.header("Empty", "");
  CHECK(message.body("Hello\r\n") == wanted);
  CHECK(message.body("Bye\r\n") == wanted);
  CHECK(message.finish().bytes == "Subject: one\n two\r\nEmpty: \r\n\r\nHello\r\nBye\r\n");

  SECTION("without a body") {
    Collector bare{ours, 10, ""};
    bare.header("Subject", "one");
    CHECK(bare.finish().bytes == "Subject: one\r\n\r\n");
  }
  SECTION("without a header") {
    Collector bare{ours, 10, ""};
    CHECK(bare.body("Hello\r\n") == wanted);
    CHECK(bare.finish().bytes == "\r\nHello\r\n");
  }
}

TEST_CASE("a long body is kept to its limit, and the rest is not asked for", "[milter]") {
  Desk ours = desk();
  ours.message.bytes = 100;
  Collector message{ours, 10, ""};
  message.header("A", "b");  // 6 bytes, and 2 of the empty line
  CHECK(message.body(std::string(91, 'x')) == wanted);
  CHECK(message.body("yz") == enough);
  CHECK(message.body(std::string(50000, 'z')) == enough);
  CHECK(message.finish().bytes == "A: b\r\n\r\n" + std::string(91, 'x') + "y");
}

TEST_CASE("header fields are kept to their limits of number and size", "[milter]") {
  Desk ours = desk();
  SECTION("number") {
    ours.message.headers = 3;
    Collector message{ours, 10, ""};
    for (int i = 0; i < 10; ++i) message.header("N", std::to_string(i));
    CHECK(message.finish().bytes == "N: 0\r\nN: 1\r\nN: 2\r\n\r\n");
  }
  SECTION("size") {
    ours.message.header_bytes = 20;
    Collector message{ours, 10, ""};
    message.header("Long", std::string(100, 'x'));
    message.header("A", "b");
    CHECK(message.finish().bytes == "A: b\r\n\r\n");
  }
  SECTION("an address list of a megabyte") {
    Collector message{ours, 10, ""};
    message.header("To", std::string(1U << 20, 'a'));
    CHECK(message.finish().bytes.size() < 10);
  }
}

TEST_CASE("a message is read to its end where a rule asks for its size", "[milter][R2]") {
  Desk ours = desk();
  ours.message.bytes = 20;
  SECTION("no rule does") {
    Collector message{ours, 10, ""};
    CHECK(message.body(std::string(100, 'x')) == enough);
  }
  SECTION("a rule does") {
    Rule rule;
    rule.none = {{Field::size, "", {">50"}}};
    ours.rules = {rule};
    Collector message{ours, 10, ""};
    message.header("A", "b");
    CHECK(message.body(std::string(100, 'x')) == wanted);
    CHECK(message.body(std::string(100, 'x')) == wanted);
    const Collected collected = message.finish();
    CHECK(collected.bytes.size() == 20);
    CHECK(collected.size == 208);
  }
}

TEST_CASE("forged tags and receipt requests are counted for each name, whatever its case", "[milter][R16]") {
  Desk ours = desk();
  ours.message.headers = 6;
  ours.message.header_bytes = 60;
  Collector message{ours, 10, ""};
  message.header("X-Postroom-Queue", "sales");
  message.header("Subject", "x");
  message.header("x-POSTROOM-queue", "sales");
  message.header("X-Postroom-Seal \t", "forged");
  message.header("Disposition-Notification-To", "ann@example.net");
  message.header("X-Postroom", "not one of ours");
  message.header("X-Postroom-Queue", "beyond the limit of bytes, and counted still");
  using Counts = std::map<std::string, int>;
  CHECK(message.finish().unwanted ==
        Counts{{"x-postroom-queue", 3}, {"x-postroom-seal", 1}, {"disposition-notification-to", 1}});
}

TEST_CASE("a message with endless forged tags is given up", "[milter]") {
  Desk ours = desk();
  ours.message.headers = 50;
  Collector message{ours, 10, ""};
  const auto forge = [&message](int times) {
    for (int i = 0; i < times; ++i) message.header("X-Postroom-Queue", "sales");
  };
  CHECK_NOTHROW(forge(50));
  CHECK_THROWS_AS(forge(1), std::runtime_error);

  SECTION("by the size of the names, too") {
    ours.message.header_bytes = 1000;
    Collector other{ours, 10, ""};
    CHECK_THROWS_AS(other.header("X-Postroom-" + std::string(2000, 'a'), ""), std::runtime_error);
  }
}

}  // namespace postroom
