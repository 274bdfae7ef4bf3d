#pragma once
// What the folders alone say about a ticket, for rebuilding the database from them. Pure.

#include <vector>

#include "rules/place_of.h"

namespace postroom {

// The state of a ticket whose messages lie in these places. Somebody works on it if any of them lies in his
// "In progress"; else it waits; else it is new if any waits to be taken; else it is resolved. An owner's
// folder says more than the incoming one. `recorded`: its queue so far, which stays where a mailbox is that
// of several queues, or where no place says a state: then the ticket is new and nobody's.
State state_from_places(const Desk& desk, const std::string& recorded, const std::vector<Where>& places);

}  // namespace postroom
