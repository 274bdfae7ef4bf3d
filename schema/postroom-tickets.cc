// What the desk remembers, and what is done to it by hand: the command line. The commands stand in
// postroom-tickets-commands.cc; -c and --help are conf/program.h's.

#include "schema/postroom-tickets.h"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <sstream>
#include <stdexcept>

#include "conf/load.h"
#include "rules/address.h"

namespace postroom {
namespace {

namespace po = boost::program_options;

constexpr const char* everywhere[] = {"config", "json", "command"};

std::string line_of(const TicketsCommand& command) {
  return fmt::format("{}{}{}", command.name, command.arguments.empty() ? "" : " ", command.arguments);
}

std::string synopsis() {
  std::size_t width = 0;
  for (const TicketsCommand& command : tickets_commands()) width = std::max(width, line_of(command).size());
  std::string text = "[-c FILE] [--json] COMMAND [ARGUMENT]...\n\ncommands:\n";
  for (const TicketsCommand& command : tickets_commands())
    text += fmt::format("  {:{}}  {}\n", line_of(command), width, command.about);
  return text + "'postroom-tickets help COMMAND' tells its options.\n";
}

std::vector<std::string> words(std::string_view text) {
  std::istringstream in{std::string{text}};
  std::vector<std::string> found;
  for (std::string word; in >> word;) found.push_back(word);
  return found;
}

bool takes(const TicketsCommand& command, const std::string& option) {
  return std::ranges::count(words(command.options), option) > 0;
}

po::options_description own_options() {
  po::options_description own{"options of commands"};
  for (const TicketsOption& option : tickets_options()) {
    const std::string name{option.name}, text{option.text}, value{option.value};
    if (value.empty()) own.add_options()(name.c_str(), text.c_str());
    if (!value.empty())
      own.add_options()(name.c_str(), po::value<std::string>()->value_name(value), text.c_str());
  }
  return own;
}

const TicketsCommand& command_named(const std::string& name) {
  const auto all = tickets_commands();
  const auto found = std::ranges::find(all, name, &TicketsCommand::name);
  if (found == all.end()) throw TicketsMisused{fmt::format("'{}' is no command", name)};
  return *found;
}

int help(const std::vector<std::string>& arguments) {
  if (arguments.size() != 1) throw TicketsMisused{"help wants the name of a command"};
  const TicketsCommand& command = command_named(arguments.front());
  std::cout << fmt::format("usage: postroom-tickets [-c FILE] [--json] {}{}\n\n{}\n", line_of(command),
                           command.options.empty() ? "" : " [OPTION]...", command.about);
  if (!command.options.empty()) std::cout << '\n';
  for (const TicketsOption& option : tickets_options()) {
    if (!takes(command, std::string{option.name})) continue;
    const std::string shown =
        fmt::format("--{}{}{}", option.name, option.value.empty() ? "" : " ", option.value);
    std::cout << fmt::format("  {:22} {}\n", shown, option.text);
  }
  return done;
}

void check_use(const TicketsCommand& command, const TicketsAsked& asked) {
  for (const auto& [name, value] : asked.options) {
    if (std::ranges::find(everywhere, name) != std::end(everywhere) || takes(command, name)) continue;
    throw TicketsMisused{fmt::format("{} takes no --{}", command.name, name)};
  }
  const std::size_t given = asked.arguments.size();
  if (given >= command.least && given <= command.most) return;
  throw TicketsMisused{given < command.least ? fmt::format("{} wants {}", command.name, command.arguments)
                                             : fmt::format("{}: '{}' is too much", command.name,
                                                           asked.arguments[command.most])};
}

// Who asks: behind sudo, the one who called it.
std::string asking_login() {
  const char* sudo = std::getenv("SUDO_USER");
  if (sudo && *sudo && std::string_view{sudo}.size() <= 100) return sudo;
  const passwd* user = getpwuid(getuid());
  return user ? std::string{user->pw_name} : fmt::format("uid {}", getuid());
}

// Throws std::runtime_error. Nothing unless root asks, and for a file that is not there.
void become_owner_of(const std::string& path) {
  struct stat file {};
  if (geteuid() != 0 || stat(path.c_str(), &file) != 0 || file.st_uid == 0) return;
  const passwd* owner = getpwuid(file.st_uid);
  const int groups = owner ? initgroups(owner->pw_name, file.st_gid) : setgroups(0, nullptr);
  if (groups == 0 && setgid(file.st_gid) == 0 && setuid(file.st_uid) == 0) return;
  throw std::runtime_error{fmt::format("{}: cannot become its owner, uid {}", path, file.st_uid)};
}

std::optional<std::int64_t> positive(std::string_view text) {
  std::int64_t number = 0;
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
  po::positional_options_description positional;
  positional.add("command", -1);
  TicketsAsked asked;
  asked.options = parse_options(argc, argv, synopsis(), own_options(), positional);
  if (!asked.has("command")) throw TicketsMisused{"a command is missing"};
  asked.arguments = asked.options["command"].as<std::vector<std::string>>();
  const std::string name = asked.arguments.front();
  asked.arguments.erase(asked.arguments.begin());
  if (name == "help") return help(asked.arguments);
  const TicketsCommand& command = command_named(name);
  check_use(command, asked);
  asked.json = asked.has("json");
  asked.who = asking_login();
  asked.settings = settings_of(asked.options);
  return command.does(asked);
}

int run_or_say_usage(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const TicketsMisused& misused) {
    std::cerr << "postroom-tickets: " << misused.text << "; see postroom-tickets --help\n";
    return usage;
  }
}

}  // namespace

std::string TicketsAsked::value(const char* option) const {
  return has(option) ? options[option].as<std::string>() : std::string{};
}

int complain_of(const std::string& text) {
  std::cerr << "postroom-tickets: " << text << '\n';
  return found_problems;
}

int no_such_ticket(TicketNumber number) { return complain_of(fmt::format("there is no ticket {}", number)); }

TicketNumber ticket_in(std::string_view text) {
  if (text.starts_with('#')) text.remove_prefix(1);
  if (const auto number = positive(text)) return *number;
  throw TicketsMisused{"the number of a ticket looks like 1042"};
}

MessageNumber message_in(std::string_view text) {
  if (const auto number = positive(text)) return *number;
  throw TicketsMisused{
      fmt::format("'{}' is no number of a message: 'postroom-tickets show TICKET' tells them", text)};
}

std::string address_in(const std::string& text) {
  if (!is_deliverable(text)) throw TicketsMisused{fmt::format("'{}' is no mail address", text)};
  return normal_address(text);
}

int number_of(const TicketsAsked& asked, const char* option) {
  const auto number = positive(asked.value(option));
  if (number && *number <= std::numeric_limits<int>::max()) return static_cast<int>(*number);
  throw TicketsMisused{fmt::format("--{} wants a number", option)};
}

Time time_of_asking() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::unique_ptr<Store> open_for_reading(const TicketsAsked& asked) {
  return open_store(asked.settings.paths.database, OpenMode::read_only, asked.settings.limits.database);
}

std::unique_ptr<Store> open_for_writing(const TicketsAsked& asked) {
  become_owner_of(asked.settings.paths.database);
  return open_store(asked.settings.paths.database, OpenMode::existing, asked.settings.limits.database);
}

}  // namespace postroom

int main(int argc, char** argv) {
  return postroom::run_program("postroom-tickets",
                               [argc, argv] { return postroom::run_or_say_usage(argc, argv); });
}
