#include "rules/quotes.h"

#include <algorithm>
#include <iterator>

namespace postroom {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// White space and characters without width of more than one byte, as mail programs put them into lines.
constexpr std::string_view wide_blanks[] = {"\xc2\xa0",      // no-break space
                                            "\xc2\xad",      // soft hyphen
                                            "\xef\xbb\xbf",  // byte order mark
                                            "\xe2\x80\x8b", "\xe2\x80\x8c", "\xe2\x80\x8d",  // zero width
                                            "\xe2\x80\x8e", "\xe2\x80\x8f",                  // direction
                                            "\xe2\x80\xaa", "\xe2\x80\xab", "\xe2\x80\xac", "\xe2\x80\xad",
                                            "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x81\xa7", "\xe2\x81\xa8",
                                            "\xe2\x81\xa9", "\xe2\x80\xaf", "\xe2\x80\x87", "\xe2\x80\x89",
                                            "\xe3\x80\x80"};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }
bool is_high(char c) { return static_cast<unsigned char>(c) >= 0x80; }

std::size_t blank_in_front(std::string_view line) {
  if (line.empty()) return 0;
  if (!is_high(line.front())) return is_blank(line.front()) ? 1 : 0;
  for (std::string_view blank : wide_blanks) {
    if (line.starts_with(blank)) return blank.size();
  }
  return 0;
}

std::size_t blank_at_end(std::string_view line) {
  if (line.empty()) return 0;
  if (!is_high(line.back())) return is_blank(line.back()) ? 1 : 0;
  for (std::string_view blank : wide_blanks) {
    if (line.ends_with(blank)) return blank.size();
  }
  return 0;
}

bool ends_with_colon(std::string_view line) { return line.ends_with(':') || line.ends_with("："); }

// "22.11.2026", "22/11/26", "2026-11-22": three numbers with the same sign between them.
bool is_numeric_date(std::string_view text) {
  std::size_t at = 0;
  char sign = 0;
  for (int number = 0; number < 3; ++number) {
    const std::size_t begin = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    if (at == begin || at - begin > 4) return false;
    if (number == 2) return true;
    if (at == text.size() || (text[at] != '.' && text[at] != '/' && text[at] != '-')) return false;
    if (number == 1 && text[at] != sign) return false;
    sign = text[at++];
    while (at < text.size() && text[at] == ' ') ++at;  // "22. 11. 2026"
  }
  return false;
}

bool is_year(std::string_view text) {
  return text.size() >= 4 && (text.starts_with("19") || text.starts_with("20")) && is_digit(text[2]) &&
         is_digit(text[3]) && (text.size() == 4 || !is_digit(text[4]));
}

// No program says "I": "I wrote to desk@... at 10:30 and got this answer:" is a person's sentence.
bool is_own_story(std::string_view folded) {
  constexpr std::string_view words =
      " i wrote | i got | i sent | i asked | we wrote | we got | we sent | я | мы | мне | "
      "нам | ich | wir ";
  return any_word(words, [&](std::string_view word) { return folded.find(word) != folded.npos; });
}

// "12.03.2013, 18:00, Ivan <ivan@...>:" and "Ivan <ivan@...>, 18:00:" have no verb; a sentence ends in a
// word.
bool ends_with_sender(std::string_view line) {
  while (!line.empty() && std::string_view{" :*-"}.find(line.back()) != std::string_view::npos)
    line.remove_suffix(1);
  const std::string_view last = line.substr(std::min(line.rfind(' ') + 1, line.size()));
  return last.find('@') != last.npos || has_time(last) || line.ends_with('>') || line.ends_with(')');
}

bool is_attribution(std::string_view line) {
  const bool address = line.find('@') != line.npos;
  if (!address && !has_date(line) && !has_time(line)) return false;
  const std::string folded = ' ' + fold_words(line) + ' ';
  if (is_own_story(folded)) return false;
  return (address && has_time(line) && ends_with_sender(line)) || has_wrote(folded);
}

// Where "On ... wrote:" ends: in ':', maybe with marks of bold text or dashes behind it.
bool ends_attribution(std::string_view line) {
  if (line.starts_with("--") && line.ends_with("--")) return true;  // Zoho: "---- On ... wrote ----"
  while (line.ends_with('-') || line.ends_with('*')) line = trim_line(line.substr(0, line.size() - 1));
  return ends_with_colon(line);
}

// Programs that write no ':': "2016-03-03 17:21 GMT+01:00 Ivan", "2013/10/2 Ivan <ivan@example.org>".
bool is_dated_sender(std::string_view line) {
  if (line.size() < 12 || line.size() > 200 || !line.starts_with("20") || !is_numeric_date(line))
    return false;
  if (has_time(line) && line.find(" GMT") != line.npos) return true;
  return line.ends_with('>') && line.find('@') != line.npos;
}

std::string joined(const Lines& lines, std::size_t at, std::size_t count) {
  std::string text;
  for (std::size_t i = at; i < at + count; ++i) {
    text += bare(without_stars(lines[i]));
    text += ' ';
  }
  return text;
}

