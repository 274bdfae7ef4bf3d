#pragma once
// A text as the list of its words in the form in which rules compare them. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "rules/stem.h"

namespace postroom {

struct Term {
  std::string stem;     // the same for all forms of a word
  std::string form;     // the word as it stands in the text, folded
  bool joined = false;  // it follows the term before; punctuation and spaces do not separate

  bool operator==(const Term&) const = default;
};

// Reads terms with the word forms of some languages. For one thread.
class TermReader {
 public:
  explicit TermReader(const std::vector<std::string>& languages);

  // At most `most` words of the text. `language` (ISO 639-1) says whose forms they have, if it is one of
  // those that the reader knows. Words with more than four digits are numbers of something and left out.
  std::vector<Term> read(std::string_view text, std::string_view language, std::size_t most);

 private:
  Stemmer& stemmer_for(std::string_view language);

  std::vector<Tongues> tongues_;
  std::vector<Stemmer> stemmers_;  // of each
};

}  // namespace postroom
