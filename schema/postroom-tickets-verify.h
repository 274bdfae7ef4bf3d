#pragma once
// What several commands of postroom-tickets ask of the folders.

#include <vector>

#include "lmtp/verify_folders.h"
#include "schema/postroom-tickets.h"

namespace postroom {

// The desk's keys; throws std::runtime_error if there are none yet (none are made, which would help nobody).
Keys keys_of_desk(const Settings& settings);

// What a look at the folders and a second one a second later both say.
std::vector<FolderProblem> problems_of_folders(const TicketsAsked& asked);

}  // namespace postroom
