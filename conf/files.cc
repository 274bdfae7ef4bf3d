#include "conf/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace postroom {
namespace {

constexpr std::size_t largest = 4U << 20;

std::optional<std::string> read_all(int fd, std::string& error) {
  struct stat what {};
  if (::fstat(fd, &what) == 0 && !S_ISREG(what.st_mode)) return error = "is not a file", std::nullopt;
  std::string text;
  std::array<char, 65536> piece{};
  for (;;) {
    const ssize_t got = ::read(fd, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return error = std::strerror(errno), std::nullopt;
    if (got == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(got));
    if (text.size() > largest) return error = "is larger than 4 MiB", std::nullopt;
  }
}

}  // namespace

std::optional<std::string> read_small_file(const std::string& path, std::string& error) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a FIFO must not block a reload
  if (fd < 0) return error = std::strerror(errno), std::nullopt;
  auto text = read_all(fd, error);
  ::close(fd);
  return text;
}

}  // namespace postroom
