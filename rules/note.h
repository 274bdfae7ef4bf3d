#pragma once
// The mail by which operators see in a ticket's folder what somebody did to the ticket: a note, another
// priority, a link, a merge, a split. It is never sent. Pure: time and ids are arguments.

#include <string>
#include <vector>

#include "rules/change.h"
#include "rules/message.h"

namespace postroom {

struct NoteMail {
  TicketChange change;
  Address from;               // the queue's; To is the same
  std::string tag;            // "[SUP#1042]", of the ticket in whose folder it lies
  std::string language;       // of the queue
  std::string message_id;     // without <>
  std::string first_id;       // of the ticket's first message, without <>; may be empty
  std::vector<Header> lines;  // on top: X-Postroom-...
  Time date{};
};

// "Note: He called again", "Priority: high", "Заметка: ...": without the tag. One line.
std::string note_title(const TicketChange& change, std::string_view language);

// A complete message with LF line ends. Values are data: they reach no header structure.
std::string compose_note(const NoteMail& note);

}  // namespace postroom
