#include "rules/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "rules/encode.h"
#include "rules/match.h"

namespace postroom {
namespace {

constexpr std::size_t most_rows = 200000;  // different words, different subjects
constexpr std::size_t words_of_a_message = 2000;
constexpr std::size_t shortest_word = 4;  // letters: shorter ones hold a sentence together
constexpr std::size_t longest_subject = 80;
constexpr double everywhere = 0.4;  // a word in so many of the messages is one of the language
constexpr std::size_t often = 2;    // less is chance

std::string joined(const std::vector<std::string>& list) { return fmt::format("{}", fmt::join(list, " ")); }

std::vector<Counted> by_frequency(const std::map<std::string, std::size_t>& counts) {
  std::vector<Counted> list;
  for (const auto& [name, messages] : counts) list.push_back({name, messages});
  std::ranges::stable_sort(list, std::greater{}, &Counted::messages);
  return list;
}

std::size_t letters(std::string_view word) {
  return static_cast<std::size_t>(
      std::ranges::count_if(word, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

// "Re: Fwd: Order" -> "order": answers do not ask something else.
std::string plain_subject(const std::string& subject) {
  std::string folded = one_line(fold(subject), longest_subject);
  for (std::size_t colon = folded.find(':'); colon != std::string::npos && colon <= 4;
       colon = folded.find(':')) {
    folded.erase(0, colon + 1);
    folded.erase(0, std::min(folded.find_first_not_of(' '), folded.size()));
  }
  return folded;
}

template <class Counts>
void forget_rare(Counts& counts, auto frequency) {
  for (std::size_t least = 2; counts.size() > most_rows; least *= 2)
    std::erase_if(counts, [&](const auto& row) { return frequency(row) < least; });
}

}  // namespace

std::string shown_value(const std::string& value) { return value.empty() ? "(none)" : value; }

Outcomes outcomes_of(const Explained& explained) {
  const Verdict& verdict = explained.decision.verdict;
  Outcomes outcomes;
  outcomes.queue = verdict.queue;
  outcomes.priority = verdict.priority;
  outcomes.tags = verdict.tags;
  outcomes.rules = verdict.applied;
  outcomes.spam = verdict.spam;
  outcomes.template_name = verdict.template_name.value_or("");
  outcomes.acknowledge = explained.acknowledge.send;
  outcomes.automatic = kind_name(explained.decision.automatic.kind);
  return outcomes;
}

std::vector<Change> changes_between(const Outcomes& before, const Outcomes& after) {
  const auto yes = [](bool value) { return value ? "yes" : "no"; };
  const Change all[] = {
      {"queue", before.queue, after.queue},
      {"priority", std::string{priority_name(before.priority)}, std::string{priority_name(after.priority)}},
      {"tags", joined(before.tags), joined(after.tags)},
      {"template", before.template_name, after.template_name},
      {"spam", yes(before.spam), yes(after.spam)},
      {"automatic", before.automatic, after.automatic},
      {"acknowledge", yes(before.acknowledge), yes(after.acknowledge)},
  };
  std::vector<Change> changes;
  std::ranges::copy_if(all, std::back_inserter(changes),
                       [](const Change& change) { return change.before != change.after; });
  return changes;
}

void WordCount::add(std::string_view text, std::string_view language) {
  ++messages_;
  std::set<std::string> seen;
  for (Term& term : reader_.read(text, language, words_of_a_message)) {
    if (letters(term.form) < shortest_word || !seen.insert(term.stem).second) continue;
    Row& row = rows_[std::move(term.stem)];
    if (row.messages++ == 0) row.form = std::move(term.form);
  }
  forget_rare(rows_, [](const auto& row) { return row.second.messages; });
}

std::size_t WordCount::of(const std::string& stem) const {
  const auto row = rows_.find(stem);
  return row == rows_.end() ? 0 : row->second.messages;
}

Replay::Replay(const Desk& desk) : covered_words_{languages_of(desk)}, uncovered_words_{languages_of(desk)} {
  for (const Rule& rule : desk.rules) names_.push_back(rule.name);
}

void Replay::add(const Explained& explained) {
  const Outcomes outcomes = outcomes_of(explained);
  ++messages_;
  ++queues_[outcomes.queue];
  ++priorities_[std::string{priority_name(outcomes.priority)}];
  ++automatic_[outcomes.automatic];
  for (const std::string& rule : outcomes.rules) ++rules_[rule];
  if (outcomes.acknowledge) ++acknowledged_;
  const bool covered = !outcomes.rules.empty();
  if (!covered) ++uncovered_;
  if (explained.decision.automatic.kind != Automatic::Kind::none) return;  // machines ask nothing
  add_text(explained.message, covered ? covered_words_ : uncovered_words_);
  if (!covered) ++subjects_[plain_subject(explained.message.subject)];
  forget_rare(subjects_, [](const auto& row) { return row.second; });
}

void Replay::add_text(const Message& message, WordCount& words) {
  const std::string& text = message.new_text.empty() ? message.text : message.new_text;
  words.add(message.subject + "\n" + text, message.language);
}

void Replay::add_changes(const std::vector<Change>& changes) {
  if (!changes.empty()) ++changed_;
  for (const Change& change : changes)
    ++changes_[fmt::format("{} {} -> {}", change.what, shown_value(change.before),
                           shown_value(change.after))];
}

std::vector<Counted> Replay::queues() const { return by_frequency(queues_); }
std::vector<Counted> Replay::priorities() const { return by_frequency(priorities_); }
std::vector<Counted> Replay::automatic() const { return by_frequency(automatic_); }
std::vector<Counted> Replay::rules() const { return by_frequency(rules_); }
std::vector<Counted> Replay::changes() const { return by_frequency(changes_); }

std::vector<std::string> Replay::idle_rules() const {
  std::vector<std::string> idle;
  std::ranges::copy_if(names_, std::back_inserter(idle),
                       [&](const std::string& name) { return !rules_.contains(name); });
  return idle;
}

std::vector<Counted> Replay::uncovered_subjects(std::size_t most) const {
  std::vector<Counted> list = by_frequency(subjects_);
  std::erase_if(list, [](const Counted& one) { return one.messages < often || one.name.empty(); });
  if (list.size() > most) list.resize(most);
  return list;
}

std::vector<Counted> Replay::uncovered_words(std::size_t most) const {
  const double here = static_cast<double>(uncovered_words_.messages()) + 1;
  const double there = static_cast<double>(covered_words_.messages()) + 1;
  std::vector<std::pair<double, Counted>> found;
  for (const auto& [stem, row] : uncovered_words_.rows()) {
    const double share = static_cast<double>(row.messages) / here;
    const double elsewhere = (static_cast<double>(covered_words_.of(stem)) + 1) / there;
    if (row.messages < often || share <= elsewhere) continue;
    if (share > everywhere && there < 2) continue;  // nothing to compare with
    found.emplace_back(-share * std::log(share / elsewhere), Counted{row.form, row.messages});
  }
  std::ranges::stable_sort(found, {}, [](const auto& one) { return one.first; });
  std::vector<Counted> words;
  for (std::size_t i = 0; i < std::min(most, found.size()); ++i) words.push_back(found[i].second);
  return words;
}

}  // namespace postroom
