// The contract of threads and changes on SQLite.

#include <catch2/catch.hpp>

#include "tests/schema/sqlite_bench.h"

namespace postroom::tests {
TEST_CASE("SQLite finds the ticket that a mail belongs to", "[schema][R12]") { on_sqlite(check_threads); }

TEST_CASE("SQLite keeps one copy of a mail that comes more than once", "[schema][R12]") {
  on_sqlite(check_repeats);
}

TEST_CASE("SQLite knows a mail that comes again after its ticket was split", "[schema][R12]") {
  on_sqlite(check_again);
}

TEST_CASE("SQLite knows who takes part", "[schema][R12]") { on_sqlite(check_people); }

TEST_CASE("SQLite writes what people do to tickets", "[schema][R14]") { on_sqlite(check_changes); }

TEST_CASE("SQLite keeps which files have to move", "[schema][R14]") { on_sqlite(check_moves); }

TEST_CASE("SQLite merges and splits tickets", "[schema][R14]") { on_sqlite(check_merging); }

}  // namespace postroom::tests
