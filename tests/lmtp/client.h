#pragma once
// An LMTP client on a real socket. Waits at most ten seconds for anything.

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstdint>
#include <stdexcept>
#include <string>

#include "lmtp/fd.h"

namespace postroom::tests {

class Client {
 public:
  // "unix:/path" or "inet:127.0.0.1:port"
  explicit Client(const std::string& address) : Client{address.starts_with("unix:") ? AF_UNIX : AF_INET} {
    connect_to(address);
  }
  explicit Client(int family) : fd_{socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)} {}

  void connect_to(const std::string& address) {
    if (address.starts_with("unix:")) {
      sockaddr_un to{};
      to.sun_family = AF_UNIX;
      address.copy(to.sun_path, sizeof to.sun_path - 1, 5);
      return connect_to(reinterpret_cast<sockaddr*>(&to), sizeof to);
    }
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    connect_to(reinterpret_cast<sockaddr*>(&to), sizeof to);
  }

  void send(const std::string& bytes) const { ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL); }

  // The next line without its end; "" if the server has closed, "(silence)" if it says nothing.
  std::string line() {
    for (;;) {
      if (const auto end = heard_.find("\r\n"); end != heard_.npos) {
        const std::string line = heard_.substr(0, end);
        heard_.erase(0, end + 2);
        return line;
      }
      pollfd ready{fd_.get(), POLLIN, 0};
      if (poll(&ready, 1, 10000) <= 0) return "(silence)";
      char buffer[4096];
      const auto got = recv(fd_.get(), buffer, sizeof buffer, 0);
      if (got <= 0) return "";
      heard_.append(buffer, static_cast<std::size_t>(got));
    }
  }

  // The last line of the next reply.
  std::string reply() {
    std::string last = line();
    while (last.size() > 3 && last[3] == '-') last = line();
    return last;
  }

  std::string ask(const std::string& command) {
    send(command + "\r\n");
    return reply();
  }

  // Greeting to 354, for these recipients.
  void begin(const std::string& recipient = "support@desk.test") {
    if (!greeted_) expect(reply(), "220");
    if (!greeted_) expect(ask("LHLO client.test"), "250");
    greeted_ = true;
    expect(ask("MAIL FROM:<a@b.example>"), "250");
    expect(ask("RCPT TO:<" + recipient + ">"), "250");
    expect(ask("DATA"), "354");
  }

  std::string deliver(const std::string& text) {
    begin();
    return ask(text + "\r\n.");
  }

  void close() { fd_.reset(); }

 private:
  void connect_to(const sockaddr* to, socklen_t size) {
    if (connect(fd_.get(), to, size) != 0) throw std::runtime_error("connect");
  }
  static void expect(const std::string& reply, const std::string& code) {
    if (!reply.starts_with(code)) throw std::runtime_error("expected " + code + ", got '" + reply + "'");
  }

  Fd fd_;
  std::string heard_;
  bool greeted_ = false;
};

}  // namespace postroom::tests
