#pragma once
// How mail programs mark quoted and forwarded mail in plain text. Shared by new_text() and forwarded_in().
// Pure.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace postroom {

using Lines = std::vector<std::string_view>;

// The lines without their ends; "\r\n" counts as "\n".
Lines split_lines(std::string_view text);

// Without white space at both ends, no-break spaces included.
std::string_view trim_line(std::string_view line);

// "> text", "| text" is no quote; RFC 3676 section 4.5.
bool is_quoted(std::string_view line);

// Without one level of "> ".
std::string_view unquoted(std::string_view line);

// The headers that a mail program repeats above a quoted or forwarded mail ("From: ...", "Von: ...").
struct HeaderBlock {
  std::size_t begin = 0, end = 0;  // lines; end is behind the last header
  std::string from, subject;
  int fields = 0;  // known ones
  bool has_from = false;
};

// The block that begins at line `at`; fields == 0 if none does. Reads at most 30 lines.
HeaderBlock header_block(const Lines& lines, std::size_t at);

// "-----Original Message-----", "---------- Forwarded message ----------", "Begin forwarded message:".
enum class Separator { none, original, forwarded };
Separator separator(std::string_view line);

// Number of lines (1 to 4) of "On ... wrote:" that begins at line `at`; 0 if it does not.
std::size_t attribution(const Lines& lines, std::size_t at);

}  // namespace postroom
