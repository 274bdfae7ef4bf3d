#include "rules/encode.h"

#include <algorithm>

#include "rules/digest.h"
#include "rules/text.h"
#include "rules/utf8.h"

namespace postroom {
namespace {

constexpr std::size_t longest_value = 600;
constexpr std::size_t longest_line = 76;
constexpr std::size_t bytes_of_a_word =
    42;  // 56 in base64, 68 with =?utf-8?B?...?= (RFC 2047, 2: at most 75)

struct Range {
  std::int32_t first, last;
};
// C0 and space, C1, line and paragraph separators with the marks that reverse text, isolates.
constexpr Range gaps[] = {{0, 0x20}, {0x7F, 0x9F}, {0x2028, 0x202E}, {0x2066, 0x2069}};

bool is_gap(std::int32_t code) {
  return std::ranges::any_of(gaps,
                             [&](const Range& range) { return code >= range.first && code <= range.last; });
}

bool is_plain(std::string_view text) {
  const auto printable = [](char c) { return c >= ' ' && c <= '~'; };
  return std::ranges::all_of(text, printable) && text.find("=?") == std::string_view::npos;
}

std::string encoded_words(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view word = cut_utf8(text, bytes_of_a_word);
    if (!out.empty()) out += "\n ";
    out += "=?utf-8?B?" + base64(word) + "?=";
    text.remove_prefix(word.size());
  }
  return out;
}

std::string folded(std::string_view text) {
  std::string out;
  std::size_t column = 24;  // room for the name
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    if (!out.empty() && column + 1 + word.size() > longest_line) {
      out += '\n';
      column = 0;
    }
    if (!out.empty()) out += ' ';
    out += word;
    column += word.size() + 1;
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return out;
}

}  // namespace

std::string one_line(std::string_view text, std::size_t bytes) {
  const std::string valid = valid_utf8(text);
  std::string out;
  for (std::size_t i = 0; i < valid.size();) {
    const Character c = character_at(valid, i);
    const bool gap = is_gap(c.code);
    if (!gap) out.append(valid, i, c.length);
    if (gap && !out.empty() && out.back() != ' ') out += ' ';
    i += c.length;
  }
  out.resize(cut_utf8(out, bytes).size());
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

std::string header_value(std::string_view text) {
  const std::string line = one_line(text, longest_value);
  return is_plain(line) ? folded(line) : encoded_words(line);
}

std::string header_address(std::string_view name, std::string_view address) {
  constexpr std::size_t longest_name = 100;
  std::string phrase = one_line(name, longest_name);
  std::erase_if(phrase, [](char c) { return c == '"' || c == '\\'; });
  if (phrase.empty()) return std::string{address};
  phrase = is_plain(phrase) ? '"' + phrase + '"' : encoded_words(phrase);
  return phrase + "\n <" + std::string{address} + ">";
}

}  // namespace postroom
