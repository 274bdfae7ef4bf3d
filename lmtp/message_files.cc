#include "lmtp/message_files.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>

#include "lmtp/disk.h"
#include "lmtp/folder_lock.h"
#include "lmtp/maildir_name.h"
#include "lmtp/maildir_walk.h"
#include "lmtp/stored.h"
#include "rules/tags.h"

namespace postroom {
namespace {

namespace fs = std::filesystem;

constexpr int most_walks = 10;
constexpr std::size_t under_one_lock = 100;  // files

// Of a file that the desk has named; 0 for others.
MessageNumber number_in_name(const std::string& name) {
  if (!is_our_name(name)) return 0;
  const std::size_t at = name.find(".M") + 2;
  MessageNumber number = 0;
  std::from_chars(name.data() + at, name.data() + name.size(), number);
  return number;
}

// Of a file that Dovecot, or a client's upload, has named.
MessageNumber number_in_header(const fs::path& path, const Keys& keys) {
  constexpr std::size_t most = 64U << 10U;  // our lines stand on top
  std::ifstream in{path, std::ios::binary};
  std::string top(most, '\0');
  in.read(top.data(), static_cast<std::streamsize>(most));
  top.resize(static_cast<std::size_t>(in.gcount()));
  for (const std::string& value : header_values(top, "X-Postroom-Ticket")) {
    const auto identity = read_identity(value, keys);
    if (identity) return identity->message_number;
  }
  return 0;
}

MessageNumber number_of(const fs::path& path, const Keys& keys) {
  const MessageNumber named = number_in_name(path.filename());
  return named != 0 ? named : number_in_header(path, keys);
}

std::vector<fs::path> all_files(const fs::path& folder) {
  std::vector<fs::path> paths = files_of(folder);
  for (const fs::path& path : entries_of(folder / "tmp"))
    if (is_our_name(path.filename())) paths.push_back(path);
  return paths;
}

// False: it is not there any more, or a client has flagged it, and with it given it another name.
bool unlink_file(const fs::path& path) {
  if (unlink(path.c_str()) == 0) return true;
  if (errno != ENOENT) disk_error(errno, "unlink", path);
  const auto renamed = find_base_name(path.parent_path(), base_name(path.filename().native()));
  const auto opened = find_base_name(path.parent_path().parent_path() / "cur",
                                     base_name(path.filename().native()));  // new/ -> cur/
  const auto& now = renamed ? renamed : opened;
  return now && unlink(now->c_str()) == 0;
}

std::int64_t unlink_in(const fs::path& folder, const std::vector<fs::path>& paths) {
  std::int64_t unlinked = 0;
  for (std::size_t start = 0; start < paths.size(); start += under_one_lock) {
    const FolderLock lock{folder};
    for (std::size_t i = start; i < std::min(start + under_one_lock, paths.size()); ++i)
      unlinked += unlink_file(paths[i]) ? 1 : 0;
  }
  for (const char* inner : {"new", "cur", "tmp"})
    if (exists(folder / inner)) sync_directory(folder / inner);
  return unlinked;
}

// How many wanted files this walk has met.
std::int64_t unlink_once(const std::string& root, const Wanted& wanted, const Keys& keys,
                         std::int64_t& unlinked) {
  std::int64_t met = 0;
  each_folder(root, [&](const fs::path& folder) {
    std::vector<fs::path> paths = all_files(folder);
    std::erase_if(paths, [&](const fs::path& path) {
      const MessageNumber number = number_of(path, keys);
      return number == 0 || !wanted(number);
    });
    met += std::ssize(paths);
    if (!paths.empty()) unlinked += unlink_in(folder, paths);
    return Walk::on;
  });
  return met;
}

}  // namespace

std::map<MessageNumber, std::string> find_files(const std::string& root, const Wanted& wanted,
                                                const Keys& keys) {
  std::map<MessageNumber, std::string> found;
  each_folder(root, [&](const fs::path& folder) {
    for (const fs::path& path : files_of(folder)) {
      const MessageNumber number = number_of(path, keys);
      if (number != 0 && wanted(number)) found.emplace(number, path.native());
    }
    return Walk::on;
  });
  return found;
}

std::int64_t unlink_files(const std::string& root, const Wanted& wanted, const Keys& keys) {
  std::int64_t unlinked = 0;
  for (int walk = 0; walk < most_walks; ++walk)
    if (unlink_once(root, wanted, keys, unlinked) == 0) return unlinked;
  disk_error(EBUSY, "unlink, for they are moved all the time, files of", root);
}

}  // namespace postroom
