#include "lmtp/committer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lmtp/disk.h"
#include "lmtp/file_search.h"
#include "lmtp/maildir.h"

namespace postroom {
namespace {

constexpr std::chrono::milliseconds marks_pause{200};

}  // namespace

Committer::Committer(std::unique_ptr<Store> store, const Maildir& maildir, const Live& live, const Log& log)
    : maildir_{maildir}, live_{live}, log_{log}, store_{std::move(store)} {
  const auto running = live_.current();
  reader_ =
      open_store(running->settings.paths.database, OpenMode::read_only, running->settings.limits.database);
  settle_past();
  publisher_ = std::make_unique<Publisher>(
      maildir_, [this](const std::vector<Recorded>& published) { add_published(published); });
  writer_ = std::thread{[this] { write(); }};
}

Committer::~Committer() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  changed_.notify_all();
  writer_.join();
  publisher_.reset();  // publishes what was committed, and leaves the last marks
  Work last;
  last.marks = std::move(marks_);
  if (!last.marks.empty()) commit(std::move(last));
}

Numbers Committer::draw() {
  std::future<Result<Numbers>> answer;
  {
    const std::lock_guard lock{mutex_};
    if (!numbers_.empty()) {
      const Numbers numbers = numbers_.front();
      numbers_.pop_front();
      return numbers;
    }
    answer = draws_.emplace_back().get_future();
  }
  changed_.notify_all();
  return value_of(answer.get());
}

std::optional<Recorded> Committer::find(const std::string& digest) {
  const std::lock_guard lock{reader_mutex_};
  return reader_->find(digest);
}

Destination Committer::destination(const Delivery& delivery, const Desk& desk) {
  const std::lock_guard lock{reader_mutex_};
  return reader_->destination(delivery, desk);
}

Destination Committer::as_recorded(const Recorded& recorded) {
  Destination destination{Filing::ticketless, recorded.ticket, recorded.place.mailbox};
  if (recorded.ticket == 0) return destination;
  const std::lock_guard lock{reader_mutex_};
  const std::vector<MessageRow> messages = reader_->messages(recorded.ticket);
  const auto row = std::ranges::find(messages, recorded.message, &MessageRow::number);
  if (row == messages.end()) return destination;
  destination.filing = row == messages.begin() ? Filing::opens : Filing::joins;
  destination.kind = row->kind;
  destination.links = reader_->links(recorded.ticket);
  std::erase_if(destination.links, [](const Link& link) { return link.relation == Relation::linked; });
  return destination;
}

std::vector<Move> Committer::moves(int most) {
  const std::lock_guard lock{reader_mutex_};
  return reader_->moves(most);
}

void Committer::moved(const std::vector<Moved>& moved) {
  std::future<Result<bool>> answer;
  {
    const std::lock_guard lock{mutex_};
    moved_.push_back({moved, {}});
    answer = moved_.back().answer.get_future();
  }
  changed_.notify_all();
  value_of(answer.get());
}

std::string Committer::customer_status(const std::string& address) {
  const std::lock_guard lock{reader_mutex_};
  const auto customer = reader_->customer(address);
  return customer ? customer->status : std::string{};
}

std::optional<Time> Committer::next_due() {
  const std::lock_guard lock{reader_mutex_};
  return reader_->next_due();
}

Recorded Committer::deliver(Delivery delivery) {
  Job job;
  job.delivery = std::move(delivery);
  return wait_for(std::move(job));
}

Recorded Committer::replace(Recorded recorded, const std::string& file) {
  Job job;
  job.replaced = {recorded.message, file};
  job.committed.recorded = std::move(recorded);
  job.committed.recorded.place.file = file;
  job.committed.recorded.published = false;
  return wait_for(std::move(job));
}

Recorded Committer::wait_for(Job job) {
  std::future<Result<Recorded>> answer = job.committed.answer.get_future();
  {
    const std::lock_guard lock{mutex_};
    jobs_.push_back(std::move(job));
  }
  changed_.notify_all();
  return value_of(answer.get());
}

