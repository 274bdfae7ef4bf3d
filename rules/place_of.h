#pragma once
// Which folder of a queue's mailbox stands for which state of a ticket (R13, R14), both ways. Pure.

#include <optional>
#include <string>
#include <vector>

#include "rules/ticket.h"

namespace postroom {

// A mailbox and a folder below it: {"Support", {"Ivan", "In progress"}}; {} is the incoming folder.
struct Where {
  std::string mailbox;
  std::vector<std::string> folder;

  bool operator==(const Where&) const = default;
};

// Where the messages of a ticket lie. new: incoming, or the owner's folder; open: his "In progress"; waiting:
// "Waiting" of the queue; resolved: his "Done", or the queue's own if nobody owned it. An owner who is not
// (any longer) an operator: as if nobody owned it.
Where place_of(const Desk& desk, const KnownTicket& ticket);

// What lying there says. nullopt: the folder stands for no state (junk, automatic, an unknown one, a mailbox
// of no queue).
struct State {
  std::string queue;
  std::string owner;  // login; empty: nobody's, or (waiting) not said by the folder
  Status status = Status::fresh;

  bool operator==(const State&) const = default;
};
std::optional<State> state_at(const Desk& desk, const Where& where);

}  // namespace postroom
