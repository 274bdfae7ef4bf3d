#include "lmtp/file_search.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "lmtp/disk.h"
#include "lmtp/maildir_name.h"
#include "lmtp/maildir_walk.h"
#include "lmtp/stored.h"
#include "rules/tags.h"

namespace postroom {
namespace {

namespace fs = std::filesystem;

constexpr int looks_least = 2, looks_most = 10;

std::string base_of(const fs::path& file) { return std::string{base_name(file.filename().native())}; }

struct Read {
  std::vector<MessageNumber> numbers;  // of a file of ours one
  bool vanished = false;
};

Read read_numbers(const fs::path& file, const Keys& keys) {
  constexpr std::size_t most = 64U << 10U;  // our lines stand on top
  std::ifstream in{file, std::ios::binary};
  if (!in) return {{}, !fs::exists(file)};
  std::string top(most, '\0');
  in.read(top.data(), static_cast<std::streamsize>(most));
  top.resize(static_cast<std::size_t>(in.gcount()));
  Read read;
  for (const std::string& value : header_values(top, "X-Postroom-Ticket"))
    if (const auto identity = read_identity(value, keys)) read.numbers.push_back(identity->message_number);
  return read;
}

}  // namespace

// What is looked for in one walk, and what has been read.
struct FileSearch::Look {
  explicit Look(std::map<MessageNumber, Missed>& sought) {
    for (auto& [number, one] : sought) {
      if (one.known != Known::nothing) continue;
      by_number.emplace(number, &one);
      by_base.emplace(one.base, number);
    }
  }

  bool found_by_base(const fs::path& path) {
    const auto at = by_base.find(base_of(path));
    if (at == by_base.end()) return false;
    found(at->second, path);
    return true;
  }

  void found(MessageNumber number, const fs::path& path) {
    const auto at = by_number.find(number);
    if (at == by_number.end()) return;
    at->second->path = path.native();
    at->second->known = Known::here;
    by_base.erase(at->second->base);
    by_number.erase(at);
  }

  void read(const fs::path& path, const Keys& keys) {
    if (others.contains(base_of(path))) return;
    const Read read = read_numbers(path, keys);
    vanished |= read.vanished;
    for (const MessageNumber number : read.numbers)
      if (by_number.contains(number)) return found(number, path);
    if (!read.vanished) others.insert(base_of(path));
  }

  Walk done() const { return by_number.empty() ? Walk::end : Walk::on; }

  std::unordered_map<MessageNumber, Missed*> by_number;
  std::unordered_map<std::string, MessageNumber> by_base;
  std::unordered_set<std::string> others;  // base names of other messages: every file is read once
  bool vanished = false;                   // a file went away before it was read
};

FileSearch::FileSearch(std::string root, const Keys& keys) : root_{std::move(root)}, keys_{keys} {}

void FileSearch::add(MessageNumber number, const std::string& base_name) {
  sought_.try_emplace(number, Missed{base_name, {}, Known::nothing});
}

void FileSearch::give_up(MessageNumber number) { sought_[number].known = Known::nowhere; }

bool FileSearch::is_nowhere(MessageNumber number) const {
  const auto at = sought_.find(number);
  return at != sought_.end() && at->second.known == Known::nowhere;
}

std::optional<std::string> FileSearch::find(MessageNumber number) {
  Missed& wanted = sought_[number];
  if (wanted.known == Known::here && !exists(wanted.path)) wanted.known = Known::nothing;
  if (wanted.known == Known::nothing) look_for_names();  // to see a file takes no lock
  if (wanted.known == Known::nothing) read_headers();
  return wanted.known == Known::here ? std::optional{wanted.path} : std::nullopt;
}

void FileSearch::look_for_names() {
  Look look{sought_};
  each_folder(root_, [&](const fs::path& folder) {
    for (const char* inner : {"new", "cur"})
      for (const fs::path& path : entries_of(folder / inner)) look.found_by_base(path);
    return look.done();
  });
}

// While one look goes on a client may move the message from a folder ahead to one that was seen already.
void FileSearch::read_headers() {
  Look look{sought_};
  for (int count = 1; look.done() == Walk::on; ++count) {
    if (count > looks_most) disk_error(EBUSY, "search, for it changes all the time,", root_);
    look.vanished = false;
    each_folder(root_, [&](const fs::path& folder) {
      for (const fs::path& path : files_of(folder))
        if (!look.found_by_base(path)) look.read(path, keys_);
      return look.done();
    });
    if (count >= looks_least && !look.vanished) break;
  }
  for (auto& [number, one] : look.by_number) one->known = Known::nowhere;
}

}  // namespace postroom
