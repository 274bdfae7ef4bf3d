#pragma once
// The one thread that writes the store: what waits when a commit ends goes into the next one (group
// commit), and one fsync of each folder publishes the files of the whole group. Thread-safe.

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "conf/live.h"
#include "conf/log.h"
#include "schema/store.h"

namespace postroom {

class Maildir;

class Committer {
 public:
  // Takes the store over; `maildir` is used from the committer's threads.
  Committer(std::unique_ptr<Store> store, const Maildir& maildir, const Live& live, const Log& log);
  ~Committer();  // finishes what was submitted
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // Fresh numbers; cheap (reserved in blocks). Throws StoreError.
  Numbers draw();

  // The message recorded under this digest, if there is one. Throws StoreError.
  std::optional<Recorded> find(const std::string& digest);

  // Records and publishes: returns after commit, rename and fsync of the folder. Throws StoreError or
  // std::system_error; then the answer is 4xx, and a retry is harmless.
  Recorded deliver(Delivery delivery);

  // Outbox. Claiming is durable before it returns; reports are written with the next commit.
  std::vector<Outgoing> claim(int most);
  void report(std::vector<Handed> handed);
  std::optional<Time> next_due();

  // Called (from the committer's thread) after a commit that put mail into the outbox.
  void on_outbox(std::function<void()> wake);

 private:
  struct Job;
  // Private parts are free to the implementation.
};

}  // namespace postroom
