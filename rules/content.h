#pragma once
// What a message says, for comparing it with others. Pure, linear time.

#include <string>

#include "rules/message.h"

namespace postroom {

// The same for two arrivals of one mail (sent twice, to two addresses, with and without Bcc, by a list and
// directly), and different for mails that a reader would call different. 32 hex digits over sender, base
// subject, text with white space collapsed (without a list's footer) and digests of the attachments; empty if
// the message has neither text nor attachments. Of a message that was not read to its end
// (Message::problems) or has several parts, of which the text may say nothing, the Message-ID counts, too; it
// is empty if there is none.
std::string content_digest(const Message& message);

// "Thank you!", "Спасибо, всё работает!" and nothing else: the new text without signature says thanks, asks
// nothing, reports nothing, and nothing is attached. When in doubt it is not.
bool is_thanks(const Message& message);

}  // namespace postroom
