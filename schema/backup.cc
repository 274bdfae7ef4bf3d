#include "schema/backup.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

namespace postroom {
namespace {

void check_copy(Db& copy) {
  // The copied header says WAL: a copy that is carried away must not leave a part of itself behind.
  copy.execute("PRAGMA journal_mode = DELETE");
  const std::string state = copy.text("PRAGMA integrity_check");
  if (state != "ok") throw StoreError(fmt::format("{}: the copy is damaged: {}", copy.path(), state));
}

}  // namespace

void Db::copy_to(Db& target) {
  sqlite3_backup* backup = sqlite3_backup_init(target.db_.get(), "main", db_.get(), "main");
  if (!backup) target.fail(sqlite3_errcode(target.db_.get()));
  // In one step: it reads one snapshot, beside which writers go on. Steps would begin anew with every commit.
  int code = sqlite3_backup_step(backup, -1);
  if (code == SQLITE_DONE) code = SQLITE_OK;
  const int end = sqlite3_backup_finish(backup);
  if (code != SQLITE_OK || end != SQLITE_OK) target.fail(code != SQLITE_OK ? code : end);
}

void back_up(Db& db, const std::string& path) {
  if (access(path.c_str(), F_OK) == 0) throw StoreError(fmt::format("{}: it exists already", path));
  try {
    Db copy{path, Db::Access::create, db.busy()};
    db.copy_to(copy);
    check_copy(copy);
  } catch (...) {
    unlink(path.c_str());
    throw;
  }
}

}  // namespace postroom
