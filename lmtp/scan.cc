#include "lmtp/scan.h"

#include <dirent.h>
#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>

#include "lmtp/disk.h"
#include "lmtp/fd.h"
#include "lmtp/folder_lock.h"
#include "lmtp/maildir_name.h"
#include "lmtp/maildir_walk.h"
#include "lmtp/mutf7.h"
#include "lmtp/stored.h"

namespace postroom {
namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { closedir(directory); }
};
using Directory = std::unique_ptr<DIR, CloseDirectory>;

bool is_nothing_for_us(int error) {
  return error == EACCES || error == ENOENT || error == ENOTDIR || error == ELOOP;
}

// Calls `entry(name, type)`; type as readdir() gives it, without "." and "..".
template <class Entry>
void each_entry(const std::string& path, const Entry& entry) {
  const Directory directory{opendir(path.c_str())};
  if (!directory && is_nothing_for_us(errno)) return;
  if (!directory) disk_error(errno, "read", path);
  for (;;) {
    errno = 0;
    const dirent* row = readdir(directory.get());
    if (!row && errno != 0) disk_error(errno, "read", path);
    if (!row) return;
    const std::string_view name{&row->d_name[0]};
    if (name != "." && name != "..") entry(name, row->d_type);
  }
}

// ".Support.Ivan" of Maildir++ is two names.
void add_names(std::vector<std::string>& names, std::string_view directory, Layout layout) {
  if (layout == Layout::fs || !directory.starts_with('.')) {
    names.emplace_back(directory);
    return;
  }
  while (!directory.empty()) {
    directory.remove_prefix(1);
    const std::string_view part = directory.substr(0, directory.find('.'));
    names.push_back(from_mutf7(part).value_or(std::string{part}));
    directory.remove_prefix(part.size());
  }
}

std::vector<std::string> names_on_the_way(const std::filesystem::path& from_root, Layout layout) {
  std::vector<std::string> names;
  for (const std::filesystem::path& directory : from_root) add_names(names, directory.native(), layout);
  return names;
}

std::optional<FolderLock> lock_if_ours(const std::string& folder) {
  try {
    return std::optional<FolderLock>{std::in_place, folder};
  } catch (const std::system_error& failure) {
    const int error = failure.code().value();
    if (!is_nothing_for_us(error) && error != EROFS && error != EPERM) throw;
    return std::nullopt;
  }
}

std::vector<std::string> parts_of(std::string_view mailbox) {
  std::vector<std::string> parts;
  for (;;) {
    const std::string_view part = mailbox.substr(0, mailbox.find('/'));
    parts.emplace_back(part);
    if (part.size() == mailbox.size()) return parts;
    mailbox.remove_prefix(part.size() + 1);
  }
}

// Is there an empty line in what has been read? Its end; npos: not yet.
std::size_t end_of_headers(std::string_view text) {
  if (text.starts_with('\n')) return 1;
  if (text.starts_with("\r\n")) return 2;
  for (auto at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1)) {
    if (text.substr(at + 1).starts_with('\n')) return at + 2;
    if (text.substr(at + 1).starts_with("\r\n")) return at + 3;
  }
  return text.npos;
}

}  // namespace

std::vector<FolderOnDisk> folders_on_disk(const std::string& root, Layout layout, const Desk& desk) {
  if (!exists(root)) disk_error(ENOENT, "read", root);
  std::vector<FolderOnDisk> found;
  each_folder(root, [&](const std::filesystem::path& folder) {
    const auto names = names_on_the_way(folder.lexically_relative(root), layout);
    if (folder != root) found.push_back({where_of(desk, names), folder.native()});
    return Walk::on;
  });
  std::ranges::sort(found, {}, &FolderOnDisk::path);
  return found;
}

Where where_of(const Desk& desk, const std::vector<std::string>& names) {
  std::size_t longest = names.empty() ? 0 : 1;
  std::string mailbox = names.empty() ? "" : names.front();
  for (const Queue& queue : desk.queues) {
    const auto parts = parts_of(queue.mailbox);
    const bool leads = parts.size() <= names.size() && std::equal(parts.begin(), parts.end(), names.begin());
    if (!leads || parts.size() < longest) continue;
    longest = parts.size();
    mailbox = queue.mailbox;
  }
  return {mailbox, {names.begin() + static_cast<std::ptrdiff_t>(longest), names.end()}};
}

std::vector<std::string> files_on_disk(const FolderOnDisk& folder) {
  std::vector<std::string> files;
  const auto lock = lock_if_ours(folder.path);
  for (const std::string inner : {"new", "cur"}) {
    each_entry(folder.path + "/" + inner, [&](std::string_view name, unsigned char type) {
      if (name.front() == '.' || type == DT_DIR || type == DT_LNK) return;
      files.push_back(inner + "/" + std::string{name});
    });
  }
  return files;
}

std::string_view base_of_file(std::string_view name) { return base_name(name.substr(name.find('/') + 1)); }

FileIdentity identity_in(std::string_view headers, const Keys& keys) {
  FileIdentity identity;
  for (const std::string& value : header_values(headers, "X-Postroom-Ticket")) {
    identity.claim = Claim::forged;
    const auto read = read_identity(value, keys);
    if (read) return {Claim::ours, read->ticket, read->message_number};
  }
  return identity;
}

std::optional<std::string> header_section(const std::string& path) {
  constexpr std::size_t piece = 16U << 10U, most = 256U << 10U;
  const Fd file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  if (!file && is_nothing_for_us(errno)) return std::nullopt;
  if (!file) disk_error(errno, "open", path);
  std::string text;
  while (text.size() < most) {
    const std::size_t before = text.size();
    text.resize(before + piece);
    const ssize_t got = read(file.get(), text.data() + before, piece);
    if (got < 0) disk_error(errno, "read", path);
    text.resize(before + static_cast<std::size_t>(got));
    const std::size_t end = end_of_headers(text);
    if (end != text.npos) text.resize(end);
    if (got == 0 || end != text.npos) break;
  }
  return text;
}

}  // namespace postroom
