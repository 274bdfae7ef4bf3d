#pragma once
// Maildir as Dovecot reads it: tmp/ -> new/ without ever replacing a file. Dovecot renames new/x over
// cur/x:2, of the same base name without a word, so a base name must never come twice.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conf/settings.h"
#include "rules/keys.h"
#include "schema/store.h"

namespace postroom {

class FileSearch;

// The desk's tree of shared mailboxes. Immutable, so thread-safe; folders may be removed and made while it
// works. Every failure is a std::system_error that names the path.
class Maildir {
 public:
  // folder_mode: of folders made here, umask or not; files get the same without x.
  Maildir(std::string root, Layout layout, unsigned folder_mode);

  // Writes and fsyncs the message in the mailbox's own tmp/ under a base name that is used once in the life
  // of the desk and carries ,S= and ,W= (without them Dovecot renames the file when a client moves it).
  // `text` has LF line ends. Returns the base name.
  std::string write_tmp(const std::string& mailbox, MessageNumber number, std::string_view text,
                        const std::string& host) const;

  // tmp/ of the mailbox -> new/ of the folder (made with its parents if missing). A file that is already
  // there is an error. False: there is no such tmp file.
  bool publish(const Place& place) const;

  // fsync of the folder's new/. One call serves all messages published before it.
  void sync_folder(const std::string& mailbox, const std::vector<std::string>& folder) const;

  // Is the file in new/ or cur/ of this folder, under any flags?
  bool is_in(const Place& place) const;

  // Looks for the file in all folders of the desk, by base name and then by message number in the header,
  // and returns its path: for the rare case of a retry after a crash. nullopt: it is nowhere, by two looks
  // that held each folder's lock while they read it.
  std::optional<std::string> find(const Place& place, MessageNumber number, const Keys& keys) const;

  // The same for many at once.
  FileSearch search(const Keys& keys) const;

  // The file of a message -> new/ or cur/ of another folder (made if missing), as it lay; flags stay, keyword
  // letters (which mean something else in every folder) do not. Durable when it returns. Its base name there
  // is made from the move, so that a second call after a crash, or one of another program at the same time,
  // finds what the first did and gives the same answer. Returns that name; nullopt: the file is in no folder,
  // or somebody has put it into a third one, where it stays.
  std::optional<std::string> move(const Move& move, const Keys& keys) const;

  // One of many: `search` was asked for all of them, and knows whether the file is nowhere. Of one that is
  // known to be (Move::lost) only its place and the target are looked at.
  std::optional<std::string> move(const Move& move, FileSearch& search) const;

  void remove_tmp(const std::string& mailbox, const std::string& file) const noexcept;

  // Removes files of ours older than 36 hours from all tmp/ (as maildir(5) asks).
  void clean_tmp() const;

  // Removes locks of folders that a dead program left. Before this process takes any.
  void clear_dead_locks() const;

  // Directory of a folder on disk.
  std::string directory(const std::string& mailbox, const std::vector<std::string>& folder) const;

  // Makes mailbox and folder (cur, new, tmp and the parents) if missing, and fsyncs what was made.
  void make_folder(const std::string& mailbox, const std::vector<std::string>& folder) const;

 private:
  std::vector<std::string> levels(const std::string& mailbox, const std::vector<std::string>& folder) const;
  bool make_directory(const std::string& path) const;

  std::string root_;
  Layout layout_;
  unsigned mode_;
};

// Modified UTF-7 of IMAP folder names (RFC 3501, 5.1.3), for Maildir++. Ill-formed UTF-8 becomes U+FFFD.
std::string to_mutf7(std::string_view utf8);

}  // namespace postroom
