#include "lmtp/desk_folders.h"

#include <algorithm>

namespace postroom {

void make_desk_folders(const Maildir& maildir, const Desk& desk) {
  const bool files = std::ranges::find(desk.channels, AutomaticMail::file, &Channel::automatic) !=
                     desk.channels.end();  // a rule may lead such mail to any queue
  for (const Queue& queue : desk.queues) {
    maildir.make_folder(queue.mailbox, {});
    maildir.make_folder(queue.mailbox, {desk.folders.junk});
    if (files) maildir.make_folder(queue.mailbox, {desk.folders.automatic});
    for (const Operator* const person : operators_of(desk, queue.group)) {
      maildir.make_folder(queue.mailbox, {person->name, desk.folders.in_progress});
      maildir.make_folder(queue.mailbox, {person->name, desk.folders.done});
    }
  }
}

}  // namespace postroom
