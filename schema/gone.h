#pragma once
// Mail that goes, by policy or because its customer wishes it: what to take, and how it is forgotten.
//
// The order survives a crash between any two steps: 1. Store::mark_going(); 2. the files of going() are
// unlinked;
// 3. forget_going(), 4. forget_customer(), 5. scrub(). Begun anew, it goes on where it was. What is
// forgotten is zeroed in the database (secure_delete).

#include <cstdint>
#include <string>
#include <vector>

#include "rules/ticket.h"

namespace postroom {

enum class Going { erased, expired };

// Before which moment something has to have been resolved, or have come, to be old; the epoch: none is.
struct Expiry {
  Time resolved{}, spam{}, automatic{};
  std::string junk, automatic_folder;  // names of folders below the mailboxes, which tell one from the other
};

struct Expirable {
  std::vector<MessageNumber> resolved, spam, automatic;
};

// What was forgotten.
struct Forgotten {
  std::int64_t messages = 0, tickets = 0;  // tickets: of which nothing is left but row and events
};

// Who does it, for the events.
struct By {
  std::string who;
  Time at{};
};

}  // namespace postroom
