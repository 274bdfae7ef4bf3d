// Searches through the whole desk: at the start, for a retry after a crash, for a file that has to move and
// is not at its place. Never per message.

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <unordered_set>

#include "lmtp/disk.h"
#include "lmtp/folder_lock.h"
#include "lmtp/maildir.h"
#include "lmtp/maildir_name.h"
#include "lmtp/maildir_walk.h"
#include "lmtp/stored.h"
#include "rules/tags.h"

namespace postroom {
namespace {

namespace fs = std::filesystem;

constexpr int looks_least = 2, looks_most = 10;

enum class Holds { yes, no, vanished };

// Does a file of ours carry this message number in its header?
Holds holds_message(const fs::path& file, MessageNumber number, const Keys& keys) {
  constexpr std::size_t most = 64U << 10U;  // our lines stand on top
  std::ifstream in{file, std::ios::binary};
  if (!in) return exists(file) ? Holds::no : Holds::vanished;
  std::string top(most, '\0');
  in.read(top.data(), static_cast<std::streamsize>(most));
  top.resize(static_cast<std::size_t>(in.gcount()));
  for (const std::string& value : header_values(top, "X-Postroom-Ticket")) {
    const auto identity = read_identity(value, keys);
    if (identity && identity->message_number == number) return Holds::yes;
  }
  return Holds::no;
}

std::string base_of(const fs::path& file) { return std::string{base_name(file.filename().native())}; }

std::optional<std::string> find_name(const fs::path& root, const std::string& base) {
  std::optional<std::string> found;
  each_folder(root, [&](const fs::path& folder) {
    for (const char* inner : {"new", "cur"}) {
      for (const fs::path& path : entries_of(folder / inner))
        if (base_of(path) == base) found = path.native();
    }
    return found ? Walk::end : Walk::on;
  });
  return found;
}

// Looks through all folders for one message. Every file is read once, however often it looks.
class Search {
 public:
  Search(MessageNumber number, const Keys& keys) : number_{number}, keys_{keys} {}

  // Path of the file; nullopt: in no folder when its turn came.
  std::optional<std::string> look(const fs::path& root, const std::string& base) {
    std::optional<std::string> found;
    vanished_ = false;
    each_folder(root, [&](const fs::path& folder) {
      for (const fs::path& path : files_of(folder)) {
        if (!found && (base_of(path) == base || is_wanted(path))) found = path.native();
      }
      return found ? Walk::end : Walk::on;
    });
    return found;
  }
  bool missed_any() const { return vanished_; }

 private:
  bool is_wanted(const fs::path& path) {
    if (others_.contains(base_of(path))) return false;
    const Holds holds = holds_message(path, number_, keys_);
    if (holds == Holds::vanished) vanished_ = true;
    if (holds == Holds::no) others_.insert(base_of(path));
    return holds == Holds::yes;
  }

  MessageNumber number_;
  const Keys& keys_;
  std::unordered_set<std::string> others_;  // base names of other messages
  bool vanished_ = false;                   // a file went away before it was read
};

bool is_old(const std::string& path) {
  using namespace std::chrono;
  constexpr hours abandoned{36};  // maildir(5)
  struct stat file {};
  if (stat(path.c_str(), &file) != 0) return false;
  return system_clock::now() - system_clock::from_time_t(file.st_mtime) > abandoned;
}

}  // namespace

std::optional<std::string> Maildir::find(const Place& place, MessageNumber number, const Keys& keys) const {
  if (auto found = find_name(root_, place.file)) return found;  // to see a file takes no lock
  // While one look goes on a client may move the message from a folder ahead to one that was seen already.
  Search search{number, keys};
  for (int look = 1; look <= looks_most; ++look) {
    if (auto found = search.look(root_, place.file)) return found;
    if (look >= looks_least && !search.missed_any()) return std::nullopt;
  }
  disk_error(EBUSY, "search, for it changes all the time,", root_);
}

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
