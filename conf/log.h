#pragma once
// One line per outcome: syslog (facility mail), standard error, or a file. Thread-safe; never throws;
// control characters in a line are replaced by '?', so that mail cannot forge log lines.

#include <string>
#include <string_view>

namespace postroom {

enum class Level { error, warning, info };

class Log {
 public:
  // target: "syslog", "stderr" or a path (appended to, opened anew by reopen()).
  Log(std::string program, std::string target);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void line(Level level, std::string_view text) const;
  void info(std::string_view text) const { line(Level::info, text); }
  void warning(std::string_view text) const { line(Level::warning, text); }
  void error(std::string_view text) const { line(Level::error, text); }

  void reopen();  // after log rotation

 private:
  std::string program_, target_;
  int fd_ = -1;
};

}  // namespace postroom
