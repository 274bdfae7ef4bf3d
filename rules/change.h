#pragma once
// What people do to a ticket, by command or by moving its messages: request + facts -> all changes. Pure; run
// inside the transaction that writes them.

#include <optional>
#include <string>
#include <vector>

#include "rules/place_of.h"
#include "rules/plan.h"

namespace postroom {

struct TicketChange {
  enum class Kind {
    assign,     // to `person`, or to nobody if it is empty; the ticket becomes new (unless it is resolved)
    claim,      // by `person`: open
    hand_over,  // to `queue`, owned by nobody
    resolve,
    reopen,
    wait,          // for the customer
    set_priority,  // `priority`
    note,          // `why` is its text
    link,          // to `other`
    merge,         // into `other`, which gets all messages
    split,         // `messages` become a new ticket, whose number is `other`
  };
  Kind kind = Kind::note;
  TicketNumber ticket = 0;
  std::string who;  // login, or "root": who asked for it
  std::string why;  // free text; may be empty
  std::string person, queue;
  Priority priority = Priority::normal;
  TicketNumber other = 0;
  std::vector<MessageNumber> messages;
};
std::string_view change_name(TicketChange::Kind kind);  // "assign", "hand over", "set priority", ...
std::optional<TicketChange::Kind> change_from(std::string_view name);

struct ChangeFacts {
  KnownTicket ticket;
  TicketNumber merged_into = 0;           // of the ticket; 0: it is not merged
  std::optional<KnownTicket> other;       // the other ticket, where the change names one and it exists
  TicketNumber other_merged_into = 0;     //
  bool linked = false;                    // somebody has linked the two, from whichever side
  std::vector<MessageNumber> messages{};  // of the ticket, in order
  std::vector<MessageNumber> inbound{};   // those of them that came in; a split leaves one on each side
};

// One ticket as it is after the change, with its events. Everything not set stays. `merged_into`: its
// messages, participants, requester (as a participant) and links become that ticket's. A new one (split) has
// channel and tags of the first, and as requester who wrote its first message.
struct Changed {
  TicketNumber ticket = 0;
  std::optional<std::string> queue, owner;
  std::optional<Status> status;
  std::optional<Priority> priority;
  std::optional<TicketNumber> merged_into;
  std::vector<PlannedEvent> events;
  std::vector<Link> links;
  std::optional<Where> goes_to;  // all its messages go there, those that a merge or a split gives it, too
};

struct ChangePlan {
  std::string refusal;           // why it cannot be done, a sentence; empty: it can
  std::vector<Changed> tickets;  // one, or both of a link, a merge or a split: the named one first
  bool opens_ticket = false;     // split: the second one is new
};

// A change that would change nothing (assigning to him who has it) is refused with a sentence that says so.
ChangePlan plan_change(const Desk& desk, const TicketChange& change, const ChangeFacts& facts);

}  // namespace postroom
