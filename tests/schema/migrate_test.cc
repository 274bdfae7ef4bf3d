#include "schema/migrate.h"

#include <catch2/catch.hpp>
#include <regex>

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
