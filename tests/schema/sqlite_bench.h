#pragma once
// SQLite databases for the contract of the store.

#include "tests/schema/store_contract.h"
#include "tests/support/tempdir.h"

namespace postroom::tests {

inline Bench bench_in(const TempDir& dir) {
  return {[path = dir / "desk.db"] { return open_store(path, OpenMode::create); }};
}

inline void on_sqlite(void (*check)(const Bench&)) {
  const TempDir dir;
  check(bench_in(dir));
}

}  // namespace postroom::tests
