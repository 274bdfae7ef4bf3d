#include "lmtp/wire.h"

#include <catch2/catch.hpp>
#include <chrono>

#include "lmtp/converse.h"
#include "tests/lmtp/scripted_peer.h"

using namespace postroom;
using postroom::tests::ScriptedPeer;
using namespace std::string_literals;

namespace {

std::vector<std::string> in_pieces(const std::string& text, std::size_t size) {
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < text.size(); at += size) pieces.push_back(text.substr(at, size));
  return pieces;
}

struct MessageCase {
  const char* about;
  std::string sent, kept;
};

const MessageCase messages[] = {
    {"an ordinary message", "A: b\r\n\r\ntext\r\n.\r\n", "A: b\r\n\r\ntext\r\n"},
    {"an empty message", ".\r\n", ""},
    {"stuffed dots", "..\r\n...\r\n.a\r\n..b..\r\n.\r\n", ".\r\n..\r\na\r\n.b..\r\n"},
    {"bare LF around the dot is text", "a\n.\nb\r\n.\r\n", "a\n.\nb\r\n"},
    {"LF.CRLF is text", "a\n.\r\nMAIL FROM:<x@y>\r\n.\r\n", "a\n.\r\nMAIL FROM:<x@y>\r\n"},
    {"CRLF.LF is text with a stuffed dot", "a\r\n.\nb\r\n.\r\n", "a\r\n\nb\r\n"},
    {"CR.CR is text", "a\r.\rb\r\n.\r\n", "a\r.\rb\r\n"},
    {"CRLF.CR is text with a stuffed dot", "a\r\n.\rb\r\n.\r\n", "a\r\n\rb\r\n"},
    {"CR CRLF.CRLF ends it", "a\r\r\n.\r\n", "a\r\r\n"},
    {"CRLF.CR CRLF does not", "a\r\n.\r\r\n.\r\n", "a\r\n\r\r\n"},
    {"NUL and 8 bit are text", "a\0b\xff\r\n.\r\n"s, "a\0b\xff\r\n"s},
    {"empty lines", "\r\n\r\n\r\n.\r\n", "\r\n\r\n\r\n"},
};

Body read_message(ScriptedPeer& peer, WireLimits limits = {}) {
  Wire wire{peer, limits};
  Body body;
  REQUIRE(wire.message(body) == Got::input);
  std::string_view next;
  REQUIRE(wire.command(next) == Got::input);
  CHECK(next == "NEXT");
  return body;
}

std::vector<Reply> all_filed(const Incoming& incoming) {
  return std::vector<Reply>(incoming.recipients.size(), {250, "2.0.0", "filed"});
}

// The whole of one connection. Returns what the peer heard.
std::string converse_with(ScriptedPeer& peer, const DeliverMessage& deliver, WireLimits limits = {}) {
  Wire wire{peer, limits};
  Session session{
      "mx", {.message = limits.message}, [](const std::string&) { return std::optional<Reply>{}; }};
  converse(wire, session, deliver, [](Level, std::string_view) {});
  return peer.heard;
}

const std::string envelope = "LHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nRCPT TO:<e@d>\r\nDATA\r\n";

}  // namespace

TEST_CASE("a message is read as it was sent, wherever the packets are cut", "[lmtp]") {
  for (const MessageCase& each : messages) {
    for (const std::size_t size : std::vector<std::size_t>{1, 2, 3, 4, 5, 7, 1000}) {
      INFO(each.about << ", pieces of " << size);
      ScriptedPeer peer{in_pieces(each.sent + "NEXT\r\n", size)};
      const Body body = read_message(peer);
      CHECK(body.text == each.kept);
      CHECK(body.fault == Body::Fault::none);
    }
  }
}

TEST_CASE("a message bigger than the buffer is read whole", "[lmtp]") {
  std::string text;
  for (int line = 0; line < 20000; ++line)
    text += std::string(static_cast<std::size_t>(line % 90), 'x') + "\r\n";
  ScriptedPeer peer{in_pieces(text + ".\r\nNEXT\r\n", 100000)};
  CHECK(read_message(peer).text == text);
}

