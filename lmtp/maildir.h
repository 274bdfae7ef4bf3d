#pragma once
// Maildir as Dovecot reads it (facts 15 to 44, 85): tmp/ -> new/ without ever replacing a file.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conf/settings.h"
#include "schema/store.h"

namespace postroom {

// The desk's tree of shared mailboxes. Stateless but for a cache of folders known to exist; thread-safe.
// Every failure is a std::system_error that names the path.
class Maildir {
 public:
  Maildir(std::string root, Layout layout, unsigned folder_mode);

  // Writes and fsyncs the message in the mailbox's own tmp/ under a base name that is used once in the life
  // of the desk and carries ,S= and ,W=. `text` has LF line ends. Returns the base name.
  std::string write_tmp(const std::string& mailbox, MessageNumber number, std::string_view text,
                        const std::string& host) const;

  // tmp/ of the mailbox -> new/ of the folder (made with its parents if missing), RENAME_NOREPLACE. Returns
  // the folder that has to be fsynced before the message counts as delivered. False: no such tmp file.
  bool publish(const Place& place) const;

  // fsync of the folder's new/. One call serves all messages published before it.
  void sync_folder(const std::string& mailbox, const std::vector<std::string>& folder) const;

  // Is the file in new/ or cur/ of this folder, under any flags?
  bool is_in(const Place& place) const;

  // Looks for the file in all folders of the desk, by base name and then by message number in the header:
  // for the rare case of a retry after a crash. nullopt: it is nowhere.
  std::optional<Place> find(const Place& place, MessageNumber number, const std::string& secret) const;

  void remove_tmp(const std::string& mailbox, const std::string& file) const noexcept;

  // Removes files of ours older than 36 hours from all tmp/ (as maildir(5) asks).
  void clean_tmp() const;

  // Directory of a folder on disk.
  std::string directory(const std::string& mailbox, const std::vector<std::string>& folder) const;

  // Makes mailbox and folder (cur, new, tmp and the parents) if missing, and fsyncs the parents.
  void make_folder(const std::string& mailbox, const std::vector<std::string>& folder) const;

 private:
  std::string root_;
  Layout layout_;
  unsigned mode_;
};

// Modified UTF-7 of IMAP folder names (RFC 3501, 5.1.3), for Maildir++.
std::string to_mutf7(std::string_view utf8);

}  // namespace postroom
