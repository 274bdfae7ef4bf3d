#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "conf/files.h"
#include "conf/load.h"

namespace postroom {
namespace {

constexpr std::size_t key_size = 32;

[[noreturn]] void fail(const std::string& path, std::string_view what) {
  throw std::runtime_error(fmt::format("{}: {}", path, what));
}

std::string random_key(const std::string& path) {
  std::string key(key_size, '\0');
  if (::getrandom(key.data(), key.size(), 0) != static_cast<ssize_t>(key.size()))
    fail(path, "cannot make a key: getrandom failed");
  return key;
}

void write_key(int fd, const std::string& path) {
  const std::string key = random_key(path);
  const bool written =
      ::write(fd, key.data(), key.size()) == static_cast<ssize_t>(key.size()) && ::fsync(fd) == 0;
  const int reason = errno;
  ::close(fd);
  if (written) return;
  ::unlink(path.c_str());
  fail(path, fmt::format("cannot write the key: {}", std::strerror(reason)));
}

void sync_directory(const std::string& directory) {
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

// Two daemons may start together: each writes a file of its own, link(2) lets one of them win, and both then
// read the winner's.
void create_key(const std::string& path) {
  std::string temporary = path + ".XXXXXX";
  const int fd = ::mkostemp(temporary.data(), O_CLOEXEC);  // O_EXCL, 0600
  if (fd < 0)
    fail(path,
         fmt::format("the key does not exist and cannot be made: {}; let the daemons' user write to the "
                     "directory, or make the file yourself",
                     std::strerror(errno)));
  write_key(fd, temporary);
  const bool linked = ::link(temporary.c_str(), path.c_str()) == 0 || errno == EEXIST;
  const int reason = errno;
  ::unlink(temporary.c_str());
  if (!linked) fail(path, fmt::format("the key cannot be made: {}", std::strerror(reason)));
  sync_directory(std::filesystem::path{path}.parent_path());
}

}  // namespace

std::string load_secret(const std::string& path) {
  struct stat what {};
  if (::stat(path.c_str(), &what) != 0) {
    if (errno != ENOENT) fail(path, fmt::format("the key cannot be read: {}", std::strerror(errno)));
    create_key(path);
    if (::stat(path.c_str(), &what) != 0) fail(path, "the key vanished");
  }
  if ((what.st_mode & 027) != 0)
    fail(path,
         fmt::format("the key is open to others (mode {:04o}): whoever has read it can forge our headers; "
                     "remove it, or chmod 600 it if nobody has",
                     what.st_mode & 07777));
  std::string error;
  auto key = read_small_file(path, error);
  if (!key) fail(path, fmt::format("the key cannot be read: {}; it must belong to the daemons' user", error));
  if (key->size() < key_size)
    fail(path, fmt::format("the key has {} bytes and needs {} or more; remove the file and it is made anew",
                           key->size(), key_size));
  return *key;
}

Keys load_keys(const Settings& settings) {
  std::vector<std::string> old;
  for (const std::string& path : settings.paths.old_secrets) {
    if (!std::filesystem::exists(path))
      fail(path, "the old key is not there: remove it from paths.old_secrets");
    old.push_back(load_secret(path));
  }
  return {load_secret(settings.paths.secret), std::move(old)};
}

}  // namespace postroom
