// list, show, events, migrate.

#include <fmt/format.h>

#include <iostream>
#include <limits>

#include "rules/owner.h"
#include "rules/ticket.h"
#include "schema/migrate.h"
#include "schema/postroom-tickets-change.h"
#include "schema/show.h"

namespace postroom {
namespace {

constexpr int usual_most = 100;

// One more than are shown, where the number was not asked for: whoever counts rows has to hear of the rest.
int with_one_more(const TicketsAsked& asked) {
  return asked.has("most") ? number_of(asked, "most") : usual_most + 1;
}

template <typename Row>
void cut_to_usual(const TicketsAsked& asked, std::vector<Row>& rows,
                  typename std::vector<Row>::iterator cut) {
  if (asked.has("most") || rows.size() <= usual_most) return;
  rows.erase(cut);
  complain_of(fmt::format("the newest {} only: --most NUMBER shows more", usual_most));
}

// Why nothing was found, where the names asked for are the reason: an empty list looks like no work to do.
std::string unknown_name(const TicketsAsked& asked) {
  const std::string queue = asked.value("queue"), owner = asked.value("owner");
  if (!queue.empty() && !find_queue(asked.settings.desk, queue))
    return fmt::format("there is no queue '{}'", queue);
  if (!owner.empty() && !find_operator(asked.settings.desk, owner))
    return fmt::format("there is no operator '{}'", owner);
  return "";
}

}  // namespace

int list_tickets(const TicketsAsked& asked) {
  if (asked.has("status") && !status_from(asked.value("status")))
    throw TicketsMisused{"a status is new, open, waiting or resolved"};
  const TicketFilter filter{asked.value("queue"), asked.value("status"), asked.value("owner"),
                            asked.value("customer"), with_one_more(asked)};
  auto tickets = open_for_reading(asked)->tickets(filter);
  if (const std::string unknown = unknown_name(asked); tickets.empty() && !unknown.empty())
    return complain_of(unknown);
  if (!tickets.empty()) cut_to_usual(asked, tickets, tickets.end() - 1);
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
  const int most_events = asked.has("most") ? number_of(asked, "most") : std::numeric_limits<int>::max();
  const Whole whole = whole_ticket(*store, *ticket, most_events);
  std::cout << (asked.json ? whole_json(whole) + "\n" : whole_text(whole));
  return done;
}

int show_events(const TicketsAsked& asked) {
  std::optional<TicketNumber> ticket;
  if (!asked.arguments.empty()) ticket = ticket_in(asked.arguments.front());
  const auto store = open_for_reading(asked);
  if (ticket && !store->ticket(*ticket)) return no_such_ticket(*ticket);
  auto rows = store->events(ticket, with_one_more(asked));
  cut_to_usual(asked, rows, rows.begin());
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
