#pragma once
// One connection from the greeting to the last reply: moves lines and messages between the wire and the
// session, and messages to the delivery.

#include <functional>
#include <string_view>

#include "conf/log.h"
#include "lmtp/session.h"
#include "lmtp/wire.h"

namespace postroom {

// One reply for each recipient, in order; as Deliver::deliver().
using DeliverMessage = std::function<std::vector<Reply>(const Incoming&)>;

// A line for the log: "peer=mx.example.org status=timeout phase=rcpt".
using Note = std::function<void(Level, std::string_view)>;

// Returns when the conversation is over, whoever ended it. A connection that is lost before the last dot
// leaves nothing. An exception of `deliver` or of the peer becomes 451 4.3.0, a note, and the end.
void converse(Wire& wire, Session& session, const DeliverMessage& deliver, const Note& note);

}  // namespace postroom
