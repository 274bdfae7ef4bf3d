#pragma once
// RFC 2033: lines in, replies out. Pure: no socket, clock or database. One session is one connection.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lmtp/deliver.h"

namespace postroom {

// start: before LHLO. ready: between transactions. mail: sender known. rcpt: a recipient is accepted.
// data: the message comes next. quit: nothing more is read.
enum class Phase { start, ready, mail, rcpt, data, quit };

struct SessionLimits {
  std::size_t message = 100U << 20;  // bytes, announced as SIZE
  std::size_t recipients = 1000;     // of one message
  int bad_commands = 20;             // since the last message; then 421
};

// nullopt: the address is taken; else the reply to RCPT.
using RefuseRecipient = std::function<std::optional<Reply>(const std::string& address)>;

class Session {
 public:
  // host: our name, in the greeting.
  Session(std::string host, SessionLimits limits, RefuseRecipient refuse);

  // All of these return complete replies, with CRLF, ready to be sent.
  std::string greeting() const;
  std::string command(std::string_view line);  // line without its end; not for Phase::data
  std::string line_too_long();                 // the command was over the limit of the wire

  // Phase::data only: the envelope with this message. Then exactly one answer().
  Incoming take(std::string data);

  // One reply for each recipient of the message, in order (RFC 2033, 4.2). A missing one becomes 451.
  std::string answer(const std::vector<Reply>& replies);
  std::string answer_all(const Reply& reply);  // the same for everybody

  // Last words; the phase is quit then.
  std::string stopping();   // 421 4.3.2
  std::string timed_out();  // 421 4.4.2
  std::string broken();     // 451 4.3.0 for everything that still waits for a reply

  Phase phase() const { return phase_; }
  const std::string& peer() const { return peer_; }  // LHLO name; empty before LHLO

 private:
  struct Command;
  static const Command commands[];

  std::string lhlo(std::string_view argument);
  std::string mail(std::string_view argument);
  std::string rcpt(std::string_view argument);
  std::string data(std::string_view argument);
  std::string rset(std::string_view argument);
  std::string noop(std::string_view argument);
  std::string quit(std::string_view argument);
  std::string vrfy(std::string_view argument);
  std::string help(std::string_view argument);
  std::string xforward(std::string_view argument);
  std::string use_lhlo(std::string_view argument);
  std::string forbidden(std::string_view argument);

  std::string run(std::string_view line);
  std::string bad(const Reply& reply);
  std::string leave(const Reply& reply);
  void reset();

  std::string host_;
  SessionLimits limits_;
  RefuseRecipient refuse_;
  Phase phase_ = Phase::start;
  std::string peer_;
  Incoming incoming_;
  std::size_t waiting_ = 0;  // recipients that wait for a reply after the message
  int bad_ = 0;
};

const char* phase_name(Phase phase);

}  // namespace postroom
