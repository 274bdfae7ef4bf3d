#pragma once
// Several waits for the disk at the same time.

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace postroom {

// A few threads that help whoever has several things to wait for.
class SideBySide {
 public:
  SideBySide();
  ~SideBySide();
  SideBySide(const SideBySide&) = delete;
  SideBySide& operator=(const SideBySide&) = delete;

  // Runs every task, in any order, and returns when all have ended. The caller's thread works too, so one
  // task costs no change of threads. Tasks must not throw. Callable from several threads at once.
  void run(const std::vector<std::function<void()>>& tasks);

 private:
  struct Batch {
    const std::vector<std::function<void()>>& tasks;
    std::size_t next = 0;     // the first that nobody has taken
    std::size_t running = 0;  // taken and not ended
  };

  void help();
  void work(Batch& batch, std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Batch*> batches_;  // with tasks that nobody has taken
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace postroom
