#pragma once
// The headers that mail programs repeat above a quoted or forwarded mail, as plain text. Pure.

#include "rules/quotes.h"

namespace postroom {

// The headers that a mail program repeats above a quoted or forwarded mail ("From: ...", "Von: ...").
struct HeaderBlock {
  std::size_t end = 0;  // the line behind the last header
  std::string from, subject;
  int fields = 0;  // different known ones
  bool has_from = false, has_date = false, has_address = false;
};

// The block that begins at line `at`, marked with "> " or not; fields == 0 if none does. Reads at most 60
// lines.
HeaderBlock header_block(const Lines& lines, std::size_t at);

// Whether they are a mail's: "From: Berlin, To: Paris, Date: 12 May" is a journey.
bool is_mail(const HeaderBlock& block);

// The headers of a block that a program has joined to one line: "From: a <a@x>To: b <b@y>Subject: c".
HeaderBlock joined_block(std::string_view line);

}  // namespace postroom
