// list, show, events, migrate.

#include <fmt/format.h>

#include <iostream>

#include "schema/migrate.h"
#include "schema/postroom-tickets-change.h"
#include "schema/show.h"

namespace postroom {
namespace {

constexpr int usual_most = 100;

int most_of(const TicketsAsked& asked) { return asked.has("most") ? number_of(asked, "most") : usual_most; }

}  // namespace

int list_tickets(const TicketsAsked& asked) {
  const TicketFilter filter{asked.value("queue"), asked.value("status"), asked.value("owner"),
                            asked.value("customer"), most_of(asked)};
  const auto tickets = open_for_reading(asked)->tickets(filter);
  if (!asked.json) std::cout << tickets_text(tickets);
  if (asked.json)
    for (const TicketRow& ticket : tickets) std::cout << ticket_json(ticket) << '\n';
  return done;
}

int show_ticket(const TicketsAsked& asked) {
  const TicketNumber number = ticket_in(asked.arguments.front());
  const auto store = open_for_reading(asked);
  const auto ticket = store->ticket(number);
  if (!ticket) return no_such_ticket(number);
  const Whole whole = whole_ticket(*store, *ticket, most_of(asked));
  std::cout << (asked.json ? whole_json(whole) + "\n" : whole_text(whole));
  return done;
}

int show_events(const TicketsAsked& asked) {
  std::optional<TicketNumber> ticket;
  if (!asked.arguments.empty()) ticket = ticket_in(asked.arguments.front());
  const auto store = open_for_reading(asked);
  if (ticket && !store->ticket(*ticket)) return no_such_ticket(*ticket);
  const auto rows = store->events(ticket, most_of(asked));
  if (!asked.json) std::cout << events_text(rows);
  if (asked.json)
    for (const EventRow& event : rows) std::cout << event_json(event) << '\n';
  return done;
}

int migrate_database(const TicketsAsked& asked) {
  const auto db =
      open_database(asked.settings.paths.database, OpenMode::create, asked.settings.limits.database);
  const int from = schema_version(*db);
  const int applied = migrate(*db);
  const int version = schema_version(*db);
  if (asked.json) {
    std::cout << fmt::format("{{\"from\": {}, \"to\": {}, \"applied\": {}}}\n", from, version, applied);
    return done;
  }
  const std::string& path = db->path();
  if (applied == 0) std::cout << fmt::format("{}: schema {}, nothing to do\n", path, version);
  if (applied > 0) std::cout << fmt::format("{}: migrated from schema {} to {}\n", path, from, version);
  return done;
}

}  // namespace postroom
