#pragma once
// What a message says, for comparing it with others. Pure, linear time.

#include <string>

#include "rules/message.h"

namespace postroom {

// The same for two arrivals of one mail (sent twice, to two addresses, with and without Bcc, by a list and
// directly), and different for mails that a reader would call different. 32 hex digits over sender, base
// subject, text with white space collapsed (without a list's footer) and digests of the attachments; 16 more
// where HTML stands beside the text, which may say nothing but that one is to look at it. Empty if the
// message has neither text nor attachments. Of a message that was not read to its end (Message::problems,
// reports of mail systems) the Message-ID counts, too; it is empty if there is none.
std::string content_digest(const Message& message);

// What the digest says of everything but the HTML: who passes mail on may rewrite that, so that of two mails
// with one Message-ID this has to be the same.
std::string words_of_content(const std::string& digest);

// "Thank you!", "Спасибо, всё работает!" and nothing else: the new text without signature says thanks, asks
// nothing, reports nothing, and nothing is attached. When in doubt it is not.
bool is_thanks(const Message& message);

}  // namespace postroom
