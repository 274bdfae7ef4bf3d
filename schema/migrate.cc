#include "schema/migrate.h"

#include <fmt/format.h>

#include <thread>

namespace postroom {
namespace {

constexpr std::int64_t ours = 0x50726f6d;  // "Prom"

bool is_empty(Db& db) { return db.number("SELECT count(*) FROM sqlite_schema") == 0; }

bool is_ours(Db& db) { return db.number("PRAGMA application_id") == ours; }

// An empty database passes: it may become ours. Asked twice, for another program may be making it ours just
// now.
void refuse_foreign(Db& db) {
  if (is_ours(db)) return;
  if (db.number("PRAGMA application_id") == 0 && schema_version(db) == 0 && is_empty(db)) return;
  if (is_ours(db)) return;
  throw StoreError(fmt::format(
      "{}: this is the database of another program, and it was left alone: check paths.database", db.path()));
}

void refuse_newer(Db& db) {
  const int version = schema_version(db);
  if (version <= newest_version()) return;
  throw StoreError(fmt::format(
      "{}: its schema {} is newer than the {} of this program: install the postroom that wrote it, or newer",
      db.path(), version, newest_version()));
}

void refuse_older(Db& db) {
  const int version = schema_version(db);
  if (version >= newest_version()) return;
  throw StoreError(
      fmt::format("{}: its schema {} is older than the {} of this program: run 'postroom-tickets "
                  "migrate', or start the daemons, which do the same",
                  db.path(), version, newest_version()));
}

void refuse_empty(Db& db) {
  if (is_ours(db)) return;
  throw StoreError(fmt::format(
      "{}: it is empty: run 'postroom-tickets migrate' to make it a database of postroom", db.path()));
}

// Another connection may hold the lock for a moment, and SQLite does not wait here by itself.
void use_wal(Db& db) {
  if (db.text("PRAGMA journal_mode") != "delete") return;  // "wal" already, or "memory"
  const auto deadline = std::chrono::steady_clock::now() + db.busy();
  while (true) {
    try {
      db.execute("PRAGMA journal_mode = WAL");
      return;
    } catch (const StoreError&) {
      if (std::chrono::steady_clock::now() >= deadline) throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
}

Db::Access access_for(OpenMode mode) {
  if (mode == OpenMode::create) return Db::Access::create;
  if (mode == OpenMode::existing) return Db::Access::write;
  return Db::Access::read;
}

}  // namespace

int schema_version(Db& db) { return static_cast<int>(db.number("PRAGMA user_version")); }

int newest_version() { return migrations().back().number; }

int migrate(Db& db) {
  refuse_foreign(db);
  refuse_newer(db);
  if (schema_version(db) == newest_version()) return 0;

  Transaction transaction{db};
  const int from = schema_version(db);  // another program may have been quicker
  int applied = 0;
  for (const Migration& migration : migrations()) {
    if (migration.number <= from) continue;
    db.execute(std::string{migration.sql});
    ++applied;
  }
  db.execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", ours, newest_version()));
  transaction.commit();
  return applied;
}

std::unique_ptr<Db> open_database(const std::string& url, OpenMode mode, std::chrono::milliseconds busy) {
  constexpr std::string_view scheme = "sqlite:";
  const std::string path = url.starts_with(scheme) ? url.substr(scheme.size()) : url;
  auto db = std::make_unique<Db>(path, access_for(mode), busy);
  refuse_foreign(*db);
  refuse_newer(*db);
  if (mode != OpenMode::create) refuse_empty(*db);
  if (mode == OpenMode::read_only) {
    refuse_older(*db);
    return db;
  }
  use_wal(*db);
  db->set_durable(Durable::yes);
  // While somebody reads, the log grows; afterwards it is cut to this again.
  db->execute("PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 33554432");
  return db;
}

}  // namespace postroom
