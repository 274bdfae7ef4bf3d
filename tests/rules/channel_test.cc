// Which channel a message came to, where it came to several.

#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/rules/desk_for_tests.h"

namespace postroom {

using namespace tests;

TEST_CASE("of several channels the first one counts, or the first one that is not general", "[rules][R12]") {
  struct Row {
    WhichChannel which;
    std::vector<std::string> recipients;
    std::string channel;  // empty: none
  };
  using enum WhichChannel;
  const Row row = GENERATE(values<Row>({
      {first, {"sales@desk.test", "support@desk.test"}, "info@desk.test"},
      {specific, {"sales@desk.test", "support@desk.test"}, "support@desk.test"},
      {specific, {}, "info@desk.test"},
      {specific, {"all@desk.test"}, "info@desk.test"},
      {specific, {"sales+42@desk.test"}, "sales@desk.test"},
      {queue, {"sales@desk.test"}, "info@desk.test"},
  }));
  Desk desk = small_desk();
  desk.channels.insert(desk.channels.begin(), {"info@desk.test", "support"});
  desk.channels.push_back({"all@desk.test", "support"});
  desk.channels.front().general = desk.channels.back().general = Switch::on;
  desk.duplicates.channel = row.which;
  std::vector<std::string> recipients = row.recipients;
  recipients.insert(recipients.end(), {"Info@Desk.test", "anna@home.test"});
  REQUIRE(first_channel(desk, recipients));
  CHECK(first_channel(desk, recipients)->address == row.channel);
  std::ranges::reverse(recipients);
  CHECK(first_channel(desk, recipients)->address == row.channel);
}

TEST_CASE("a general channel is as good as any where there is no other", "[rules][R12]") {
  Desk desk = small_desk();
  desk.duplicates.channel = WhichChannel::specific;
  for (Channel& channel : desk.channels) channel.general = Switch::on;
  CHECK(first_channel(desk, {"sales@desk.test", "support@desk.test"})->address == "support@desk.test");
  CHECK_FALSE(first_channel(desk, {"anna@home.test"}));
}

}  // namespace postroom
