#pragma once
// What fuzz targets share: a property that must hold, and work that must grow with its input only.

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <initializer_list>
#include <string>
#include <string_view>

#include "rules/charset.h"

namespace postroom::fuzz {

inline void require(bool holds, int line = __builtin_LINE()) {
  if (holds) return;
  std::fprintf(stderr, "the property in line %d does not hold\n", line);
  std::abort();
}

inline void require_utf8(std::initializer_list<std::string_view> texts, int line = __builtin_LINE()) {
  for (const std::string_view text : texts) require(is_valid_utf8(text), line);
}

// One input in 64 (chosen by its bytes) is repeated to 128 KiB: what is quadratic takes minutes then, what is
// linear milliseconds. The clock is that of the processor, so a busy machine fails nothing.
template <typename Work>
void require_linear(std::string_view input, Work work) {
  constexpr std::size_t long_input = 128U << 10;
  constexpr double most_seconds = 4;  // under sanitizers
  if (input.empty() || std::hash<std::string_view>{}(input) % 64 != 0) return;
  std::string repeated;
  while (repeated.size() < long_input) repeated += input;
  const std::clock_t start = std::clock();
  work(repeated);
  require(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC < most_seconds);
}

}  // namespace postroom::fuzz
