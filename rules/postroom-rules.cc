// postroom-rules explain: what the daemons would do with a message, and why.

#include <sysexits.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include <fmt/format.h>

#include "conf/load.h"
#include "conf/program.h"
#include "rules/explain.h"

namespace {

namespace po = boost::program_options;
using namespace postroom;

struct Wanted {
  std::vector<std::string> files;
  std::vector<std::string> recipients;
  std::optional<std::string> sender;
  bool json = false;
};

// An error in what the user asked for: message and exit status.
struct Refused {
  int status;
  std::string text;
};

// Without -c and without a configuration in the usual place, mail is read but there is no desk to decide for.
Desk load_desk(const po::variables_map& options) {
  const std::string path = config_path(options);
  if (!options.count("config") && !std::filesystem::exists(path)) return {};
  Loaded loaded = load_settings(path);
  if (!loaded.settings) throw ConfigError(loaded.problems);
  return std::move(loaded.settings->desk);
}

std::string read_all(std::istream& in, const std::string& name, std::size_t most) {
  std::string bytes(most, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(most));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad()) throw Refused{EX_IOERR, fmt::format("{}: cannot be read", name)};
  return bytes;
}

// One byte beyond the limit, so that the reader notices that there is more.
std::string read_input(const std::string& file, const MessageLimits& limits) {
  if (file == "-") return read_all(std::cin, "standard input", limits.bytes + 1);
  if (std::filesystem::is_directory(file)) {
    throw Refused{EX_NOINPUT, fmt::format("{}: is a directory; name the message files in it", file)};
  }
  std::ifstream in{file, std::ios::binary};
  if (!in) throw Refused{EX_NOINPUT, fmt::format("{}: {}", file, std::generic_category().message(errno))};
  return read_all(in, file, limits.bytes + 1);
}

std::vector<std::string> recipients_of(const Message& message) {
  std::vector<std::string> recipients;
  for (const auto* list : {&message.to, &message.cc}) {
    for (const Address& one : *list) recipients.push_back(one.address);
  }
  return recipients;
}

// A stored message keeps its envelope sender in Return-Path (RFC 5321, 4.4).
std::optional<std::string> sender_of(const Message& message) {
  const std::string* path = find_header(message.headers, "Return-Path");
  if (!path) return std::nullopt;
  return normal_address(*path);
}

Explained explain(const Rulebook& rulebook, const Wanted& wanted, const std::string& file) {
  const std::string bytes = read_input(file, rulebook.desk().message);
  const auto start = std::chrono::steady_clock::now();
  Explained explained;
  explained.file = file;
  explained.message = read_message(bytes, rulebook.desk().message);
  Envelope envelope{wanted.sender, wanted.recipients};
  if (!envelope.sender) envelope.sender = sender_of(explained.message);
  if (envelope.recipients.empty()) envelope.recipients = recipients_of(explained.message);
  explained.decision = decide(rulebook, explained.message, envelope);
  explained.acknowledge = may_acknowledge(rulebook, explained.message, envelope, explained.decision);
  const auto spent = std::chrono::steady_clock::now() - start;
  explained.micros = std::chrono::duration_cast<std::chrono::microseconds>(spent).count();
  return explained;
}

int explain_files(const Rulebook& rulebook, const Wanted& wanted) {
  int status = EX_OK;
  for (const std::string& file : wanted.files) {
    try {
      const Explained explained = explain(rulebook, wanted, file);
      std::cout << (wanted.json ? explain_line(explained) + "\n" : explain_text(explained));
    } catch (const Refused& refused) {
      std::cout << std::flush;
      std::cerr << "postroom-rules: " << refused.text << std::endl;
      status = refused.status;
    }
  }
  std::cout << std::flush;
  return std::cout ? status : EX_IOERR;
}

po::options_description own_options() {
  po::options_description own{"explain"};
  own.add_options()("rcpt", po::value<std::vector<std::string>>()->value_name("ADDR")->composing(),
                    "envelope recipient; may be repeated (default: the addresses in To and Cc)")(
      "sender", po::value<std::string>()->value_name("ADDR"),
      "envelope sender, '<>' for the empty one (default: that of Return-Path)")(
      "json", "one JSON object a line")("command", po::value<std::string>())(
      "file", po::value<std::vector<std::string>>());
  return own;
}

Wanted wanted_from(const po::variables_map& options) {
  Wanted wanted;
  wanted.json = options.count("json") > 0;
  if (options.count("rcpt")) wanted.recipients = options["rcpt"].as<std::vector<std::string>>();
  if (options.count("sender")) wanted.sender = normal_address(options["sender"].as<std::string>());
  if (options.count("file")) wanted.files = options["file"].as<std::vector<std::string>>();
  if (wanted.files.empty()) wanted.files = {"-"};
  return wanted;
}

int run(int argc, char** argv) {
  po::positional_options_description positional;
  positional.add("command", 1).add("file", -1);
  const po::variables_map options =
      parse_options(argc, argv, "explain [-c FILE] [--rcpt ADDR]... [--sender ADDR] [--json] [FILE|-]...",
                    own_options(), positional);
  const std::string command = options.count("command") ? options["command"].as<std::string>() : "";
  if (command != "explain") {
    std::cerr << "postroom-rules: "
              << (command.empty() ? "a command is missing" : "unknown command '" + command + "'")
              << "; see postroom-rules --help" << std::endl;
    return EX_USAGE;
  }
  const Rulebook rulebook{load_desk(options)};
  return explain_files(rulebook, wanted_from(options));
}

}  // namespace

int main(int argc, char** argv) {
  return postroom::run_program("postroom-rules", [&] { return run(argc, argv); });
}
