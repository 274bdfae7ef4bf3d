#include "lmtp/rebuild_files.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "lmtp/disk.h"
#include "lmtp/scan.h"
#include "lmtp/stored.h"
#include "rules/automatic.h"
#include "rules/digest.h"
#include "rules/reference.h"
#include "rules/stored.h"

namespace postroom {
namespace {

// Enough to sort by, and to find the file again.
struct Listed {
  Time at{};
  MessageNumber message = 0;
  TicketNumber ticket = 0;
  std::uint32_t folder = 0;
  std::string name;
  TicketNumber splits_off = 0;  // a note that says so
  Time after{};                 // it comes behind what is of that time, and the more so, the more steps
  int steps = 0;
};

// Lines of our own stand above what was received: the first of a name is the desk's.
std::string first_value(const Message& message, std::string_view name) {
  const std::string* found = find_header(message.headers, name);
  return found ? *found : std::string{};
}

std::string without_brackets(std::string text) {
  std::erase_if(text, [](char c) { return c == '<' || c == '>'; });
  return text;
}

std::vector<std::string> words_in(const std::string& list) {
  std::vector<std::string> words;
  for (std::size_t start = 0; start < list.size();) {
    const std::size_t end = std::min(list.find(", ", start), list.size());
    words.push_back(list.substr(start, end - start));
    start = end + 2;
  }
  return words;
}

// A file of a version that wrote no record: what the readable lines say.
FileRecord from_lines(const Message& message, const Listed& listed) {
  FileRecord record;
  record.ticket = listed.ticket;
  record.message = listed.message;
  record.at = listed.at;
  record.digest = sha256_hex(fmt::format("without a record\n{}", listed.message));
  record.queue = first_value(message, "X-Postroom-Queue");
  record.channel = first_value(message, "X-Postroom-Channel");
  record.priority = first_value(message, "X-Postroom-Priority");
  record.tags = words_in(first_value(message, "X-Postroom-Tags"));
  record.why = first_value(message, "X-Postroom-Rules");
  const std::string automatic = first_value(message, "X-Postroom-Automatic");
  record.automatic = automatic.empty() ? "none" : automatic.substr(0, automatic.find(';'));
  record.keys = {{record.channel, ""}};
  const auto& people = message.reply_to.empty() ? message.from : message.reply_to;
  if (!people.empty()) record.customer = people.front();
  return record;
}

// What opens a ticket stands in the record of its first message only; the lines of any other one say it, too,
// should the first be lost.
void take_over(FileRecord record, FileRecord& lines) {
  if (!record.opens) {
    record.queue = std::move(lines.queue);
    record.channel = std::move(lines.channel);
    record.priority = std::move(lines.priority);
    record.tags = std::move(lines.tags);
    record.customer = std::move(lines.customer);
  }
  lines = std::move(record);
}

Time changed(const std::string& path) {
  struct stat file {};
  if (stat(path.c_str(), &file) != 0) return {};
  const auto since =
      std::chrono::seconds{file.st_ctim.tv_sec} + std::chrono::nanoseconds{file.st_ctim.tv_nsec};
  return std::chrono::floor<std::chrono::milliseconds>(Time{} + since);
}

class Reader {
 public:
  Reader(const Settings& settings, const Keys& keys)
      : settings_{settings},
        keys_{keys},
        folders_{folders_on_disk(settings.paths.mailboxes, settings.mailboxes.layout, settings.desk)} {}

  void list() {
    for (std::uint32_t folder = 0; folder < folders_.size(); ++folder)
      for (std::string& name : files_on_disk(folders_[folder])) list(folder, std::move(name));
    set_copies_aside();
    put_behind_splits();
    std::ranges::sort(listed_, {}, [](const Listed& one) {
      return std::tuple{std::max(one.at, one.after), one.steps, one.message};
    });
  }

  FilesFound read(const std::function<void(const RebuiltFile&)>& file) && {
    for (const Listed& listed : listed_) read(listed, file);
    return std::move(found_);
  }

 private:
  std::string path_of(const Listed& listed) const { return folders_[listed.folder].path + "/" + listed.name; }

  void list(std::uint32_t folder, std::string name) {
    Listed listed{{}, 0, 0, folder, std::move(name)};
    const auto headers = header_section(path_of(listed));
    if (!headers) return found_.vanished.push_back(path_of(listed));
    const FileIdentity identity = identity_in(*headers, keys_);
    if (identity.claim == Claim::none) ++found_.without_identity;
    if (identity.claim == Claim::forged) ++found_.forged;
    if (identity.claim != Claim::ours) return;
    listed.ticket = identity.ticket;
    listed.message = identity.message;
    read_order(*headers, listed);
    listed_.push_back(std::move(listed));
    ++found_.files;
  }

