#include "lmtp/publisher.h"

#include <iterator>
#include <map>
#include <utility>

#include "lmtp/maildir.h"

namespace postroom {
namespace {

using Folder = std::pair<std::string, std::vector<std::string>>;
using Folders = std::map<Folder, std::vector<Committed*>>;

// Answers at once; the answer that all get in the end then goes nowhere.
void fail(Committed& message, const std::exception& failure) {
  message.answer.set_value(Failure::after_commit(failure));
  message.answer = {};
}

// Renames what is still in tmp/, and returns all files that are in their folders, by folder.
Folders move_files(const Maildir& maildir, std::vector<Committed>& messages) {
  Folders folders;
  for (Committed& message : messages) {
    const Place& place = message.recorded.place;
    try {
      if (message.recorded.published || message.recorded.stale) continue;
      // What a crash left in its folder before the fsync is synced now.
      if (!maildir.publish(place) && !maildir.is_in(place)) continue;
      folders[{place.mailbox, place.folder}].push_back(&message);
    } catch (const std::exception& failure) {
      fail(message, failure);
    }
  }
  return folders;
}

void sync(const Maildir& maildir, const Folder& folder, const std::vector<Committed*>& messages) {
  try {
    maildir.sync_folder(folder.first, folder.second);
    for (Committed* message : messages) message->recorded.published = true;
  } catch (const std::exception& failure) {
    for (Committed* message : messages) fail(*message, failure);
  }
}

}  // namespace

Publisher::Publisher(const Maildir& maildir, Listener published)
    : maildir_{maildir}, published_{std::move(published)}, thread_{[this] { run(); }} {}

Publisher::~Publisher() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Publisher::add(std::vector<Committed> messages) {
  {
    const std::lock_guard lock{mutex_};
    std::move(messages.begin(), messages.end(), std::back_inserter(waiting_));
  }
  changed_.notify_all();
}

void Publisher::run() {
  for (;;) {
    std::vector<Committed> messages;
    {
      std::unique_lock lock{mutex_};
      changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      messages.swap(waiting_);
    }
    publish(messages);
  }
}

void Publisher::publish(std::vector<Committed>& messages) {
  const Folders folders = move_files(maildir_, messages);
  std::vector<std::function<void()>> syncs;
  for (const auto& row : folders) syncs.emplace_back([&, this] { sync(maildir_, row.first, row.second); });
  syncing_.run(syncs);
  std::vector<Recorded> published;
  for (const auto& [folder, moved] : folders) {
    for (const Committed* message : moved) {
      if (message->recorded.published) published.push_back(message->recorded);
    }
  }
  if (!published.empty()) published_(published);
  for (Committed& message : messages) message.answer.set_value(message.recorded);
}

}  // namespace postroom
