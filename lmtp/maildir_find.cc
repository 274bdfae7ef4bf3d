// Searches through the whole desk: at the start, for a retry after a crash, for a file that has to move and
// is not at its place. Never per message.

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>

#include "lmtp/file_search.h"
#include "lmtp/folder_lock.h"
#include "lmtp/maildir.h"
#include "lmtp/maildir_name.h"
#include "lmtp/maildir_walk.h"

namespace postroom {
namespace {

namespace fs = std::filesystem;

bool is_old(const std::string& path) {
  using namespace std::chrono;
  constexpr hours abandoned{36};  // maildir(5)
  struct stat file {};
  if (stat(path.c_str(), &file) != 0) return false;
  return system_clock::now() - system_clock::from_time_t(file.st_mtime) > abandoned;
}

}  // namespace

std::optional<std::string> Maildir::find(const Place& place, MessageNumber number, const Keys& keys) const {
  FileSearch one = search(keys);
  one.add(number, place.file);
  return one.find(number);
}

FileSearch Maildir::search(const Keys& keys) const { return {root_, keys}; }

void Maildir::clean_tmp() const {
  each_folder(root_, [](const fs::path& folder) {
    for (const fs::path& path : entries_of(folder / "tmp")) {
      const std::string name = path.filename();
      if (is_our_name(name) && is_old(path)) unlink(path.c_str());
    }
    return Walk::on;
  });
}

void Maildir::clear_dead_locks() const {
  each_folder(root_, [](const fs::path& folder) {
    clear_dead_lock(folder);
    return Walk::on;
  });
}

}  // namespace postroom
