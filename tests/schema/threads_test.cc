// The contract of threads and changes on SQLite.

#include <catch2/catch.hpp>

#include "tests/schema/store_contract.h"
#include "tests/support/tempdir.h"

namespace postroom::tests {
namespace {

Bench bench_in(const TempDir& dir) {
  return {[path = dir / "desk.db"] { return open_store(path, OpenMode::create); }};
}

}  // namespace

TEST_CASE("SQLite finds the ticket that a mail belongs to", "[schema][R12]") {
  const TempDir dir;
  check_threads(bench_in(dir));
}

TEST_CASE("SQLite keeps one copy of a mail that comes more than once", "[schema][R12]") {
  const TempDir dir;
  check_repeats(bench_in(dir));
}

TEST_CASE("SQLite knows who takes part", "[schema][R12]") {
  const TempDir dir;
  check_people(bench_in(dir));
}

TEST_CASE("SQLite writes what people do to tickets", "[schema][R14]") {
  const TempDir dir;
  check_changes(bench_in(dir));
}

TEST_CASE("SQLite keeps which files have to move", "[schema][R14]") {
  const TempDir dir;
  check_moves(bench_in(dir));
}

TEST_CASE("SQLite merges and splits tickets", "[schema][R14]") {
  const TempDir dir;
  check_merging(bench_in(dir));
}

}  // namespace postroom::tests
