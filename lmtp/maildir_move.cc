// A message goes from folder to folder, as a client of Dovecot would see another client do it.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "lmtp/disk.h"
#include "lmtp/file_search.h"
#include "lmtp/folder_lock.h"
#include "lmtp/maildir.h"
#include "lmtp/maildir_name.h"
#include "lmtp/maildir_walk.h"

namespace postroom {
namespace {

constexpr int tries = 5;  // every one but the first: somebody else moved the file under our hands

std::string directory_of(const std::string& path) { return path.substr(0, path.rfind('/')); }
std::string file_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string inner_of(const std::string& path) { return file_of(directory_of(path)); }

// A name in cur/ has a place for flags, in new/ it may do without.
std::string flags_in(const std::string& path) {
  const std::string flags = flags_of(path);
  return flags.empty() && inner_of(path) == "cur" ? ":2," : flags;
}

// Where a message lies.
struct Spot {
  std::string folder;  // directory on disk
  std::string base;
};

Spot spot_of(const std::string& path) {
  return {directory_of(directory_of(path)), std::string{base_name(file_of(path))}};
}

// Path of the file in new/ or cur/. As long as nobody has seen it, it lies in new/ under its bare name.
std::optional<std::string> path_at(const Spot& spot) {
  if (std::string unseen = spot.folder + "/new/" + spot.base; exists(unseen)) return unseen;
  for (const char* inner : {"/new", "/cur"})
    if (auto found = find_base_name(spot.folder + inner, spot.base)) return found;
  return std::nullopt;
}

// What an earlier attempt at this move has brought here.
std::optional<std::string> arrived(const std::string& folder, const std::string& stem) {
  for (const char* inner : {"/new", "/cur"}) {
    for (const auto& path : entries_of(folder + inner))
      if (path.filename().native().starts_with(stem + ".")) return path.native();
  }
  return std::nullopt;
}

void sync_if_there(const std::string& directory) {
  if (exists(directory)) sync_directory(directory);
}

bool is_folder(const std::string& directory) {
  constexpr std::array inner = {"/cur", "/new", "/tmp"};
  return std::ranges::all_of(inner, [&](const char* name) { return exists(directory + name); });
}

bool on_one_disk(const std::string& one, const std::string& other) {
  struct stat a {
  }, b{};
  return stat(one.c_str(), &a) == 0 && stat(other.c_str(), &b) == 0 && a.st_dev == b.st_dev;
}

// A copy on the other disk, durable, in tmp/: nobody sees it there.
std::string copied(const std::string& path, const std::string& folder, const std::string& base) {
  struct stat file {};
  if (stat(path.c_str(), &file) != 0) disk_error(errno, "look at", path);
  std::string copy = folder + "/tmp/" + base + "." + random_digits();
  write_durably(copy, file.st_mode & 0777U, read_whole(path));
  return copy;
}

// Clients show the time of the file as that of the message's arrival.
void keep_time(const std::string& path, const struct stat& from) noexcept {
  const std::array<timespec, 2> times{from.st_atim, from.st_mtim};
  utimensat(AT_FDCWD, path.c_str(), times.data(), 0);
}

// The copy comes into its folder, and then the file goes; a crash between leaves both, which the next attempt
// sees. Returns an errno.
int replace_by_copy(const std::string& path, const std::string& copy, const std::string& to) {
  struct stat file {};
  if (stat(path.c_str(), &file) != 0) return errno;
  if (const int error = move_without_replacing(copy, to); error != 0) return error;
  keep_time(to, file);
  sync_directory(directory_of(to));
  return unlink(path.c_str()) == 0 ? 0 : errno;
}

// Under the lock of the folder that it leaves: otherwise other messages there get new UIDs. Returns its new
// path; nullopt: it is not there (any longer).
std::optional<std::string> take_there(const Spot& from, const std::string& folder, const Move& move) {
  const auto before = path_at(from);
  if (!before) return std::nullopt;
  const std::string base = moved_base_name(move, *before);
  const bool near = on_one_disk(from.folder, folder);
  const std::string copy = near ? std::string{} : copied(*before, folder, base);
  std::string to;
  int error = ENOENT;
  {
    const FolderLock lock{from.folder};
    // Its flags may have changed meanwhile; to list a great folder takes longer than to look for one name.
    if (const auto path = exists(*before) ? before : path_at(from)) {
      to = folder + "/" + inner_of(*path) + "/" + base + flags_in(*path);
      error = near ? move_without_replacing(*path, to) : replace_by_copy(*path, copy, to);
    }
  }
  if (!copy.empty()) unlink(copy.c_str());
  if (error == ENOENT) return std::nullopt;
  if (error != 0) disk_error(error, "move a message to", to);
  return to;
}

std::optional<std::string> take(const Spot& from, const std::string& folder, const Move& move) {
  try {
    return take_there(from, folder, move);
  } catch (const std::system_error& failure) {
    if (failure.code() != std::errc::no_such_file_or_directory) throw;
    return std::nullopt;  // somebody was faster; or folder and file are both gone
  }
}

void sync_ends(const std::string& from, const std::string& path) {
  sync_directory(directory_of(path));
  for (const char* inner : {"/new", "/cur"}) sync_if_there(from + inner);
}

// A rename leaves nothing behind: what still lies at its place has not gone, and nobody need list the target
// for it, which may be the folder of all that was ever resolved.
std::optional<std::string> take_near(const Spot& from, const std::string& folder, const Move& move) {
  if (!on_one_disk(from.folder, folder)) return std::nullopt;
  auto path = take(from, folder, move);
  if (path) sync_ends(from.folder, *path);
  return path;
}

// Both ends on disk, and nothing left of a copy whose original could not be removed any more.
void finish(const Move& move, const std::string& from, const std::string& path) {
  const Spot left{from, move.from.file};
  if (path_at(left)) {
    const FolderLock lock{from};
    if (const auto old = path_at(left)) unlink(old->c_str());
  }
  sync_ends(from, path);
}

}  // namespace

std::optional<std::string> Maildir::move(const Move& move, const Keys& keys) const {
  FileSearch alone = search(keys);
  alone.add(move.message, move.from.file);
  return this->move(move, alone);
}

std::optional<std::string> Maildir::move(const Move& move, FileSearch& search) const {
  const std::string from = directory(move.from.mailbox, move.from.folder);
  const std::string to = directory(move.to.mailbox, move.to.folder);
  const std::string stem = moved_stem(move);
  Spot spot{from, move.from.file};
  for (int attempt = 0; attempt < tries; ++attempt) {
    if (spot.folder != to && is_folder(to))
      if (const auto path = take_near(spot, to, move)) return spot_of(*path).base;
    if (const auto there = arrived(to, stem)) {
      finish(move, from, *there);
      return spot_of(*there).base;
    }
    if (!is_folder(to)) make_folder(move.to.mailbox, move.to.folder);
    if (spot.folder != to && take(spot, to, move)) continue;
    const auto path = search.find(move.message);
    if (!path) return std::nullopt;
    spot = spot_of(*path);
    if (spot.folder == to) {  // the operator was faster, or it never had to go anywhere
      sync_directory(directory_of(*path));
      return spot.base;
    }
    if (spot.folder != from && !is_earlier_move(spot.base, move)) return std::nullopt;
  }
  disk_error(EBUSY, "move a message that others move, too,", from);
}

}  // namespace postroom
