#pragma once
// Rows of the store for people (aligned text) and for scripts (one JSON object a line).

#include <string>
#include <vector>

#include "schema/store.h"

namespace postroom {

std::string rfc3339(Time time);  // "2026-11-22T18:00:00Z"

// Columns a terminal needs for UTF-8 text: two for wide (East Asian) characters, none for combining ones.
std::size_t display_width(std::string_view utf8);

// Lines with aligned columns; the first row is the heading. Control characters become '?', for a subject
// must not steer the terminal. No rows but the heading: empty.
std::string aligned(const std::vector<std::vector<std::string>>& rows);

std::string tickets_text(const std::vector<TicketRow>& tickets);
std::string events_text(const std::vector<EventRow>& events);

// A ticket with all that belongs to it.
struct Whole {
  TicketRow ticket;
  std::vector<MessageRow> messages;
  std::vector<EventRow> events;
  std::vector<Link> links{};
  std::vector<CustomerRow> participants{};
};
Whole whole_ticket(Store& store, const TicketRow& ticket, int most_events);
std::string whole_text(const Whole& whole);

// `listed`: the status that the admin's list gives him, which comes before the stored one; may be empty.
std::string customer_text(const CustomerRow& customer, const std::string& listed);
std::string customer_json(const CustomerRow& customer, const std::string& listed);

// Without the line's end.
std::string ticket_json(const TicketRow& ticket);
std::string event_json(const EventRow& event);
std::string whole_json(const Whole& whole);

}  // namespace postroom
