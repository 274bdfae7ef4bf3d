// postroom-rules: what the rules do with a message, a mailbox, an archive.

#include "rules/postroom-rules.h"

#include <sysexits.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include <fmt/format.h>

#include "conf/load.h"
#include "rules/stored.h"

namespace postroom {
namespace po = boost::program_options;
namespace {

struct Command {
  std::string_view name;
  int (*run)(int argc, char** argv);
  std::string_view text;
};
constexpr Command commands[] = {
    {"explain", explain_command, "what the desk would do with a message, and why"},
    {"replay", replay_command, "what the rules would do over an archive"},
    {"suggest", suggest_command, "rules from messages that are already sorted"},
    {"test", test_command, "do the rules do what the expectations say?"},
};

// -c may stand before the command.
int command_place(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "-c" || word == "--config")
      ++i;
    else if (!word.starts_with('-'))
      return i;
  }
  return 0;
}

std::string list_of_commands() {
  std::string text;
  for (const Command& command : commands) text += fmt::format("  {:<8} {}\n", command.name, command.text);
  return text;
}

int without_command(int argc, char** argv) {
  const po::options_description none;
  parse_options(argc, argv,
                "COMMAND [OPTION]... [FILE]...\n\n" + list_of_commands() +
                    "\npostroom-rules COMMAND --help tells more.\n",
                none);
  complain("a command is missing; see postroom-rules --help");
  return EX_USAGE;
}

int run(int argc, char** argv) {
  const int place = command_place(argc, argv);
  if (place == 0) return without_command(argc, argv);
  const std::string_view name = argv[place];
  const auto command = std::ranges::find(commands, name, &Command::name);
  if (command == std::end(commands)) {
    complain(fmt::format("unknown command '{}'; see postroom-rules --help", name));
    return EX_USAGE;
  }
  std::rotate(argv + place, argv + place + 1, argv + argc);
  try {
    return command->run(argc - 1, argv);
  } catch (const Refused& refused) {
    complain(refused.text);
    return refused.status;
  }
}

}  // namespace

Desk desk_in(const std::string& path) {
  Loaded loaded = load_settings(path);
  if (!loaded.settings) throw ConfigError(loaded.problems);
  return std::move(loaded.settings->desk);
}

Desk desk_of(const po::variables_map& options) {
  const std::string path = config_path(options);
  if (!options.count("config") && !std::filesystem::exists(path)) return {};
  return desk_in(path);
}

void add_envelope_options(po::options_description& own) {
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  own.add_options()("rcpt", po::value<std::vector<std::string>>()->value_name("ADDR")->composing(),
                    "envelope recipient; may be repeated (default: the addresses in X-Original-To, "
                    "Delivered-To, To and Cc)")(
      "sender", text("ADDR"), "envelope sender, '<>' for the empty one (default: that of Return-Path)")(
      "at", text("TIME"), "arrival, as 2026-11-22T18:00:00Z (default: the topmost Received, or Date)");
}

Envelope told_envelope(const po::variables_map& options) {
  Envelope told;
  told.recipients = all_of(options, "rcpt");
  if (options.count("sender")) told.sender = normal_address(options["sender"].as<std::string>());
  if (!options.count("at")) return told;
  const auto at = options["at"].as<std::string>();
  told.arrived = time_in(at);
  if (!told.arrived) throw Refused{EX_USAGE, fmt::format("--at {}: write it as 2026-11-22T18:00:00Z", at)};
  return told;
}

std::chrono::sys_seconds time_now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::vector<std::string> all_of(const po::variables_map& options, const char* name) {
  if (!options.count(name)) return {};
  return options[name].as<std::vector<std::string>>();
}

void complain(const std::string& text) {
  std::cout << std::flush;
  std::cerr << "postroom-rules: " << text << std::endl;
}

}  // namespace postroom

int main(int argc, char** argv) {
  return postroom::run_program("postroom-rules", [&] { return postroom::run(argc, argv); });
}
