// The writing thread: takes what waits, commits it, hands it on.

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "lmtp/committer.h"

namespace postroom {
namespace {

constexpr std::size_t group_most = 100;  // deliveries of one commit
constexpr std::size_t numbers_low = 8, numbers_more = 32;
constexpr std::chrono::seconds failure_pause{1};

}  // namespace

void Committer::write() {
  while (auto work = take()) {
    if (!work->draws.empty()) draw_numbers(std::move(work->draws));
    if (!work->moves.empty()) write_moved(std::move(work->moves));
    commit(std::move(*work));
    bool low = false;
    {
      const std::lock_guard lock{mutex_};
      low = numbers_.size() < numbers_low;
    }
    if (low) draw_numbers({});
  }
}

bool Committer::is_urgent() const {
  return stopping_ || !jobs_.empty() || !claims_.empty() || !reports_.empty() || !draws_.empty() ||
         !moved_.empty();
}

// Waits for work; nullopt at the end.
std::optional<Committer::Work> Committer::take() {
  std::unique_lock lock{mutex_};
  while (!is_urgent() && (marks_.empty() || Clock::now() < marks_due_)) {
    if (marks_.empty()) {
      changed_.wait(lock);
      continue;
    }
    changed_.wait_until(lock, marks_due_);
  }
  Work work;
  const auto end = jobs_.begin() + static_cast<std::ptrdiff_t>(std::min(jobs_.size(), group_most));
  std::move(jobs_.begin(), end, std::back_inserter(work.jobs));
  jobs_.erase(jobs_.begin(), end);
  if (!claims_.empty()) {
    work.claim = std::move(claims_.front());
    claims_.pop_front();
  }
  work.draws.swap(draws_);
  work.reports.swap(reports_);
  work.moves.swap(moved_);
  const bool nothing =
      work.jobs.empty() && !work.claim && work.draws.empty() && work.reports.empty() && work.moves.empty();
  if (stopping_ && nothing)
    return std::nullopt;  // the publisher may add marks: the destructor writes them all
  take_marks(work);
  return work;
}

// Marks that could not be written once wait for a second and then go alone; at the end nothing waits.
void Committer::take_marks(Work& work) {
  if (!stopping_ && marks_failed_ && Clock::now() < marks_due_) return;
  work.marks = std::exchange(marks_, {});
}

void Committer::draw_numbers(std::vector<std::promise<Result<Numbers>>> draws) {
  try {
    std::vector<Numbers> numbers = store_->draw(static_cast<int>(draws.size() + numbers_more));
    for (std::size_t i = 0; i < draws.size(); ++i) draws[i].set_value(numbers[i]);
    const std::lock_guard lock{mutex_};
    numbers_.insert(numbers_.end(), numbers.begin() + static_cast<std::ptrdiff_t>(draws.size()),
                    numbers.end());
  } catch (const std::exception& failure) {
    for (auto& draw : draws) draw.set_value(Failure{std::string{failure.what()}});
  }
}

void Committer::write_moved(std::vector<Report> reports) {
  for (Report& report : reports) {
    try {
      store_->moved(report.moved);
      report.answer.set_value(true);
    } catch (const std::exception& failure) {
      report.answer.set_value(Failure{std::string{failure.what()}});
    }
  }
}

// Some of the moves wait for messages whose marks come with one of the next commits.
void Committer::wake_mover(const std::vector<Recorded>& recorded, bool marked) {
  const bool moves = std::ranges::any_of(recorded, &Recorded::moves);
  if (!moves && !(moves_expected_ && marked)) return;
  moves_expected_ = moves;
  const std::lock_guard lock{wake_mutex_};
  if (wake_mover_) wake_mover_();
}

void Committer::commit(Work work) {
  if (work.jobs.empty() && !work.claim && work.marks.empty()) {
    for (auto& report : work.reports) report.set_value();
    return;
  }
  std::string why;
  try {
    apply(work);
  } catch (const std::exception& failure) {
    why = failure.what();
  }
  if (!why.empty()) commit_apart(work, why);
  for (auto& report : work.reports) report.set_value();
}

// One transaction. On failure the work is as it was.
void Committer::apply(Work& work) {
  Changes changes;
  changes.now = std::chrono::system_clock::now();
  changes.published = work.marks.published;
  changes.handed = work.marks.handed;
  changes.claim = work.claim ? work.claim->most : 0;
  for (const Job& job : work.jobs) {
    if (job.delivery) changes.deliveries.push_back(*job.delivery);
    if (!job.delivery) changes.replaced.push_back(job.replaced);
  }
  const bool durable = !work.jobs.empty() || work.claim;
  const auto running = live_.current();
  Outcome outcome = store_->apply(changes, running->settings.desk, durable ? Durable::yes : Durable::later);
  wake_mover(outcome.recorded, !changes.published.empty());

  auto recorded = outcome.recorded.begin();
  std::vector<Committed> committed;
  for (Job& job : work.jobs) {
    if (job.delivery) job.committed.recorded = std::move(*recorded++);
    committed.push_back(std::move(job.committed));
  }
  if (work.claim) work.claim->answer.set_value(std::move(outcome.claimed));
  bool others_wait = false;
  {
    const std::lock_guard lock{mutex_};
    others_wait = !jobs_.empty();
    if (!work.marks.empty()) marks_failed_ = false;
  }
  if (committed.empty()) return;
  // The next commit does not wait for the folders of this one; a lone message is spared a change of threads.
  if (committed.size() == 1 && !others_wait) return publisher_->publish(committed);
  publisher_->add(std::move(committed));
}

// The group has failed: one bad message may not defer the others. Two failures in a row mean that it is the
// database: then the rest is not made to wait for the same.
void Committer::commit_apart(Work& work, const std::string& why) {
  const bool alone = work.jobs.size() + (work.claim ? 1U : 0U) + (work.marks.empty() ? 0U : 1U) == 1;
  if (work.claim) work.claim->answer.set_value(Failure{why});
  if (!work.marks.empty()) keep_marks(std::move(work.marks), why);
  std::string last = why;
  int failures = alone ? 2 : 0;
  for (Job& job : work.jobs) {
    Work one;
    one.jobs.push_back(std::move(job));
    if (failures >= 2) {
      one.jobs.front().committed.answer.set_value(Failure{last});
      continue;
    }
    try {
      apply(one);
      failures = 0;
    } catch (const std::exception& failure) {
      last = failure.what();
      ++failures;
      one.jobs.front().committed.answer.set_value(Failure{last});
    }
  }
}

void Committer::keep_marks(Marks marks, const std::string& why) {
  log_.warning(fmt::format("{} marks of published files and {} reports of the outbox wait: {}",
                           marks.published.size(), marks.handed.size(), why));
  const std::lock_guard lock{mutex_};
  marks_.published.insert(marks_.published.end(), marks.published.begin(), marks.published.end());
  marks_.handed.insert(marks_.handed.end(), marks.handed.begin(), marks.handed.end());
  marks_failed_ = true;
  marks_due_ = Clock::now() + failure_pause;
}

}  // namespace postroom
