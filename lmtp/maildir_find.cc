// Searches through the whole desk: at the start, and for a retry after a crash. Never per message.

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <system_error>
#include <vector>

#include "lmtp/disk.h"
#include "lmtp/maildir.h"
#include "lmtp/maildir_name.h"
#include "lmtp/stored.h"
#include "rules/tags.h"

namespace postroom {
namespace {

namespace fs = std::filesystem;
using FolderVisit = std::function<void(const fs::path& folder)>;

// Others work in the same folders: one may vanish under our hands, another may be no business of ours (such
// as lost+found). Then there is nothing in it for us. Any other error could hide mail, and is thrown.
void check(const std::error_code& error, const fs::path& path) {
  constexpr std::array skipped{std::errc::permission_denied, std::errc::no_such_file_or_directory,
                               std::errc::not_a_directory};
  const auto same = [&](std::errc each) { return error == each; };
  if (!error || std::any_of(skipped.begin(), skipped.end(), same)) return;
  throw std::system_error{error, path.native()};
}

bool is_a_directory(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  check(error, path);
  return status.type() == fs::file_type::directory;
}

std::vector<fs::path> entries(const fs::path& directory) {
  std::vector<fs::path> paths;
  std::error_code error;
  fs::directory_iterator at{directory, error};
  for (; !error && at != fs::directory_iterator{}; at.increment(error)) paths.push_back(at->path());
  check(error, directory);
  return paths;
}

// Every directory that is a folder (has cur/), at any depth.
void each_folder(const fs::path& directory, const FolderVisit& visit) {
  if (is_a_directory(directory / "cur")) visit(directory);
  for (const fs::path& path : entries(directory)) {
    const std::string name = path.filename();
    if (name == "cur" || name == "new" || name == "tmp") continue;
    std::error_code ignored;
    if (!fs::is_symlink(path, ignored) && is_a_directory(path)) each_folder(path, visit);
  }
}

// Does a file of ours carry this message number in its header?
bool holds_message(const fs::path& file, MessageNumber number, const Keys& keys) {
  constexpr std::size_t most = 64U << 10U;  // our lines stand on top
  std::string top(most, '\0');
  std::ifstream in{file, std::ios::binary};
  in.read(top.data(), static_cast<std::streamsize>(most));
  top.resize(static_cast<std::size_t>(in.gcount()));
  for (const std::string& value : header_values(top, "X-Postroom-Ticket")) {
    const auto identity = read_identity(value, keys);
    if (identity && identity->message_number == number) return true;
  }
  return false;
}

std::optional<std::string> find_name(const fs::path& directory, const std::string& base) {
  for (const fs::path& path : entries(directory)) {
    if (base_name(path.filename().native()) == base) return path.native();
  }
  return std::nullopt;
}

std::optional<std::string> find_message(const fs::path& directory, MessageNumber number, const Keys& keys) {
  for (const fs::path& path : entries(directory)) {
    if (holds_message(path, number, keys)) return path.native();
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

std::optional<std::string> Maildir::find(const Place& place, MessageNumber number, const Keys& keys) const {
  std::optional<std::string> found;
  each_folder(root_, [&](const fs::path& folder) {
    for (const char* inner : {"new", "cur"}) {
      if (!found) found = find_name(folder / inner, place.file);
    }
  });
  if (found) return found;
  each_folder(root_, [&](const fs::path& folder) {
    for (const char* inner : {"new", "cur"}) {
      if (!found) found = find_message(folder / inner, number, keys);
    }
  });
  return found;
}

void Maildir::clean_tmp() const {
  each_folder(root_, [](const fs::path& folder) {
    for (const fs::path& path : entries(folder / "tmp")) {
      const std::string name = path.filename();
      if (is_our_name(name) && is_old(path)) unlink(path.c_str());
    }
  });
}

}  // namespace postroom
