// The contract on SQLite, and what only SQLite can do: locks, damage, foreign and newer files.

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <future>
#include <latch>

#include "schema/migrate.h"
#include "schema/sqlite.h"
#include "schema/sqlite_store.h"
#include "tests/schema/sqlite_bench.h"
#include "tests/support/tempdir.h"

namespace postroom::tests {
namespace {

using std::chrono::milliseconds;

// What opening says; empty if it opened.
std::string refusal(const std::string& path, OpenMode mode) {
  try {
    open_store(path, mode, milliseconds{50});
    return {};
  } catch (const StoreError& error) {
    return error.what();
  }
}

void run_sql(const std::string& path, const std::string& sql) {
  Db{path, Db::Access::create, milliseconds{1000}}.execute(sql);
}

// A database with one ticket in it; returns its path.
std::string desk_with_a_ticket(const TempDir& dir) {
  const auto store = bench_in(dir).open();
  record_one(*store, delivery(*store));
  return dir / "desk.db";
}

std::vector<std::string> verified(const std::string& path) {
  return open_store(path, OpenMode::read_only)->verify();
}

}  // namespace

TEST_CASE("SQLite records deliveries", "[schema][R12]") { on_sqlite(check_recording); }

TEST_CASE("SQLite limits acknowledgements", "[schema][R18]") { on_sqlite(check_acknowledgements); }

TEST_CASE("SQLite keeps the outbox", "[schema][R18]") { on_sqlite(check_outbox); }

TEST_CASE("SQLite keeps what became of the outbox's mail", "[schema][R18]") {
  on_sqlite(check_outbox_reports);
}

TEST_CASE("SQLite draws numbers", "[schema]") { on_sqlite(check_numbers); }

TEST_CASE("SQLite answers questions", "[schema]") { on_sqlite(check_answers); }

TEST_CASE("a desk in memory takes mail too", "[schema]") {
  const auto store = open_store(":memory:", OpenMode::create);
  CHECK(record_one(*store, delivery(*store)).ticket == 1);
  CHECK(store->count("tickets") == 1);
}

TEST_CASE("the database is readable by its owner only", "[schema]") {
  const TempDir dir;
  const auto store = open_store("sqlite:" + (dir / "desk.db"), OpenMode::create);
  record_one(*store, delivery(*store));
  for (const char* name : {"desk.db", "desk.db-wal", "desk.db-shm"}) {
    struct stat found {};
    REQUIRE(::stat((dir / name).c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0600);
  }
}

TEST_CASE("a locked database is a StoreError that says so, after the time given", "[schema]") {
  const TempDir dir;
  const std::string path = desk_with_a_ticket(dir);
  const auto store = open_store(path, OpenMode::existing, milliseconds{50});
  Db holder{path, Db::Access::write, milliseconds{50}};
  const Delivery letter = delivery(*store, {.name = "another"});
  {
    const Transaction lock{holder};
    const auto start = std::chrono::steady_clock::now();
    CHECK_THROWS_WITH(record_one(*store, letter), Catch::Contains(path) && Catch::Contains("locked") &&
                                                      Catch::Contains("another program"));
    CHECK(std::chrono::steady_clock::now() - start >= milliseconds{45});
    CHECK(store->tickets({}).size() == 1);  // reading goes on
  }
  CHECK(record_one(*store, letter).repeated == Repeated::no);
}

TEST_CASE("a lock that is let go in time delays the mail and no more", "[schema]") {
  const TempDir dir;
  const std::string path = desk_with_a_ticket(dir);
  const auto store = open_store(path, OpenMode::existing);
  const Delivery letter = delivery(*store, {.name = "another"});
  Db holder{path, Db::Access::write, milliseconds{50}};
  auto lock = std::make_unique<Transaction>(holder);
  std::latch started{1};
  auto recorded = std::async(std::launch::async, [&] {
    started.count_down();
    return record_one(*store, letter);
  });
  started.wait();
  lock.reset();
  CHECK(recorded.get().repeated == Repeated::no);
  CHECK(store->count("tickets") == 2);
}

TEST_CASE("two programs record mail at the same time", "[schema]") {
  const TempDir dir;
  const auto record_many = [&](const std::string& name) {
    const auto store = bench_in(dir).open();
    for (int i = 0; i < 50; ++i)
      record_one(*store, delivery(*store, {.name = name + std::to_string(i % 40)}));
  };
  bench_in(dir).open();
  auto one = std::async(std::launch::async, record_many, "one");
  auto other = std::async(std::launch::async, record_many, "other");
  one.get();
  other.get();
  const auto store = bench_in(dir).open();
  CHECK(store->count("tickets") == 80);
  CHECK(store->verify() == std::vector<std::string>{});
}

TEST_CASE("programs that start together make one database", "[schema]") {
  const TempDir dir;
  const auto start = [&] {
    const auto store = bench_in(dir).open();
    record_one(*store, delivery(*store));
  };
  std::vector<std::future<void>> programs;
  for (int i = 0; i < 4; ++i) programs.push_back(std::async(std::launch::async, start));
  for (auto& program : programs) program.get();
  CHECK(bench_in(dir).open()->count("tickets") == 1);
}

TEST_CASE("a file that is no desk is refused and left alone", "[schema]") {
  const TempDir dir;
  const std::string path = dir / "file.db";
  SECTION("newer than this program") {
    bench_in(dir).open();
    run_sql(dir / "desk.db", "PRAGMA user_version = 9999");
    CHECK_THAT(refusal(dir / "desk.db", OpenMode::create), Catch::Contains("newer"));
    CHECK_THAT(refusal(dir / "desk.db", OpenMode::read_only), Catch::Contains("newer"));
  }
  SECTION("another program's") {
    run_sql(path, "CREATE TABLE recipes (name TEXT)");
    const std::string before = read_file(path);
    CHECK_THAT(refusal(path, OpenMode::create), Catch::Contains("another program"));
    CHECK(read_file(path) == before);
  }
  SECTION("not a database") {
    write_file(path, std::string(5000, 'x'));
    CHECK_THAT(refusal(path, OpenMode::create), Catch::Contains("no SQLite database"));
  }
  SECTION("missing") {
    CHECK_THAT(refusal(path, OpenMode::existing), Catch::Contains(path));
    CHECK_THAT(refusal(path, OpenMode::read_only), Catch::Contains("check that it and its directory exist"));
  }
  SECTION("empty: made ours only where it may be created") {
    write_file(path, "");
    CHECK_THAT(refusal(path, OpenMode::read_only), Catch::Contains("postroom-tickets migrate"));
    CHECK(refusal(path, OpenMode::create).empty());
    CHECK(refusal(path, OpenMode::read_only).empty());
  }
}

TEST_CASE("reading changes nothing", "[schema]") {
  const TempDir dir;
  const auto store = open_store(desk_with_a_ticket(dir), OpenMode::read_only);
  CHECK(store->ticket(1)->subject == "Заказ 17 не оплачен");
  CHECK_THROWS_AS(store->draw(1), StoreError);
  Changes changes;
  changes.published = {1};
  CHECK_THROWS_AS(store->apply(changes, desk(), Durable::yes), StoreError);
}

TEST_CASE("a full disk is a StoreError, and the mail is recorded when there is room again", "[schema]") {
  const TempDir dir;
  const std::string path = desk_with_a_ticket(dir);
  auto db = open_database(path, OpenMode::existing, milliseconds{50});
  const std::int64_t pages = db->number("PRAGMA page_count");
  db->execute("CREATE TABLE filler (x TEXT); PRAGMA max_page_count = " + std::to_string(pages + 2));
  const auto fill = [&] {
    Transaction transaction{*db};
    db->statement("INSERT INTO filler VALUES (?)").bind(std::string(100000, 'x')).run();
    transaction.commit();
  };
  CHECK_THROWS_WITH(fill(), Catch::Contains("full") && Catch::Contains("free some space"));
  db->execute("PRAGMA max_page_count = 1000000");
  fill();
  CHECK(db->number("SELECT count(*) FROM filler") == 1);
}

TEST_CASE("verify finds what does not fit together", "[schema]") {
  const TempDir dir;
  const std::string path = desk_with_a_ticket(dir);
  CHECK(verified(path).empty());
  struct Damage {
    const char* sql;
    const char* sentence;
  };
  const Damage damage = GENERATE(values<Damage>({
      {"DELETE FROM events WHERE what = 'created'", "ticket 1 has no event 'created'"},
      {"UPDATE tickets SET status = 'resolved'", "ticket 1 is 'resolved', which its events do not say"},
      {"DELETE FROM places", "message 1 has no place in a mailbox"},
      {"DELETE FROM deliveries", "message 1 has no delivery"},
      {"UPDATE counters SET next = 1 WHERE name = 'ticket'", "the ticket counter is at 1"},
      {"DELETE FROM counters WHERE name = 'message'", "the counter 'message' is missing"},
      {"UPDATE outbox SET state = 'sent', body = NULL",
       "mail 1 of the outbox is 'sent', which no event says"},
      {"PRAGMA foreign_keys = OFF; DELETE FROM customers", "refers to a row of customers that is not there"},
      {"UPDATE tickets SET tags = 'x'", "ticket 1 has tags that are no list: x"},
      {"UPDATE tickets SET updated = created - 1", "ticket 1 was created after its last change"},
  }));
  CAPTURE(damage.sql);
  run_sql(path, damage.sql);
  std::string found;
  for (const std::string& sentence : verified(path)) found += sentence + "\n";
  CHECK_THAT(found, Catch::Contains(damage.sentence));
}

TEST_CASE("the cost of a mail does not grow with the number of tickets", "[schema]") {
  const TempDir dir;
  auto db = open_database(dir / "desk.db", OpenMode::create, milliseconds{50});
  migrate(*db);
  const Db& watched = *db;
  SqliteStore store{std::move(db)};
  const auto take_mail = [&store](const std::string& name) {
    const Delivery letter = delivery(store, {.name = name, .from = name + "@customer.test"});
    Changes changes;
    changes.published = {record_one(store, letter).message};
    changes.claim = 1;
    changes.now = letter.at;
    for (const Outgoing& mail : store.apply(changes, desk(), Durable::later).claimed)
      changes.handed.push_back({mail.id, Handed::Result::sent, "250", {}});
    store.apply(changes, desk(), Durable::later);
    store.settle_claimed(letter.at);
    store.next_due();
    store.unpublished();
    store.find(letter.digest);
    store.events(letter.ticket, 10);
    store.messages(letter.ticket);
  };
  for (int i = 0; i < 20; ++i) take_mail(std::to_string(i));
  const std::int64_t before = watched.scanned();
  take_mail("one more");
  CHECK(watched.scanned() - before < 5);  // a table read as a whole would be 20 rows and more
}

TEST_CASE("a later commit does not wait for the disk, and the next one does again", "[schema]") {
  Db db{":memory:", Db::Access::create, milliseconds{50}};
  Transaction{db, Durable::later}.commit();
  CHECK(db.number("PRAGMA synchronous") == 1);
  Transaction{db, Durable::yes}.commit();
  CHECK(db.number("PRAGMA synchronous") == 2);
}

}  // namespace postroom::tests
