// Several programs write one database at once.

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <thread>

#include "schema/migrate.h"
#include "schema/sqlite.h"
#include "tests/schema/store_contract.h"
#include "tests/support/tempdir.h"

namespace postroom::tests {
namespace {

using std::chrono::milliseconds;

}  // namespace

TEST_CASE("a command gets its turn beside a daemon that commits all the time", "[schema]") {
  const TempDir dir;
  const std::string path = dir / "desk.db";
  open_store(path, OpenMode::create);
  std::atomic<bool> over = false;
  std::atomic<int> commits = 0;
  std::jthread daemon{[&] {
    const auto store = open_store(path, OpenMode::existing);
    while (!over) {
      Changes changes;
      changes.deliveries = {delivery(*store, {.name = "daemon " + std::to_string(commits)})};
      store->apply(changes, desk(), Durable::later);
      ++commits;
    }
  }};
  while (commits < 5) std::this_thread::yield();
  std::vector<std::jthread> commands;
  for (int i = 0; i < 3; ++i)
    commands.emplace_back([&, i] {
      const auto store = open_store(path, OpenMode::existing);
      for (int n = 0; n < 10; ++n) {
        const std::string address = std::to_string(i) + "." + std::to_string(n) + "@customer.test";
        store->set_customer_status({address, "", "vip"}, {"anton", Letter{}.at});
      }
    });
  commands.clear();  // waits for them: none has given up
  const int before = commits;
  while (commits < before + 5) std::this_thread::yield();  // nor has the daemon
  over = true;
  daemon.join();
  const auto store = open_store(path, OpenMode::existing);
  CHECK(store->customer("2.9@customer.test")->status == "vip");
  CHECK(store->count("tickets") == commits);
  CHECK(store->verify() == std::vector<std::string>{});
}

TEST_CASE("a database whose -shm somebody else is just making is waited for, and not for ever", "[schema]") {
  const TempDir dir;
  const std::string path = dir / "desk.db", companion = path + "-shm";
  open_store(path, OpenMode::create);
  std::filesystem::create_symlink("nowhere", companion);  // SQLite follows none, even as root
  CHECK_THROWS_AS(open_store(path, OpenMode::existing, milliseconds{20}), StoreError);
  const std::jthread maker{[&] {
    std::this_thread::sleep_for(milliseconds{50});
    std::filesystem::remove(companion);
  }};
  CHECK(open_store(path, OpenMode::existing)->count("tickets") == 0);
}

TEST_CASE("who waits for a lock asks for it often", "[schema]") {
  const TempDir dir;
  Db holder{dir / "desk.db", Db::Access::create, milliseconds{50}};
  Db waiting{dir / "desk.db", Db::Access::write, milliseconds{50}};
  holder.execute("CREATE TABLE x (y)");
  const auto asked = [&] { Transaction{waiting}.commit(); };
  {
    const Transaction lock{holder};
    CHECK_THROWS_AS(asked(), StoreError);
    CHECK(waiting.waits() == 1);
  }
  asked();
  CHECK(waiting.waits() == 1);
}

TEST_CASE("a store with an older schema and mail in it is brought along", "[schema]") {
  const TempDir dir;
  const std::string path = dir / "desk.db";
  {
    Db old{path, Db::Access::create, milliseconds{50}};
    for (const Migration& migration : migrations().first(2)) old.execute(std::string{migration.sql});
    old.execute(
        "PRAGMA application_id = 0x50726f6d; PRAGMA user_version = 2;"
        "INSERT INTO customers (id, address, name) VALUES (1, 'anna@customer.test', 'Anna');"
        "INSERT INTO tickets VALUES (1, 'support', 'support@desk.test', 'normal', 'resolved', '', 1, "
        "'order', "
        "'[]', 1795370000000, 1795370001000);"
        "INSERT INTO messages VALUES (1, 1, x'01', 'inbound', 'letter@customer.test', 'anna@customer.test', "
        "'order', 'none', 1795370000000, 1), (2, 1, NULL, 'acknowledgement', 'ack@mx.desk.test', '', '', "
        "'auto-reply', 1795370000000, 0);"
        "INSERT INTO places VALUES (1, 'Support', '[]', 'file,S=1,W=1');"
        "INSERT INTO deliveries VALUES (1, 'support@desk.test', '', '4X', 1795370000000);"
        "INSERT INTO events (ticket, message, at, who, what, why) VALUES (1, 1, 1, 'postroom', 'created', "
        "''), "
        "(1, NULL, 1, 'ivan', 'resolved', '');"
        "INSERT INTO outbox (ticket, message, answers, kind, recipient, message_id, body, state, next_try, "
        "created) VALUES (1, 2, 1, 'acknowledgement', 'anna@customer.test', 'ack@mx.desk.test', x'00', "
        "'queued', 1, 1);"
        "UPDATE counters SET next = 10;");
  }
  const auto store = open_store(path, OpenMode::create);
  CHECK(store->verify() == std::vector<std::string>{});
  for (const char* id : {"letter@customer.test", "ack@mx.desk.test"}) {
    const Delivery reply = reply_to(*store, id, {.name = std::string{"reply to "} + id});
    CHECK(store->destination(reply, desk()).ticket == 1);
  }
  CHECK(arrives(*store, reply_to(*store, "ack@mx.desk.test", {.name = "reply"})).ticket == 1);
  CHECK(store->ticket(1)->status != "resolved");
  CHECK(store->verify() == std::vector<std::string>{});
}

}  // namespace postroom::tests
