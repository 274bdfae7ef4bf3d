// Shows what the desk remembers, and checks it. A command of a table; -c and --help by conf/program.h.

#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <iostream>

#include "conf/load.h"
#include "conf/program.h"
#include "rules/address.h"
#include "rules/people.h"
#include "schema/files.h"
#include "schema/migrate.h"
#include "schema/show.h"
#include "schema/store.h"

namespace postroom {
namespace {

namespace po = boost::program_options;

enum Exit { done = 0, found_problems = 1, usage = 64 };

// What the command line asks for.
struct Asked {
  Settings settings;
  bool json = false;
  TicketFilter filter;
  std::string argument;  // as written: a ticket, or an address
  std::optional<TicketNumber> ticket;
  bool sets = false, clear = false;  // the customer's status
};

std::unique_ptr<Store> open_for_reading(const Asked& asked) {
  return open_store(asked.settings.paths.database, OpenMode::read_only, asked.settings.limits.database);
}

int say_usage(const std::string& text) {
  std::cerr << "postroom-tickets: " << text << "; see postroom-tickets --help\n";
  return usage;
}

int list(const Asked& asked) {
  const auto tickets = open_for_reading(asked)->tickets(asked.filter);
  if (!asked.json) std::cout << tickets_text(tickets);
  if (asked.json)
    for (const TicketRow& ticket : tickets) std::cout << ticket_json(ticket) << '\n';
  return done;
}

int no_such_ticket(TicketNumber number) {
  std::cerr << fmt::format("postroom-tickets: there is no ticket {}\n", number);
  return found_problems;
}

int show(const Asked& asked) {
  if (!asked.ticket) return say_usage("show wants the number of a ticket");
  const auto store = open_for_reading(asked);
  const auto ticket = store->ticket(*asked.ticket);
  if (!ticket) return no_such_ticket(*asked.ticket);
  const Whole whole{*ticket, store->messages(ticket->number),
                    store->events(ticket->number, asked.filter.most)};
  std::cout << (asked.json ? whole_json(whole) + "\n" : whole_text(whole));
  return done;
}

int events(const Asked& asked) {
  const auto store = open_for_reading(asked);
  if (asked.ticket && !store->ticket(*asked.ticket)) return no_such_ticket(*asked.ticket);
  const auto rows = store->events(asked.ticket, asked.filter.most);
  if (!asked.json) std::cout << events_text(rows);
  if (asked.json)
    for (const EventRow& event : rows) std::cout << event_json(event) << '\n';
  return done;
}

int migrate_database(const Asked& asked) {
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

int verify(const Asked& asked) {
  const auto store = open_for_reading(asked);
  auto problems = store->verify();
  for (std::string& missing : missing_files(*store, asked.settings.paths.mailboxes))
    problems.push_back(std::move(missing));
  for (const std::string& problem : problems)
    std::cout << (asked.json ? problem_json(problem) : problem) << '\n';
  return problems.empty() ? done : found_problems;
}

int set_status(const Asked& asked) {
  const std::string& status = asked.filter.status;
  if (asked.sets == status.empty() || status.size() > 50 ||
      status.find_first_of(" \t\r\n,;") != std::string::npos)
    return say_usage("a customer's status is one word, such as vip");
  const auto store =
      open_store(asked.settings.paths.database, OpenMode::existing, asked.settings.limits.database);
  store->set_customer_status({asked.argument, "", status}, std::chrono::system_clock::now());
  return done;
}

int customer(const Asked& asked) {
  if (!is_deliverable(asked.argument)) return say_usage("customer wants a mail address");
  if (asked.clear && asked.sets) return say_usage("--status and --clear exclude each other");
  if (asked.clear || asked.sets) {
    if (const int exit = set_status(asked); exit != done) return exit;
  }
  const auto known = open_for_reading(asked)->customer(asked.argument);
  const std::string listed = People{asked.settings.desk}.status_of(asked.argument);
  const CustomerRow row = known.value_or(CustomerRow{normal_address(asked.argument), "", ""});
  std::cout << (asked.json ? customer_json(row, listed) + "\n" : customer_text(row, listed));
  return known || !listed.empty() ? done : found_problems;
}

struct Command {
  std::string_view name;
  int (*does)(const Asked&);
  bool by_number = true;  // what follows the command is a ticket
};

constexpr Command commands[] = {{"list", list},
                                {"show", show},
                                {"events", events},
                                {"customer", customer, false},
                                {"migrate", migrate_database},
                                {"verify", verify}};

const Command* find_command(const std::string& name) {
  for (const Command& command : commands)
    if (command.name == name) return &command;
  return nullptr;
}

po::options_description own_options(TicketFilter& filter) {
  po::options_description own{"Options"};
  own.add_options()                                                       //
      ("json", "one JSON object a line")                                  //
      ("queue", po::value(&filter.queue), "list: tickets of this queue")  //
      ("status", po::value(&filter.status),
       "list: new, open, waiting or resolved; customer: a word, as vip")                          //
      ("clear", "customer: he has no status any more")                                            //
      ("owner", po::value(&filter.owner), "list: tickets of the operator with this login")        //
      ("customer", po::value(&filter.customer), "list: tickets of the customer's address")        //
      ("most", po::value(&filter.most)->default_value(100), "at most so many tickets or events")  //
      ("command", po::value<std::string>(), "list, show, events, customer, migrate or verify")    //
      ("ticket", po::value<std::string>(), "show, events: number of the ticket; customer: address");
  return own;
}

std::optional<TicketNumber> number_in(std::string_view text) {
  if (text.starts_with('#')) text.remove_prefix(1);
  TicketNumber number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number <= 0) return std::nullopt;
  return number;
}

Settings settings_of(const po::variables_map& options) {
  Loaded loaded = load_settings(config_path(options));
  if (!loaded.settings) throw ConfigError(loaded.problems);
  return std::move(*loaded.settings);
}

int run(int argc, char** argv) {
  Asked asked;
  po::positional_options_description positional;
  positional.add("command", 1).add("ticket", 1);
  const auto options = parse_options(
      argc, argv, "[-c FILE] [--json] list|show|events|customer|migrate|verify [TICKET|ADDRESS]",
      own_options(asked.filter), positional);
  if (options.count("command") == 0) return say_usage("a command is missing");
  const auto name = options["command"].as<std::string>();
  const Command* command = find_command(name);
  if (!command) return say_usage(fmt::format("'{}' is no command", name));
  if (options.count("ticket") != 0) asked.argument = options["ticket"].as<std::string>();
  if (command->by_number && !asked.argument.empty()) {
    asked.ticket = number_in(asked.argument);
    if (!asked.ticket) return say_usage("the number of a ticket looks like 1042");
  }
  asked.sets = options.count("status") != 0;
  asked.clear = options.count("clear") != 0;
  asked.json = options.count("json") != 0;
  asked.settings = settings_of(options);
  return command->does(asked);
}

}  // namespace
}  // namespace postroom

int main(int argc, char** argv) {
  return postroom::run_program("postroom-tickets", [argc, argv] { return postroom::run(argc, argv); });
}
