// Random sequences of happenings keep the invariants of the desk. POSTROOM_SEED repeats a run (it is
// printed), POSTROOM_SEQUENCES says how many.

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>
#include <random>

#include "tests/property/world.h"

using namespace postroom;
using namespace postroom::tests;

namespace {

constexpr std::uint64_t usual = 10000;

std::uint64_t number_of(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::stoull(text) : otherwise;
}

}  // namespace

TEST_CASE("whatever happens to mail and tickets, none is lost, doubled or put to the wrong request",
          "[lmtp][R12][R15]") {
  const std::uint64_t seed = number_of("POSTROOM_SEED", std::random_device{}());
  const std::uint64_t sequences = number_of("POSTROOM_SEQUENCES", usual);
  std::cout << "POSTROOM_SEED=" << seed << ", " << sequences << " sequences\n";
  Machine machine;
  for (std::uint64_t i = 0; i < sequences; ++i) {
    World world{machine, seed + i};
    world.live(3 + static_cast<int>((seed + i) % 12));
    if (world.complaints().empty()) continue;
    FAIL(fmt::format("POSTROOM_SEED={} POSTROOM_SEQUENCES=1\n{}\n\n{}", seed + i, world.story(),
                     fmt::join(world.complaints(), "\n")));
  }
}
