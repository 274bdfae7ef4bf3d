#include "lmtp/mover.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lmtp/committer.h"
#include "lmtp/file_search.h"
#include "lmtp/maildir.h"

namespace postroom {
namespace {

constexpr int batch = 20;  // moved between two commits: what a crash leaves to be found again
constexpr std::chrono::milliseconds pause_idle{10000}, pause_least{500}, pause_most{30000};

std::string path_of(const Where& where) {
  std::string path = where.mailbox;
  for (const std::string& name : where.folder) path += "/" + name;
  return path;
}

void tell(const Log& log, const Moved& moved, const std::string& problem) {
  const std::string what = fmt::format("move: ticket={} message={} folder=\"{}\"", moved.move.ticket,
                                       moved.move.message, path_of(moved.move.to));
  if (!problem.empty()) return log.warning(fmt::format("{} status=waiting reason=\"{}\"", what, problem));
  if (moved.nowhere) return log.info(what + " status=missing");
  log.info(fmt::format("{} status={}", what, moved.file.empty() ? "elsewhere" : "moved"));
}

FileSearch search_for(const std::vector<Move>& moves, const Maildir& maildir, const Keys& keys) {
  FileSearch search = maildir.search(keys);
  for (const Move& move : moves) {
    search.add(move.message, move.from.file);
    if (move.lost) search.give_up(move.message);
  }
  return search;
}

}  // namespace

int move_files(const MoveWork& work, const Maildir& maildir, const Keys& keys) {
  std::set<std::int64_t> tried;
  int failed = 0;
  for (;;) {
    std::vector<Move> moves = work.waiting(batch + failed);
    std::erase_if(moves, [&](const Move& move) { return !tried.insert(move.id).second; });
    if (moves.empty()) return failed;
    std::vector<Moved> done;
    FileSearch search = search_for(moves, maildir, keys);
    for (const Move& move : moves) {
      Moved moved{move, {}};
      try {
        moved.file = maildir.move(move, search).value_or("");
        moved.nowhere = moved.file.empty() && search.is_nowhere(move.message);
        done.push_back(moved);
        work.told(moved, {});
      } catch (const std::exception& failure) {
        ++failed;
        work.told(moved, failure.what());
      }
    }
    if (!done.empty()) work.done(done);
  }
}

Mover::Mover(const Live& live, Committer& committer, const Log& log)
    : live_{live}, committer_{committer}, log_{log} {
  thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
  committer_.on_moves([this] {
    const std::lock_guard lock{mutex_};
    woken_ = true;
    changed_.notify_all();
  });
}

Mover::~Mover() {
  committer_.on_moves({});
  thread_.request_stop();
  thread_.join();
}

void Mover::run(const std::stop_token& stop) {
  auto pause = pause_least;
  while (!stop.stop_requested()) {
    int left = 0;
    try {
      left = move_all(stop);
    } catch (const std::exception& failure) {
      log_.warning(fmt::format("move: {}", failure.what()));
      left = 1;
    }
    pause = left == 0 ? pause_least : std::min(2 * pause, pause_most);
    wait(left == 0 ? pause_idle : pause, stop);
  }
}

int Mover::move_all(const std::stop_token& stop) {
  const auto waiting = [&](int most) {
    return stop.stop_requested() ? std::vector<Move>{} : committer_.moves(most);
  };
  const MoveWork work{waiting, [this](const std::vector<Moved>& moved) { committer_.moved(moved); },
                      [this](const Moved& moved, const std::string& problem) { tell(log_, moved, problem); }};
  return move_files(work, committer_.maildir(), live_.current()->keys);
}

void Mover::wait(std::chrono::milliseconds most, const std::stop_token& stop) {
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, stop, most, [this] { return woken_; });
  woken_ = false;
}

}  // namespace postroom
