#include "rules/settle.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/text.h"

namespace postroom {
namespace {

constexpr double equal_points = 1e-9;        // sums of the same weights in another order are equal
constexpr std::size_t most_names = 4;        // rules named for one choice
constexpr std::size_t longest_name = 60;     // bytes of a rule's name in a sentence
constexpr std::size_t longest_reason = 600;  // bytes

// One of the queues (priorities) that are wanted, and by whom.
struct Choice {
  std::string wanted;
  double points = 0;
  std::vector<std::string_view> rules;
};

// In the order in which they were first wanted.
using Choices = std::vector<Choice>;

struct Ballot {
  std::string_view what;  // "queue"
  Choices deciding, voting;
};

void add(Choices& choices, std::string_view wanted, const Applied& applied) {
  auto choice = std::ranges::find(choices, wanted, &Choice::wanted);
  if (choice == choices.end()) choice = choices.insert(choices.end(), Choice{std::string{wanted}, 0, {}});
  choice->points +=
      applied.rule->weight.value_or(0) * static_cast<double>(std::max<std::size_t>(applied.words, 1));
  choice->rules.push_back(applied.rule->name);
}

void cast(Ballot& ballot, std::string_view wanted, const Applied& applied) {
  add(applied.rule->weight ? ballot.voting : ballot.deciding, wanted, applied);
}

std::string names(const std::vector<std::string_view>& rules) {
  std::string text;
  for (std::size_t i = 0; i < std::min(rules.size(), most_names); ++i) {
    text += fmt::format("{}'{}'", i == 0 ? "" : ", ", cut_utf8(rules[i], longest_name));
  }
  return rules.size() > most_names ? text + fmt::format(" and {} more", rules.size() - most_names) : text;
}

const Choice* winner(const Ballot& ballot) {
  if (!ballot.deciding.empty()) return &ballot.deciding.front();
  const Choice* best = nullptr;
  for (const Choice& choice : ballot.voting) {
    if (!best || choice.points > best->points + equal_points) best = &choice;
  }
  return best;
}

std::string decided(const Ballot& ballot, const Choice& won) {
  std::string others;
  for (const Choices* choices : {&ballot.deciding, &ballot.voting}) {
    for (const Choice& choice : *choices) {
      if (choice.wanted == won.wanted) continue;
      others += fmt::format("; {} wanted {}", names(choice.rules), choice.wanted);
    }
  }
  if (others.empty()) return "";
  return fmt::format("{} {}: rule '{}' (first that decides){}", ballot.what, won.wanted,
                     cut_utf8(won.rules.front(), longest_name), others);
}

std::string voted(const Ballot& ballot, const Choice& won) {
  std::string text =
      fmt::format("{} {} by {:.6g} points of {}", ballot.what, won.wanted, won.points, names(won.rules));
  std::string_view joint = " against ";
  for (const Choice& choice : ballot.voting) {
    if (&choice == &won) continue;
    text += fmt::format("{}{:.6g} of {} for {}", joint, choice.points, names(choice.rules), choice.wanted);
    joint = ", ";
  }
  return text;
}

// The winner of a ballot; notes why.
const Choice* count(const Ballot& ballot, std::vector<std::string>& why) {
  const Choice* won = winner(ballot);
  if (!won) return nullptr;
  const std::string reason = ballot.deciding.empty() ? voted(ballot, *won) : decided(ballot, *won);
  if (!reason.empty()) why.emplace_back(cut_utf8(reason, longest_reason));
  return won;
}

}  // namespace

Settlement settle(const std::vector<Applied>& applied) {
  Ballot queues{"queue", {}, {}}, priorities{"priority", {}, {}};
  for (const Applied& one : applied) {
    if (one.rule->queue) cast(queues, *one.rule->queue, one);
    if (one.rule->priority) cast(priorities, priority_name(*one.rule->priority), one);
  }
  Settlement settlement;
  if (const Choice* queue = count(queues, settlement.why)) {
    settlement.queue = queue->wanted;
    settlement.queue_by = queue->rules.front();
  }
  if (const Choice* priority = count(priorities, settlement.why))
    settlement.priority = priority_from(priority->wanted);
  return settlement;
}

}  // namespace postroom
