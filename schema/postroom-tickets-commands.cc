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
    {"most", "NUMBER", "at most so many tickets or events, the newest (100; show: all)"},
    {"why", "TEXT", "the reason, for the ticket's events"},
    {"nobody", "", "assign: take it away from its operator"},
    {"same-as", "ADDRESS", "the customer is the one who has this address, too"},
    {"on-his-own", "", "the address belongs to a customer of its own again"},
    {"to", "PATH",
     "export: the directory of the files, the current one without it; -: rows to standard output, no mail. "
     "rebuild: the file of the new database, instead of the configured one"},
    {"yes", "", "do not ask"},
    {"dry-run", "", "only tell what would be done"},
    {"mail", "", "with the mailboxes: hard links where the file system can, else copies"},
    {"clear", "", "the customer has no status any more"},
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
    {"assign", "TICKET OPERATOR|--nobody", "nobody why", 1, 2,
     "Gives the ticket to an operator, or back to its queue.", assign_ticket},
    {"claim", "TICKET [OPERATOR]", "why", 1, 2, "Somebody works on it now: who asks, or the operator.",
     claim_ticket},
    {"hand-over", "TICKET QUEUE", "why", 2, 2, "Gives the ticket to another queue, where it is nobody's.",
     hand_over_ticket},
    {"close", "TICKET...", "why", 1, 1000, "The tickets are resolved.", close_tickets},
    {"reopen", "TICKET...", "why", 1, 1000, "They are not resolved, or do not wait, any more.",
     reopen_tickets},
    {"wait", "TICKET...", "why", 1, 1000, "They wait for their customers.", wait_tickets},
    {"priority", "TICKET high|normal|low", "why", 2, 2, "Gives the ticket another priority.",
     set_ticket_priority},
    {"note", "TICKET [TEXT]", "", 1, 2,
     "Puts a text for the operators, from standard input without TEXT, into the ticket's folder.",
     note_ticket},
    {"link", "TICKET OTHER", "why", 2, 2, "The two have to do with one another.", link_tickets},
    {"merge", "TICKET INTO", "why", 2, 2,
     "The two are one: all messages, and further mail to either, belong to the second.", merge_ticket},
    {"split", "TICKET MESSAGE...", "why", 2, 1000,
     "The messages (numbers as show tells them) become a ticket of their own, whose number is printed.",
     split_ticket},
    {"customer", "ADDRESS", "status clear same-as on-his-own", 1, 1,
     "What is known of a customer; with an option, it is changed first.", customer_command},
    {"export", "[TICKET]", "customer to", 0, 1,
     "Writes a ticket, or all of a customer, as NAME.mbox and NAME.json.", export_command},
    {"erase", "", "customer yes dry-run", 0, 0,
     "Removes a customer's mail and data everywhere; figures stay.", erase_command},
    {"retain", "", "dry-run", 0, 0, "Removes mail that is older than the configuration's retention.",
     retain_command},
    {"backup", "DIRECTORY", "mail", 1, 1,
     "A consistent copy of the database, the keys and the configuration, while the daemons work.",
     backup_command},
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
