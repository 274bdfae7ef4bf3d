#include "rules/levels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

namespace postroom {
namespace {

constexpr std::size_t most_levels = 6;
constexpr int rounds = 30;
constexpr double top = 10;     // what the heaviest of a hundred weighs
constexpr double least = 0.3;  // lighter votes are noise
constexpr double exact = 2;    // a half is the smallest step

using Centres = std::array<double, most_levels>;

std::size_t nearest(const Centres& centres, double weight) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < most_levels; ++i) {
    if (std::abs(weight - centres[i]) < std::abs(weight - centres[best])) best = i;
  }
  return best;
}

// k-means, begun at the quantiles.
Centres centres_of(std::vector<double> weights) {
  std::ranges::sort(weights);
  Centres centres{};
  for (std::size_t i = 0; i < most_levels; ++i)
    centres[i] = weights[(weights.size() - 1) * (2 * i + 1) / (2 * most_levels)];
  for (int round = 0; round < rounds; ++round) {
    Centres sum{}, count{};
    for (const double weight : weights) {
      const std::size_t level = nearest(centres, weight);
      sum[level] += weight;
      ++count[level];
    }
    for (std::size_t i = 0; i < most_levels; ++i) {
      if (count[i] > 0) centres[i] = sum[i] / count[i];
    }
  }
  return centres;
}

double hundredth(const std::vector<Vote>& votes) {
  std::vector<double> weights;
  for (const Vote& vote : votes) weights.push_back(vote.weight);
  std::ranges::sort(weights);
  return weights[weights.size() * 99 / 100];
}

void round_queue(std::vector<Vote>::iterator begin, std::vector<Vote>::iterator end) {
  std::vector<double> weights;
  for (auto vote = begin; vote != end; ++vote) weights.push_back(vote->weight);
  const Centres centres = centres_of(std::move(weights));
  for (auto vote = begin; vote != end; ++vote) {
    const double level = centres[nearest(centres, vote->weight)];
    vote->weight = std::max(1.0, std::round(level * exact)) / exact;
  }
}

void sort_votes(std::vector<Vote>& votes) {
  std::ranges::sort(votes, [](const Vote& a, const Vote& b) {
    return std::tuple{a.queue, -a.weight, a.term} < std::tuple{b.queue, -b.weight, b.term};
  });
}

}  // namespace

std::vector<Vote> on_levels(std::vector<Vote> votes, std::size_t queues) {
  if (votes.empty()) return votes;
  const double scale = top / hundredth(votes);
  for (Vote& vote : votes) vote.weight *= scale;
  std::erase_if(votes, [](const Vote& vote) { return vote.weight < least; });
  sort_votes(votes);
  auto begin = votes.begin();
  for (std::uint32_t queue = 0; queue < queues; ++queue) {
    const auto end = std::find_if(begin, votes.end(), [&](const Vote& vote) { return vote.queue > queue; });
    if (begin != end) round_queue(begin, end);
    begin = end;
  }
  sort_votes(votes);
  return votes;
}

}  // namespace postroom
