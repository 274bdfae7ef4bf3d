#pragma once
// Numbered migrations (0001_*.sql, ...), compiled in. PRAGMA user_version is the number of the last one
// applied; PRAGMA application_id tells a database of ours ("Prom", 0x50726f6d) from another program's.

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "schema/sqlite.h"

namespace postroom {

struct Migration {
  int number;
  std::string_view name;  // "0001_tickets.sql"
  std::string_view sql;
};

std::span<const Migration> migrations();  // defined in the generated migrations.cc

int schema_version(Db& db);
int newest_version();

// Applies what is missing, all in one transaction. Throws StoreError if the database is newer or not ours.
// Returns how many were applied.
int migrate(Db& db);

// Connects to "sqlite:/path", a plain path or ":memory:", in WAL mode. Migrates nothing. Throws StoreError if
// the database is newer or not ours; in mode read_only also if it is older: only migrate() may help then.
std::unique_ptr<Db> open_database(const std::string& url, OpenMode mode, std::chrono::milliseconds busy);

}  // namespace postroom
