#pragma once
// Changes between two tickets, and what all changes are made of. Part of plan_change().

#include <string>
#include <vector>

#include "rules/change.h"

namespace postroom {

ChangePlan plan_link(const Desk& desk, const TicketChange& change, const ChangeFacts& facts);
ChangePlan plan_merge(const Desk& desk, const TicketChange& change, const ChangeFacts& facts);
ChangePlan plan_split(const Desk& desk, const TicketChange& change, const ChangeFacts& facts);

// What differs, and where the messages go.
Changed changed_to(const Desk& desk, const KnownTicket& before, const KnownTicket& after,
                   std::vector<PlannedEvent> events);

// A ticket that was resolved or waits: open again, or new where its owner is not there.
Changed reopened(const Desk& desk, const KnownTicket& ticket, const std::string& why);

// The events that come first where a resolved or waiting ticket gets another status.
std::vector<PlannedEvent> wakes(const KnownTicket& ticket);

// "to olga: she knows the customer"
std::string told(const std::string& what, const std::string& why);

// "ticket 7 was merged into 5: use that number"
std::string merged_away(TicketNumber ticket, TicketNumber into);

}  // namespace postroom