std::size_t attribution_lines(const Lines& lines, std::size_t at) {
  const bool dated = bare(lines[at]).starts_with("20");
  std::size_t size = 0;
  for (std::size_t count = 1; count <= 5 && at + count <= lines.size(); ++count) {
    const std::string_view line = without_stars(lines[at + count - 1]);
    size += line.size();
    if (line.empty() || line.size() > 400 || size > 600) return 0;
    if (count > 1 && is_quoted(line) != is_quoted(lines[at])) return 0;
    if (ends_attribution(line)) return is_attribution(joined(lines, at, count)) ? count : 0;
    if (dated && is_dated_sender(trim_line(joined(lines, at, count)))) return count;
  }
  return 0;
}

bool has_moment(const Lines& lines, std::size_t at, std::size_t count) {
  for (std::size_t i = at; i < at + count; ++i) {
    if (has_date(lines[i]) || has_time(lines[i])) return true;
  }
  return false;
}

// The words with which "On ... wrote:" begins, where the date stands on the next line.
bool is_opener(std::string_view line) {
  constexpr std::string_view openers[] = {
      "On ",   "Am ",    "Le ", "El ", "Il ",        "Em ",     "Op ", "Den ", "Dne ", "Dňa ",
      "Dnia ", "W dniu", "På ", "At ", "In message", "In data", "Em:", "Pe ",  "В ",   "На ",
      "Пн",    "Вт",     "Ср",  "Чт",  "Пт",         "Сб",      "Вс",  "Нд",   "在",   "Vào"};
  return std::any_of(std::begin(openers), std::end(openers),
                     [&](std::string_view word) { return line.starts_with(word); });
}

}  // namespace

Lines split_lines(std::string_view text) {
  Lines lines;
  lines.reserve(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    while (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string_view trim_line(std::string_view line) {
  while (const std::size_t blank = blank_in_front(line)) line.remove_prefix(blank);
  while (const std::size_t blank = blank_at_end(line)) line.remove_suffix(blank);
  return line;
}

std::string_view without_stars(std::string_view text) {
  text = trim_line(text);
  while (text.starts_with('*')) text = trim_line(text.substr(1));
  while (text.ends_with('*')) text = trim_line(text.substr(0, text.size() - 1));
  return text;
}

bool is_quoted(std::string_view line) {
  while (const std::size_t blank = blank_in_front(line)) line.remove_prefix(blank);
  return line.starts_with('>');
}

std::string_view unquoted(std::string_view line) {
  std::string_view text = line;
  while (const std::size_t blank = blank_in_front(text)) text.remove_prefix(blank);
  if (!text.starts_with('>')) return line;
  text.remove_prefix(1);
  return text.starts_with(' ') ? text.substr(1) : text;
}

std::string_view bare(std::string_view line) {
  line = trim_line(line);
  while (line.starts_with('>')) line = trim_line(line.substr(1));
  return line;
}

std::size_t next_text(const Lines& lines, std::size_t at) {
  while (at < lines.size() && bare(lines[at]).empty()) ++at;
  return at;
}

Separator separator(std::string_view line) {
  line = bare(line);
  if (line.starts_with("<div>")) line.remove_prefix(5);  // Samsung's, in plain text
  if (line.empty()) return Separator::none;
  if (ends_with_colon(line) && line.size() < 100 && is_forward_intro(fold_words(line)))
    return Separator::forwarded;
  constexpr std::string_view signs = "-_*=~#<+";
  const bool dashed =
      line.size() > 4 && signs.find(line[0]) != signs.npos && signs.find(line[1]) != signs.npos;
  const bool long_dashed = line.starts_with("—") || line.starts_with("–");
  return dashed || long_dashed ? separator_in(fold_words(line.substr(0, 200))) : Separator::none;
}

bool has_time(std::string_view text) {
  for (std::size_t i = 1; i + 2 < text.size(); ++i) {
    if ((text[i] == ':' || text[i] == '.') && is_digit(text[i - 1]) && is_digit(text[i + 1]) &&
        is_digit(text[i + 2]) && (i + 3 == text.size() || !is_digit(text[i + 3])))
      return true;
  }
  return false;
}

bool has_date(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_digit(text[i])) continue;
    if (is_numeric_date(text.substr(i)) || is_year(text.substr(i))) return true;
    while (i + 1 < text.size() && is_digit(text[i + 1])) ++i;
  }
  return false;
}

std::size_t attribution(const Lines& lines, std::size_t at) {
  const std::size_t count = attribution_lines(lines, at);
  if (count < 2) return count;
  // What stands above a whole one is text.
  const std::string_view top = bare(lines[at]);
  if (!has_date(top) && !has_time(top) && !is_opener(top)) return 0;
  for (std::size_t i = 1; i < count; ++i) {
    if (attribution_lines(lines, at + i) == count - i && has_moment(lines, at + i, count - i)) return 0;
  }
  return count;
}

}  // namespace postroom
