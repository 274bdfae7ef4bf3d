#pragma once
// What the rows lose when mail goes. Each function works inside the caller's transaction; gone.h has the
// order.

#include "schema/gone.h"
#include "schema/sqlite.h"

namespace postroom {

// Rows by their keys, so that each search goes on where the last one ended.
struct ThreadKeyRow {
  std::int64_t hash = 0;
  MessageNumber message = 0;
};
std::vector<ThreadKeyRow> going_keys(Db& db, ThreadKeyRow after, int most);
void forget_key(Db& db, ThreadKeyRow key);

// Events of no ticket about messages that go; events that name one of the addresses.
std::vector<std::int64_t> going_events(Db& db, std::int64_t after, int most);
std::vector<std::int64_t> events_naming(Db& db, const std::vector<std::string>& addresses, std::int64_t after,
                                        int most);
void forget_why(Db& db, std::int64_t event);

// The next messages that go, with all the others of their tickets that go; an event for each ticket. Returns
// nothing when none is left.
Forgotten forget_next(Db& db, const By& by, int most);

// Tickets that were merged into one of which nothing is left, and customers whom nothing mentions any more.
void forget_leftovers(Db& db);

// The customers with these addresses and their part in others' tickets; what they have written since stays,
// and they with it. Returns how many tickets lost their data here.
Forgotten forget_addresses(Db& db, const std::vector<std::string>& addresses, const By& by);

}  // namespace postroom
