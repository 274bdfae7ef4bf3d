// The totals of a replay for people and for scripts.

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "rules/encode.h"
#include "rules/replay.h"

namespace postroom {
namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t most_hints = 20;
constexpr std::size_t longest_name = 200;

std::string dump(const json& object) { return object.dump(-1, ' ', false, json::error_handler_t::replace); }

class Table {
 public:
  explicit Table(std::size_t messages) : messages_{messages} {}

  void line(std::string_view title, std::string_view text) {
    text_ += fmt::format("{:<16} {}\n", title, text);  // `text` is one line
  }
  void count(std::string_view title, std::size_t count) {
    line(title, fmt::format("{} ({})", count, percent(count)));
  }
  void counts(std::string_view title, const std::vector<Counted>& list) {
    std::size_t width = 8;
    for (const Counted& one : list) width = std::max(width, fmt::formatted_size("{}", shown(one.name)));
    width = std::min<std::size_t>(width, 40);
    for (const Counted& one : list) {
      line(title,
           fmt::format("{:<{}}  {:>7}  {}", shown(one.name), width, one.messages, percent(one.messages)));
      title = "";
    }
  }
  const std::string& text() const { return text_; }

  static std::string shown(const std::string& name) {
    return one_line(name.empty() ? "(not for the desk)" : name, longest_name);
  }

 private:
  std::string percent(std::size_t count) const {
    const double share = messages_ == 0 ? 0 : static_cast<double>(count) / static_cast<double>(messages_);
    return fmt::format("{:5.1f} %", 100 * share);
  }
  std::size_t messages_;
  std::string text_;
};

json object_of(const std::vector<Counted>& list) {
  json object = json::object();
  for (const Counted& one : list) object[one.name] = one.messages;
  return object;
}

json to_json(const std::vector<Change>& changes) {
  json object = json::object();
  for (const Change& change : changes)
    object[change.what] = {{"before", change.before}, {"after", change.after}};
  return object;
}

}  // namespace

std::string replay_text(const Replay& replay) {
  Table table{replay.messages()};
  table.line("messages", fmt::format("{}", replay.messages()));
  if (replay.unreadable() > 0) table.line("unreadable", fmt::format("{}", replay.unreadable()));
  table.counts("queue", replay.queues());
  table.counts("priority", replay.priorities());
  table.counts("automatic", replay.automatic());
  table.count("acknowledged", replay.acknowledged());
  table.counts("rule", replay.rules());
  for (const std::string& rule : replay.idle_rules()) table.line("never hits", Table::shown(rule));
  table.count("no rule", replay.uncovered());
  table.counts("  subjects", replay.uncovered_subjects(most_hints));
  table.counts("  words", replay.uncovered_words(most_hints));
  if (replay.changes().empty() && replay.changed() == 0) return table.text();
  table.count("changed", replay.changed());
  table.counts("change", replay.changes());
  return table.text();
}

std::string replay_json(const Replay& replay) {
  return dump({{"messages", replay.messages()},
               {"unreadable", replay.unreadable()},
               {"queues", object_of(replay.queues())},
               {"priorities", object_of(replay.priorities())},
               {"automatic", object_of(replay.automatic())},
               {"acknowledged", replay.acknowledged()},
               {"rules", object_of(replay.rules())},
               {"never_hit", replay.idle_rules()},
               {"uncovered", replay.uncovered()},
               {"uncovered_subjects", object_of(replay.uncovered_subjects(most_hints))},
               {"uncovered_words", object_of(replay.uncovered_words(most_hints))},
               {"changed", replay.changed()},
               {"changes", object_of(replay.changes())}});
}

std::string change_text(const std::string& file, const std::vector<Change>& changes) {
  std::string text = file + ":";
  for (std::size_t i = 0; i < changes.size(); ++i) {
    text += fmt::format("{} {} {} -> {}", i == 0 ? "" : ",", changes[i].what, shown_value(changes[i].before),
                        shown_value(changes[i].after));
  }
  return one_line(text, 4096);
}

std::string change_json(const std::string& file, const std::vector<Change>& changes) {
  return dump({{"file", file}, {"changes", to_json(changes)}});
}

}  // namespace postroom
