#include "lmtp/desk_folders.h"

namespace postroom {

void make_desk_folders(const Maildir& maildir, const Desk& desk) {
  for (const Queue& queue : desk.queues) {
    maildir.make_folder(queue.mailbox, {});
    maildir.make_folder(queue.mailbox, {desk.folders.junk});
    for (const Operator* const person : operators_of(desk, queue.group)) {
      maildir.make_folder(queue.mailbox, {person->name, desk.folders.in_progress});
      maildir.make_folder(queue.mailbox, {person->name, desk.folders.done});
    }
  }
}

}  // namespace postroom
