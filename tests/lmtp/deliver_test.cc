#include "lmtp/deliver.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <set>
#include <thread>

#include "lmtp/stored.h"
#include "rules/tags.h"
#include "schema/sqlite.h"
#include "tests/lmtp/desk.h"

using namespace postroom;
using namespace postroom::tests;
namespace fs = std::filesystem;

namespace {

std::string text_below_own_lines(const std::string& stored) {
  const auto at = stored.find("\nReceived: from customer.test");
  return at == std::string::npos ? stored : stored.substr(at + 1);
}

}  // namespace

TEST_CASE("a message becomes a file, a ticket and a 250", "[lmtp][R12]") {
  TestDesk desk;
  const Incoming incoming = letter("4Xy1Zq");
  const auto replies = desk.deliver->deliver(incoming);
  REQUIRE(replies.size() == 1);
  CHECK(replies[0].code == 250);
  CHECK(replies[0].text == "ticket 1 in Support");
  REQUIRE(desk.files().size() == 1);
  CHECK(desk.files("tmp").empty());
  const std::string stored = read_file(desk.files().front());
  CHECK(stored.starts_with(
      "Return-Path: <anna@customer.test>\nReceived: from mx.desk.test\n by mx.desk.test (postroom)"));
  CHECK(text_below_own_lines(stored) == stored_text(incoming.data, {}));
  const auto values = header_values(stored, "X-Postroom-Ticket");
  REQUIRE(values.size() == 1);
  const auto identity = read_identity(values[0], desk.live.current()->keys);
  REQUIRE(identity);
  CHECK(identity->ticket == 1);
  CHECK(desk.log_text().find(
            "4Xy1Zq: ticket=1 message=1 queue=support priority=normal owner= folder=\"Support\" "
            "status=filed") != std::string::npos);
  CHECK(desk.log_text().find("How do I pay") == std::string::npos);
}

TEST_CASE("a message for an operator goes to his folder, in any script", "[lmtp][R10][R13]") {
  TestDesk desk;
  CHECK(desk.deliver->deliver(letter("A1", "sales@desk.test"))[0].code == 250);
  REQUIRE(desk.files().size() == 1);
  CHECK(desk.files().front().find("/mail/Продажи/Иван/new/") != std::string::npos);
  CHECK(desk.log_text().find("owner=ivan folder=\"Продажи/Иван\"") != std::string::npos);
}

TEST_CASE("a message that Postfix brings twice is one ticket and one file", "[lmtp][R12]") {
  TestDesk desk;
  const auto first = desk.deliver->deliver(letter("A1"));
  Incoming again = letter("A1");
  again.data = "Delivered-To: other\r\n" + again.data;
  again.recipients = {{"sales@desk.test", ""}, {"support@desk.test", ""}};
  const auto replies = desk.deliver->deliver(again);
  REQUIRE(replies.size() == 2);
  CHECK(replies[0].code == 250);
  CHECK(replies[1].text == first[0].text);
  CHECK(desk.files().size() == 1);
  CHECK(desk.files("tmp").empty());
  CHECK(desk.store()->count("tickets") == 1);
  CHECK(desk.log_text().find("status=repeated") != std::string::npos);
}

TEST_CASE("forged lines and receipt requests do not reach the folder", "[lmtp][R16]") {
  TestDesk desk;
  desk.deliver->deliver(
      letter("A1", "support@desk.test",
             "X-Postroom-Queue: sales\r\nX-Postroom-Ticket: 99\r\nDisposition-Notification-To: a@b\r\n"));
  REQUIRE(desk.files().size() == 1);
  const std::string stored = read_file(desk.files().front());
  CHECK(header_values(stored, "X-Postroom-Ticket").size() == 1);
  CHECK(stored.find("Disposition-Notification-To") == std::string::npos);
  CHECK(header_values(stored, "X-Postroom-Queue") == std::vector<std::string>{"support"});
}

TEST_CASE("the hour that rules ask for is when the mail server took the message", "[lmtp][R2]") {
  TestDesk desk{
      "time_zone: Europe/Moscow\nrules:\n  - {name: night, when: {hour: 22-7}, then: {priority: low}}\n"};
  const auto taken = [](const std::string& date) { return "Received: from a by mx; " + date + "\r\n"; };
  Incoming evening = letter("A1"), morning = letter("B2");
  evening.data.insert(0, taken("Sun, 22 Nov 2026 19:30:00 +0000"));  // 22:30 in Moscow
  morning.data.insert(0, taken("Sun, 22 Nov 2026 07:30:00 +0300"));
  desk.deliver->deliver(evening);
  desk.deliver->deliver(morning);
  REQUIRE(desk.store()->ticket(2));
  CHECK(desk.store()->ticket(1)->priority == "low");
  CHECK(desk.store()->ticket(2)->priority == "normal");
}

