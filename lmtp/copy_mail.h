#pragma once
// The mailboxes in another directory, for a backup.

#include <cstdint>
#include <string>

namespace postroom {

struct CopiedMail {
  std::int64_t linked = 0, copied = 0, folders = 0;
};

// Every message below `root` in new/ and cur/, under the same paths below `target`: as hard links where both
// are on one file system, else as copies with fsync. Each folder is listed under its lock. What clients move
// meanwhile is looked for again, so that no message is missed; one that was moved stands where it was seen
// first. What Dovecot keeps beside the mail (uidlist, keywords, rights) is copied, its caches are not. Throws
// std::system_error.
CopiedMail copy_mail(const std::string& root, const std::string& target);

}  // namespace postroom
