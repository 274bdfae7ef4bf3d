#include "rules/sought.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/letters.h"
#include "rules/match.h"
#include "rules/pattern.h"
#include "rules/phrases.h"
#include "rules/range.h"

namespace postroom {
namespace {

constexpr std::string_view gap = "...";
constexpr std::size_t most_parts = 8;

bool is_prose(Field field) {
  constexpr Field prose[] = {Field::subject, Field::body, Field::text, Field::mentions, Field::form};
  return std::ranges::find(prose, field) != std::end(prose);
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

Sought exact(std::string_view text) {
  Sought sought{Look::exact, std::string{trimmed(fold(text))}, {}, ""};
  if (sought.text.empty())
    sought.problem = "nothing of it is left once case and invisible characters are ignored";
  return sought;
}

Sought pattern(std::string_view source) {
  Sought sought{Look::pattern, std::string{source}, {}, ""};
  sought.problem = pattern_problem(source);
  return sought;
}

Sought range(Field field, std::string_view written) {
  return {Look::range, std::string{written}, {}, range_problem(field, written)};
}

// Letters, digits, and what may stand between them inside a word.
bool is_plain(std::string_view folded) {
  bool letters = false;
  for (std::size_t i = 0; i < folded.size();) {
    const Character c = character_at(folded, i);
    const bool letter = is_word_character(c);
    if (letter ? is_unspaced(c) : !(c.code == ' ' || c.code == '-' || c.code == '\'' || c.code == 0x2019))
      return false;
    letters = letters || letter;
    i += c.length;
  }
  return letters;
}

bool is_prefix(std::string_view folded) {
  return folded.ends_with('*') && is_plain(folded.substr(0, folded.size() - 1)) &&
         is_word_character(character_before(folded, folded.size() - 1));
}

std::vector<std::string> texts_of(std::string_view folded) {
  std::vector<std::string> texts;
  for (const WordSpan& word : words_in(folded)) {
    texts.emplace_back(folded.substr(word.begin, word.end - word.begin));
  }
  return texts;
}

// "a b ... c": at " ... ", so that "wait..." is no gap.
std::vector<std::string_view> split_at_gaps(std::string_view folded) {
  std::vector<std::string_view> parts;
  std::size_t start = 0;
  for (std::size_t at = folded.find(gap); at != std::string_view::npos; at = folded.find(gap, at + 1)) {
    const bool left = at == 0 || folded[at - 1] == ' ';
    const bool right = at + gap.size() == folded.size() || folded[at + gap.size()] == ' ';
    if (!left || !right) continue;
    parts.push_back(folded.substr(start, at - start));
    start = at + gap.size();
  }
  parts.push_back(folded.substr(start));
  return parts;
}

Sought forms(std::string_view folded) {
  Sought sought{Look::forms, std::string{folded}, {}, ""};
  for (const std::string_view part : split_at_gaps(folded)) {
    sought.parts.push_back(texts_of(part));
    if (sought.parts.back().empty()) sought.problem = "a gap, ..., stands between words";
    if (sought.parts.back().size() > longest_part)
      sought.problem = fmt::format("a phrase has at most {} words between gaps", longest_part);
  }
  if (sought.parts.size() > most_parts)
    sought.problem = fmt::format("a phrase has at most {} gaps", most_parts - 1);
  return sought;
}

bool in(std::string_view text, char mark) {
  return text.size() > 1 && text.front() == mark && text.back() == mark;
}

}  // namespace

Sought read_word(Field field, std::string_view written) {
  if (field == Field::size || field == Field::hour) return range(field, written);
  const std::string_view text = trimmed(written);
  if (!is_prose(field)) return exact(text);
  if (in(text, '/')) return pattern(text.substr(1, text.size() - 2));
  if (in(text, '"')) return exact(text.substr(1, text.size() - 2));
  const std::string folded_text = fold(text);
  const std::string_view folded = trimmed(folded_text);
  if (is_prefix(folded)) return {Look::prefix, std::string{folded.substr(0, folded.size() - 1)}, {}, ""};
  if (is_plain(folded) || split_at_gaps(folded).size() > 1) return forms(folded);
  return exact(text);
}

}  // namespace postroom
