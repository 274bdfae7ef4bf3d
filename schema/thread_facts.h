#pragma once
// What an arriving message names: tickets that it may belong to, earlier arrivals of the same mail, other
// tickets of its customer. Every question is answered from indexes, with bounded work. Reads only.

#include "schema/sqlite.h"

namespace postroom {

// Who has written, for what he may take part in: customers.id of all his addresses. Of a report on mail that
// could not be delivered: also of those whom it did not reach.
std::vector<std::int64_t> sender_ids(Db& db, const Delivery& delivery, const Desk& desk);

// Most certain first, each ticket once, at most 10, of which the sender takes no part in 5 at most. `sender`:
// of sender_ids().
std::vector<Candidate> candidates_of(Db& db, const Delivery& delivery,
                                     const std::vector<std::int64_t>& sender);

// `joins`: the ticket that the message would join, 0 for none. Equal words in another one are another mail,
// unless both were one when the first came: it has been split since, and either part may hold the copy; or
// unless both answer the same mail, of whose ticket the sender has become a part only since.
std::optional<Twin> twin_of(Db& db, const Delivery& delivery, const Desk& desk, TicketNumber joins);

// The message that this delivery brings once more, to other recipients; nullopt if it has no ticket.
std::optional<Twin> twin_of_message(Db& db, const Recorded& known, const Delivery& delivery,
                                    const Desk& desk);

// Newest first, at most 3.
std::vector<TicketNumber> alike(Db& db, const Delivery& delivery, const std::vector<std::int64_t>& sender);

}  // namespace postroom
