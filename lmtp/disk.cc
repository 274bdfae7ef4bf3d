#include "lmtp/disk.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <system_error>

#include "lmtp/fd.h"

namespace postroom {
namespace {

void write_all(int fd, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) disk_error(written < 0 ? errno : ENOSPC, "write", path);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

bool same_file(const std::string& one, const std::string& other) {
  struct stat a {
  }, b{};
  return stat(one.c_str(), &a) == 0 && stat(other.c_str(), &b) == 0 && a.st_dev == b.st_dev &&
         a.st_ino == b.st_ino;
}

int link_then_unlink(const std::string& from, const std::string& to) {
  if (link(from.c_str(), to.c_str()) != 0) return errno;
  unlink(from.c_str());  // left behind, it is cleaned with the other old files of tmp/
  return 0;
}

}  // namespace

void disk_error(int error, std::string_view verb, const std::string& path) {
  throw std::system_error{error, std::generic_category(), fmt::format("cannot {} {}", verb, path)};
}

void write_durably(const std::string& path, unsigned mode, std::string_view text) {
  const Fd file{open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)};
  if (!file) disk_error(errno, "create", path);
  try {
    if (fchmod(file.get(), mode) != 0) disk_error(errno, "set the mode of", path);  // whatever the umask
    write_all(file.get(), text, path);
    if (fsync(file.get()) != 0) disk_error(errno, "fsync", path);
  } catch (...) {
    unlink(path.c_str());
    throw;
  }
}

std::string read_whole(const std::string& path) {
  const Fd file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  if (!file) disk_error(errno, "open", path);
  std::string text;
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t size = read(file.get(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) disk_error(errno, "read", path);
    if (size == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(size));
  }
}

void sync_directory(const std::string& path) {
  const Fd directory{open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!directory) disk_error(errno, "open", path);
  if (fsync(directory.get()) != 0) disk_error(errno, "fsync", path);
}

bool exists(const std::string& path) {
  if (access(path.c_str(), F_OK) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  disk_error(errno, "look for", path);
}

int move_without_replacing(const std::string& from, const std::string& to) noexcept {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  int error = errno;
  if (error == EINVAL || error == ENOSYS) error = link_then_unlink(from, to);
  // A crash between link and unlink leaves the same file under both names: it has arrived.
  if (error == EEXIST && same_file(from, to)) return unlink(from.c_str()) == 0 ? 0 : errno;
  return error;
}

std::string random_digits() {
  std::uint64_t bits = 0;
  if (getentropy(&bits, sizeof bits) != 0) disk_error(errno, "draw random bits from", "getentropy(2)");
  return fmt::format("{:016x}", bits);
}

}  // namespace postroom
