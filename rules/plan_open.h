#pragma once
// A message opens a ticket. Part of plan_inbound().

#include "rules/plan.h"

namespace postroom {

// `plan`: with the queue's mailbox.
Plan plan_open(const Desk& desk, const Arrival& arrival, const Facts& facts, Plan plan);

// Round robin, where the queue wants it: owner, folder and event. Whoever is absent is passed over.
void assign_first(const Queue& queue, const Desk& desk, const std::string& last_owner, Plan& plan);

}  // namespace postroom
