#pragma once
// Committed messages -> their folders, and the answers to those who wait. A thread of its own, so that the
// next commit runs while the folders of the last one are synced; the folders of one group are synced side by
// side, or a group would wait for the disk as often as it has mailboxes.

#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "lmtp/result.h"
#include "lmtp/side_by_side.h"
#include "schema/store.h"

namespace postroom {

class Maildir;

// A message on its way from the commit to its folder.
struct Committed {
  Recorded recorded;
  std::promise<Result<Recorded>> answer;
};

class Publisher {
 public:
  // `published` hears (before the answers, in the thread that publishes) what has come into its folder.
  using Listener = std::function<void(const std::vector<Recorded>& published)>;

  Publisher(const Maildir& maildir, Listener published);
  ~Publisher();  // finishes what was added
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  // The answer comes after rename and fsync of the folder. It stays unpublished if the file is neither in
  // tmp/ nor in its folder; it is a failure if the file system fails.
  void add(std::vector<Committed> messages);

  // The same at once, in the caller's thread.
  void publish(std::vector<Committed>& messages);

 private:
  void run();

  const Maildir& maildir_;
  Listener published_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Committed> waiting_;
  bool stopping_ = false;
  SideBySide syncing_;
  std::thread thread_;
};

}  // namespace postroom
