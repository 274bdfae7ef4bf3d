#include "lmtp/listen.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>

#include <fmt/format.h>

namespace postroom {
namespace {

constexpr int backlog = 128;

[[noreturn]] void fail(const std::string& address, const std::string& why) {
  throw std::runtime_error(fmt::format("cannot listen on {}: {}", address, why));
}

[[noreturn]] void fail_errno(const std::string& address, const char* step) {
  fail(address, fmt::format("{}: {}", step, std::strerror(errno)));
}

Fd new_socket(int family, const std::string& address) {
  Fd fd{socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!fd) fail_errno(address, "socket");
  return fd;
}

sockaddr_un unix_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.front() != '/') fail("unix:" + path, "the path has to begin with /");
  if (path.size() >= sizeof address.sun_path)
    fail("unix:" + path, fmt::format("the path is longer than {} bytes", sizeof address.sun_path - 1));
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

const sockaddr* generic(const sockaddr_un& address) { return reinterpret_cast<const sockaddr*>(&address); }

// What kill -9 left has to go; what another program serves must stay.
void remove_stale(const std::string& path, const sockaddr_un& address) {
  struct stat file {};
  if (lstat(path.c_str(), &file) != 0) return;
  if (!S_ISSOCK(file.st_mode)) fail("unix:" + path, "there is a file that is no socket");
  const Fd probe = new_socket(AF_UNIX, path);
  if (connect(probe.get(), generic(address), sizeof address) == 0 || errno != ECONNREFUSED)
    fail("unix:" + path, "another program listens there");
  if (unlink(path.c_str()) != 0 && errno != ENOENT) fail_errno("unix:" + path, "unlink");
}

bool is_loopback(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    const auto& four = reinterpret_cast<const sockaddr_in&>(address);
    return (ntohl(four.sin_addr.s_addr) >> 24) == 127;
  }
  if (address.sa_family != AF_INET6) return false;
  return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr);
}

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

// Numbers only: a name could mean another address tomorrow.
Addresses find_addresses(const std::string& host, const std::string& port, const std::string& address) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  addrinfo* found = nullptr;
  const std::string number = host == "localhost" ? "127.0.0.1" : host;
  if (const int error = getaddrinfo(number.c_str(), port.c_str(), &hints, &found); error != 0)
    fail(address, gai_strerror(error));
  return {found, freeaddrinfo};
}

struct HostPort {
  std::string host, port;
};

HostPort host_port(const std::string& address) {
  const auto colon = address.rfind(':');
  if (!address.starts_with("inet:") || colon < 6 || colon + 1 == address.size())
    fail(address, "unix:/path or inet:127.0.0.1:port is expected");
  std::string host = address.substr(5, colon - 5);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return {host, address.substr(colon + 1)};
}

// A full queue of one who listens is an answer, too: EAGAIN of a unix socket, silence of a port.
bool connects(int family, const sockaddr* to, socklen_t size) {
  const Fd probe{socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  const timeval patience{2, 0};
  if (!probe) return false;
  setsockopt(probe.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  return connect(probe.get(), to, size) == 0 || errno == EAGAIN || errno == EINPROGRESS;
}

unsigned bound_port(int fd) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size);
  if (bound.ss_family == AF_INET6) return ntohs(reinterpret_cast<sockaddr_in6&>(bound).sin6_port);
  return ntohs(reinterpret_cast<sockaddr_in&>(bound).sin_port);
}

}  // namespace

bool is_served(const std::string& address) {
  if (address.starts_with("unix:")) {
    const sockaddr_un to = unix_address(address.substr(5));
    return connects(AF_UNIX, generic(to), sizeof to);
  }
  const HostPort where = host_port(address);
  const Addresses found = find_addresses(where.host, where.port, address);
  return connects(found->ai_family, found->ai_addr, found->ai_addrlen);
}

Listener::Listener(const std::string& address, unsigned mode) : address_{address} {
  if (address.starts_with("unix:")) {
    listen_unix(address.substr(5), mode);
    return;
  }
  const HostPort where = host_port(address);
  listen_inet(where.host, where.port);
}

void Listener::listen_unix(const std::string& path, unsigned mode) {
  const sockaddr_un address = unix_address(path);
  remove_stale(path, address);
  fd_ = new_socket(AF_UNIX, address_);
  // Before bind, so that the file never has more rights than it shall have; after it, for what the umask
  // took.
  if (fchmod(fd_.get(), mode) != 0) fail_errno(address_, "fchmod");
  if (bind(fd_.get(), generic(address), sizeof address) != 0) fail_errno(address_, "bind");
  struct stat file {};
  if (chmod(path.c_str(), mode) != 0 || lstat(path.c_str(), &file) != 0) fail_errno(address_, "chmod");
  path_ = path;
  device_ = file.st_dev;
  inode_ = file.st_ino;
  if (listen(fd_.get(), backlog) != 0) fail_errno(address_, "listen");
}

void Listener::listen_inet(const std::string& host, const std::string& port) {
  const Addresses found = find_addresses(host, port, address_);
  if (!is_loopback(*found->ai_addr))
    fail(address_, "this is no loopback address; LMTP has no passwords, so that anybody could deliver");
  fd_ = new_socket(found->ai_family, address_);
  const int on = 1;
  setsockopt(fd_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd_.get(), found->ai_addr, found->ai_addrlen) != 0) fail_errno(address_, "bind");
  if (listen(fd_.get(), backlog) != 0) fail_errno(address_, "listen");
  address_ = fmt::format("{}:{}", address_.substr(0, address_.rfind(':')), bound_port(fd_.get()));
}

void Listener::stop() {
  if (!fd_) return;
  fd_.reset();
  struct stat file {};
  if (path_.empty() || lstat(path_.c_str(), &file) != 0) return;
  if (file.st_dev == device_ && file.st_ino == inode_) unlink(path_.c_str());
}

}  // namespace postroom
