#pragma once
// The lock of Dovecot over one folder of Maildir: <folder>/dovecot-uidlist.lock. Who holds it sees every
// file of the folder in one scan, and may move files away without other messages changing their UIDs.

#include <chrono>
#include <string>

namespace postroom {

class FolderLock {
 public:
  // Waits while somebody else holds it; removes it if he is dead. Hold it for milliseconds: clients wait.
  // Throws std::system_error: not free within `patience` (EBUSY), or it cannot be made (ENOENT: there is no
  // such folder; EACCES, EROFS: it is not ours).
  explicit FolderLock(const std::string& folder,
                      std::chrono::milliseconds patience = std::chrono::seconds{5});
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  bool try_lock();

  std::string path_;
  unsigned long device_ = 0, inode_ = 0;
};

// Removes the lock of a dead program, as Dovecot does it: at once if it names a process of this machine, else
// after two minutes. Call it before this process has taken any: one with its own id is dead, too. True if
// there was one.
bool clear_dead_lock(const std::string& folder);

}  // namespace postroom
