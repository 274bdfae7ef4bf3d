// Waits for the disk that do not wait for one another.

#include "lmtp/side_by_side.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>

using namespace postroom;

namespace {

using Tasks = std::vector<std::function<void()>>;

}  // namespace

TEST_CASE("every folder is synced once, whoever asks at the same time", "[lmtp][R28]") {
  SideBySide together;
  std::atomic<int> wrong{0};
  const auto ask = [&] {
    for (std::size_t size = 0; size < 200; ++size) {
      std::vector<std::atomic<int>> runs(size % 20);
      Tasks tasks;
      for (std::atomic<int>& run : runs) tasks.emplace_back([&run] { ++run; });
      together.run(tasks);
      for (const std::atomic<int>& run : runs) wrong += run != 1;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(ask);
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("a slow folder does not hold up the sync of another", "[lmtp][R28]") {
  SideBySide together;
  std::mutex mutex;
  std::condition_variable changed;
  int begun = 0, alone = 0;
  const auto meet = [&] {
    std::unique_lock lock{mutex};
    ++begun;
    changed.notify_all();
    if (!changed.wait_for(lock, std::chrono::seconds{30}, [&] { return begun == 3; })) ++alone;
  };
  together.run(Tasks{meet, meet, meet});
  CHECK(alone == 0);
}
