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
  bool opens_ticket = true;          // false: spam, kept without a ticket
  std::string mailbox;               // of the queue
  std::vector<std::string> folder;   // below the mailbox: {} incoming, {"Ivan"}, {"Junk"}
  std::optional<std::string> owner;  // login
  bool acknowledge = false;
  std::vector<PlannedEvent> events;  // in order
};

Plan plan_inbound(const Desk& desk, const Arrival& arrival, const Facts& facts);

}  // namespace postroom