TEST_CASE("lines of a message up to the limit lose nothing, longer ones refuse the message", "[lmtp]") {
  const auto fault = [](std::size_t length, std::size_t pieces) {
    ScriptedPeer peer{in_pieces(std::string(length - 2, 'x') + "\r\nshort\r\n.\r\nNEXT\r\n", pieces)};
    return read_message(peer, {.line = 70000}).fault;
  };
  for (const std::size_t pieces : std::vector<std::size_t>{1000, 100000}) {
    CHECK(fault(70000, pieces) == Body::Fault::none);
    CHECK(fault(70001, pieces) == Body::Fault::long_line);
  }
}

TEST_CASE("a message up to the limit fits, a bigger one is read to its end and dropped", "[lmtp]") {
  const auto read = [](std::size_t size) {
    std::string text;
    while (text.size() + 200 < size) text += std::string(98, 'x') + "\r\n";
    text += std::string(size - text.size() - 2, 'x') + "\r\n";
    ScriptedPeer peer{in_pieces(text + ".\r\nNEXT\r\n", 4000)};
    return read_message(peer, {.message = 100000});
  };
  CHECK(read(100000).fault == Body::Fault::none);
  CHECK(read(100000).text.size() == 100000);
  CHECK(read(100001).fault == Body::Fault::too_big);
  CHECK(read(300000).text.empty());
}

TEST_CASE("a connection that ends inside a message gives no message", "[lmtp]") {
  for (const char* sent : {"", "a", "a\r\n", "a\r\n.", "a\r\n.\r", ".\r", "a\n.\n"}) {
    INFO(sent);
    ScriptedPeer peer{{sent}};
    Wire wire{peer, {}};
    Body body;
    CHECK(wire.message(body) == Got::closed);
  }
}

TEST_CASE("commands end with CRLF or LF", "[lmtp]") {
  for (const std::size_t size : std::vector<std::size_t>{1, 3, 100}) {
    ScriptedPeer peer{in_pieces("NOOP\r\nnoop\n\r\na\rb\r\nlost", size)};
    Wire wire{peer, {}};
    std::string_view line;
    for (const char* expected : {"NOOP", "noop", "", "a\rb"}) {
      REQUIRE(wire.command(line) == Got::input);
      CHECK(line == expected);
    }
    CHECK(wire.command(line) == Got::closed);
  }
}

TEST_CASE("a command over the limit is read to its end, and the next one is understood", "[lmtp]") {
  const auto lengths = [](std::size_t length, std::size_t pieces) {
    ScriptedPeer peer{in_pieces(std::string(length - 2, 'x') + "\r\nNOOP\r\n", pieces)};
    Wire wire{peer, {.command = 4096}};
    std::string_view line;
    const Got first = wire.command(line);
    REQUIRE(wire.command(line) == Got::input);
    CHECK(line == "NOOP");
    return first;
  };
  for (const std::size_t pieces : std::vector<std::size_t>{1, 100, 4096, 1000000}) {
    CHECK(lengths(4096, pieces) == Got::input);
    CHECK(lengths(4097, pieces) == Got::too_long);
    CHECK(lengths(200000, pieces) == Got::too_long);
  }
}

TEST_CASE("replies to pipelined commands leave together, and before anything is waited for", "[lmtp]") {
  ScriptedPeer peer{{"LHLO a\r\n", "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n", "text\r\n.\r\nQUIT\r\n"}};
  converse_with(peer, all_filed);
  CHECK(peer.writes == 4);  // greeting; LHLO; MAIL, RCPT and DATA; the message and QUIT
  REQUIRE(peer.heard_at_read.size() == 3);
  CHECK(peer.heard_at_read[0] == "220 mx LMTP\r\n");
  CHECK(peer.heard_at_read[2].ends_with("354 end with <CR><LF>.<CR><LF>\r\n"));
  CHECK(peer.heard.ends_with("250 2.0.0 filed\r\n221 2.0.0 bye\r\n"));
}

