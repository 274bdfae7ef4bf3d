#include "rules/subject.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "rules/quotes.h"
#include "rules/subject_prefix.h"
#include "rules/text.h"
#include "rules/utf8.h"

namespace postroom {
namespace {

constexpr std::size_t longest_tag = 40;        // of a ticket, with its brackets
constexpr std::size_t longest_list_name = 80;  // with its brackets
constexpr std::size_t most_tags = 5;
constexpr std::size_t longest_subject = 2000;  // bytes looked at

// Line breaks that mail systems leave, no-break spaces; marks of direction, which Hebrew and Arabic programs
// put around prefixes.
bool is_white(std::int32_t code) {
  return code <= ' ' || code == 0x7F || (code > 0x7F && u_isUWhiteSpace(code));
}
bool is_invisible(std::int32_t code) {
  return code == 0xFEFF || code == 0xAD || (code >= 0x200B && code <= 0x200F) ||
         (code >= 0x202A && code <= 0x202E) || (code >= 0x2060 && code <= 0x2069);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_tag_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '_';
}

std::string_view without_blanks(std::string_view text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

struct Tag {
  std::size_t begin = 0;
  TicketNumber ticket = 0;
};

// "[#48213", "[SUP#48213", "[SUP #48213 " at the end of the text, which its "]" would follow.
std::optional<Tag> tag_before_end(std::string_view text) {
  const std::size_t top = text.size() > longest_tag ? text.size() - longest_tag : 0;
  std::string_view rest = without_blanks(text.substr(top));
  std::size_t digits = rest.size();
  while (digits > 0 && is_digit(rest[digits - 1])) --digits;
  TicketNumber ticket = 0;
  const auto [end, error] = std::from_chars(rest.data() + digits, rest.data() + rest.size(), ticket);
  if (error != std::errc{} || ticket <= 0) return std::nullopt;
  rest = without_blanks(rest.substr(0, digits));
  if (!rest.ends_with('#')) return std::nullopt;
  rest.remove_suffix(1);
  rest = without_blanks(rest);
  while (!rest.empty() && is_tag_letter(rest.back())) rest.remove_suffix(1);
  rest = without_blanks(rest);
  if (!rest.ends_with('[')) return std::nullopt;
  return Tag{top + rest.size() - 1, ticket};
}

// A subject in one pass: white space collapsed, ticket tags cut out and kept apart. What remains when a tag
// is cut out is looked at again, so that no tag is left ("[#[#1]2]").
struct Plain {
  std::string text;
  std::vector<TicketNumber> tags;
};

void add_character(Plain& plain, std::string_view bytes, std::int32_t code) {
  if (is_invisible(code)) return;
  if (is_white(code)) {
    if (!plain.text.empty() && plain.text.back() != ' ') plain.text += ' ';
    return;
  }
  const std::optional<Tag> tag = bytes == "]" ? tag_before_end(plain.text) : std::nullopt;
  if (!tag) {
    plain.text += bytes;
    return;
  }
  plain.text.resize(tag->begin);
  const bool known = std::find(plain.tags.begin(), plain.tags.end(), tag->ticket) != plain.tags.end();
  if (!known && plain.tags.size() < most_tags) plain.tags.push_back(tag->ticket);
}

Plain plain_of(std::string_view subject) {
  const std::string valid{cut_utf8(valid_utf8(cut_utf8(subject, longest_subject)), longest_subject)};
  Plain plain;
  plain.text.reserve(valid.size());
  for (std::size_t i = 0; i < valid.size();) {
    const Character c = character_at(valid, i);
    add_character(plain, std::string_view{valid}.substr(i, c.length), c.code);
    i += c.length;
  }
  plain.text.resize(without_blanks(plain.text).size());
  return plain;
}

// "[Fwd: lamp]" of Mozilla: its end goes with its beginning.
std::string_view without_prefix(std::string_view text) {
  const std::size_t length = prefix_length(text);
  const bool bracketed = length > 0 && text.front() == '[' && text.ends_with(']');
  text.remove_prefix(length);
  if (bracketed && !text.empty()) text.remove_suffix(1);
  return text;
}

// The tag of a list, "[name] lamp"; a subject that is nothing else stays.
std::string_view without_list(std::string_view text) {
  if (!text.starts_with('[')) return text;
  const std::size_t end = text.substr(1, longest_list_name).find_first_of("[]");
  if (end == text.npos || end == 0 || text[end + 1] != ']') return text;
  const std::string_view rest = trim_line(text.substr(end + 2));
  return rest.empty() ? text : rest;
}

// "lamp (fwd)" of Pine and mutt.
std::string_view without_suffix(std::string_view text) {
  constexpr std::string_view suffixes[] = {"(fwd)", "(fw)", "(forwarded)"};
  for (const std::string_view suffix : suffixes) {
    if (text.size() < suffix.size()) continue;
    const std::string_view end = text.substr(text.size() - suffix.size());
    if (std::equal(end.begin(), end.end(), suffix.begin(),
                   [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; }))
      return text.substr(0, text.size() - suffix.size());
  }
  return text;
}

// What stands in front of the first prefix says nothing about it.
std::string_view without_lists(std::string_view text) {
  for (std::string_view rest = without_list(text); rest.size() < text.size(); rest = without_list(text)) {
    text = rest;
  }
  return text;
}

}  // namespace

std::string base_subject(std::string_view subject) {
  const Plain plain = plain_of(subject);
  std::string_view text = plain.text;
  for (std::size_t before = text.size() + 1; text.size() < before;) {
    before = text.size();
    text = trim_line(without_suffix(without_list(trim_line(without_prefix(text)))));
  }
  return std::string{text};
}

bool is_reply_subject(std::string_view subject) {
  const Plain plain = plain_of(subject);
  return prefix_length(without_lists(trim_line(plain.text))) > 0;
}

std::vector<TicketNumber> ticket_tags_in(std::string_view subject) { return plain_of(subject).tags; }

}  // namespace postroom
