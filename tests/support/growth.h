#pragma once
// Is work linear? Told by how it grows, in processor time, so that a slow or busy machine changes nothing.

#include <algorithm>
#include <cstddef>
#include <ctime>

namespace postroom::tests {

// Of this thread, in seconds.
inline double processor_time() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// How much longer work(4 * size) takes than work(size): about 4 where work is linear, 16 where it is
// quadratic. The best of two each; what takes less than 2 ms counts as 2 ms.
template <class Work>
double growth(std::size_t size, const Work& work) {
  const auto best = [&](std::size_t n) {
    double least = 1e9;
    for (int i = 0; i < 2; ++i) {
      const double start = processor_time();
      work(n);
      least = std::min(least, processor_time() - start);
    }
    return std::max(least, 0.002);
  };
  const double small = best(size);
  return best(4 * size) / small;
}

constexpr double linear = 9;  // most that growth() may be

}  // namespace postroom::tests
