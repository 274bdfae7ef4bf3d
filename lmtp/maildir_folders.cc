// Folders of the desk on disk: their names and their making.

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "lmtp/disk.h"
#include "lmtp/maildir.h"

namespace postroom {
namespace {

constexpr std::array<std::string_view, 3> inner = {"cur", "new", "tmp"};

std::vector<std::string> split(const std::string& mailbox) {
  std::vector<std::string> parts;
  for (std::size_t start = 0; start <= mailbox.size();) {
    const std::size_t end = std::min(mailbox.find('/', start), mailbox.size());
    parts.push_back(mailbox.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

// Names that Dovecot does not take in this layout, or that would lead out of the desk.
bool is_possible(const std::string& name, Layout layout) {
  if (name.empty() || name == "." || name == "..") return false;
  if (name.find('/') != std::string::npos || name.find('\0') != std::string::npos) return false;
  if (layout == Layout::maildirpp) return name.find('.') == std::string::npos;
  return std::find(inner.begin(), inner.end(), name) == inner.end();
}

std::string parent_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

}  // namespace

Maildir::Maildir(std::string root, Layout layout, unsigned folder_mode)
    : root_{std::move(root)}, layout_{layout}, mode_{folder_mode} {
  while (root_.size() > 1 && root_.back() == '/') root_.pop_back();
}

// Directories from the mailbox down to the folder: "/desk/Support", "/desk/Support/Ivan", ... or, in
// Maildir++, "/desk/.Support", "/desk/.Support.Ivan", ...
std::vector<std::string> Maildir::levels(const std::string& mailbox,
                                         const std::vector<std::string>& folder) const {
  std::vector<std::string> parts = split(mailbox);
  parts.insert(parts.end(), folder.begin(), folder.end());
  std::vector<std::string> directories;
  std::string path = layout_ == Layout::fs ? root_ : root_ + "/";
  for (const std::string& part : parts) {
    if (!is_possible(part, layout_)) disk_error(EINVAL, "name a folder", "'" + part + "'");
    path += layout_ == Layout::fs ? "/" + part : "." + to_mutf7(part);
    directories.push_back(path);
  }
  return directories;
}

std::string Maildir::directory(const std::string& mailbox, const std::vector<std::string>& folder) const {
  return levels(mailbox, folder).back();
}

void Maildir::make_folder(const std::string& mailbox, const std::vector<std::string>& folder) const {
  make_directory(root_);
  for (const std::string& level : levels(mailbox, folder)) {
    const bool is_new = make_directory(level);
    bool filled = false;  // a parent without cur, new and tmp could not be selected in a client
    for (const std::string_view name : inner) filled |= make_directory(fmt::format("{}/{}", level, name));
    if (filled) sync_directory(level);
    if (is_new) sync_directory(parent_of(level));
  }
}

bool Maildir::make_directory(const std::string& path) const {
  if (mkdir(path.c_str(), mode_ & 0777U) != 0) {
    if (errno == EEXIST) return false;
    disk_error(errno, "make", path);
  }
  struct stat made {};
  if (stat(path.c_str(), &made) != 0) disk_error(errno, "look at", path);
  // The umask has taken bits away; a group handed down by the parent (setgid) stays.
  const mode_t mode = mode_ | (made.st_mode & S_ISGID);
  if (chmod(path.c_str(), mode) != 0) disk_error(errno, "set the mode of", path);
  return true;
}

}  // namespace postroom
