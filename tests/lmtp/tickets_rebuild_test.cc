// rebuild, beside daemons that may run.

#include <catch2/catch.hpp>
#include <filesystem>

#include "conf/program.h"
#include "lmtp/listen.h"
#include "tests/lmtp/tickets.h"

namespace postroom::tests {

TEST_CASE("a database is not rebuilt while a daemon works with it", "[schema][I9]") {
  TestDesk desk{"sockets: {lmtp: 'unix:lmtp', milter: 'unix:milter'}\n"};
  desk.deliver->deliver(letter("4A1"));
  desk.stop();
  const auto refused = [&](const std::string& who) {
    const TicketsRan ran = tickets(desk, "rebuild --force");
    CHECK(ran.status == 75);
    CHECK_THAT(ran.out, Catch::Contains(who + ": stop the daemons, rebuild, and start them again"));
  };
  {
    const PidFile one{desk.dir.path(), "postroom-lmtp"}, two{desk.dir.path(), "postroom-milter"};
    refused("postroom-lmtp and postroom-milter run");
  }
  {
    const Listener listener{"unix:" + (desk.dir / "milter"), 0600};
    refused("postroom-milter runs");
  }
  SECTION("what a killed one has left hinders nobody") {
    Listener listener{"unix:" + (desk.dir / "lmtp"), 0600};
    std::filesystem::rename(desk.dir / "lmtp", desk.dir / "left");
    listener.stop();
    std::filesystem::rename(desk.dir / "left", desk.dir / "lmtp");
    write_file(desk.dir / "postroom-lmtp.pid", "1\n");
  }
  CHECK(tickets(desk, "rebuild --force").status == 0);
}

TEST_CASE("a port is served while somebody listens on it", "[lmtp]") {
  Listener listener{"inet:127.0.0.1:0", 0};
  const std::string address = listener.address();
  CHECK(is_served(address));
  listener.stop();
  CHECK_FALSE(is_served(address));
}

}  // namespace postroom::tests
