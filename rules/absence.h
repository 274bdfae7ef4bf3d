#pragma once
// Subjects of out-of-office and other automatic replies, in the languages of mail programs. Both take a
// folded subject. Pure.

#include <string_view>

namespace postroom {

// What a mail program puts before the subject it answers: "Automatic reply: ...", "[Autoreply] ...".
bool is_auto_reply_subject(std::string_view subject);

// Words that people write too: they count only beside another sign.
bool speaks_of_absence(std::string_view subject);

}  // namespace postroom
