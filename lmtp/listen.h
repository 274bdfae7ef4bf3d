#pragma once
// The socket that Postfix connects to: a unix socket, or a port of the loopback interface.

#include <string>

#include "lmtp/fd.h"

namespace postroom {

// Does a program listen there, as far as this one may know? What is left of a dead one's socket is no answer.
// Throws as Listener for an address that is none.
bool is_served(const std::string& address);

class Listener {
 public:
  // "unix:/path", "inet:127.0.0.1:24", "inet:[::1]:24", port 0: any free one. mode is of a unix socket; the
  // umask cannot take from it. A socket file that nobody listens on is removed first. Throws
  // std::runtime_error: another program listens there, the address is not of this machine alone (LMTP knows
  // no passwords), a bad address, or the system's error.
  Listener(const std::string& address, unsigned mode);
  ~Listener() { stop(); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  int get() const { return fd_.get(); }
  const std::string& address() const { return address_; }  // with the real port
  void stop();  // closes; removes the socket file if it is still ours

 private:
  void listen_unix(const std::string& path, unsigned mode);
  void listen_inet(const std::string& host, const std::string& port);

  Fd fd_;
  std::string address_;
  std::string path_;  // of the socket file
  unsigned long device_ = 0, inode_ = 0;
};

}  // namespace postroom
