#pragma once
// How mail programs mark quoted and forwarded mail in plain text. Shared by new_text() and forwarded_in().
// Pure.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rules/quote_words.h"

namespace postroom {

using Lines = std::vector<std::string_view>;

// The lines without their ends; "\r\n" counts as "\n".
Lines split_lines(std::string_view text);

// Without white space at both ends, no-break spaces and characters without width included.
std::string_view trim_line(std::string_view line);

// Without the marks of bold text that programs leave at both ends in plain text.
std::string_view without_stars(std::string_view text);

// "> text"; "| text" is no quote (RFC 3676, section 4.5).
bool is_quoted(std::string_view line);

// Without one level of "> ".
std::string_view unquoted(std::string_view line);

// Without any level of "> ", and trimmed.
std::string_view bare(std::string_view line);

// The first line at or below `at` that holds more than white space and marks; lines.size() if none does.
std::size_t next_text(const Lines& lines, std::size_t at);

// What a line of dashes and words announces; of forwarded, lines without dashes too.
Separator separator(std::string_view line);

// Number of lines (1 to 5) of "On ... wrote:" that begins at line `at`; 0 if it does not.
std::size_t attribution(const Lines& lines, std::size_t at);

// "18:05", "8.30"; "22.11.2026", "2026-11-22", or a year.
bool has_time(std::string_view text);
bool has_date(std::string_view text);

}  // namespace postroom