TEST_CASE("the milter's sealed decision is used, and only that", "[lmtp][R2]") {
  TestDesk desk;
  const auto running = desk.live.current();
  const Incoming plain = letter("A1");
  const Message message = read_message(plain.data, running->rulebook.desk().message);
  Decision decision = decide(running->rulebook, message, {"anna@customer.test", {"support@desk.test"}});
  decision.verdict.queue = "sales";  // as rules would have it
  std::string tags;
  for (const Header& header :
       write_tags(decision, binding_of(message, running->keys, running->rulebook.version()))) {
    tags += header.name + ": " + header.value + "\r\n";
  }
  desk.deliver->deliver(letter("A1", "support@desk.test", tags));
  REQUIRE(desk.files().size() == 1);
  CHECK(desk.files().front().find("/mail/Продажи/") != std::string::npos);

  desk.deliver->deliver(letter("B2", "support@desk.test", tags));  // the seal of another message
  REQUIRE(desk.store()->ticket(2));
  CHECK(desk.store()->ticket(2)->queue == "support");
}

TEST_CASE("a customer's standing comes from the store; while it cannot be read the mail waits",
          "[lmtp][R9]") {
  TestDesk desk{"rules:\n  - {name: vip, when: {customer: vip}, then: {priority: high}}\n"};
  desk.store()->set_customer_status({"Anna@customer.test", "", "vip"},
                                    {"anton", std::chrono::system_clock::now()});
  Db db{desk.dir / "db", Db::Access::write, std::chrono::seconds{5}};
  db.execute("ALTER TABLE customers RENAME TO away");
  CHECK(desk.deliver->deliver(letter("A1")).at(0).code == 451);
  CHECK(desk.files().empty());
  db.execute("ALTER TABLE away RENAME TO customers");
  CHECK(desk.deliver->deliver(letter("A1")).at(0).code == 250);
  CHECK(desk.store()->tickets({}).at(0).priority == "high");
}

TEST_CASE("when the database cannot be written the mail is deferred and nothing is left", "[lmtp]") {
  TestDesk desk;
  desk.faults.failing_applies = 1;
  const auto replies = desk.deliver->deliver(letter("A1"));
  CHECK(replies[0].code == 451);
  CHECK(replies[0].text.find("locked") != std::string::npos);
  CHECK(desk.files().empty());
  CHECK(desk.files("tmp").empty());
  CHECK(desk.log_text().find("A1: status=deferred") != std::string::npos);
  CHECK(desk.deliver->deliver(letter("A1"))[0].code == 250);
  CHECK(desk.store()->count("tickets") == 1);
}

TEST_CASE("when the folder cannot be written the mail is deferred, and its retry is the same ticket",
          "[lmtp]") {
  TestDesk desk;
  desk.maildir.make_folder("Support", {});
  fs::remove_all(desk.dir / "mail/Support/new");
  write_file(desk.dir / "mail/Support/new", "no directory");
  CHECK(desk.deliver->deliver(letter("A1"))[0].code == 451);
  CHECK(desk.store()->count("tickets") == 1);  // committed, but not answered
  CHECK(desk.deliver->deliver(letter("A1"))[0].code == 451);
  fs::remove(desk.dir / "mail/Support/new");
  CHECK(desk.deliver->deliver(letter("A1"))[0].text == "ticket 1 in Support");
  CHECK(desk.files().size() == 1);
  CHECK(desk.files("tmp").empty());
  CHECK(desk.store()->count("tickets") == 1);
}

TEST_CASE("when tmp cannot be written nothing is recorded", "[lmtp]") {
  TestDesk desk;
  write_file(desk.dir / "mail", "no directory");
  CHECK(desk.deliver->deliver(letter("A1"))[0].code == 451);
  CHECK(desk.store()->count("messages") == 0);
}