TEST_CASE("a message that does not fit is refused for each recipient", "[lmtp]") {
  int delivered = 0;
  const auto deliver = [&](const Incoming& incoming) {
    ++delivered;
    return all_filed(incoming);
  };
  const std::string refused = std::string(2000, 'x') + "\r\n.\r\n";
  const std::string again = "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nsmall\r\n.\r\nQUIT\r\n";
  ScriptedPeer peer{{envelope + refused + again}};

  SECTION("too big") {
    CHECK(converse_with(peer, deliver, {.message = 1000})
              .find("552 5.3.4 message is too big\r\n552 5.3.4 message is too big\r\n250 2.1.0") !=
          std::string::npos);
  }
  SECTION("a line is too long") {
    const std::string text = "451 4.6.0 a line of the message is too long\r\n";
    CHECK(converse_with(peer, deliver, {.line = 1000}).find(text + text + "250 2.1.0") != std::string::npos);
  }
  CHECK(peer.heard.ends_with("250 2.0.0 filed\r\n221 2.0.0 bye\r\n"));
  CHECK(delivered == 1);
}

TEST_CASE("a connection cut at any byte delivers the message at most once, and whole", "[lmtp]") {
  const std::string sent = envelope + "Subject: a\r\n\r\n..text\r\n.\r\nQUIT\r\n";
  const std::size_t end_of_message = sent.find("\r\n.\r\n") + 5;
  for (std::size_t cut = 0; cut <= sent.size(); ++cut) {
    std::vector<std::string> delivered;
    ScriptedPeer peer{{sent.substr(0, cut)}};
    converse_with(peer, [&](const Incoming& incoming) {
      delivered.push_back(incoming.data);
      return all_filed(incoming);
    });
    INFO("cut at " << cut);
    const std::vector<std::string> whole{"Subject: a\r\n\r\n.text\r\n"};
    CHECK(delivered == (cut >= end_of_message ? whole : std::vector<std::string>{}));
  }
}

TEST_CASE("a peer that is gone ends the conversation", "[lmtp]") {
  ScriptedPeer peer{{envelope + "text\r\n.\r\n", "NOOP\r\n"}};
  peer.gone = true;
  CHECK(converse_with(peer, all_filed) == "");
}

TEST_CASE("silence and the end of the program are told with 421", "[lmtp]") {
  ScriptedPeer silent{{"LHLO a\r\nMAIL FROM:<a@b>\r\n"}, Got::timeout};
  CHECK(converse_with(silent, all_filed).ends_with("421 4.4.2 nothing heard for too long\r\n"));
  ScriptedPeer slow{{envelope + "half of a mess"}, Got::timeout};
  CHECK(converse_with(slow, all_filed).ends_with("421 4.4.2 nothing heard for too long\r\n"));
  ScriptedPeer stopped{{"LHLO a\r\n"}, Got::stopping};
  CHECK(converse_with(stopped, all_filed).ends_with("421 4.3.2 the service stops, try again\r\n"));
}

TEST_CASE("an exception while delivering defers every recipient and ends the connection", "[lmtp]") {
  ScriptedPeer peer{{envelope + "text\r\n.\r\nNOOP\r\n"}};
  const std::string heard = converse_with(
      peer, [](const Incoming&) -> std::vector<Reply> { throw std::runtime_error{"disk on fire"}; });
  const std::string one = "451 4.3.0 internal error, try again\r\n";
  CHECK(heard.ends_with("354 end with <CR><LF>.<CR><LF>\r\n" + one + one));
}

TEST_CASE("reading a message of 50 KB takes microseconds", "[lmtp][.bench]") {
  std::string text;
  while (text.size() < 50000) text += std::string(76, 'x') + "\r\n";
  const auto begin = std::chrono::steady_clock::now();
  constexpr int times = 1000;
  for (int i = 0; i < times; ++i) {
    ScriptedPeer peer{in_pieces(text + ".\r\n", 16384)};
    Wire wire{peer, {}};
    Body body;
    REQUIRE(wire.message(body) == Got::input);
  }
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
  WARN("one message: " << took.count() / times << " us");
}
