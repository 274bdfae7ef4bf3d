#pragma once
// A text as the list of its words in the form in which rules compare them. Pure.

#include <string>
#include <string_view>
#include <vector>

namespace postroom {

struct Term {
  std::string stem;     // the same for all forms of a word
  std::string form;     // the word as it stands in the text, folded
  bool joined = false;  // only a space lies between it and the one before
  bool operator==(const Term&) const = default;
};

// The words of the text, at most `most` of them. `language`: ISO 639-1, whose word forms are known; without
// forms for an unknown one. Digits of more than four places are numbers of something and no words.
std::vector<Term> terms_of(std::string_view text, std::string_view language, std::size_t most);

}  // namespace postroom
