#pragma once
// What a word of a rule asks for: the syntax of words, as desk.h tells it. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "rules/desk.h"

namespace postroom {

enum class Look {
  forms,    // words in any form, gaps between parts
  exact,    // exactly this text, as whole words
  prefix,   // words that begin so
  pattern,  // RE2
  range,    // numbers
};

struct Sought {
  Look look = Look::exact;
  std::string text;                             // folded; of a pattern its source, of a range as written
  std::vector<std::vector<std::string>> parts;  // forms: the folded words between gaps
  std::string problem;                          // what is wrong, as a sentence; empty: nothing is
};

// Takes a written word apart. In fields that are not prose (addresses, names, headers) every word is exact.
Sought read_word(Field field, std::string_view written);

}  // namespace postroom
