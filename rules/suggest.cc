#include "rules/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "rules/classify.h"
#include "rules/vocabulary.h"

namespace postroom {
namespace {

constexpr std::size_t rare_language = 50;                      // in one of so many messages
constexpr std::string_view address = "desk@postroom.invalid";  // RFC 2606: nobody's

Desk desk_with(const std::vector<Rule>& rules, const SuggestOptions& options) {
  Desk desk;
  desk.channels = {Channel{std::string{address}, options.otherwise}};
  desk.languages = options.languages;
  desk.rules = rules;
  return desk;
}

std::string queue_by(const Rulebook& rulebook, const Sorted& sorted) {
  Message message;
  message.subject = sorted.subject;
  message.text = message.new_text = sorted.text;
  message.language = sorted.language;
  Findings findings;
  findings.language = sorted.language;
  return rulebook.classify(message, {std::nullopt, {std::string{address}}}, findings).queue;
}

// In any order they may come in, so that the suggestion does not depend on it.
void drop_repeated(std::vector<Sorted>& messages) {
  const auto key = [](const Sorted& one) { return std::tie(one.queue, one.subject, one.text); };
  std::ranges::stable_sort(messages, {}, key);
  const auto same = [&](const Sorted& a, const Sorted& b) { return key(a) == key(b); };
  messages.erase(std::unique(messages.begin(), messages.end(), same), messages.end());
}

std::string largest_queue(const std::vector<Sorted>& messages) {
  std::map<std::string, std::size_t> sizes;
  for (const Sorted& message : messages) ++sizes[message.queue];
  const auto largest = std::ranges::max_element(sizes, {}, [](const auto& queue) { return queue.second; });
  return largest == sizes.end() ? "" : largest->first;
}

// Not those of single letters: their language may be guessed wrongly.
std::vector<std::string> languages_in(const std::vector<Sorted>& messages) {
  std::map<std::string, std::size_t> counts;
  for (const Sorted& message : messages) ++counts[message.language];
  std::vector<std::string> languages;
  for (const auto& [language, count] : counts) {
    if (!language.empty() && count * rare_language > messages.size()) languages.push_back(language);
  }
  return languages;
}

void prepare(std::vector<Sorted>& messages, SuggestOptions& options) {
  drop_repeated(messages);
  if (options.languages.empty()) options.languages = languages_in(messages);
  if (options.otherwise.empty()) options.otherwise = largest_queue(messages);
}

// Every queue is spread over the folds evenly; the messages stand in order of queues.
std::vector<std::size_t> folds_of(const std::vector<Sorted>& messages, const SuggestOptions& options) {
  std::vector<std::size_t> folds;
  std::uint64_t state = options.seed;
  std::size_t next = 0;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;  // Knuth's linear congruence
    if (i % options.folds == 0) next = static_cast<std::size_t>(state >> 33U);
    folds.push_back((next + i) % options.folds);
  }
  return folds;
}

Scores judge_folds(const std::vector<Sorted>& messages, const SuggestOptions& options) {
  const std::vector<std::size_t> folds = folds_of(messages, options);
  std::vector<std::string> wanted, got;
  for (std::size_t fold = 0; fold < options.folds; ++fold) {
    std::vector<Sorted> train, judge;
    for (std::size_t i = 0; i < messages.size(); ++i)
      (folds[i] == fold ? judge : train).push_back(messages[i]);
    for (std::string& queue : queues_by(vote_rules(train, options), judge, options))
      got.push_back(std::move(queue));
    for (const Sorted& message : judge) wanted.push_back(message.queue);
  }
  return scores_of(wanted, got);
}

Rule rule_of(const std::string& queue, double weight) {
  Rule rule;
  rule.name = fmt::format("{}, {:g}", queue, weight);
  rule.weight = weight;
  rule.queue = queue;
  rule.all = {Condition{Field::mentions, "", {}}};
  return rule;
}

}  // namespace

std::vector<Rule> vote_rules(const std::vector<Sorted>& messages, const SuggestOptions& options) {
  const Vocabulary vocabulary{messages, options.languages};
  Lesson lesson = vocabulary.lesson();
  lesson.most_terms = options.most_words;
  lesson.seed = options.seed;
  std::vector<Rule> rules;
  for (const Vote& vote : learn_votes(lesson)) {
    const std::string& queue = vocabulary.queues()[vote.queue];
    if (rules.empty() || *rules.back().queue != queue || *rules.back().weight != vote.weight)
      rules.push_back(rule_of(queue, vote.weight));
    rules.back().all.front().words.push_back(vocabulary.form(vote.term));
  }
  return rules;
}

std::vector<std::string> queues_by(const std::vector<Rule>& rules, const std::vector<Sorted>& messages,
                                   const SuggestOptions& options) {
  const Rulebook rulebook{desk_with(rules, options)};
  std::vector<std::string> queues;
  for (const Sorted& message : messages) queues.push_back(queue_by(rulebook, message));
  return queues;
}

Suggestion suggest(std::vector<Sorted> messages, SuggestOptions options) {
  prepare(messages, options);
  Suggestion suggestion;
  suggestion.otherwise = options.otherwise;
  suggestion.languages = options.languages;
  suggestion.messages = messages.size();
  options.folds = std::max<std::size_t>(options.folds, 2);
  suggestion.scores = judge_folds(messages, options);
  suggestion.rules = vote_rules(messages, options);
  return suggestion;
}

Suggestion suggest_and_judge(std::vector<Sorted> train, const std::vector<Sorted>& judge,
                             SuggestOptions options) {
  prepare(train, options);
  Suggestion suggestion;
  suggestion.otherwise = options.otherwise;
  suggestion.languages = options.languages;
  suggestion.messages = train.size();
  suggestion.rules = vote_rules(train, options);
  std::vector<std::string> wanted;
  for (const Sorted& message : judge) wanted.push_back(message.queue);
  suggestion.scores = scores_of(wanted, queues_by(suggestion.rules, judge, options));
  return suggestion;
}

}  // namespace postroom
