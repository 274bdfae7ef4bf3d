#pragma once
// Parts of the program postroom-tickets: rows of commands, each with its function. Every function returns an
// exit status.

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conf/program.h"
#include "conf/settings.h"
#include "schema/store.h"

namespace postroom {

enum TicketsExit { done = 0, found_problems = 1, usage = 64, unreadable_data = 65, temporary = 75 };

// What the command line asks for.
struct TicketsAsked {
  Settings settings;
  boost::program_options::variables_map options;
  std::vector<std::string> arguments;  // behind the command, as written
  bool json = false;
  std::string who;  // asks: a login

  bool has(const char* option) const { return options.count(option) != 0; }
  std::string value(const char* option) const;  // "" if it is not given
};

struct TicketsOption {
  std::string_view name;
  std::string_view value;  // what it takes, for people: "NAME"; empty: it is a switch
  std::string_view text;
};

struct TicketsCommand {
  std::string_view name;
  std::string_view arguments;  // for people: "TICKET OPERATOR"
  std::string_view options;    // that it takes: names with spaces between
  std::size_t least = 0, most = 0;
  std::string_view about;  // sentences
  int (*does)(const TicketsAsked&);
};

std::span<const TicketsCommand> tickets_commands();
std::span<const TicketsOption> tickets_options();

// The command line is wrong; main() prints the text and exits 64.
struct TicketsMisused {
  std::string text;
};

// A refusal or a problem: one line on standard error, and status 1.
int complain_of(const std::string& text);
int no_such_ticket(TicketNumber number);

TicketNumber ticket_in(std::string_view text);           // "1042" or "#1042"; throws TicketsMisused
MessageNumber message_in(std::string_view text);         // "1042"; throws TicketsMisused
std::string address_in(const std::string& text);         // normalised; throws TicketsMisused
int number_of(const TicketsAsked&, const char* option);  // above 0; throws TicketsMisused
Time time_of_asking();

std::unique_ptr<Store> open_for_reading(const TicketsAsked& asked);
// Run by root, the program goes on as the owner of the database: root's files would be closed to the daemons.
std::unique_ptr<Store> open_for_writing(const TicketsAsked& asked);

// postroom-tickets-read.cc
int list_tickets(const TicketsAsked& asked);
int show_ticket(const TicketsAsked& asked);
int show_events(const TicketsAsked& asked);
int migrate_database(const TicketsAsked& asked);

// postroom-tickets-verify.cc, -rebuild.cc, -audit.cc
int verify_tickets(const TicketsAsked& asked);
int rebuild_database(const TicketsAsked& asked);
int audit_log(const TicketsAsked& asked);

// postroom-tickets-change.cc
int assign_ticket(const TicketsAsked& asked);
int claim_ticket(const TicketsAsked& asked);
int hand_over_ticket(const TicketsAsked& asked);
int close_tickets(const TicketsAsked& asked);
int reopen_tickets(const TicketsAsked& asked);
int wait_tickets(const TicketsAsked& asked);
int set_ticket_priority(const TicketsAsked& asked);
int note_ticket(const TicketsAsked& asked);
int link_tickets(const TicketsAsked& asked);
int merge_ticket(const TicketsAsked& asked);
int split_ticket(const TicketsAsked& asked);

int export_command(const TicketsAsked& asked);
int erase_command(const TicketsAsked& asked);
int retain_command(const TicketsAsked& asked);
int backup_command(const TicketsAsked& asked);

// postroom-tickets-customer.cc
int customer_command(const TicketsAsked& asked);

}  // namespace postroom
