// postroom-rules suggest: rules from messages that people have sorted.

#include <sysexits.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <limits>
#include <map>

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "conf/archive.h"
#include "conf/load.h"
#include "rules/postroom-rules.h"
#include "rules/stem.h"
#include "rules/suggest.h"
#include "rules/text.h"
#include "schema/store.h"

namespace postroom {
namespace po = boost::program_options;
namespace {

using nlohmann::json;

// What was read, and what could not be.
struct Gathered {
  std::vector<Sorted> messages;
  std::size_t unreadable = 0;

  void skip(const std::string& text) {
    complain(text);
    ++unreadable;
  }
};

Sorted sorted_mail(const std::string& queue, const std::string& bytes, const MessageLimits& limits) {
  const Message message = read_message(bytes, limits);
  return {queue, message.subject, message.new_text.empty() ? message.text : message.new_text,
          message.language};
}

std::string text_of(const json& row, const char* key) {
  const auto value = row.find(key);
  return value != row.end() && value->is_string() ? value->get<std::string>() : "";
}

// The label of a row; "labels.category" is the member category of the object labels.
std::string label_of(const json& row, const std::string& name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string::npos) return text_of(row, name.c_str());
  const auto inner = row.find(name.substr(0, dot));
  return inner != row.end() && inner->is_object() ? label_of(*inner, name.substr(dot + 1)) : "";
}

// Rows {"subject": ..., "body": ..., "label": ...}.
void gather_rows(const std::string& path, const std::string& queue, const std::string& label,
                 Gathered& found) {
  std::ifstream in{path};
  if (!in) throw Refused{EX_NOINPUT, fmt::format("{}: cannot be opened", path)};
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const json row = json::parse(line, nullptr, false);
    const std::string where = row.is_object() && queue.empty() ? label_of(row, label) : queue;
    if (!row.is_object() || where.empty()) {
      found.skip(fmt::format("{}:{}: not a row with \"{}\"", path, number, label));
      continue;
    }
    Sorted one{valid_utf8(where), text_of(row, "subject"), text_of(row, "body"), text_of(row, "lang")};
    if (one.language.empty()) one.language = language_of(one.subject + "\n" + one.text);
    found.messages.push_back(std::move(one));
  }
}

void gather_mail(const std::string& path, const std::string& queue, const MessageLimits& limits,
                 Gathered& found) {
  Archive archive{{path}, limits.bytes + 1};
  while (const auto stored = archive.next()) {
    if (!stored->error.empty()) {
      found.skip(stored->name + ": " + stored->error);
    } else {
      found.messages.push_back(sorted_mail(queue, stored->bytes, limits));
    }
  }
}

// QUEUE=PATH, or PATH of rows that carry their labels.
void gather(const std::string& from, const std::string& label, const MessageLimits& limits, Gathered& found) {
  const std::size_t equals = from.find('=');
  const std::string path = equals == std::string::npos ? from : from.substr(equals + 1);
  const std::string queue = equals == std::string::npos ? "" : from.substr(0, equals);
  if (path.ends_with(".jsonl")) return gather_rows(path, queue, label, found);
  if (queue.empty())
    throw Refused{EX_USAGE, fmt::format("{}: write QUEUE=PATH, or name a .jsonl file", from)};
  gather_mail(path, queue, limits, found);
}

// Base name without flags -> where the file lies now, whatever the layout and wherever people moved it: a
// base name is used once in the life of the desk.
std::map<std::string, std::string> files_below(const std::string& mailboxes) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{mailboxes}) {
    const std::string name = entry.path().filename();
    if (entry.is_regular_file()) files.emplace(name.substr(0, name.find(":2,")), entry.path());
  }
  return files;
}

// The queue in which a ticket was resolved is where people say that it belongs.
void gather_tickets(const po::variables_map& options, Gathered& found) {
  Loaded loaded = load_settings(config_path(options));
  if (!loaded.settings) throw ConfigError(loaded.problems);
  const Settings& settings = *loaded.settings;
  const auto store = open_store(settings.paths.database, OpenMode::read_only, settings.limits.database);
  const auto files = files_below(settings.paths.mailboxes);
  TicketFilter filter;
  filter.status = "resolved";
  filter.most = std::numeric_limits<int>::max();
  for (const TicketRow& ticket : store->tickets(filter)) {
    for (const MessageRow& message : store->messages(ticket.number)) {
      if (message.kind != "inbound" || message.automatic != "none" || !message.place) continue;
      const auto file = files.find(message.place->file);
      try {
        const std::string path = file == files.end() ? message.place->file : file->second;
        const std::string bytes = read_message_file(path, settings.desk.message.bytes + 1);
        found.messages.push_back(sorted_mail(ticket.queue, bytes, settings.desk.message));
      } catch (const Unreadable& unreadable) {
        found.skip(unreadable.what());
      }
      break;  // the first message is what was sorted; the rest followed it
    }
  }
}

