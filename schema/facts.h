#pragma once
// What the store knows about an arriving message before anything is decided.

#include "schema/sqlite.h"

namespace postroom {

// Reads inside the caller's transaction.
Facts facts_for(Db& db, const Delivery& delivery, const Desk& desk);

// Of a message that is kept already, and comes to further recipients.
Facts facts_for_repeat(Db& db, const Recorded& known, const Delivery& delivery, const Desk& desk);

}  // namespace postroom
