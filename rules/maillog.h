#pragma once
// What Postfix writes into its log, line by line. Pure, linear time; any bytes.
//
// Known are the formats of syslog (RFC 3164 dates, and RFC 3339 ones as rsyslog and journald write them) and
// of Postfix's own maillog_file, short and long queue ids, and any syslog_name ("postfix-in/smtpd").

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace postroom {

struct MailLogLine {
  enum class What {
    accepted,   // cleanup: the message is in the queue (message-id)
    active,     // qmgr: it is being delivered (sender, recipients)
    attempt,    // one recipient: recipient, status, reply
    removed,    // it left the queue
    expired,    // qmgr gave up; who was not reached is told to the sender
    rejected,   // refused before it was accepted, or by a milter at its end
    discarded,  // accepted from the client, and thrown away by order
    held,
    released,
    requeued,  // it goes on under another queue id
  };
  What what = What::accepted;
  std::string instance;  // syslog_name: queue ids are unique within it
  std::string queue_id;  // empty: refused before it had one
  std::string sender, recipient, original_recipient;
  std::string status;  // of an attempt: "sent", "deferred", "bounced", ...
  std::string reply;   // of an attempt: what stands in parentheses; else why it was refused
  std::string message_id;
  std::int64_t recipients = -1;  // active: how many are left
  std::chrono::sys_seconds time{};
};

// What a date without a year and a zone means.
struct LogClock {
  std::chrono::sys_seconds now;  // dates lie before it (or at most a day behind)
  std::chrono::seconds east{0};  // local time minus UTC
};

// nullopt: the line says nothing about a message.
std::optional<MailLogLine> read_mail_log(std::string_view line, const LogClock& clock);

}  // namespace postroom
