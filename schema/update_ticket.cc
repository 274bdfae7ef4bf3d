#include "schema/update_ticket.h"

#include "schema/columns.h"

namespace postroom {
namespace {

template <typename Value, typename Name>
std::optional<std::string> named(const std::optional<Value>& value, Name name) {
  if (!value) return std::nullopt;
  return std::string{name(*value)};
}

// Naming a column of an index writes the index, whatever the value.
bool is_touch(const TicketUpdate& update) {
  return !update.queue && !update.channel && !update.owner && !update.status && !update.priority &&
         !update.merged_into;
}

}  // namespace

void update_ticket(Db& db, const TicketUpdate& update) {
  db.statement("UPDATE tickets SET updated = max(updated, ?2) WHERE number = ?1")
      .bind(update.ticket, to_ms(update.at))
      .run();
  if (is_touch(update)) return;
  db.statement(
        "UPDATE tickets SET queue = coalesce(?2, queue), channel = coalesce(?3, channel), "
        "owner = coalesce(?4, owner), status = coalesce(?5, status), priority = coalesce(?6, priority), "
        "merged_into = coalesce(?7, merged_into), resolved = CASE coalesce(?5, status) WHEN 'resolved' "
        "THEN coalesce(CASE WHEN ?5 IS NULL THEN resolved END, ?8) END WHERE number = ?1")
      .bind(update.ticket, update.queue, update.channel, update.owner, named(update.status, status_name),
            named(update.priority, priority_name), update.merged_into, to_ms(update.at))
      .run();
}

}  // namespace postroom
