#pragma once
// What leads from one message to another: Message-IDs and contents. Every search is bounded, however often
// something has been named.

#include "schema/sqlite.h"

namespace postroom {

enum class ThreadKey { id, named };  // the message's own Message-ID; one in its References

// Idempotent; nothing for an empty id.
void add_thread_key(Db& db, ThreadKey kind, const std::string& id, MessageNumber message);

bool has_thread_key(Db& db, ThreadKey kind, const std::string& id, MessageNumber message);

struct ThreadHit {
  MessageNumber message = 0;
  TicketNumber ticket = 0;  // as the message says, merged ones not followed
  Time at{};                // when the message came
  bool by_desk = false;     // an operator or the desk wrote the message
};

// Messages of tickets with this key, newest first, of the newest 40 and the oldest 10: who repeats another's
// Message-ID a hundred times must not hide that mail.
std::vector<ThreadHit> find_thread_key(Db& db, ThreadKey kind, const std::string& id);

// `content`: rules/content.h; nothing for an empty one. `at`: when the message came.
void add_content(Db& db, const std::string& content, MessageNumber message, Time at);

// Did that message, which came then, say the same, if HTML does not count?
bool has_words(Db& db, const std::string& content, MessageNumber message, Time at);

// Messages of tickets with this content that came in that window, newest first, of the newest 50 of each
// hour. A window of more than a week counts as one.
std::vector<ThreadHit> find_content(Db& db, const std::string& content, Time since, Time until);

}  // namespace postroom