po::options_description suggest_options() {
  using Texts = std::vector<std::string>;
  po::options_description own{"suggest"};
  own.add_options()                                                                                         //
      ("from", po::value<Texts>()->value_name("QUEUE=PATH")->composing(),                                   //
       "messages of the queue: Maildir, mbox, directory, or .jsonl rows (which may name their own queue)")  //
      ("tickets", "the resolved tickets of the database")                                                   //
      ("train", po::value<Texts>()->value_name("FILE")->composing(), "with --judge: make rules from this")  //
      ("judge", po::value<Texts>()->value_name("FILE")->composing(), "judge the rules by this")             //
      ("label", po::value<std::string>()->default_value("label")->value_name("NAME"),                       //
       "member of .jsonl rows that names the queue")                                                        //
      ("otherwise", po::value<std::string>()->default_value("")->value_name("QUEUE"),                       //
       "queue of messages with none of the words (default: the largest)")                                   //
      ("limit", po::value<std::size_t>()->default_value(60)->value_name("N"), "most words of a queue")      //
      ("folds", po::value<std::size_t>()->default_value(5)->value_name("N"), "parts for judging")           //
      ("seed", po::value<std::uint64_t>()->default_value(1)->value_name("N"), "for the same result again")  //
      ("json", "one JSON object");
  return own;
}

SuggestOptions wanted_from(const po::variables_map& options) {
  SuggestOptions wanted;
  wanted.most_words = std::max<std::size_t>(options["limit"].as<std::size_t>(), 1);
  wanted.folds = std::clamp<std::size_t>(options["folds"].as<std::size_t>(), 2, 100);
  wanted.seed = options["seed"].as<std::uint64_t>();
  wanted.otherwise = options["otherwise"].as<std::string>();
  const Desk desk = desk_of(options);
  if (!desk.channels.empty()) wanted.languages = languages_of(desk);
  return wanted;
}

Gathered gather_all(const po::variables_map& options, const char* name) {
  const MessageLimits limits = desk_of(options).message;
  Gathered found;
  for (const std::string& from : all_of(options, name))
    gather(from, options["label"].as<std::string>(), limits, found);
  return found;
}

// Rules can be made of two queues with some messages each.
void require_enough(const std::vector<Sorted>& messages) {
  const bool two =
      std::ranges::any_of(messages, [&](const Sorted& one) { return one.queue != messages.front().queue; });
  if (!two) throw Refused{EX_DATAERR, "suggest wants messages of at least two queues"};
}

void print(const Suggestion& suggestion, const po::variables_map& options) {
  std::cout << (options.count("json") ? suggestion_json(suggestion) + "\n" : suggestion_yaml(suggestion));
}

int judge(const po::variables_map& options) {
  Gathered train = gather_all(options, "train");
  const Gathered judged = gather_all(options, "judge");
  require_enough(train.messages);
  print(suggest_and_judge(std::move(train.messages), judged.messages, wanted_from(options)), options);
  return train.unreadable + judged.unreadable == 0 ? EX_OK : 1;
}

}  // namespace

int suggest_command(int argc, char** argv) {
  const auto options = parse_options(
      argc, argv,
      "suggest [-c FILE] [OPTION]... --from QUEUE=PATH... | --tickets | --train FILE --judge FILE",
      suggest_options());
  if (options.count("train") != options.count("judge"))
    throw Refused{EX_USAGE, "--train and --judge belong together"};
  if (options.count("train")) return judge(options);
  if (!options.count("from") && !options.count("tickets"))
    throw Refused{EX_USAGE,
                  "suggest wants --from QUEUE=PATH or --tickets; see postroom-rules suggest --help"};
  Gathered found = gather_all(options, "from");
  if (options.count("tickets")) gather_tickets(options, found);
  require_enough(found.messages);
  print(suggest(std::move(found.messages), wanted_from(options)), options);
  return found.unreadable == 0 ? EX_OK : 1;
}

}  // namespace postroom
