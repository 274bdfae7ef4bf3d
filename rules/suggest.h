#pragma once
// Rules from messages that people have sorted: the words that tell the queues apart, as rules that vote, and
// how well such rules do on messages they were not made from. Pure.

#include <cstdint>
#include <string>
#include <vector>

#include "rules/desk.h"
#include "rules/scores.h"

namespace postroom {

// A message of which it is known where it belongs.
struct Sorted {
  std::string queue, subject, text;
  std::string language;  // ISO 639-1; empty when unsure
};

struct SuggestOptions {
  std::size_t most_words = 60;  // of a queue
  std::size_t folds = 5;        // for judging
  std::uint64_t seed = 1;
  std::string otherwise{};               // the queue of messages without any of the words; empty: the largest
  std::vector<std::string> languages{};  // whose word forms count; empty: those of the messages
};

struct Suggestion {
  std::vector<Rule> rules;             // made from all messages
  std::string otherwise;               // the queue where no word hits
  std::vector<std::string> languages;  // whose word forms count
  std::size_t messages = 0;            // different ones
  Scores scores;                       // of rules made from the other folds, for every message
};

// Rules with `mentions` and weights, by queue in order of names, the heaviest first.
std::vector<Rule> vote_rules(const std::vector<Sorted>& messages, const SuggestOptions& options);

// The queue of each message, as the desk would decide with these rules.
std::vector<std::string> queues_by(const std::vector<Rule>& rules, const std::vector<Sorted>& messages,
                                   const SuggestOptions& options);

// Same messages and options, same suggestion. A text that occurs twice in a queue counts once.
Suggestion suggest(std::vector<Sorted> messages, SuggestOptions options);

// What the scores are when rules made from `train` decide about `judge`.
Suggestion suggest_and_judge(std::vector<Sorted> train, const std::vector<Sorted>& judge,
                             SuggestOptions options);

// The rules as YAML to paste below "rules:", with the scores as comments.
std::string suggestion_yaml(const Suggestion& suggestion);

// One JSON object in a line: rules, scores of each queue, accuracy, macro_f1.
std::string suggestion_json(const Suggestion& suggestion);

}  // namespace postroom
