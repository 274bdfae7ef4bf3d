#include "rules/terms.h"

#include <unicode/uchar.h>

#include "rules/match.h"
#include "rules/utf8.h"

namespace postroom {
namespace {

constexpr std::size_t longest_word = 60;
constexpr std::size_t longest_number = 4;

bool is_word_character(UChar32 c) {
  return (U_MASK(u_charType(c)) & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK)) != 0;
}

bool is_term(std::string_view word) {
  if (word.empty() || word.size() > longest_word) return false;
  std::size_t digits = 0;
  for (const char c : word) digits += c >= '0' && c <= '9' ? 1 : 0;
  return digits <= longest_number;
}

std::string stem_of(const std::string& word, std::string_view) { return word; }

// Where the word that begins at `start` ends.
std::size_t end_of_word(std::string_view folded, std::size_t start) {
  for (Character c = character_at(folded, start); c.length > 0; c = character_at(folded, start)) {
    if (!is_word_character(c.code)) break;
    start += c.length;
  }
  return start;
}

}  // namespace

std::vector<Term> terms_of(std::string_view text, std::string_view language, std::size_t most) {
  const std::string folded = fold(text);
  std::vector<Term> terms;
  std::size_t last = 0;  // end of the term before
  for (std::size_t i = 0; i < folded.size() && terms.size() < most;) {
    const std::size_t end = end_of_word(folded, i);
    if (end == i) {
      i += character_at(folded, i).length;
      continue;
    }
    const std::string word = folded.substr(i, end - i);
    const bool joined = last > 0 && i == last + 1 && folded[last] == ' ';
    if (is_term(word)) {
      terms.push_back({stem_of(word, language), word, joined});
      last = end;
    }
    i = end;
  }
  return terms;
}

}  // namespace postroom