std::vector<Outgoing> Committer::claim(int most) {
  std::future<Result<std::vector<Outgoing>>> answer;
  {
    const std::lock_guard lock{mutex_};
    claims_.push_back({most, {}});
    answer = claims_.back().answer.get_future();
  }
  changed_.notify_all();
  return value_of(answer.get());
}

void Committer::report(std::vector<Handed> handed) {
  std::future<void> written;
  {
    const std::lock_guard lock{mutex_};
    std::move(handed.begin(), handed.end(), std::back_inserter(marks_.handed));
    written = reports_.emplace_back().get_future();
  }
  changed_.notify_all();
  written.get();
}

void Committer::mark_published(MessageNumber message) {
  Recorded recorded;
  recorded.repeated = Repeated::yes;
  recorded.message = message;
  add_published({recorded});
}

void Committer::on_outbox(std::function<void()> wake) {
  const std::lock_guard lock{wake_mutex_};
  wake_outbox_ = std::move(wake);
}

void Committer::on_moves(std::function<void()> wake) {
  const std::lock_guard lock{wake_mutex_};
  wake_mover_ = std::move(wake);
}

void Committer::add_published(const std::vector<Recorded>& published) {
  bool first = false;
  {
    const std::lock_guard lock{mutex_};
    first = marks_.empty();
    if (first) marks_due_ = Clock::now() + marks_pause;
    for (const Recorded& recorded : published) marks_.published.push_back(recorded.message);
  }
  if (first) changed_.notify_all();  // the writer has to learn when they are due

  // A repetition may have published what a crash kept back, and its acknowledgement with it.
  const bool mail = std::any_of(published.begin(), published.end(), [](const Recorded& recorded) {
    return recorded.acknowledged || recorded.repeated == Repeated::yes;
  });
  const std::lock_guard lock{wake_mutex_};
  if (mail && wake_outbox_) wake_outbox_();
}

// What the last run left, before anything new comes: no thread is running yet.
void Committer::settle_past() {
  clear_locks();
  Changes changes;
  changes.now = std::chrono::system_clock::now();
  const int uncertain = store_->settle_claimed(changes.now);
  if (uncertain > 0) log_.warning(fmt::format("outbox: {} mails may or may not have been sent", uncertain));
  const auto running = live_.current();
  const std::vector<MessageRow> unpublished = store_->unpublished();
  FileSearch search = maildir_.search(running->keys);
  for (const MessageRow& message : unpublished)
    if (message.place) search.add(message.number, message.place->file);
  for (const MessageRow& message : unpublished) {
    if (settle(message, search)) changes.published.push_back(message.number);
  }
  if (!changes.published.empty()) store_->apply(changes, running->settings.desk, Durable::yes);
  try {
    maildir_.clean_tmp();
  } catch (const std::exception& failure) {
    log_.warning(fmt::format("old files in tmp/ were not removed: {}", failure.what()));
  }
}

void Committer::clear_locks() const {
  try {
    maildir_.clear_dead_locks();
  } catch (const std::exception& failure) {
    log_.warning(fmt::format("locks of folders were not looked at: {}", failure.what()));
  }
}

// True if the message is in its folder now. If it is not, Postfix still has it, and brings it again.
bool Committer::settle(const MessageRow& message, FileSearch& search) const {
  if (!message.place) return false;
  const Place& place = *message.place;
  try {
    if (maildir_.publish(place) || maildir_.is_in(place)) {
      maildir_.sync_folder(place.mailbox, place.folder);
      return true;
    }
    return search.find(message.number).has_value();
  } catch (const std::exception& failure) {
    log_.warning(fmt::format("message={} status=unpublished reason=\"{}\"", message.number, failure.what()));
    return false;
  }
}

}  // namespace postroom
