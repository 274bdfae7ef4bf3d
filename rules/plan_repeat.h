#pragma once
// A message that is kept already comes once more. Part of plan_inbound().

#include "rules/plan.h"

namespace postroom {

Plan plan_repeat(const Desk& desk, const Arrival& arrival, const Facts& facts, const Twin& twin);

}  // namespace postroom
