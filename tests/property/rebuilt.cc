// I9: the database anew from folders and headers, beside the one that was written as things happened.

#include <filesystem>

#include "lmtp/rebuild_files.h"
#include "schema/migrate.h"
#include "schema/rebuild.h"
#include "tests/lmtp/told_by_mail.h"
#include "tests/property/machine.h"

namespace postroom::tests {
std::vector<std::string> Machine::rebuilt_differences() {
  for (const char* name : {"rebuilt", "rebuilt-wal", "rebuilt-shm"}) std::filesystem::remove(path(name));
  const auto wait = running_->settings.limits.database;
  const auto rebuilt = open_database(path("rebuilt"), OpenMode::create, wait);
  migrate(*rebuilt);
  Rebuild rebuild{*rebuilt, running_->settings.desk};
  read_desk_files(running_->settings, running_->keys, [&](const RebuiltFile& file) { rebuild.add(file); });
  rebuild.finish(store().draw(1).front());

  const auto kept = open_database(path("database"), OpenMode::read_only, wait);
  return differences(*kept, *rebuilt);
}

}  // namespace postroom::tests
