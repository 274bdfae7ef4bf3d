#include "lmtp/serve.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <system_error>

#include <fmt/format.h>

namespace postroom {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds most_idle{std::numeric_limits<int>::max()};  // what poll() can count

Fd new_event() {
  Fd fd{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  if (!fd) throw std::system_error(errno, std::generic_category(), "eventfd");
  return fd;
}

void raise_event(const Fd& event) {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(event.get(), &one, sizeof one);  // fails only if it is raised
}

void clear_event(const Fd& event) {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = read(event.get(), &count, sizeof count);
}

bool again(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

// A socket of a connection, with the limit of silence and the wish of the program to stop.
class SocketPeer : public Peer {
 public:
  SocketPeer(int fd, int stop_event, const std::atomic<bool>& stopping, std::chrono::milliseconds idle)
      : fd_{fd}, stop_event_{stop_event}, stopping_{stopping}, idle_{std::min(idle, most_idle)} {}

  Got read(std::span<char> into, std::size_t& size, Wait wait) override {
    for (;;) {
      if (wait == Wait::command && stopping_) return Got::stopping;
      const ssize_t got = recv(fd_, into.data(), into.size(), 0);
      if (got > 0) {
        size = static_cast<std::size_t>(got);
        return Got::input;
      }
      if (got == 0 || !again(errno)) return Got::closed;
      if (!wait_for(POLLIN, wait)) return Got::timeout;
    }
  }

  bool write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
        continue;
      }
      if (sent == 0 || !again(errno) || !wait_for(POLLOUT, Wait::data)) return false;
    }
    return true;
  }

 private:
  // False: nothing has happened for the whole of the limit.
  bool wait_for(short events, Wait wait) const {
    std::array<pollfd, 2> fds{pollfd{fd_, events, 0}, pollfd{stop_event_, POLLIN, 0}};
    const nfds_t count = wait == Wait::command ? 2 : 1;
    const int ready = poll(fds.data(), count, static_cast<int>(idle_.count()));
    if (ready < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "poll");
    return ready != 0;
  }

  int fd_, stop_event_;
  const std::atomic<bool>& stopping_;
  std::chrono::milliseconds idle_;
};

}  // namespace

struct Server::Connection {
  Connection(Fd socket, unsigned long count) : fd{std::move(socket)}, number{count} {}
  Fd fd;  // closed only after the thread has ended, so that nobody can shut down a stranger's descriptor
  unsigned long number;
  std::atomic<bool> ended = false;
  std::jthread thread;
};

Server::Server(ServerOptions options, DeliverMessage deliver, RefuseRecipient refuse, const Log& log)
    : options_{std::move(options)},
      deliver_{std::move(deliver)},
      refuse_{std::move(refuse)},
      log_{log},
      listener_{options_.sockets.lmtp, options_.sockets.mode},
      stop_event_{new_event()},
      ended_event_{new_event()} {}

Server::~Server() {
  stop();
  for (Connection& connection : connections_) shutdown(connection.fd.get(), SHUT_RDWR);
}

void Server::stop() {
  stopping_ = true;
  raise_event(stop_event_);
}

void Server::run() {
  while (!stopping_) {
    wait_for_events(true);
    remove_ended();
    if (!stopping_) accept_one();
  }
  finish();
}

// Without descriptors the listening socket stays readable: look at it again after a second, or as soon as a
// connection has ended, and do not spin.
void Server::wait_for_events(bool accepting) {
  std::array<pollfd, 3> fds{pollfd{ended_event_.get(), POLLIN, 0}, pollfd{stop_event_.get(), POLLIN, 0},
                            pollfd{listener_.get(), POLLIN, 0}};
  const nfds_t count = !accepting ? 1 : exhausted_ ? 2 : 3;
  const bool soon = !accepting || exhausted_;
  if (poll(fds.data(), count, soon ? 1000 : -1) < 0 && errno != EINTR)
    throw std::system_error(errno, std::generic_category(), "poll");
}

void Server::accept_one() {
  Fd fd{accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
  if (!fd) {
    const int error = errno;
    const bool full = error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
    if (full && !exhausted_) log_.error(fmt::format("accept: {}", std::generic_category().message(error)));
    exhausted_ = full;
    if (error == EBADF || error == EINVAL || error == ENOTSOCK)
      throw std::system_error(error, std::generic_category(), "accept");
    return;
  }
  exhausted_ = false;
  if (connections_.size() >= options_.limits.connections)
    return refuse_connection(fd, "too many connections");

  const int on = 1;
  setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // fails on a unix socket, which needs none
  Connection& connection = connections_.emplace_back(std::move(fd), ++accepted_);
  try {
    connection.thread = std::jthread{[this, &connection] { serve(connection); }};
  } catch (const std::system_error& error) {  // no thread: say so, and go on with those there are
    refuse_connection(connection.fd, error.what());
    connections_.pop_back();
  }
}

void Server::refuse_connection(const Fd& fd, std::string_view reason) const {
  log_.warning(fmt::format("status=refused reason=\"{}\" connections={}", reason, connections_.size()));
  const std::string reply = fmt::format("421 4.3.2 {} {}, try again\r\n", options_.host, reason);
  [[maybe_unused]] const auto sent = send(fd.get(), reply.data(), reply.size(), MSG_NOSIGNAL);
}

void Server::serve(Connection& connection) {
  const Settings::Limits& limits = options_.limits;
  const Note note = [&](Level level, std::string_view text) {
    log_.line(level, fmt::format("connection={} {}", connection.number, text));
  };
  {
    SocketPeer peer{connection.fd.get(), stop_event_.get(), stopping_, limits.idle};
    Wire wire{peer, {.line = limits.line, .message = limits.message}};
    Session session{options_.host, {.message = limits.message, .recipients = limits.recipients}, refuse_};
    converse(wire, session, deliver_, note);
  }
  shutdown(connection.fd.get(), SHUT_RDWR);
  connection.ended = true;
  raise_event(ended_event_);
}

void Server::remove_ended() {
  clear_event(ended_event_);
  connections_.remove_if([](const Connection& connection) { return connection.ended.load(); });
}

void Server::finish() {
  listener_.stop();
  const auto deadline = Clock::now() + options_.limits.stop;
  for (remove_ended(); !connections_.empty() && Clock::now() < deadline; remove_ended())
    wait_for_events(false);
  if (connections_.empty()) return;
  log_.warning(fmt::format("status=stopping unfinished={}", connections_.size()));
  for (Connection& connection : connections_) shutdown(connection.fd.get(), SHUT_RDWR);
  connections_.clear();  // joins
}

}  // namespace postroom
