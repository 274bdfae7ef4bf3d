// The commands and their options: the only place to add one.

#include "schema/postroom-tickets.h"

namespace postroom {
namespace {

constexpr TicketsOption options[] = {
    {"json", "", "one JSON object a line"},
    {"queue", "NAME", "only tickets of this queue; audit: a file with what 'postqueue -j' printed"},
    {"status", "STATUS", "list: only new, open, waiting or resolved ones; customer: a word, such as vip"},
    {"owner", "LOGIN", "only tickets of the operator with this login"},
    {"customer", "ADDRESS", "only what is this customer's, by any of his addresses"},
    {"most", "NUMBER", "at most so many tickets or events (100)"},
    {"clear", "", "the customer has no status any more"},
    {"to", "FILE", "rebuild: into this file, not into the configured database"},
    {"force", "", "replace a database that has messages in it"},
    {"log", "FILE", "log file of Postfix; more of them may follow"},
    {"since", "TIME", "only what the log says from then on: 2026-11-22 or 2026-11-22T18:00:00Z"},
    {"postfix-config", "DIRECTORY", "of the Postfix whose queue is looked at"},
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
    {"rebuild", "", "to force", 0, 0,
     "The database anew, from the folders and headers; the daemons must not run.", rebuild_database},
    {"audit", "[FILE]...", "log queue since postfix-config", 0, 1000,
     "Postfix's log files against tickets and folders: what became of every message.", audit_log},
};

}  // namespace

std::span<const TicketsCommand> tickets_commands() { return commands; }
std::span<const TicketsOption> tickets_options() { return options; }

}  // namespace postroom
