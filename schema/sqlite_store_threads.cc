// Threads, changes and moves of the store.

#include "schema/sqlite_store.h"

namespace postroom {
namespace {

[[noreturn]] void missing() { throw StoreError{"not built"}; }

}  // namespace

Destination SqliteStore::destination(const Delivery&, const Desk&) { missing(); }
ChangeDone SqliteStore::change(const TicketChange&, const std::optional<NoteFile>&, const Desk&, Time) {
  missing();
}
std::optional<Where> SqliteStore::place_after(const TicketChange&, const Desk&) { missing(); }
std::vector<Move> SqliteStore::moves(int) { missing(); }
void SqliteStore::moved(const std::vector<Moved>&) { missing(); }
std::vector<Link> SqliteStore::links(TicketNumber) { missing(); }
std::vector<CustomerRow> SqliteStore::participants(TicketNumber) { missing(); }
bool SqliteStore::set_same_customer(const std::string&, const std::string&, Time) { missing(); }

}  // namespace postroom
