#pragma once
// Which terms speak for which queue, learnt from messages whose queue is known: a linear classifier with few,
// positive weights on few levels, so that it can be written as rules that vote. Pure: same examples and
// seed, same votes.
//
// Method: multinomial logistic regression (softmax) without a bias, over the terms of each message, present
// or not; weights never below zero (for softmax this takes nothing away: adding a constant to a term's
// weights changes nothing). Prior of each weight: the square root of the log odds of the term in the queue
// (Wang and Manning 2012, "Baselines and Bigrams"). Elastic net as proximal AdaGrad steps (Duchi, Hazan,
// Singer 2011). Then the strongest terms of each queue are kept, learnt again, and their weights rounded to
// six levels a queue (k-means in one dimension).

#include <cstddef>
#include <cstdint>
#include <vector>

namespace postroom {

struct Example {
  std::vector<std::uint32_t> terms;  // each once
  std::uint32_t queue = 0;
};

struct Lesson {
  std::vector<Example> examples;
  std::vector<float> trust;  // of each term: 1, less for terms that say less by themselves
  std::size_t queues = 0;
  std::size_t most_terms = 60;  // of a queue
  std::uint64_t seed = 1;
};

struct Vote {
  std::uint32_t term = 0, queue = 0;
  double weight = 0;  // a multiple of 0.5, from 0.5 to about 10
};

// Sorted by queue, then by weight, the heaviest first, then by term.
std::vector<Vote> learn_votes(const Lesson& lesson);

}  // namespace postroom
