#pragma once
// Mail that waits to be handed to Postfix: queued -> claimed -> sent, failed or uncertain; or queued again.

#include "schema/sqlite.h"

namespace postroom {

// All inside the caller's transaction.

// Queues the acknowledgement of a delivery and counts it for the limits. `number`: its message number.
void enqueue_acknowledgement(Db& db, const Delivery& delivery, MessageNumber number);

// Writes what became of a claimed mail. Reported twice, or of a mail that is settled: nothing happens.
void settle(Db& db, const Handed& handed, Time now);

// Marks up to `most` due mails as claimed and returns them. One whose customer's message is not yet in its
// folder is not due: it is looked at again two seconds after `now`.
std::vector<Outgoing> claim(Db& db, int most, Time now);

int settle_claimed(Db& db, Time now);
std::optional<Time> next_due(Db& db);

}  // namespace postroom
