#include "conf/reload.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>

namespace postroom {
namespace {

pid_t read_pid(int fd) {
  std::array<char, 32> text{};
  const ssize_t got = ::pread(fd, text.data(), text.size(), 0);
  pid_t pid = 0;
  if (got > 0) std::from_chars(text.data(), text.data() + got, pid);
  return pid;
}

bool is_locked(int fd) { return ::flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK; }

}  // namespace

Told tell_reload(const std::string& directory, std::string_view program) {
  const std::string path = fmt::format("{}/{}.pid", directory, program);
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return {false, fmt::format("{} does not run", program)};
  if (fd < 0) return {false, fmt::format("{}: {}: {}", program, path, std::strerror(errno))};
  const bool runs = is_locked(fd);
  const pid_t pid = read_pid(fd);
  ::close(fd);

  if (!runs || pid <= 0) return {false, fmt::format("{} does not run", program)};
  if (::kill(pid, SIGUSR1) != 0)
    return {false, fmt::format("{} ({}) cannot be told: {}", program, pid, std::strerror(errno))};
  return {true, fmt::format("{} ({}) reads its configuration again", program, pid)};
}

}  // namespace postroom
