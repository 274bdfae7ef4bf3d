// I9: the database anew from folders and headers, beside the one that was written as things happened.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "lmtp/rebuild_files.h"
#include "schema/migrate.h"
#include "schema/rebuild.h"
#include "tests/lmtp/told_by_mail.h"
#include "tests/property/machine.h"

namespace postroom::tests {
namespace {

Rows all_rows_of(Db& db) {
  Rows rows;
  for (const Compared& each : compared)
    for (const std::string& row : rows_of(db, each)) rows.insert(each.from + ": " + row);
  return rows;
}

std::vector<std::string> only_in(const Rows& one, const Rows& other, std::string_view where) {
  std::vector<std::string> rows;
  std::ranges::set_difference(one, other, std::back_inserter(rows));
  for (std::string& row : rows) row = fmt::format("only in the {}: {}", where, row);
  return rows;
}

}  // namespace

std::vector<std::string> Machine::rebuilt_differences() {
  for (const char* name : {"rebuilt", "rebuilt-wal", "rebuilt-shm"}) std::filesystem::remove(path(name));
  const auto wait = running_->settings.limits.database;
  const auto rebuilt = open_database(path("rebuilt"), OpenMode::create, wait);
  Rebuild rebuild{*rebuilt, running_->settings.desk};
  read_desk_files(running_->settings, running_->keys, [&](const RebuiltFile& file) { rebuild.add(file); });
  rebuild.finish(store().draw(1).front());

  const auto kept = open_database(path("database"), OpenMode::read_only, wait);
  const Rows before = all_rows_of(*kept), after = all_rows_of(*rebuilt);
  auto differences = only_in(before, after, "database");
  std::ranges::move(only_in(after, before, "rebuilt one"), std::back_inserter(differences));
  return differences;
}

}  // namespace postroom::tests
