#pragma once
// The one thread that writes the store: what waits when a commit ends goes into the next one (group
// commit), and one fsync of each folder publishes the files of the whole group. Thread-safe.

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "conf/live.h"
#include "conf/log.h"
#include "lmtp/publisher.h"
#include "schema/store.h"

namespace postroom {

class FileSearch;
class Maildir;

class Committer {
 public:
  // Takes the store over, and opens a second connection to paths.database for reading. Settles what a crash
  // left: mails half handed over, files not yet published, old files in tmp/. Throws StoreError.
  // `maildir` is used from the committer's threads.
  Committer(std::unique_ptr<Store> store, const Maildir& maildir, const Live& live, const Log& log);
  ~Committer();  // finishes what was submitted
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  const Maildir& maildir() const { return maildir_; }

  // Fresh numbers; cheap (reserved in blocks). Throws StoreError.
  Numbers draw();

  // The message recorded under this digest, if there is one. Throws StoreError.
  std::optional<Recorded> find(const std::string& digest);

  // Where the message would go by what is committed now. Throws StoreError.
  Destination destination(const Delivery& delivery, const Desk& desk);

  // What became of a recorded message: whether it opened its ticket, its kind and links. Throws StoreError.
  Destination as_recorded(const Recorded& recorded);

  // What the store knows of a customer's standing; "" for nothing. Throws StoreError.
  std::string customer_status(const std::string& address);

  // Records and publishes: returns after commit, rename and fsync of the folder. Throws StoreError (nothing
  // was recorded) or std::system_error (recorded, but not safely in its folder); then the answer is 4xx, and
  // a retry is harmless. Nothing was recorded, either, if it is `stale`. `published` is false only if the
  // recorded file is neither in tmp/ nor in its folder.
  Recorded deliver(Delivery delivery);

  // The file of a recorded message has been lost and written anew into tmp/: records the new name and
  // publishes it, as deliver() does.
  Recorded replace(Recorded recorded, const std::string& file);

  // A recorded file was found in another folder than the recorded one: it is published.
  void mark_published(MessageNumber message);

  // Outbox. Claiming is durable before it returns. A report is written before it returns; if that fails, it
  // is logged and tried again with later commits.
  std::vector<Outgoing> claim(int most);
  void report(std::vector<Handed> handed);
  std::optional<Time> next_due();

  // Files that have to follow their tickets (lmtp/mover.h). What was moved is durable before moved() returns.
  std::vector<Move> moves(int most);
  void moved(const std::vector<Moved>& moved);

  // Called (from a thread of the committer) when a commit has left moves to be done. An empty function ends
  // it.
  void on_moves(std::function<void()> wake);

  // Called (from a thread of the committer) when mail of the outbox may be sent: its ticket is committed and
  // the message it answers lies in its folder. An empty function ends it.
  void on_outbox(std::function<void()> wake);

 private:
  using Clock = std::chrono::steady_clock;

  // A delivery, or a recorded message with its new file.
  struct Job {
    std::optional<Delivery> delivery;
    Replaced replaced;
    Committed committed;
  };
  struct Claim {
    int most = 0;
    std::promise<Result<std::vector<Outgoing>>> answer;
  };
  // What can be written at any time, again if need be.
  struct Marks {
    std::vector<MessageNumber> published;
    std::vector<Handed> handed;
    bool empty() const { return published.empty() && handed.empty(); }
  };
  struct Report {
    std::vector<Moved> moved;
    std::promise<Result<bool>> answer;
  };
  // What one commit takes.
  struct Work {
    std::vector<Job> jobs;
    std::optional<Claim> claim;
    std::vector<std::promise<void>> reports;
    std::vector<std::promise<Result<Numbers>>> draws;
    std::vector<Report> moves;
    Marks marks;
  };

  Recorded wait_for(Job job);
  void add_published(const std::vector<Recorded>& published);
  void settle_past();
  void clear_locks() const;
  bool settle(const MessageRow& message, FileSearch& search) const;

  // The writing thread (committer_write.cc).
  void write();
  std::optional<Work> take();
  bool is_urgent() const;
  void take_marks(Work& work);
  void write_moved(std::vector<Report> reports);
  void wake_mover(const std::vector<Recorded>& recorded, bool marked);
  void draw_numbers(std::vector<std::promise<Result<Numbers>>> draws);
  void commit(Work work);
  void apply(Work& work);
  void commit_apart(Work& work, const std::string& why);
  void keep_marks(Marks marks, const std::string& why);

  const Maildir& maildir_;
  const Live& live_;
  const Log& log_;
  std::unique_ptr<Store> store_;  // the writing thread's
  std::mutex reader_mutex_;
  std::unique_ptr<Store> reader_;

  std::mutex mutex_;  // of everything down to stopping_
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  std::deque<Claim> claims_;
  std::vector<std::promise<void>> reports_;
  std::vector<std::promise<Result<Numbers>>> draws_;
  std::vector<Report> moved_;
  std::deque<Numbers> numbers_;
  Marks marks_;
  Clock::time_point marks_due_{};  // then they are written even without company
  bool marks_failed_ = false;      // they wait for their time, so that they spoil no delivery
  bool stopping_ = false;

  std::mutex wake_mutex_;
  std::function<void()> wake_outbox_, wake_mover_;
  bool moves_expected_ = false;  // the writing thread's: some may wait for the mark of their message

  std::unique_ptr<Publisher> publisher_;
  std::thread writer_;
};

}  // namespace postroom
