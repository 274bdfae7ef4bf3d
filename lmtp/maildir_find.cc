// Searches through the whole desk: at the start, and for a retry after a crash. Never per message.

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>

#include "lmtp/disk.h"
#include "lmtp/maildir.h"
#include "lmtp/maildir_name.h"
#include "lmtp/stored.h"
#include "rules/tags.h"

namespace postroom {
namespace {

namespace fs = std::filesystem;
using FolderVisit = std::function<void(const fs::path& folder)>;

// Every directory that is a folder (has cur/), at any depth.
void each_folder(const fs::path& directory, const FolderVisit& visit) {
  if (fs::is_directory(directory / "cur")) visit(directory);
  for (const auto& entry : fs::directory_iterator{directory}) {
    const std::string name = entry.path().filename();
    if (name == "cur" || name == "new" || name == "tmp") continue;
    if (entry.is_directory() && !entry.is_symlink()) each_folder(entry.path(), visit);
  }
}

// Does a file of ours carry this message number in its header?
bool holds_message(const fs::path& file, MessageNumber number, const std::string& secret) {
  constexpr std::size_t most = 64U << 10U;  // our lines stand on top
  std::string top(most, '\0');
  std::ifstream in{file, std::ios::binary};
  in.read(top.data(), static_cast<std::streamsize>(most));
  top.resize(static_cast<std::size_t>(in.gcount()));
  for (const std::string& value : header_values(top, "X-Postroom-Ticket")) {
    const auto identity = read_identity(value, secret);
    if (identity && identity->message_number == number) return true;
  }
  return false;
}

std::optional<std::string> find_message(const fs::path& directory, MessageNumber number,
                                        const std::string& secret) {
  if (!fs::exists(directory)) return std::nullopt;
  for (const auto& entry : fs::directory_iterator{directory}) {
    if (holds_message(entry.path(), number, secret)) return entry.path().native();
  }
  return std::nullopt;
}

bool is_old(const std::string& path) {
  using namespace std::chrono;
  constexpr hours abandoned{36};  // maildir(5)
  struct stat file {};
  if (stat(path.c_str(), &file) != 0) return false;
  return system_clock::now() - system_clock::from_time_t(file.st_mtime) > abandoned;
}

}  // namespace

std::optional<std::string> Maildir::find(const Place& place, MessageNumber number,
                                         const std::string& secret) const {
  std::optional<std::string> found;
  each_folder(root_, [&](const fs::path& folder) {
    for (const char* inner : {"new", "cur"}) {
      if (!found) found = find_base_name((folder / inner).native(), place.file);
    }
  });
  if (found) return found;
  each_folder(root_, [&](const fs::path& folder) {
    for (const char* inner : {"new", "cur"}) {
      if (!found) found = find_message(folder / inner, number, secret);
    }
  });
  return found;
}

void Maildir::clean_tmp() const {
  if (!exists(root_)) return;
  each_folder(root_, [](const fs::path& folder) {
    if (!fs::exists(folder / "tmp")) return;
    for (const auto& entry : fs::directory_iterator{folder / "tmp"}) {
      const std::string name = entry.path().filename();
      if (is_our_name(name) && is_old(entry.path())) unlink(entry.path().c_str());
    }
  });
}

}  // namespace postroom
