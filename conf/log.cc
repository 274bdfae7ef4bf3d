#include "conf/log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <utility>

namespace postroom {
namespace {

constexpr std::size_t longest_line = 8192;  // a hostile header must not fill the log
constexpr int log_flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY;

struct LevelRow {
  int priority;
  std::string_view prefix;
};
constexpr std::array<LevelRow, 3> levels{{{LOG_ERR, "error: "}, {LOG_WARNING, "warning: "}, {LOG_INFO, ""}}};

std::string printable(std::string_view text) {
  std::string line{text.substr(0, longest_line)};
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  std::replace_if(line.begin(), line.end(), is_control, '?');
  // C1 controls (U+0080 to U+009F) steer terminals as well as C0 do.
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const auto next = static_cast<unsigned char>(line[i + 1]);
    if (line[i] == '\xc2' && next >= 0x80 && next < 0xa0) line[i] = line[i + 1] = '?';
  }
  return line;
}

std::string time_stamp() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  tm utc{};
  gmtime_r(&now.tv_sec, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900, utc.tm_mon + 1,
                     utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, now.tv_nsec / 1000000);
}

// One write(2) a line: with O_APPEND, lines of several processes do not mix.
void write_line(int fd, const std::string& line) {
  while (::write(fd, line.data(), line.size()) < 0 && errno == EINTR) {
  }
}

}  // namespace

Log::Log(std::string program, std::string target) : program_{std::move(program)}, target_{std::move(target)} {
  if (target_ == "syslog") openlog(program_.c_str(), LOG_PID | LOG_NDELAY, LOG_MAIL);
  if (target_ == "syslog" || target_ == "stderr") return;
  fd_ = ::open(target_.c_str(), log_flags, 0640);
  if (fd_ < 0) error(fmt::format("{}: {}; logging to standard error", target_, std::strerror(errno)));
}

Log::~Log() {
  if (target_ == "syslog") closelog();
  if (fd_ >= 0) ::close(fd_);
}

void Log::line(Level level, std::string_view text) const {
  try {
    const LevelRow& row = levels.at(static_cast<std::size_t>(level));
    const std::string clean = fmt::format("{}{}", row.prefix, printable(text));
    if (target_ == "syslog") return ::syslog(row.priority, "%s", clean.c_str());
    const int fd = fd_ >= 0 ? fd_ : STDERR_FILENO;
    write_line(fd, fmt::format("{} {}[{}]: {}\n", time_stamp(), program_, ::getpid(), clean));
  } catch (const std::exception&) {  // no memory for a log line is no reason to fail a delivery
  }
}

void Log::reopen() {
  if (fd_ < 0) return;
  const int fresh = ::open(target_.c_str(), log_flags, 0640);
  if (fresh < 0)
    return error(fmt::format("{}: {}; still writing the old file", target_, std::strerror(errno)));
  ::dup3(fresh, fd_, O_CLOEXEC);  // the number stays, so that other threads need no lock
  ::close(fresh);
}

}  // namespace postroom
