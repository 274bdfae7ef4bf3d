// A suggestion as YAML for people, and as JSON for scripts.

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "rules/encode.h"
#include "rules/suggest.h"

namespace postroom {
namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t line_width = 100;

bool is_plain(char c) {
  const bool letter =
      (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
  return letter || c == ' ' || (c >= '0' && c <= '9');
}

// YAML 1.2, 7.3.1: JSON's quotes are YAML's.
std::string yaml_word(const std::string& word) {
  const bool plain = std::ranges::all_of(word, is_plain) && !word.empty() && word != "null" &&
                     word != "Null" && word != "NULL" && word.front() != ' ' && word.back() != ' ';
  return plain ? word : json(word).dump(-1, ' ', false, json::error_handler_t::replace);
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

std::string word_list(const std::vector<std::string>& words) {
  std::string text, line = "      mentions: [";
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string word = yaml_word(words[i]) + (i + 1 < words.size() ? "," : "]");
    if (width_of(line) + width_of(word) + 1 > line_width) {
      text += line + "\n";
      line = std::string(17, ' ');
    }
    line += (line.ends_with('[') || line.ends_with("  ") ? "" : " ") + word;
  }
  return text + line + "\n";
}

std::string rule_yaml(const Rule& rule) {
  return fmt::format("  - name: {}\n    when:\n{}    then: {{queue: {}, weight: {:g}}}\n",
                     yaml_word(rule.name), word_list(rule.all.front().words), yaml_word(*rule.queue),
                     *rule.weight);
}

std::string scores_table(const Scores& scores) {
  std::size_t width = 5;
  for (const QueueScore& queue : scores.queues) width = std::max(width, width_of(queue.queue));
  width = std::min<std::size_t>(width, 40);
  std::string text = fmt::format("# {:<{}}  messages  precision  recall    F1\n", "queue", width);
  for (const QueueScore& queue : scores.queues) {
    text += fmt::format("# {:<{}}  {:>8}  {:>9.2f}  {:>6.2f}  {:>4.2f}\n", one_line(queue.queue, 200), width,
                        queue.messages, queue.precision(), queue.recall(), queue.f1());
  }
  return text;
}

json scores_json(const Scores& scores) {
  json queues = json::array();
  for (const QueueScore& queue : scores.queues) {
    queues.push_back({{"queue", queue.queue},
                      {"messages", queue.messages},
                      {"precision", queue.precision()},
                      {"recall", queue.recall()},
                      {"f1", queue.f1()}});
  }
  return queues;
}

json rules_json(const std::vector<Rule>& rules) {
  json list = json::array();
  for (const Rule& rule : rules) {
    list.push_back({{"name", rule.name},
                    {"when", {{"mentions", rule.all.front().words}}},
                    {"then", {{"queue", *rule.queue}, {"weight", *rule.weight}}}});
  }
  return list;
}

}  // namespace

std::string suggestion_yaml(const Suggestion& suggestion) {
  const Scores& scores = suggestion.scores;
  std::string text = fmt::format(
      "# Made from {} different messages. On messages they were not made from, such rules reach\n"
      "# macro-F1 {:.2f}; {:.1f} % of {} messages were right. A message without any of the words goes to "
      "the\n"
      "# queue of its channel; here that was {}.\n",
      suggestion.messages, scores.macro_f1(), 100 * scores.accuracy(), scores.messages,
      one_line(suggestion.otherwise, 200));
  text +=
      fmt::format("# The words mean all their forms, with this in the configuration: languages: [{}]\n#\n",
                  one_line(fmt::format("{}", fmt::join(suggestion.languages, ", ")), 500));
  text += scores_table(scores) + "rules:\n";
  for (const Rule& rule : suggestion.rules) text += rule_yaml(rule);
  return text;
}

std::string suggestion_json(const Suggestion& suggestion) {
  const json object = {{"messages", suggestion.messages},          {"judged", suggestion.scores.messages},
                       {"otherwise", suggestion.otherwise},        {"languages", suggestion.languages},
                       {"accuracy", suggestion.scores.accuracy()}, {"macro_f1", suggestion.scores.macro_f1()},
                       {"queues", scores_json(suggestion.scores)}, {"rules", rules_json(suggestion.rules)}};
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace postroom
