// postroom-rules replay: what the rules would do over an archive, on all cores.

#include <sysexits.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <iostream>
#include <map>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "conf/archive.h"
#include "rules/postroom-rules.h"
#include "rules/replay.h"
#include "rules/stored.h"

namespace postroom {
namespace po = boost::program_options;
namespace {

struct Asked {
  std::vector<std::string> paths;
  Envelope told;
  std::chrono::sys_seconds now;
  bool json = false;
  unsigned jobs = 1;
};

// What is found out about one message, beside the others.
struct Judged {
  std::string file, error;
  std::uint64_t read = 0;
  Explained explained;
  std::vector<Change> changes;
  bool guessed = false;  // nobody of the desk is named as its recipient
};

// On a terminal, how far we are.
class ProgressBar {
 public:
  explicit ProgressBar(const std::vector<std::string>& paths)
      : shown_{::isatty(STDERR_FILENO) == 1}, size_{shown_ ? Archive::size(paths) : 0} {}

  void show(std::uint64_t read, std::size_t messages) {
    const auto now = std::chrono::steady_clock::now();
    if (!shown_ || now < next_) return;
    next_ = now + std::chrono::milliseconds{100};
    const double share =
        size_ == 0 ? 0 : static_cast<double>(std::min(read, size_)) / static_cast<double>(size_);
    const auto done = static_cast<std::size_t>(share * 30);
    std::cerr << fmt::format("\r[{:<30}] {:3.0f} %  {} messages", std::string(done, '='), 100 * share,
                             messages)
              << std::flush;
  }
  void clear() const {
    if (shown_) std::cerr << "\r\x1b[K" << std::flush;
  }

 private:
  bool shown_;
  std::uint64_t size_;
  std::chrono::steady_clock::time_point next_{};
};

class Run {
 public:
  Run(const Asked& asked, const Rulebook& rules, const Rulebook* other)
      : asked_{asked},
        rules_{rules},
        other_{other},
        archive_{asked.paths, rules.desk().message.bytes + 1},
        bar_{asked.paths},
        replay_{rules.desk()} {}

  int run();

 private:
  void work();
  std::optional<std::pair<std::size_t, StoredMessage>> take();
  void put(std::size_t number, Judged judged);
  Judged judge(const StoredMessage& stored) const;
  void report(const Judged& judged);
  void print_totals() const;

  const Asked& asked_;
  const Rulebook& rules_;
  const Rulebook* other_;

  std::mutex mutex_;  // guards all that follows
  Archive archive_;
  ProgressBar bar_;
  Replay replay_;
  std::map<std::size_t, Judged> ready_;  // behind a message that takes longer
  std::size_t taken_ = 0, reported_ = 0, guessed_ = 0;
  std::exception_ptr failure_;
};

int Run::run() {
  {
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < asked_.jobs; ++i) workers.emplace_back([this] { work(); });
  }
  bar_.clear();
  if (failure_) std::rethrow_exception(failure_);
  print_totals();
  if (!std::cout.flush()) return EX_IOERR;
  if (replay_.messages() == 0 && replay_.unreadable() > 0) return EX_NOINPUT;
  if (replay_.messages() == 0)
    complain("no messages there: they lie in Maildirs, or in files *.eml, *.mbox or named by numbers");
  return replay_.unreadable() > 0 ? 1 : EX_OK;
}

void Run::work() {
  try {
    while (const auto taken = take()) put(taken->first, judge(taken->second));
  } catch (...) {
    const std::lock_guard lock{mutex_};
    failure_ = std::current_exception();
  }
}

std::optional<std::pair<std::size_t, StoredMessage>> Run::take() {
  const std::lock_guard lock{mutex_};
  if (failure_) return std::nullopt;
  auto stored = archive_.next();
  if (!stored) return std::nullopt;
  return std::pair{taken_++, std::move(*stored)};
}

// In the order of the archive, whoever was ready first.
void Run::put(std::size_t number, Judged judged) {
  const std::lock_guard lock{mutex_};
  ready_.emplace(number, std::move(judged));
  for (auto first = ready_.find(reported_); first != ready_.end(); first = ready_.find(++reported_)) {
    report(first->second);
    ready_.erase(first);
  }
}

Judged Run::judge(const StoredMessage& stored) const {
  Judged judged;
  judged.file = stored.name;
  judged.error = stored.error;
  judged.read = stored.read;
  if (!stored.error.empty()) return judged;
  const Desk& desk = rules_.desk();
  Message message = read_message(stored.bytes, desk.message);
  Envelope envelope = stored_envelope(message, asked_.told, asked_.now);
  judged.guessed =
      !desk.channels.empty() && std::ranges::none_of(envelope.recipients, [&](const std::string& recipient) {
        return find_channel(desk, recipient);
      });
  if (judged.guessed) envelope.recipients.push_back(desk.channels.front().address);
  if (other_) {
    const Explained after = explain(*other_, message, envelope);
    judged.explained = explain(rules_, std::move(message), envelope);
    judged.changes = changes_between(outcomes_of(judged.explained), outcomes_of(after));
    return judged;
  }
  judged.explained = explain(rules_, std::move(message), envelope);
  return judged;
}

void Run::report(const Judged& judged) {
  if (!judged.error.empty()) {
    bar_.clear();
    complain(judged.file + ": " + judged.error);
    return replay_.add_unreadable();
  }
  replay_.add(judged.explained);
  replay_.add_changes(judged.changes);
  guessed_ += judged.guessed ? 1 : 0;
  if (!judged.changes.empty()) {
    bar_.clear();
    std::cout << (asked_.json ? change_json(judged.file, judged.changes)
                              : change_text(judged.file, judged.changes))
              << "\n";
  }
  bar_.show(judged.read, replay_.messages());
}

void Run::print_totals() const {
  if (asked_.json) {
    std::cout << replay_json(replay_) << "\n";
  } else {
    std::cout << (replay_.changed() > 0 ? "\n" : "") << replay_text(replay_);
    if (other_ && replay_.changed() == 0) std::cout << "changed          nothing\n";
  }
  if (guessed_ == 0) return;
  complain(
      fmt::format("{} messages name no address of the desk; they were taken as written to {} (--rcpt "
                  "names another)",
                  guessed_, rules_.desk().channels.front().address));
}

po::options_description replay_options() {
  po::options_description own{"replay"};
  add_envelope_options(own);
  own.add_options()("against", po::value<std::string>()->value_name("FILE"),
                    "another configuration: print what would change with it")(
      "jobs", po::value<unsigned>()->default_value(0)->value_name("N"), "threads (default: one a core)")(
      "json", "one JSON object a line");
  return own;
}

}  // namespace

int replay_command(int argc, char** argv) {
  po::positional_options_description positional;
  positional.add("path", -1);
  const auto options = parse_options(
      argc, argv, "replay [-c FILE] [--against FILE] [OPTION]... MAILDIR|MBOX|DIRECTORY|MESSAGE...",
      replay_options(), positional);
  Asked asked{all_of(options, "path"), told_envelope(options), time_now(), options.count("json") > 0, 1};
  if (asked.paths.empty()) throw Refused{EX_USAGE, "replay wants a Maildir, an mbox or a directory"};
  const unsigned jobs = options["jobs"].as<unsigned>();
  asked.jobs = std::clamp(jobs == 0 ? std::thread::hardware_concurrency() : jobs, 1U, 256U);

  const Rulebook rules{desk_of(options)};
  std::optional<Rulebook> other;
  if (options.count("against")) other.emplace(desk_in(options["against"].as<std::string>()));
  return Run{asked, rules, other ? &*other : nullptr}.run();
}

}  // namespace postroom