  // When it was recorded, and what has to come behind it.
  void read_order(const std::string& headers, Listed& listed) const {
    std::vector<Header> lines;
    for (std::string& value : header_values(headers, "X-Postroom-Record"))
      lines.push_back({"X-Postroom-Record", std::move(value)});
    if (const auto record = read_record(lines, listed.ticket, listed.message, keys_)) {
      listed.at = record->at;
      if (record->change && record->change->kind == TicketChange::Kind::split)
        listed.splits_off = record->change->other;
      return;
    }
    const auto arrived = arrival_of(read_message(headers, settings_.desk.message, Reading::headers));
    listed.at = arrived ? Time{*arrived} : changed(path_of(listed));
  }

  // A mail is of the time when it began to come. It may be recorded in a ticket that was split off since, or
  // within the same millisecond.
  void put_behind_splits() {
    std::map<TicketNumber, Listed*>
        notes;  // a ticket's number is higher than that of the one it is split from
    for (Listed& listed : listed_)
      if (listed.splits_off != 0) notes.emplace(listed.splits_off, &listed);
    const auto put_behind = [&notes](Listed& listed) {
      const auto note = notes.find(listed.ticket);
      if (note == notes.end() || note->second == &listed) return;
      const Time split = std::max(note->second->at, note->second->after);
      if (listed.at > split) return;
      listed.after = split;
      listed.steps = note->second->steps + 1;
    };
    for (const auto& [ticket, note] : notes) put_behind(*note);
    for (Listed& listed : listed_)
      if (listed.splits_off == 0) put_behind(listed);
  }

  void set_copies_aside() {
    std::ranges::sort(listed_, {},
                      [](const Listed& one) { return std::tie(one.message, one.folder, one.name); });
    std::vector<Listed> first;
    for (Listed& listed : listed_) {
      if (!first.empty() && first.back().message == listed.message) {
        found_.copies.push_back(path_of(listed));
      } else {
        first.push_back(std::move(listed));
      }
    }
    listed_ = std::move(first);
  }

  void read(const Listed& listed, const std::function<void(const RebuiltFile&)>& file) {
    const std::string path = path_of(listed);
    const auto headers = header_section(path);
    if (!headers) return found_.vanished.push_back(path);
    Message message = read_message(*headers, settings_.desk.message, Reading::headers);
    auto record = read_record(message.headers, listed.ticket, listed.message, keys_);
    if (!record) ++found_.without_record;
    RebuiltFile rebuilt;
    rebuilt.record = from_lines(message, listed);
    if (record) take_over(std::move(*record), rebuilt.record);
    const Where& where = folders_[listed.folder].where;
    rebuilt.place = {where.mailbox, where.folder, std::string{base_of_file(listed.name)}};
    rebuilt.message_id = message.message_id;
    rebuilt.sender = without_brackets(first_value(message, "Return-Path"));
    rebuilt.subject = message.subject;
    rebuilt.arrived = changed(path);
    rebuilt.named = named_in(path, std::move(message), rebuilt);
    file(rebuilt);
  }

  // A report names what the mail it reports on names: that stands in its body.
  std::vector<std::string> named_in(const std::string& path, Message message,
                                    const RebuiltFile& rebuilt) const {
    Envelope envelope{rebuilt.sender, {}};
    for (const auto& [recipient, orcpt] : rebuilt.record.keys) envelope.recipients.push_back(recipient);
    Automatic automatic;
    const auto kind = kind_from(rebuilt.record.automatic).value_or(Automatic::Kind::none);
    if (kind == Automatic::Kind::bounce || kind == Automatic::Kind::delayed) {
      message = read_message(read_whole(path), settings_.desk.message);
      automatic = find_automatic(message, rebuilt.sender);
    }
    return references_of(message, envelope, automatic, settings_.desk.recipient_delimiter, keys_).ids;
  }

  const Settings& settings_;
  const Keys& keys_;
  std::vector<FolderOnDisk> folders_;
  std::vector<Listed> listed_;
  FilesFound found_;
};

}  // namespace

FilesFound read_desk_files(const Settings& settings, const Keys& keys,
                           const std::function<void(const RebuiltFile& file)>& file) {
  Reader reader{settings, keys};
  reader.list();
  return std::move(reader).read(file);
}

}  // namespace postroom
