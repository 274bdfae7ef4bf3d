// list, events and audit: what somebody who counts has to be told.

#include <catch2/catch.hpp>

#include <fstream>

#include "tests/lmtp/tickets.h"

namespace postroom::tests {

TEST_CASE("a name that nobody has is told, and is no empty list", "[schema]") {
  TestDesk desk;
  arrive(desk, letter("4A1"));
  struct Row {
    std::string asked, says;
    int status;
  };
  const Row rows[] = {
      {"--status opn", "a status is new, open, waiting or resolved; ", 64},
      {"--queue suport", "there is no queue 'suport'\n", 1},
      {"--owner iwan", "there is no operator 'iwan'\n", 1},
      {"--queue sales", "", 0},
      {"--owner ivan", "", 0},
      {"--status resolved", "", 0},
  };
  for (const Row& row : rows) {
    INFO(row.asked);
    const TicketsRan ran = tickets(desk, "list " + row.asked);
    CHECK(ran.status == row.status);
    CHECK_THAT(ran.out, Catch::Contains(row.says));
    CHECK(ran.out.empty() == row.says.empty());
  }
}

TEST_CASE("help tells the commands and their options, and no other names", "[conf][schema]") {
  const TestDesk desk;
  const TicketsRan all = tickets(desk, "--help");
  CHECK(all.status == 0);
  CHECK_THAT(all.out,
             Catch::StartsWith("usage: postroom-tickets [-c FILE] [--json] COMMAND [ARGUMENT]...\n"));
  CHECK_THAT(all.out, Catch::Contains("\n  split TICKET MESSAGE...  "));
  CHECK_THAT(all.out, Catch::Contains("\n  --why TEXT "));
  CHECK_THAT(all.out, !Catch::Contains("--command") && !Catch::Contains("--argument"));
  const TicketsRan one = tickets(desk, "help split");
  CHECK(one.status == 0);
  CHECK_THAT(one.out,
             Catch::StartsWith("usage: postroom-tickets [-c FILE] [--json] split TICKET MESSAGE... "));
  CHECK(tickets(desk, "--json").status == 64);
}

TEST_CASE("rows that were cut off unasked are told", "[schema]") {
  TestDesk desk;
  const auto store = desk.store();
  const auto change = [&](int n) {
    store->set_customer_status({"anna@customer.test", "", n % 2 == 0 ? "vip" : "new"}, {"anton", Time{}});
  };
  const auto lines = [](const std::string& text) { return std::count(text.begin(), text.end(), '\n'); };
  for (int n = 0; n < 100; ++n) change(n);
  CHECK(lines(tickets(desk, "--json events").out) == 100);
  change(100);
  const TicketsRan cut = tickets(desk, "--json events");
  CHECK(cut.status == 0);
  CHECK_THAT(cut.out, Catch::Contains("the newest 100 only: --most NUMBER shows more"));
  CHECK_THAT(cut.out, Catch::Contains("\"event\":101"));
  CHECK(lines(cut.out) == 101);
  CHECK(lines(tickets(desk, "--json events --most 7").out) == 7);
}

TEST_CASE("all events of a ticket are shown, however many there are", "[schema][I4]") {
  TestDesk desk;
  const TicketNumber ticket = arrive(desk, letter("4A1"));
  const auto store = desk.store();
  TicketChange change;
  change.kind = TicketChange::Kind::set_priority;
  change.ticket = ticket;
  for (int n = 0; n < 110; ++n) {
    change.priority = n % 2 == 0 ? Priority::high : Priority::low;
    REQUIRE(store->change(change, std::nullopt, desk.live.current()->settings.desk, Time{}).refusal == "");
  }
  const std::string show = "show --json " + std::to_string(ticket);
  CHECK(tickets(desk, show).json()["events"].size() == store->events(ticket, 1000).size());
  CHECK(tickets(desk, show + " --most 7").json()["events"].size() == 7);
}

TEST_CASE("a log that is not Postfix's, or is compressed, is no desk without losses", "[schema]") {
  TestDesk desk;
  arrive(desk, letter("4A1"));
  const auto audit = [&](const std::string& text) {
    std::ofstream{desk.dir / "mail.log", std::ios::binary} << text;
    return tickets(desk, "audit --queue /dev/null --log mail.log");
  };
  CHECK(audit("").status == 0);
  CHECK(audit("Nov 23 03:01:34 mx postfix/master[77]: daemon started\n").status == 0);
  const TicketsRan other = audit("Nov 23 03:01:34 mx dovecot: master: Dovecot starting up\n");
  CHECK(other.status == 75);
  CHECK_THAT(other.out, Catch::Contains("Postfix has written no line of these log files"));
  const TicketsRan compressed = audit("\x1f\x8b\x08 postfix");
  CHECK(compressed.status == 75);
  CHECK_THAT(compressed.out, Catch::Contains("mail.log is compressed: unpack it, or leave it out"));
}

}  // namespace postroom::tests
