#pragma once
// Rules that want different things: which queue and which priority it is, and why. Pure.

#include <optional>
#include <string>
#include <vector>

#include "rules/desk.h"

namespace postroom {

// A rule that applies to a message.
struct Applied {
  const Rule* rule = nullptr;
  std::size_t words = 0;  // different words of it that hit
};

struct Settlement {
  std::optional<std::string> queue;
  std::string queue_by;  // the rule that decided it, or was the first to vote for it
  std::optional<Priority> priority;
  std::vector<std::string> why;  // a sentence for each of the two that was not plain, bounded
};

// `applied` in written order. A rule without a weight decides, the first one wins; where none decides, the
// weights are added up, each times the words, and a rule that has no words counts as one. Most points win;
// of equals the queue (the priority) that was voted for first.
Settlement settle(const std::vector<Applied>& applied);

}  // namespace postroom
