#include <catch2/catch.hpp>

#include "rules/stored.h"
#include "tests/rules/desk_for_tests.h"

namespace postroom {
namespace {

using namespace tests;
using namespace std::chrono;

constexpr sys_seconds noon = sys_days{November / 22 / 2026} + 12h;

}  // namespace

TEST_CASE("a stored message tells whom it was sent to, by whom and when it came", "[rules]") {
  Message message = mail_from("anna@home.test", "x", "x");
  message.to = {{"", "list@home.test"}};
  message.cc = {{"", "sales@desk.test"}};
  message.date = "2020-01-01T00:00:00Z";
  message.headers = {{"Return-Path", "<Anna@Home.test>"},
                     {"delivered-to", "support@desk.test"},
                     {"Received", "from a by b; Sun, 22 Nov 2026 14:00:00 +0200 (EET)"},
                     {"Received", "from c by a; Sun, 22 Nov 2026 01:00:00 +0000"}};
  const Envelope envelope = stored_envelope(message);

  CHECK(envelope.sender == "anna@home.test");
  CHECK(envelope.recipients ==
        std::vector<std::string>{"support@desk.test", "list@home.test", "sales@desk.test"});
  CHECK(envelope.arrived == noon);

  SECTION("what the admin says comes first") {
    const Envelope told{"", {"sales@desk.test"}, noon + 1h};
    const Envelope both = stored_envelope(message, told, noon + 5h);
    CHECK(both.sender == "");
    CHECK(both.recipients == std::vector<std::string>{"sales@desk.test"});
    CHECK(both.arrived == noon + 1h);
  }
  SECTION("without a good Received line the date counts, without any date the present") {
    message.headers = {{"Received", "from a by b; yesterday"}};
    CHECK(stored_envelope(message).arrived == sys_days{January / 1 / 2020});
    message.date.reset();
    CHECK(!stored_envelope(message).arrived);
    CHECK(stored_envelope(message, {}, noon).arrived == noon);
    CHECK(!stored_envelope(message).sender);
  }
}

TEST_CASE("a time is read as people and as mail write it, or not at all", "[rules]") {
  CHECK(time_in("2026-11-22T12:00:00Z") == noon);
  CHECK(time_in("Sun, 22 Nov 2026 12:00:00 +0000") == noon);
  for (const char* wrong :
       {"", "noon", "2026-13-22T12:00:00Z", "2026-11-22T12:00:00Z\nX: y", "2026-11-22T25:00:00Z"}) {
    CHECK(!time_in(wrong));
  }
}

}  // namespace postroom
