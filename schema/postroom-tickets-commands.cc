// The commands and their options: the only place to add one.

#include "schema/postroom-tickets.h"

namespace postroom {
namespace {

constexpr TicketsOption options[] = {
    {"json", "", "one JSON object a line"},
    {"queue", "NAME", "only tickets of this queue"},
    {"status", "STATUS", "list: only new, open, waiting or resolved ones; customer: a word, such as vip"},
    {"owner", "LOGIN", "only tickets of the operator with this login"},
    {"customer", "ADDRESS", "only what is this customer's, by any of his addresses"},
    {"most", "NUMBER", "at most so many tickets or events (100)"},
    {"clear", "", "the customer has no status any more"},
};

constexpr TicketsCommand commands[] = {
    {"list", "", "queue status owner customer most", 0, 0, "Tickets, newest first.", list_tickets},
    {"show", "TICKET", "most", 1, 1, "One ticket with all that belongs to it, and what happened to it.",
     show_ticket},
    {"events", "[TICKET]", "most", 0, 1,
     "What happened, to one ticket or to all: when, who, what and why; oldest first.", show_events},
    {"customer", "ADDRESS", "status clear", 1, 1,
     "The customer's name and status; with --status or --clear, the status is changed first.",
     customer_command},
    {"migrate", "", "", 0, 0,
     "Brings the database to the schema of this program, creating it if it is missing.", migrate_database},
    {"verify", "", "", 0, 0, "Looks for contradictions between the database and the folders.",
     verify_tickets},
};

}  // namespace

std::span<const TicketsCommand> tickets_commands() { return commands; }
std::span<const TicketsOption> tickets_options() { return options; }

}  // namespace postroom
