#include "rules/letters.h"

#include <unicode/uchar.h>

#include <array>

namespace postroom {
namespace {

bool is_letter(UChar32 c) { return (U_MASK(u_charType(c)) & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK)) != 0; }

// U+0000..U+04FF, which is nearly all of most mail.
constexpr std::size_t common = 0x500;
std::array<bool, common> common_letters() {
  std::array<bool, common> letters{};
  for (std::size_t c = 0; c < common; ++c) letters[c] = is_letter(static_cast<UChar32>(c));
  return letters;
}
const std::array<bool, common> letter_at = common_letters();

}  // namespace

bool is_word_character(const Character& c) {
  if (c.code < 0) return false;
  return static_cast<std::size_t>(c.code) < common ? letter_at[static_cast<std::size_t>(c.code)]
                                                   : is_letter(c.code);
}

bool is_unspaced(const Character& c) {
  if (c.code < 0x0E00) return false;
  if (u_hasBinaryProperty(c.code, UCHAR_IDEOGRAPHIC)) return true;
  if (c.code >= 0x3040 && c.code <= 0x30FF) return true;  // kana
  return u_getIntPropertyValue(c.code, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT;
}

std::vector<WordSpan> words_in(std::string_view folded) {
  std::vector<WordSpan> words;
  words.reserve(folded.size() / 8);
  bool inside = false;
  for (std::size_t i = 0; i < folded.size();) {
    const Character c = character_at(folded, i);
    const bool letter = is_word_character(c);
    if (letter && !inside) words.push_back({i, i});
    i += c.length;
    if (letter) words.back().end = std::min(i, folded.size());
    inside = letter;
  }
  return words;
}

}  // namespace postroom
