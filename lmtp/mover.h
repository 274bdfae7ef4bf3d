#pragma once
// Files follow their tickets: what a commit has written down as a move is done here, after it. Every attempt
// is harmless after another one, of whatever program.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "conf/live.h"
#include "conf/log.h"
#include "schema/store.h"

namespace postroom {

class Committer;
class Maildir;

// Whence the moves come, who hears of those that are done, and who wants a line about each: `moved.file` as
// in Moved, or `problem` if it has to be tried again.
struct MoveWork {
  std::function<std::vector<Move>(int most)> waiting;
  std::function<void(const std::vector<Moved>& moved)> done;
  std::function<void(const Moved& moved, const std::string& problem)> told;
};

// Does every move that waits, once. Returns how many have to be tried again. Throws what `waiting` and `done`
// throw; a file that cannot be moved hinders no other.
int move_files(const MoveWork& work, const Maildir& maildir, const Keys& keys);

// The thread of postroom-lmtp that does so after commits, and at the start for what a crash left.
class Mover {
 public:
  // The three must outlive the object.
  Mover(const Live& live, Committer& committer, const Log& log);
  ~Mover();  // after a few moves that it has begun
  Mover(const Mover&) = delete;
  Mover& operator=(const Mover&) = delete;

 private:
  void run(const std::stop_token& stop);
  int move_all(const std::stop_token& stop);
  void wait(std::chrono::milliseconds most, const std::stop_token& stop);

  const Live& live_;
  Committer& committer_;
  const Log& log_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool woken_ = false;
  std::jthread thread_;
};

}  // namespace postroom
