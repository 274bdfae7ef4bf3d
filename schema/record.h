#pragma once
// One arrived message becomes a ticket or joins one, with its place, events, keys and perhaps an
// acknowledgement.

#include "schema/sqlite.h"

namespace postroom {

// Inside the caller's transaction. `acknowledgement`: a fresh message number, in case one is sent.
// A digest that is known gets the new keys only and the answer of its first arrival.
Recorded record(Db& db, const Delivery& delivery, const Desk& desk, MessageNumber acknowledgement);

// The contract is that of Store.
Destination destination(Db& db, const Delivery& delivery, const Desk& desk);

}  // namespace postroom
