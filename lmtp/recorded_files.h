#pragma once
// The places of all messages in little memory, and the tickets whose folder does not fit them.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "schema/placed.h"

namespace postroom {

struct RecordedFile {
  MessageNumber message = 0;
  TicketNumber ticket = 0;
  std::uint64_t name = 0;  // hash of the base name
  std::uint32_t folder = 0;
  std::optional<std::uint32_t> moves_to;
  bool published = false, gone = false;
  bool seen = false;
};

// A ticket of which no message lies where its state wants it.
struct Misplaced {
  TicketNumber number = 0;
  const KnownTicket* ticket = nullptr;  // queue, owner and status
  const Where* where = nullptr;         // of one of its messages
};

class RecordedFiles {
 public:
  explicit RecordedFiles(const Desk& desk) : desk_{desk} {}

  void add(const PlacedRow& row);  // in order of the message number
  void sort();                     // after the last add(), before the first find()

  std::uint32_t folder_id(const Where& where);
  const Where& where(std::uint32_t folder) const { return *folders_[folder]; }

  RecordedFile* find(std::uint32_t folder, std::string_view base_name);
  RecordedFile* find_message(MessageNumber message);
  const std::vector<RecordedFile>& files() const { return files_; }  // in order of the message number

  std::vector<Misplaced> misplaced();  // sorted by ticket

 private:
  struct Less {
    bool operator()(const Where& one, const Where& other) const {
      return std::tie(one.mailbox, one.folder) < std::tie(other.mailbox, other.folder);
    }
  };
  struct Fit {
    TicketNumber ticket = 0;
    std::uint32_t known = 0, folder = 0;
    bool fits = false;
  };
  // Of a million tickets only few differ in queue, owner, status and folder.
  struct Known {
    KnownTicket ticket;
    std::map<std::uint32_t, bool> fits;  // in which folder
  };

  void add_fit(const PlacedRow& row, std::uint32_t folder);
  std::uint32_t known_id(const KnownTicket& ticket);

  const Desk& desk_;
  std::map<Where, std::uint32_t, Less> ids_;
  std::vector<const Where*> folders_;
  std::vector<RecordedFile> files_;
  std::vector<std::uint32_t> by_name_;  // positions in files_
  std::unordered_map<std::string, std::uint32_t> known_ids_;
  std::vector<Known> known_;
  std::vector<Fit> fits_;
};

}  // namespace postroom
