#pragma once
// All words of all rules, in every field and every form, found in the texts of a message: each text is
// folded once and its words are looked up once. Immutable to its callers; shared between threads. Pure.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/lexicon.h"
#include "rules/match.h"
#include "rules/passages.h"
#include "rules/pattern.h"
#include "rules/phrases.h"
#include "rules/sought.h"

namespace postroom {

class WordIndex {
 public:
  struct Found {
    std::size_t word;      // what add() gave
    std::string original;  // as it stands in the folded text
  };

  explicit WordIndex(const std::vector<std::string>& languages);

  // A word as an admin writes it, in a field as passage_name() calls it; one that is wrong is never found.
  std::size_t add(const Condition& condition, std::string_view written);
  void finish();  // after the last word

  // Every word that occurs in the passage, at least once each. The forms of its words are those of
  // `language`, where the desk knows it, and of all its languages otherwise.
  std::vector<Found> find(const Passage& passage, std::string_view language) const;

 private:
  // One field. Words are numbered by field, then mapped to those of add().
  struct FieldWords {
    std::vector<std::string> literals;
    std::vector<Ends> literal_ends;
    std::vector<std::size_t> literal_words, phrase_words, pattern_words;
    std::unique_ptr<Matcher> matcher;
    std::vector<Phrases> phrases;  // for each lexicon
    Patterns patterns;
  };
  class Reader;

  std::vector<std::unique_ptr<Lexicon>> lexicons_;
  std::map<std::string, FieldWords, std::less<>> fields_;
  std::size_t words_ = 0;
};

}  // namespace postroom
