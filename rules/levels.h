#pragma once
// Weights that people can read: few different ones for each queue. Pure.

#include "rules/learn.h"

namespace postroom {

// The votes with weights on at most six levels a queue, multiples of 0.5 up to about 10; those that weigh
// next to nothing are left out. Sorted as learn_votes() promises.
std::vector<Vote> on_levels(std::vector<Vote> votes, std::size_t queues);

}  // namespace postroom
