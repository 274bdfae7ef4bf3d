#include "schema/migrate.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>

#include "schema/verify.h"
#include "tests/support/tempdir.h"

namespace postroom::tests {
namespace {

using std::chrono::milliseconds;

// A statement without its comments and white space, which SQLite keeps.
std::string bare(const std::string& sql) {
  const std::string uncommented = std::regex_replace(sql, std::regex{"--[^\n]*"}, "");
  return std::regex_replace(uncommented, std::regex{"\\s+"}, "");
}

std::vector<std::string> objects(Db& db) {
  std::vector<std::string> found;
  Statement row = db.statement("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name");
  while (row.step())
    found.push_back(row.text(0) + " " + row.text(1) + " " + row.text(2) + " " + bare(row.text(3)));
  return found;
}

std::vector<std::string> counters(Db& db) {
  std::vector<std::string> found;
  Statement row = db.statement("SELECT name, next FROM counters ORDER BY name");
  while (row.step()) found.push_back(row.text(0) + " " + row.text(1));
  return found;
}

}  // namespace

TEST_CASE("schema.sql says what the migrations produce", "[schema]") {
  Db read{":memory:", Db::Access::create, milliseconds{50}};
  read.execute(read_file(SOURCE_DIR "/schema/schema.sql"));
  Db migrated{":memory:", Db::Access::create, milliseconds{50}};
  migrate(migrated);
  CHECK(objects(read) == objects(migrated));
  CHECK(counters(read) == counters(migrated));
  for (const char* pragma : {"PRAGMA application_id", "PRAGMA user_version"})
    CHECK(read.number(pragma) == migrated.number(pragma));
}

TEST_CASE("migrations are numbered without gaps and applied once", "[schema]") {
  int expected = 0;
  for (const Migration& migration : migrations()) {
    CHECK(migration.number == ++expected);
    CHECK(read_file(std::string{SOURCE_DIR "/schema/"} + std::string{migration.name}) == migration.sql);
  }
  Db db{":memory:", Db::Access::create, milliseconds{50}};
  CHECK(schema_version(db) == 0);
  CHECK(migrate(db) == expected);
  CHECK(schema_version(db) == newest_version());
  CHECK(migrate(db) == 0);
}

TEST_CASE("tickets merged by an older postroom lead straight to the one that is left", "[schema]") {
  Db db{":memory:", Db::Access::create, milliseconds{50}};
  for (const Migration& migration : migrations())
    if (migration.number < 5) db.execute(std::string{migration.sql});
  db.execute(
      "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 200) INSERT INTO tickets "
      "(number, queue, channel, priority, status, owner, subject, tags, created, updated, resolved, "
      "merged_into) SELECT 201 - i, 'support', 'support@desk.test', 'normal', 'resolved', '', '', '[]', 1, "
      "1, 1, CASE 201 - i WHEN 200 THEN NULL WHEN 98 THEN 99 WHEN 99 THEN 98 ELSE 202 - i END FROM n");
  db.execute(std::string{migrations()[4].sql});
  CHECK(db.number("SELECT count(*) FROM tickets WHERE merged_into = 200") == 100);  // 100 to 199
  CHECK(db.number("SELECT merged_into FROM tickets WHERE number = 98") == 99);  // a circle stays what it was
  const std::vector<std::string> found = verify(db);
  const auto tells = [&](const std::string& line) { return std::ranges::count(found, line) == 1; };
  CHECK(tells("ticket 97 was merged into 98, which was merged itself"));
  CHECK(tells("ticket 98 was merged in a circle"));
  CHECK(tells("ticket 99 was merged in a circle"));
  CHECK_FALSE(tells("ticket 97 was merged in a circle"));
  CHECK_FALSE(tells("ticket 150 was merged into 200, which was merged itself"));
}

TEST_CASE("every table is strict, and foreign keys hold", "[schema]") {
  Db db{":memory:", Db::Access::create, milliseconds{50}};
  migrate(db);
  CHECK(db.number("SELECT count(*) FROM pragma_table_list WHERE type = 'table' AND strict = 0 "
                  "AND name NOT LIKE 'sqlite_%'") == 0);
  CHECK_THROWS_AS(db.execute("INSERT INTO events (ticket, at, who, what, why) VALUES (7, 0, 'x', 'x', '')"),
                  StoreError);
  CHECK_THROWS_AS(db.execute("INSERT INTO counters VALUES ('x', 'text')"), StoreError);
}

TEST_CASE("a transaction that is not committed leaves nothing", "[schema]") {
  Db db{":memory:", Db::Access::create, milliseconds{50}};
  db.execute("CREATE TABLE letters (text TEXT, number INTEGER, bytes BLOB)");
  {
    Transaction transaction{db};
    db.execute("INSERT INTO letters VALUES ('lost', 1, NULL)");
  }
  CHECK(db.number("SELECT count(*) FROM letters") == 0);

  const std::string nul{"a\0b", 3};
  db.statement("INSERT INTO letters VALUES (?, ?, ?)")
      .bind(std::string_view{}, std::nullopt, Blob{nul})
      .run();
  Statement row = db.statement("SELECT text, number, bytes FROM letters");
  REQUIRE(row.step());
  CHECK_FALSE(row.is_null(0));
  CHECK(row.is_null(1));
  CHECK(row.text(2) == nul);
  Statement nested = db.statement("SELECT text, number, bytes FROM letters");  // the same one, while in use
  CHECK(nested.step());
}

}  // namespace postroom::tests
