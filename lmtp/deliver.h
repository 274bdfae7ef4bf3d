#pragma once
// One received message -> files, ticket, replies. From the first byte to the durable 250.

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "conf/live.h"
#include "conf/log.h"
#include "schema/store.h"

namespace postroom {

class Committer;
struct Decided;

// SMTP reply: "250 2.0.0 text".
struct Reply {
  int code = 250;
  std::string enhanced;  // "2.0.0"
  std::string text;
};

struct Recipient {
  std::string address;  // without <>
  std::string orcpt;    // value of ORCPT=, as given; may be empty
};

// What one LMTP transaction brought.
struct Incoming {
  std::string sender;                 // envelope, without <>; "" null sender
  std::vector<Recipient> recipients;  // accepted ones only, never empty
  std::string queue_id;  // XFORWARD IDENT; empty if not given (then taken from the top Received line)
  std::string peer;      // LHLO name
  std::string data;      // dot-unstuffed, line ends as received (CRLF)
};

// Delivers messages of all connections. Thread-safe.
class Deliver {
 public:
  Deliver(const Live& live, Committer& committer, const Log& log);

  // One reply for each recipient, in order. 250: the message is durably in exactly one folder of the desk
  // and its ticket is committed. Anything that fails is a 4xx; exceptions do not leave. Where every queue has
  // a ticket of its own (WhichChannel::queue), there is a delivery for the recipients of each, and the
  // failure of one does not defer the others.
  std::vector<Reply> deliver(const Incoming& incoming);

  // May this address be delivered here? nullopt: yes; else the reply for RCPT (450: Postfix keeps the mail).
  std::optional<Reply> refuse_recipient(const std::string& address) const;

 private:
  struct Arriving;

  Reply deliver_to_queue(const Incoming& incoming, const std::shared_ptr<const Running>& running,
                         const std::string& queue);
  Recorded take_in(Arriving& arriving);
  Recorded repeat(Arriving& arriving);
  Recorded file(Arriving& arriving);
  void prepare(Arriving& arriving, const Decided& decided, TicketNumber drawn);
  Recorded record(const Delivery& delivery);
  StatusOf status_of() const;  // throws StoreError: the mail is deferred, not decided without
  Recorded restore(Arriving& arriving, const Delivery& delivery);
  std::string line(const Arriving& arriving, const Recorded& recorded) const;

  const Live& live_;
  Committer& committer_;
  const Log& log_;
  std::mutex restoring_;
};

}  // namespace postroom
