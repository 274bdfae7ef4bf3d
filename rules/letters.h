#pragma once
// What a letter of a folded text is, where words and their boundaries are looked for. Pure.

#include <cstddef>
#include <string_view>
#include <vector>

#include "rules/utf8.h"

namespace postroom {

// A letter, a digit or a combining mark.
bool is_word_character(const Character& c);

// Of a script written without spaces, which has no word boundaries to look for (Chinese, Japanese, Thai).
bool is_unspaced(const Character& c);

// A word in a text: bytes from begin to end.
struct WordSpan {
  std::size_t begin = 0, end = 0;
};

// The words of a folded text: runs of word characters. Apostrophes and hyphens separate.
std::vector<WordSpan> words_in(std::string_view folded);

}  // namespace postroom
