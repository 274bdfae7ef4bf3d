#pragma once
// Facts + message -> all changes that one arriving message causes. Pure; run inside the transaction that
// writes them.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "rules/acknowledge.h"
#include "rules/classify.h"
#include "rules/desk.h"

namespace postroom {

// An arriving message, as far as the plan needs it.
struct Arrival {
  Decision decision;
  MayAcknowledge may_acknowledge;
  std::string sender;                   // envelope
  std::vector<std::string> recipients;  // of this delivery
  bool automatic_only = false;          // automatic mail to a channel that files such mail
};

// What the store knows.
struct Facts {
  int acknowledged_address = 0;  // acknowledgements to this address within its window
  int acknowledged_global = 0;   // to everybody within the global window
  std::string last_owner;        // login of the operator who got the queue's last ticket; may be empty
};

struct PlannedEvent {
  std::string what;  // "created", "assigned", "acknowledgement queued", "acknowledgement not sent", ...
  std::string why;
};

struct Plan {
  bool opens_ticket = true;          // false: spam or filed automatic mail, kept without a ticket
  std::string mailbox;               // of the queue
  std::vector<std::string> folder;   // below the mailbox: {} incoming, {"Ivan"}, {"Junk"}
  std::optional<std::string> owner;  // login
  bool acknowledge = false;
  std::vector<PlannedEvent> events;  // in order
};

// Does the channel file this without a ticket (R7)? Reports, receipts and robots' replies it does; a list or
// a machine's own mail may be what the channel is there for.
bool is_automatic_only(const Desk& desk, const Decision& decision);

Plan plan_inbound(const Desk& desk, const Arrival& arrival, const Facts& facts);

}  // namespace postroom
