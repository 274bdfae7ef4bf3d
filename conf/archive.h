#pragma once
// Mail that lies in files: single messages, Maildirs, mboxes, directories of messages. Read only.

#include <cstdint>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace postroom {

// A file or directory that cannot be read; what() names it.
class Unreadable : public std::runtime_error {
 public:
  enum class Why { missing, broken };
  Unreadable(Why why, const std::string& text) : std::runtime_error{text}, why_{why} {}
  bool missing() const { return why_ == Why::missing; }  // else: it cannot be read to its end

 private:
  Why why_;
};

// The first `most` bytes of a message file; "-" is standard input. A leading "From " line of mbox is left
// out. A file of a Maildir is also found after a reader has moved it from new to cur or changed its flags.
// Throws Unreadable.
std::string read_message_file(const std::string& path, std::size_t most);

struct StoredMessage {
  std::string name;        // its file; in an mbox file:line of its From_ line
  std::string bytes{};     // the first `most`
  std::string error{};     // a sentence, if the file cannot be read; it has no bytes then
  std::uint64_t read = 0;  // bytes of the archive behind us, this message included
};

// The messages below paths, in order: of each path in order of names.
// - A directory with cur or new is a Maildir; its subdirectories are searched for more (Maildir++ and fs).
// - In another directory, messages are the files *.eml and those named by a number (MH); *.mbox and files
//   that begin with a From_ line are mboxes. The rest is left alone.
// - A file that begins with "From " is an mbox, another one a message. A From_ line counts after an empty
//   line and if it ends in a date; one '>' before "From " is taken away (mboxo, mboxrd).
// Memory is bounded by `most` and by the longest directory. One thread at a time uses it.
class Archive {
 public:
  Archive(std::vector<std::string> paths, std::size_t most);

  // nullopt: there are no more. Never throws for what lies on disk.
  std::optional<StoredMessage> next();

  // Bytes of all files; walks through the directories. For a progress bar.
  static std::uint64_t size(const std::vector<std::string>& paths);

 private:
  enum class Kind { given, maildir, plain };  // how the path was found
  struct Item {
    std::string path;
    Kind kind;
  };

  StoredMessage open_file(const Item& item);
  StoredMessage from_mbox();
  void expand(const Item& directory);
  bool read_line();

  std::vector<Item> waiting_;  // the next one last
  std::size_t most_;
  std::uint64_t read_ = 0;
  std::ifstream mbox_;            // open: line_ is the From_ line of the next message
  std::string mbox_name_, line_;  // a line with its end, or a piece of a long one
  std::uint64_t line_number_ = 0;
  bool line_begins_ = true;  // line_ is not the continuation of a long line
};

}  // namespace postroom
