#include "rules/learn.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "rules/levels.h"

namespace postroom {
namespace {

constexpr double smoothing = 0.5;  // added to counts of messages
constexpr double balance = 0.3;    // how much more a message of a small queue counts; 1: queues are equal
constexpr double ridge = 0.001;    // L2
constexpr double lasso = 0.05;     // L1
constexpr double step_size = 0.3;
constexpr double steps_wanted = 60000;  // messages looked at, repetitions included
constexpr int least_rounds = 5, most_rounds = 40;

// One weight that may be above zero: of a term for a queue in which it is more frequent than elsewhere.
struct Cell {
  std::uint32_t queue = 0;
  float prior = 0;
  float weight = 0;    // of prior: prior * weight points
  float gradient = 0;  // sum of squares
  double points() const { return double{prior} * weight; }
};

class Learner {
 public:
  explicit Learner(const Lesson& lesson);
  void train();
  void keep_strongest();
  std::vector<Vote> votes() const;

 private:
  void count();
  void add_cells(std::uint32_t term, const std::vector<double>& in_queue);
  void look_at(const Example& example);
  void correct(std::uint32_t term, double weight_of_example);
  void shrink(Cell& cell, double gradient, double rarity) const;

  const Lesson& lesson_;
  std::vector<std::vector<Cell>> cells_;  // of each term
  std::vector<double> frequency_;         // messages with the term
  std::vector<double> queue_size_;        // messages of the queue
  std::vector<double> error_;             // of each queue for the message at hand
};

Learner::Learner(const Lesson& lesson)
    : lesson_{lesson},
      cells_(lesson.trust.size()),
      frequency_(lesson.trust.size()),
      queue_size_(lesson.queues),
      error_(lesson.queues) {
  count();
}

void Learner::count() {
  std::vector<std::vector<std::uint32_t>> queues_of(cells_.size());
  for (const Example& example : lesson_.examples) {
    ++queue_size_[example.queue];
    for (const std::uint32_t term : example.terms) queues_of[term].push_back(example.queue);
  }
  std::vector<double> in_queue(lesson_.queues);
  for (std::uint32_t term = 0; term < cells_.size(); ++term) {
    std::ranges::fill(in_queue, 0);
    for (const std::uint32_t queue : queues_of[term]) ++in_queue[queue];
    frequency_[term] = static_cast<double>(queues_of[term].size());
    add_cells(term, in_queue);
  }
}

void Learner::add_cells(std::uint32_t term, const std::vector<double>& in_queue) {
  const auto all = static_cast<double>(lesson_.examples.size());
  for (std::uint32_t queue = 0; queue < lesson_.queues; ++queue) {
    if (in_queue[queue] == 0) continue;
    const double here = (in_queue[queue] + smoothing) / (queue_size_[queue] + 2 * smoothing);
    const double elsewhere =
        (frequency_[term] - in_queue[queue] + smoothing) / (all - queue_size_[queue] + 2 * smoothing);
    if (here <= elsewhere) continue;
    const auto prior = static_cast<float>(std::sqrt(std::log(here / elsewhere)) * lesson_.trust[term]);
    cells_[term].push_back({queue, prior});
  }
}

void Learner::train() {
  for (auto& cells : cells_) {
    for (Cell& cell : cells) cell.weight = cell.gradient = 0;
  }
  std::vector<std::size_t> order(lesson_.examples.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937_64 random{lesson_.seed};
  const int rounds = std::clamp(static_cast<int>(steps_wanted / static_cast<double>(order.size() + 1)),
                                least_rounds, most_rounds);
  for (int round = 0; round < rounds; ++round) {
    // std::shuffle differs between libraries
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % i]);
    for (const std::size_t i : order) look_at(lesson_.examples[i]);
  }
}

void Learner::look_at(const Example& example) {
  std::ranges::fill(error_, 0);
  for (const std::uint32_t term : example.terms) {
    for (const Cell& cell : cells_[term]) error_[cell.queue] += cell.points();
  }
  const double most = *std::ranges::max_element(error_);
  double sum = 0;
  for (double& value : error_) sum += value = std::exp(value - most);
  for (double& value : error_) value /= sum;
  error_[example.queue] -= 1;

  const auto all = static_cast<double>(lesson_.examples.size());
  const double share = all / (static_cast<double>(lesson_.queues) * queue_size_[example.queue]);
  const double weight_of_example = std::pow(share, balance);
  for (const std::uint32_t term : example.terms) correct(term, weight_of_example);
}

void Learner::correct(std::uint32_t term, double weight_of_example) {
  for (Cell& cell : cells_[term]) {
    shrink(cell, error_[cell.queue] * weight_of_example * cell.prior, 1 / frequency_[term]);
  }
}

// A step against the gradient, then towards zero: a term is met as often as it is frequent, and shrunk as
// much in all.
void Learner::shrink(Cell& cell, double gradient, double rarity) const {
  const auto all = static_cast<double>(lesson_.examples.size());
  gradient += ridge * rarity * cell.weight * all;
  cell.gradient += static_cast<float>(gradient * gradient + 1e-12);
  const double step = step_size / std::sqrt(double{cell.gradient});
  const double moved = cell.weight - step * gradient;
  cell.weight = static_cast<float>(std::max(0.0, moved - step * lasso * rarity));
}

// What speaks strongly and often. The rest is forgotten.
void Learner::keep_strongest() {
  std::vector<std::vector<std::pair<double, std::uint32_t>>> strength(lesson_.queues);
  for (std::uint32_t term = 0; term < cells_.size(); ++term) {
    for (const Cell& cell : cells_[term]) {
      if (cell.weight > 0)
        strength[cell.queue].emplace_back(-cell.points() * std::sqrt(frequency_[term]), term);
    }
  }
  std::vector<std::vector<std::uint32_t>> kept(lesson_.queues);
  for (std::size_t queue = 0; queue < lesson_.queues; ++queue) {
    std::ranges::sort(strength[queue]);
    if (strength[queue].size() > lesson_.most_terms) strength[queue].resize(lesson_.most_terms);
    for (const auto& [points, term] : strength[queue]) kept[queue].push_back(term);
    std::ranges::sort(kept[queue]);
  }
  for (std::uint32_t term = 0; term < cells_.size(); ++term) {
    std::erase_if(cells_[term],
                  [&](const Cell& cell) { return !std::ranges::binary_search(kept[cell.queue], term); });
  }
}

std::vector<Vote> Learner::votes() const {
  std::vector<Vote> votes;
  for (std::uint32_t term = 0; term < cells_.size(); ++term) {
    for (const Cell& cell : cells_[term]) {
      if (cell.weight > 0) votes.push_back({term, cell.queue, cell.points()});
    }
  }
  return votes;
}

}  // namespace

std::vector<Vote> learn_votes(const Lesson& lesson) {
  if (lesson.examples.empty()) return {};
  Learner learner{lesson};
  learner.train();
  learner.keep_strongest();
  learner.train();
  return on_levels(learner.votes(), lesson.queues);
}

}  // namespace postroom
