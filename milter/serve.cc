#include "milter/serve.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "conf/live.h"
#include "conf/program.h"
#include "milter/callbacks.h"

namespace postroom {

namespace {

constexpr std::string_view unix_prefix = "unix:";

[[noreturn]] void refuse(const std::string& what) { throw std::runtime_error(what); }

bool somebody_listens(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) refuse(path + ": too long for the name of a socket");
  path.copy(address.sun_path, path.size());

  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) refuse(fmt::format("cannot make a socket: {}", std::strerror(errno)));
  const int connected = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const bool listens = connected == 0 || errno != ECONNREFUSED;  // EAGAIN: alive, and its queue is full
  ::close(fd);
  return listens;
}

void clear_path(const std::string& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return;
  if (!S_ISSOCK(found.st_mode)) refuse(path + ": exists, and is no socket; remove it or name another path");
  if (somebody_listens(path)) refuse(path + ": another program listens there");
  if (::unlink(path.c_str()) != 0) refuse(fmt::format("{}: cannot remove: {}", path, std::strerror(errno)));
}

// The mode is there from the first moment; a chmod afterwards would leave a gap. Single thread so far.
void open_socket(Milter& milter, const Settings::Sockets& sockets) {
  clear_socket(sockets.milter);
  const mode_t before = ::umask(static_cast<mode_t>(0777 & ~sockets.mode));
  try {
    milter.open(sockets.milter);
  } catch (...) {
    ::umask(before);
    throw;
  }
  ::umask(before);
}

void reload(Live& live, Log& log) {
  log.reopen();
  std::vector<Problem> problems;
  try {
    problems = live.reload();
  } catch (const std::exception& error) {
    problems.push_back({live.current()->settings.file, 0, 0, error.what()});
  }
  if (problems.empty()) return log.info("reloaded");
  for (const Problem& problem : problems) log.error(problem.str());
  log.error("refused, the old configuration stays");
}

}  // namespace

void clear_socket(const std::string& socket) {
  if (socket.starts_with(unix_prefix)) clear_path(socket.substr(unix_prefix.size()));
}

int serve_milter(const std::string& config) {
  // libmilter waits for these three in a thread of its own (and takes SIGHUP as stop too): they must be
  // blocked in every thread that starts earlier, or the first one kills the process.
  const Signals left_to_libmilter{{SIGTERM, SIGINT, SIGHUP}};
  Signals own{{SIGUSR1}};

  Live live{config};
  const Settings settings = live.current()->settings;
  Log log{"postroom-milter", settings.log};
  const PidFile pid_file{settings.paths.run, "postroom-milter"};
  raise_descriptor_limit();  // at the limit libmilter spins on accept() and mail hangs

  Standing standing{settings.paths.database, settings.limits.database, log};
  Milter milter{live, log, standing};
  open_socket(milter, settings.sockets);
  own.handle([&live, &log](int) { reload(live, log); });
  notify("READY=1");
  log.info(fmt::format("ready: socket={}", settings.sockets.milter));

  milter.run();
  notify("STOPPING=1");
  if (!milter.finish(settings.limits.stop)) {
    log.warning("stopped: a message is still in progress; Postfix defers it");
    std::_Exit(EXIT_SUCCESS);  // its thread uses what a return would destroy
  }
  log.info("stopped");
  return EXIT_SUCCESS;
}

}  // namespace postroom
