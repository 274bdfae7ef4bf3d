#include "lmtp/stored.h"

#include <catch2/catch.hpp>

#include "tests/support/growth.h"

using namespace postroom;

namespace {

struct Row {
  const char* what;
  std::string received, stored;
};

}  // namespace

TEST_CASE("below our own lines the message stands byte for byte", "[lmtp][R16]") {
  using namespace std::string_literals;
  const Row rows[] = {
      {"line ends", "Subject: a\r\n\r\nb\r\n\r\nc\r\n", "Subject: a\n\nb\n\nc\n"},
      {"bare LF, bare CR and NUL", "A: 1\r\n\r\nx\ny\rz\0\r\n"s, "A: 1\n\nx\ny\rz\0\n"s},
      {"forged headers of ours, folded", "X-Postroom-Ticket: 1\r\n more\r\n\tand more\r\nA: 1\r\n\r\nb\r\n",
       "A: 1\n\nb\n"},
      {"in any case, with white space", "A: 1\r\nx-postroom-QUEUE : q\r\nB: 2\r\n\r\n", "A: 1\nB: 2\n\n"},
      {"forged behind a bare LF", "A: 1\nX-Postroom-Ticket: 1\r\nB: 2\r\n\r\n", "A: 1\nB: 2\n\n"},
      {"receipt requests", "Disposition-Notification-To: a@b\r\n (x)\r\nA: 1\r\n\r\nb\r\n", "A: 1\n\nb\n"},
      {"the same lines in the body", "A: 1\r\n\r\nX-Postroom-Ticket: 1\r\n",
       "A: 1\n\nX-Postroom-Ticket: 1\n"},
      {"behind an empty line with a bare LF", "A: 1\n\nX-Postroom-Ticket: 1\r\n",
       "A: 1\n\nX-Postroom-Ticket: 1\n"},
      {"mbox and rubbish", "From a@b Mon\r\nno field\r\nA: 1\r\n\r\n", "From a@b Mon\nno field\nA: 1\n\n"},
      {"no header at all", "\r\nX-Postroom-Ticket: 1\r\n", "\nX-Postroom-Ticket: 1\n"},
      {"no empty line", "A: 1\r\nX-Postroom-Seal: 1\r\nB: 2", "A: 1\nB: 2"},
      {"nothing", "", ""},
      {"a CR at the end", "A: 1\r\n\r\nb\r", "A: 1\n\nb\r"},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    CHECK(stored_text(row.received, {}) == row.stored);
    CHECK(stored_text(row.received, {{"Own", "line\n folded"}}) == "Own: line\n folded\n" + row.stored);
  }
}

TEST_CASE("a long hostile header takes linear time", "[lmtp]") {
  CHECK(tests::growth(20000, [](std::size_t lines) {
          std::string data;
          for (std::size_t i = 0; i < lines; ++i) data += i % 2 ? " \r\n" : "X:\r\r\r\n";
          CHECK(stored_text(data, {}).size() > data.size() / 2);
          CHECK(from_first_received(data).size() == data.size());
        }) < tests::linear);
}

TEST_CASE("a retry is known from the first Received line on", "[lmtp][R12]") {
  const std::string same =
      "Received: from a\r\n\tby b (Postfix) with ESMTP id 4Xy1Zq\r\n\tfor <c>; now\r\n\r\nx";
  CHECK(from_first_received("Return-Path: <a>\r\nDelivered-To: b\r\n folded\r\n" + same) == same);
  CHECK(from_first_received("A: 1\r\n\r\n" + same) == "A: 1\r\n\r\n" + same);
  CHECK(queue_id_in("Return-Path: <a>\r\n" + same) == "4Xy1Zq");
  CHECK(queue_id_in("Received: by mx (Postfix, from userid 0)\r\n\tid 5Ab; now\r\n\r\n") == "5Ab");
  CHECK(queue_id_in("Received: from x id evil\"=1 by y\r\n\r\n").empty());
  CHECK(queue_id_in("Subject: id x\r\n\r\n").empty());
}

TEST_CASE("what a peer says of itself cannot add a header line", "[lmtp]") {
  Incoming incoming;
  incoming.sender = "a\r\nEvil: 1@b>";
  incoming.peer = "mx\nEvil: 2";
  const auto lines = trace_lines(incoming, "host.test", 5, Time{});
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].value == "<a??Evil:?1@b?>");
  CHECK(lines[1].value ==
        "from mx?Evil:?2\n by host.test (postroom) with LMTP id 5;\n Thu, 01 Jan 1970 00:00:00 +0000");
  incoming.sender.clear();
  CHECK(trace_lines(incoming, "h", 5, Time{})[0].value == "<>");
}