TEST_CASE("a recorded file that a crash has lost is written anew under a new name", "[lmtp][R12]") {
  TestDesk desk;
  desk.maildir.make_folder("Support", {});
  fs::remove_all(desk.dir / "mail/Support/new");
  write_file(desk.dir / "mail/Support/new", "no directory");
  REQUIRE(desk.deliver->deliver(letter("A1"))[0].code == 451);
  REQUIRE(desk.files("tmp").size() == 1);
  const std::string lost = fs::path{desk.files("tmp").front()}.filename();
  fs::remove(desk.files("tmp").front());
  fs::remove(desk.dir / "mail/Support/new");
  fs::create_directory(desk.dir / "mail/Support/new");

  CHECK(desk.deliver->deliver(letter("A1"))[0].text == "ticket 1 in Support");
  REQUIRE(desk.files().size() == 1);
  const std::string name = fs::path{desk.files().front()}.filename();
  CHECK(name != lost);
  const auto rows = desk.store()->messages(1);
  REQUIRE_FALSE(rows.empty());
  REQUIRE(rows[0].place);
  CHECK(rows[0].place->file == name);
  const auto values = header_values(read_file(desk.files().front()), "X-Postroom-Ticket");
  REQUIRE(values.size() == 1);
  CHECK(read_identity(values[0], desk.live.current()->keys)->message_number == rows[0].number);
}

TEST_CASE("a file written anew keeps its ticket, whatever the rules say by now", "[lmtp][R12]") {
  TestDesk desk;
  REQUIRE(desk.deliver->deliver(letter("A1"))[0].code == 250);
  desk.stop();
  fs::remove(desk.files().front());
  Db{desk.dir / "db", Db::Access::write, std::chrono::seconds{5}}.execute(
      "UPDATE messages SET published = 0 WHERE kind = 'inbound'");
  write_desk(desk.dir, "rules:\n  - {name: now spam, when: {subject: question}, then: {spam: on}}\n");
  REQUIRE(desk.live.reload().empty());
  desk.start();
  CHECK(desk.deliver->deliver(letter("A1"))[0].text == "ticket 1 in Support");
  REQUIRE(desk.files().size() == 1);
  const auto values = header_values(read_file(desk.files().front()), "X-Postroom-Ticket");
  REQUIRE(values.size() == 1);
  CHECK(read_identity(values[0], desk.live.current()->keys)->ticket == 1);
}

TEST_CASE("a message that an operator moved before the retry stays where it is", "[lmtp][R12][R14]") {
  TestDesk desk;
  REQUIRE(desk.deliver->deliver(letter("A1"))[0].code == 250);
  desk.stop();
  desk.maildir.make_folder("Support", {"Иван"});
  const std::string moved = desk.dir / "mail/Support/Иван/cur/other-name:2,S";
  fs::rename(desk.files().front(), moved);
  desk.start();
  CHECK(desk.deliver->deliver(letter("A1"))[0].code == 250);
  CHECK(desk.files() == std::vector<std::string>{moved});
}

TEST_CASE("ten connections deliver fifty messages each, none lost, none twice", "[lmtp][R12]") {
  TestDesk desk;
  constexpr int connections = 10, messages = 50;
  std::atomic<int> accepted{0};
  {
    std::vector<std::jthread> threads;
    for (int c = 0; c < connections; ++c) {
      threads.emplace_back([&desk, &accepted, c] {
        for (int m = 0; m < messages; ++m) {
          const std::string id = "M" + std::to_string(c) + "x" + std::to_string(m);
          const Incoming incoming = letter(id, m % 2 ? "support@desk.test" : "sales@desk.test");
          accepted += desk.deliver->deliver(incoming)[0].code == 250 ? 1 : 0;
          if (m % 10 == 0) desk.deliver->deliver(incoming);
        }
      });
    }
  }
  CHECK(accepted == connections * messages);
  CHECK(desk.files().size() == connections * messages);
  CHECK(desk.files("tmp").empty());
  desk.stop();
  CHECK(desk.store()->count("tickets") == connections * messages);
  CHECK(desk.store()->unpublished().empty());
  CHECK(desk.store()->verify().empty());
  CHECK(desk.faults.durable < connections * messages);  // group commit
}

TEST_CASE("an address that is no channel is refused for now, with its extension accepted", "[lmtp]") {
  const TestDesk desk;
  CHECK_FALSE(desk.deliver->refuse_recipient("support@desk.test"));
  CHECK_FALSE(desk.deliver->refuse_recipient("support+42@desk.test"));
  REQUIRE(desk.deliver->refuse_recipient("nobody@desk.test"));
  CHECK(desk.deliver->refuse_recipient("nobody@desk.test")->code == 450);
}
