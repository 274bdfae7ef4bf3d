#include "rules/lookalike.h"

#include <algorithm>

namespace postroom {
namespace {

struct Pair {
  char latin;
  std::string_view cyrillic;
};
constexpr Pair pairs[] = {
    {'a', "а"}, {'c', "с"}, {'e', "е"}, {'i', "і"}, {'j', "ј"}, {'k', "к"}, {'o', "о"}, {'p', "р"},
    {'x', "х"}, {'y', "у"}, {'A', "А"}, {'B', "В"}, {'C', "С"}, {'E', "Е"}, {'H', "Н"}, {'I', "І"},
    {'J', "Ј"}, {'K', "К"}, {'M', "М"}, {'O', "О"}, {'P', "Р"}, {'T', "Т"}, {'X', "Х"}, {'Y', "У"},
};
// Letters of few languages, which nobody types by mistake: only a Latin word has them.
constexpr Pair latin_only[] = {{'s', "ѕ"}, {'S', "Ѕ"}, {'h', "һ"}, {'d', "ԁ"},
                               {'q', "ԛ"}, {'w', "ԝ"}, {'l', "ӏ"}};

bool is_latin(unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_cyrillic(unsigned char c) { return c >= 0xD0 && c <= 0xD4; }  // lead bytes of U+0400..U+053F

unsigned char byte(std::string_view text, std::size_t i) {
  return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
}

// Soft hyphen and zero-width characters, which fold() drops: a word goes on behind them.
std::size_t invisible_length(std::string_view text, std::size_t i) {
  const std::string_view rest = text.substr(i);
  if (rest.starts_with("\u00AD")) return 2;
  for (const std::string_view mark : {"\u200B", "\u200C", "\u200D", "\u2060", "\uFEFF"}) {
    if (rest.starts_with(mark)) return mark.size();
  }
  return 0;
}

// Length of the letter or the invisible character; 0 where the word ends.
std::size_t letter_length(std::string_view text, std::size_t i) {
  const unsigned char c = byte(text, i);
  if (is_latin(c)) return 1;
  if (is_cyrillic(c)) return (byte(text, i + 1) & 0xC0) == 0x80 ? 2 : 0;
  return c >= 0xC2 ? invisible_length(text, i) : 0;
}

std::string_view to_cyrillic(std::string_view letter) {
  const auto pair = std::ranges::find(pairs, letter[0], &Pair::latin);
  return pair == std::end(pairs) ? std::string_view{} : pair->cyrillic;
}

std::string_view to_latin(std::string_view letter) {
  for (const Pair& pair : pairs) {
    if (pair.cyrillic == letter) return {&pair.latin, 1};
  }
  for (const Pair& pair : latin_only) {
    if (pair.cyrillic == letter) return {&pair.latin, 1};
  }
  return {};
}

// Appends the word with the letters of one kind replaced; false if one of them has no look-alike.
bool add_replaced(std::string& out, std::string_view word, bool (*replaced)(unsigned char)) {
  const std::size_t before = out.size();
  for (std::size_t i = 0; i < word.size();) {
    const std::string_view letter = word.substr(i, letter_length(word, i));
    const bool other = replaced(byte(word, i));
    const std::string_view same =
        other ? (is_latin(byte(word, i)) ? to_cyrillic(letter) : to_latin(letter)) : letter;
    if (same.empty()) return out.resize(before), false;
    out += same;
    i += letter.size();
  }
  return true;
}

}  // namespace

std::string one_script(std::string_view text) {
  std::string out;
  std::size_t kept = 0;  // up to here the text is in `out`
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t start = i;
    bool latin = false, cyrillic = false;
    for (std::size_t length = letter_length(text, i); length != 0; length = letter_length(text, i)) {
      latin = latin || is_latin(byte(text, i));
      cyrillic = cyrillic || is_cyrillic(byte(text, i));
      i += length;
    }
    if (latin && cyrillic) {
      const std::string_view word = text.substr(start, i - start);
      out += text.substr(kept, start - kept);
      if (!add_replaced(out, word, is_latin) && !add_replaced(out, word, is_cyrillic)) out += word;
      kept = i;
    }
    if (i == start) ++i;
  }
  if (kept == 0) return std::string{text};
  return out += text.substr(kept);
}

}  // namespace postroom
