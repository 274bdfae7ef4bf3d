#include <algorithm>

#include "rules/quotes.h"
#include "rules/text.h"

namespace postroom {
namespace {

bool is_empty(std::string_view line) { return trim_line(line).empty(); }

// "____________" above an Outlook header block.
bool is_rule(std::string_view line) {
  line = trim_line(line);
  return line.size() >= 5 && line.find_first_not_of("_-=*") == line.npos;
}

std::size_t next_text(const Lines& lines, std::size_t at) {
  while (at < lines.size() && is_empty(lines[at])) ++at;
  return at;
}

bool is_outlook_block(const HeaderBlock& block) { return block.has_from && block.fields >= 3; }

// From here on everything is history, whatever stands in it.
bool begins_history(const Lines& lines, std::size_t at) {
  if (separator(lines[at]) != Separator::none) return true;
  if (is_rule(lines[at])) return is_outlook_block(header_block(lines, next_text(lines, at + 1)));
  const HeaderBlock block = header_block(lines, at);
  return is_outlook_block(block) && block.fields > 0;
}

// RFC 3676, section 4.3. "--" without the blank is what many programs make of it.
bool is_signature_mark(std::string_view line) {
  return line == "-- " || line == "--" || line == "--\xc2\xa0";
}

struct Kept {
  Lines lines;
  bool has_text = false;

  void add(std::string_view line) {
    lines.push_back(line);
    has_text = has_text || !is_empty(line);
  }
};

std::string join(const Lines& lines) {
  std::size_t first = 0, last = lines.size();
  while (first < last && is_empty(lines[first])) ++first;
  while (last > first && is_empty(lines[last - 1])) --last;
  std::string text;
  for (std::size_t i = first; i < last; ++i) {
    text += lines[i];
    text += '\n';
  }
  return text;
}

}  // namespace

std::string new_text(std::string_view text) {
  const Lines lines = split_lines(text);
  Kept kept;
  for (std::size_t i = 0; i < lines.size();) {
    if (is_quoted(lines[i])) {
      ++i;
      continue;
    }
    if (is_signature_mark(lines[i]) && kept.has_text) break;
    if (kept.has_text && begins_history(lines, i)) break;
    const std::size_t introduction = attribution(lines, i);
    if (introduction == 0) {
      kept.add(lines[i++]);
      continue;
    }
    // With marked lines below, answers may stand between them; without, the rest is the quoted mail.
    i += introduction;
    const std::size_t below = next_text(lines, i);
    if (below < lines.size() && !is_quoted(lines[below]) && kept.has_text) break;
  }
  // Nothing but history: a mail forwarded or sent again without a word. Its text is all there is.
  return kept.has_text ? join(kept.lines) : join(lines);
}

}  // namespace postroom
