#pragma once
// An SMTP server on a loopback port that answers as it is told, one connection at a time.

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include <atomic>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "lmtp/fd.h"

namespace postroom::tests {

class SmtpPeer {
 public:
  // Answers by verb; "." is the end of the mail. "drop" closes the connection, "silence" says nothing.
  using Answers = std::map<std::string, std::string>;

  explicit SmtpPeer(Answers answers = {})
      : answers_{std::move(answers)}, listener_{socket(AF_INET, SOCK_STREAM, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_.get(), any, size) != 0 || listen(listener_.get(), 8) != 0)
      throw std::runtime_error{"bind"};
    getsockname(listener_.get(), any, &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread{[this](const std::stop_token& stop) { serve(stop); }};
  }
  ~SmtpPeer() {
    thread_.request_stop();
    thread_.join();
  }
  SmtpPeer(const SmtpPeer&) = delete;
  SmtpPeer& operator=(const SmtpPeer&) = delete;

  std::string url() const { return "smtp://127.0.0.1:" + std::to_string(port_); }
  void answer(const std::string& verb, const std::string& reply) {
    const std::lock_guard lock{mutex_};
    answers_[verb] = reply;
  }
  std::vector<std::string> commands() const {
    const std::lock_guard lock{mutex_};
    return commands_;
  }
  std::vector<std::string> mails() const {
    const std::lock_guard lock{mutex_};
    return mails_;
  }
  int connections() const { return connections_; }

 private:
  std::string answer_to(const std::string& verb, const std::string& usual) const {
    const std::lock_guard lock{mutex_};
    const auto found = answers_.find(verb);
    return found == answers_.end() ? usual : found->second;
  }

  static bool ready(int fd, const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      pollfd wait{fd, POLLIN, 0};
      if (poll(&wait, 1, 20) > 0) return true;
    }
    return false;
  }

  void serve(const std::stop_token& stop) {
    while (ready(listener_.get(), stop)) {
      const Fd peer{accept(listener_.get(), nullptr, nullptr)};
      ++connections_;
      converse(peer.get(), stop);
    }
  }

  static void say(int fd, const std::string& reply) {
    if (reply == "silence") return;
    const std::string line = reply + "\r\n";
    send(fd, line.data(), line.size(), MSG_NOSIGNAL);
  }

  void converse(int fd, const std::stop_token& stop) {
    std::string heard, mail;
    bool in_data = false;
    say(fd, answer_to("greeting", "220 peer"));
    while (ready(fd, stop)) {
      char buffer[4096];
      const auto got = recv(fd, buffer, sizeof buffer, 0);
      if (got <= 0) return;
      heard.append(buffer, static_cast<std::size_t>(got));
      for (auto end = heard.find("\r\n"); end != std::string::npos; end = heard.find("\r\n")) {
        const std::string line = heard.substr(0, end);
        heard.erase(0, end + 2);
        if (in_data && line != ".") {
          mail += line + "\r\n";
          continue;
        }
        const std::string reply = in_data ? end_of(mail) : reply_to(line);
        if (reply == "drop") return;
        say(fd, reply);
        in_data = reply.starts_with("354");
      }
    }
  }

  std::string end_of(std::string& mail) {
    const std::string reply = answer_to(".", "250 2.0.0 queued");
    const std::lock_guard lock{mutex_};
    commands_.push_back(".");
    mails_.push_back(std::move(mail));
    mail.clear();
    return reply;
  }

  std::string reply_to(const std::string& line) {
    const std::string verb = line.substr(0, 4);
    const std::string reply = answer_to(verb, verb == "EHLO"   ? "250-peer\r\n250-SMTPUTF8\r\n250 8BITMIME"
                                              : verb == "DATA" ? "354 go"
                                                               : "250 ok");
    const std::lock_guard lock{mutex_};
    commands_.push_back(line);
    return reply;
  }

  mutable std::mutex mutex_;
  Answers answers_;
  std::vector<std::string> commands_, mails_;
  std::atomic<int> connections_{0};
  Fd listener_;
  int port_ = 0;
  std::jthread thread_;
};

}  // namespace postroom::tests
