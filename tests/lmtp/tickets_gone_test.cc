// erase and retain: what is gone is gone from the folders and from the bytes of the database.

#include <catch2/catch.hpp>

#include "tests/lmtp/tickets.h"

namespace postroom::tests {
namespace {

Incoming letter_of(const std::string& person, const std::string& id) {
  Incoming incoming = letter(id);
  const std::string anna = "anna@customer.test", address = person + "@customer.test";
  incoming.sender = address;
  incoming.data.replace(incoming.data.find(anna), anna.size(), address);
  return incoming;
}

// How many files of the database hold these bytes. Another process looks: to close one of them here would
// drop the locks that SQLite holds in this one.
int in_database(const TestDesk& desk, const std::string& bytes) {
  int found = 0;
  for (const char* end : {"", "-wal"})
    found +=
        std::system(("grep -qaF '" + bytes + "' " + (desk.dir / "db") + end + " 2>/dev/null").c_str()) == 0;
  return found;
}

int files_with(const TestDesk& desk, const std::string& text) {
  int found = 0;
  for (const char* inner : {"new", "cur", "tmp"})
    for (const std::string& path : desk.files(inner))
      found += read_file(path).find(text) != std::string::npos ? 1 : 0;
  return found;
}

}  // namespace

TEST_CASE("an erased customer is in no folder and in no byte of the database", "[schema]") {
  TestDesk desk;
  const TicketNumber hers = arrive(desk, letter_of("anna", "4A1"));
  arrive(desk, letter_of("boris", "4A2"));
  // A copy that an operator made, and a file that a client has named anew.
  desk.maildir.make_folder("Support", {"Copies"});
  const std::string copies = desk.maildir.directory("Support", {"Copies"});
  for (const std::string& path : desk.files("new"))
    if (read_file(path).find("anna@") != std::string::npos)
      std::filesystem::copy_file(path, copies + "/cur/1795.M1P1.mx:2,SF");
  REQUIRE(files_with(desk, "anna@customer.test") == 2);
  REQUIRE(in_database(desk, "anna@customer.test") > 0);

  const TicketsRan trial = tickets(desk, "erase --dry-run --customer anna@customer.test");
  CHECK(trial.status == 0);
  CHECK_THAT(trial.out, Catch::StartsWith("address anna@customer.test\nmessage "));
  const TicketsRan doubt = tickets(desk, "erase --customer anna@customer.test", "echo no |");
  CHECK(doubt.status == 1);
  CHECK_THAT(doubt.out, Catch::Contains("not confirmed"));
  CHECK(files_with(desk, "anna@customer.test") == 2);

  const TicketsRan ran = tickets(desk, "erase --customer Anna@customer.test", "echo anna@customer.test |");
  CHECK(ran.status == 0);
  CHECK_THAT(ran.out, Catch::Contains("1 tickets, 2 files") && Catch::Contains("index caches"));
  CHECK(files_with(desk, "anna@customer.test") == 0);
  CHECK(files_with(desk, "boris@customer.test") == 1);
  CHECK_FALSE(std::filesystem::exists(copies + "/dovecot-uidlist.lock"));
  for (const char* bytes : {"anna@customer", "4A1@customer", "a question 4A1"})
    CHECK(in_database(desk, bytes) == 0);
  CHECK(in_database(desk, "a question 4A2") > 0);
  CHECK_THAT(events_of(desk, hers), Catch::EndsWith(": erased; "));
  CHECK(desk.store()->verify() == std::vector<std::string>{});

  // Again it finds nothing, and what she writes now is a new customer's.
  CHECK(tickets(desk, "erase --yes --customer anna@customer.test").status == 0);
  CHECK(desk.store()->ticket(arrive(desk, letter_of("anna", "4A3")))->customer_address ==
        "anna@customer.test");
}

TEST_CASE("erasing that is killed anywhere is finished by running it again", "[schema][I1]") {
  if (!can_be_killed()) {
    WARN("skipped: there is no strace that may trace");
    return;
  }
  TestDesk desk;
  for (int i = 0; i < 5; ++i) arrive(desk, letter_of("anna", "4A" + std::to_string(i)));
  arrive(desk, letter_of("boris", "4B1"));
  desk.stop();
  bool finished = false;
  int killed = 0;
  for (int n = 1; !finished; n += 3, ++killed) {
    REQUIRE(n < 1000);
    finished = tickets(desk, "erase --yes --customer anna@customer.test",
                       killed_at("fsync,fdatasync,unlink,ftruncate,pwrite64", n))
                   .status == 0;
    INFO("killed at call " << n);
    CHECK(desk.store()->verify() == std::vector<std::string>{});
    for (const MessageRow& message : desk.store()->going(0, 100))
      CHECK((message.place || message.kind == "acknowledgement"));
  }
  CHECK(killed > 3);
  CHECK(files_with(desk, "anna@customer.test") == 0);
  CHECK(files_with(desk, "boris@customer.test") == 1);
  CHECK(in_database(desk, "anna@customer.test") == 0);
  desk.start();
}

TEST_CASE("mail is kept as long as the policy says", "[schema]") {
  if (!find_setting("retention.resolved")) {
    WARN("skipped: this configuration knows no retention");
    return;
  }
  TestDesk desk{
      "retention: {resolved: 1s, spam: 1s}\nrules:\n"
      "  - {name: junk, when: {subject: casino}, then: {spam: on}}\n"};
  const TicketNumber old = arrive(desk, letter_of("anna", "4A1"));
  const TicketNumber open = arrive(desk, letter_of("boris", "4A2"));
  Incoming spam = letter_of("carl", "4A3");
  spam.data.replace(spam.data.find("a question"), 10, "the casino");
  desk.deliver->deliver(spam);
  CHECK(tickets(desk, "close " + std::to_string(old)).status == 0);
  REQUIRE(desk.files().size() == 3);
  REQUIRE(eventually([&] {
    const auto found = tickets(desk, "retain --dry-run --json").json();
    return found["resolved"] == 2 && found["spam"] == 1 && found["messages"] == 0;
  }));
  const TicketsRan ran = tickets(desk, "retain");
  CHECK(ran.status == 0);
  CHECK_THAT(ran.out, Catch::Contains("removed: 3 messages, 1 tickets, 2 files"));
  CHECK(files_with(desk, "boris@customer.test") == 1);
  CHECK(desk.files().size() == 1);
  CHECK_THAT(events_of(desk, old), Catch::EndsWith(": expired; "));
  CHECK(desk.store()->ticket(old)->status == "resolved");
  CHECK(desk.store()->ticket(open)->customer_address == "boris@customer.test");
  CHECK(desk.store()->verify() == std::vector<std::string>{});
  CHECK(tickets(desk, "retain --json").json()["messages"] == 0);
}

TEST_CASE("nothing expires where no policy says so", "[schema]") {
  TestDesk desk;
  const std::string ticket = std::to_string(arrive(desk, letter("4A1")));
  CHECK(tickets(desk, "close " + ticket).status == 0);
  CHECK_THAT(tickets(desk, "retain").out, Catch::Contains("removed: 0 messages"));
  CHECK(desk.files().size() == 1);
}

TEST_CASE("a customer is the same by the admin's word", "[schema][R9]") {
  TestDesk desk;
  arrive(desk, letter_of("anna", "4A1"));
  arrive(desk, letter_of("ann", "4A2"));
  const std::string same = "customer ann@customer.test --same-as anna@customer.test";
  CHECK(tickets(desk, same, "SUDO_USER=anton").status == 0);
  CHECK(desk.store()->events({}, 1).at(0).who == "anton");
  CHECK(desk.store()->addresses_of("anna@customer.test").size() == 2);
  CHECK_THAT(tickets(desk, "erase --dry-run --customer ann@customer.test").out,
             Catch::Contains("address anna@customer.test"));
  CHECK_THAT(tickets(desk, "erase --customer ann@customer.test", "echo no |").out,
             Catch::Contains("of ann@customer.test, the same customer as anna@customer.test will be gone"));
  CHECK(tickets(desk, "customer ann@customer.test --on-his-own").status == 0);
  CHECK(desk.store()->addresses_of("anna@customer.test").size() == 1);
  CHECK(tickets(desk, "customer ann@customer.test --same-as ann@customer.test").status == 64);
  CHECK(tickets(desk, "customer ann@customer.test --same-as x@y.test --clear").status == 64);
}

}  // namespace postroom::tests
