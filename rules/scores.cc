#include "rules/scores.h"

#include <algorithm>
#include <map>

namespace postroom {

double Scores::macro_f1() const {
  double sum = 0;
  std::size_t count = 0;
  for (const QueueScore& queue : queues) {
    if (queue.messages == 0) continue;
    sum += queue.f1();
    ++count;
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

Scores scores_of(const std::vector<std::string>& wanted, const std::vector<std::string>& got) {
  Scores scores;
  std::map<std::string, QueueScore> queues;
  scores.messages = std::min(wanted.size(), got.size());
  for (std::size_t i = 0; i < scores.messages; ++i) {
    ++queues[wanted[i]].messages;
    ++queues[got[i]].sent;
    if (wanted[i] != got[i]) continue;
    ++queues[wanted[i]].right;
    ++scores.right;
  }
  for (auto& [name, queue] : queues) {
    queue.queue = name;
    scores.queues.push_back(queue);
  }
  return scores;
}

}  // namespace postroom
