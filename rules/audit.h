#pragma once
// Postfix's log against the desk: for every message and every recipient of the desk, what became of it. Pure;
// memory grows with the messages that are open at a time, and with what is wrong.
//
// accepted = delivered + passed + bounced + removed + queued + missing. Rejected mail was never accepted.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "rules/maillog.h"
#include "rules/ticket.h"

namespace postroom {

// One message to one recipient of the desk.
struct AuditPair {
  std::string queue_id, recipient, sender;
  std::chrono::sys_seconds time{};
  std::string reply;  // the last that is known of it
};

struct AuditProblem {
  std::string kind;  // one word for scripts
  AuditPair pair;
  std::string problem;  // a half sentence: "the ticket is not in the database"
};

// A message in Postfix's queue (postqueue -j).
struct QueuedMail {
  std::string queue_id;
  std::vector<std::string> recipients;
};

struct AuditCounts {
  std::int64_t delivered = 0, passed = 0, bounced = 0, removed = 0, queued = 0, missing = 0, rejected = 0;

  std::int64_t accepted() const { return delivered + passed + bounced + removed + queued + missing; }
};

// What our reply says: "250 2.0.0 ticket 12 in Support".
struct ToldNumbers {
  TicketNumber ticket = 0;
  MessageNumber message = 0;  // one of the two is set
};
std::optional<ToldNumbers> numbers_in_reply(std::string_view reply);

// What the desk knows of a delivery. `told` is empty if the log does not tell the delivery: did it come?
struct DeskSays {
  enum class Answer { here, unknown, file_missing };
  Answer answer = Answer::here;
  std::string problem;  // unknown, file_missing
};
using AskDesk = std::function<DeskSays(const AuditPair& pair, const std::optional<ToldNumbers>& told)>;

class Audit {
 public:
  // `desk` must outlive the object.
  Audit(const Desk& desk, AskDesk ask) : desk_{desk}, ask_{std::move(ask)} {}

  // Lines in any order. What they say that came to its end is not queued any more.
  void add(const MailLogLine& line);

  // Before all lines, if it is not known when the queue was listed; else at that time, and then
  // queue_listed(): from there on only messages that are known already are followed, for those that came
  // later are not in the list.
  void add(const QueuedMail& mail);
  void queue_listed() { listed_ = true; }

  // After all lines. `problems` in order of time.
  struct Result {
    AuditCounts counts;
    std::vector<AuditProblem> problems;
  };
  Result finish();

 private:
  struct Followed {
    std::string sender;
    std::chrono::sys_seconds first{};
    std::int64_t recipients = -1, finals = 0;  // recipients: as the queue manager says; -1: not yet
    bool removed = false, attempted = false;
    std::map<std::string, AuditPair> open;  // of the desk, by recipient and original recipient
  };

  bool is_ours(const std::string& address) const;
  Followed* followed(const MailLogLine& line);
  void attempt(const MailLogLine& line, Followed& message);
  void end(const MailLogLine& line, AuditPair pair);
  void close(std::int64_t& count, Followed& message);
  void forget_if_done(const std::string& key);
  void leave_queue(const std::string& queue_id, const std::string& recipient);
  void judge(const std::string& key, Followed& message);
  void tell(std::string kind, AuditPair pair, std::string problem);

  const Desk& desk_;
  AskDesk ask_;
  bool listed_ = false;
  std::unordered_map<std::string, Followed> messages_;      // by instance and queue id
  std::map<std::string, std::vector<std::string>> queued_;  // recipients of the desk, by queue id
  Result result_;
};

}  // namespace postroom
