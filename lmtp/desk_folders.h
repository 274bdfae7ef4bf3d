#pragma once
// The folders that operators find in their mail clients before any mail is there (R13).

#include "lmtp/maildir.h"
#include "rules/desk.h"

namespace postroom {

// Makes every queue's mailbox and junk folder (and that of automatic mail, if a channel files such), and in
// the mailbox a folder for each operator of the queue's group, with "in progress" and "done" below it. What
// exists stays as it is. Throws std::system_error.
void make_desk_folders(const Maildir& maildir, const Desk& desk);

}  // namespace postroom
