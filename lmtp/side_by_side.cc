#include "lmtp/side_by_side.h"

#include <algorithm>

namespace postroom {
namespace {

constexpr std::size_t helpers = 7;  // a disk queue takes eight requests at a time without trouble

}  // namespace

SideBySide::SideBySide() {
  for (std::size_t i = 0; i < helpers; ++i) threads_.emplace_back([this] { help(); });
}

SideBySide::~SideBySide() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void SideBySide::run(const std::vector<std::function<void()>>& tasks) {
  Batch batch{tasks};
  std::unique_lock lock{mutex_};
  if (tasks.size() > 1) {
    batches_.push_back(&batch);
    changed_.notify_all();
  }
  while (batch.next < tasks.size()) work(batch, lock);
  changed_.wait(lock, [&] { return batch.running == 0; });
}

void SideBySide::help() {
  std::unique_lock lock{mutex_};
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !batches_.empty(); });
    if (stopping_) return;  // whoever runs a batch finishes it alone
    work(*batches_.front(), lock);
  }
}

// Takes one task; the lock is open while it runs.
void SideBySide::work(Batch& batch, std::unique_lock<std::mutex>& lock) {
  const std::function<void()>& task = batch.tasks[batch.next++];
  ++batch.running;
  if (batch.next == batch.tasks.size()) std::erase(batches_, &batch);
  lock.unlock();
  task();
  lock.lock();
  if (--batch.running == 0) changed_.notify_all();
}

}  // namespace postroom
