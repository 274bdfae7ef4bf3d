#pragma once
// How well decisions agree with what people decided: precision, recall, F1. Pure.

#include <string>
#include <vector>

namespace postroom {

struct QueueScore {
  std::string queue;
  std::size_t messages = 0;  // that belong there
  std::size_t sent = 0;      // that the rules would put there
  std::size_t right = 0;     // both

  double precision() const { return sent == 0 ? 0 : static_cast<double>(right) / static_cast<double>(sent); }
  double recall() const {
    return messages == 0 ? 0 : static_cast<double>(right) / static_cast<double>(messages);
  }
  double f1() const {
    const auto both = static_cast<double>(messages + sent);
    return both == 0 ? 0 : 2 * static_cast<double>(right) / both;
  }
};

struct Scores {
  std::vector<QueueScore> queues;  // by name
  std::size_t messages = 0, right = 0;

  double accuracy() const {
    return messages == 0 ? 0 : static_cast<double>(right) / static_cast<double>(messages);
  }
  // The mean over the queues to which messages belong, so that small ones count as large ones do.
  double macro_f1() const;
};

// Both lists have one queue for each message.
Scores scores_of(const std::vector<std::string>& wanted, const std::vector<std::string>& got);

}  // namespace postroom
