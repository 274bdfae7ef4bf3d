#pragma once
// The outbox -> Postfix: one thread, one kept SMTP connection, null sender (RFC 5321, 4.5.5; RFC 3834, 3.3).
// A mail whose fate is unknown is never sent a second time: at most once.

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "conf/live.h"
#include "conf/log.h"
#include "lmtp/committer.h"

namespace postroom {

class SmtpClient;

class Outbox {
 public:
  // Starts the thread; the three must outlive the object.
  Outbox(const Live& live, Committer& committer, const Log& log);
  // Returns within seconds: mails not yet begun go back to the outbox as they were.
  ~Outbox();
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

 private:
  void run(const std::stop_token& stop);
  enum class Waited { short_time, long_time };
  Waited wait(std::optional<Time> due, const std::stop_token& stop);
  void send_all(const std::vector<Outgoing>& mails, SmtpClient& client, const std::stop_token& stop);
  Handed send(const Outgoing& mail, SmtpClient& client) const;

  const Live& live_;
  Committer& committer_;
  const Log& log_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool woken_ = true;  // at the start there may be mail of the last run
  std::jthread thread_;
};

}  // namespace postroom
