#pragma once
// Who takes part in a ticket from a message on. Part of plan_inbound().

#include <string>
#include <vector>

#include "rules/plan.h"

namespace postroom {

// Who takes part already, normalised.
struct Party {
  std::string customer;
  std::vector<std::string> participants;
};

// Puts the people of the message who are new into the plan, with an event: at most 20, and at most 100 in a
// ticket. Not the requester's other addresses, the desk's, robots', nor anybody in automatic mail, in the
// mails of web forms or in spam.
void add_participants(const Desk& desk, const Arrival& arrival, const Party& party, Plan& plan);

}  // namespace postroom
