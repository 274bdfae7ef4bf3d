#pragma once
// Which words occur in a text: all words of all rules in one pass. Pure, immutable after construction,
// so one Matcher serves all threads.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace postroom {

// The form in which texts are compared: Unicode NFKC case folding, ё = е, zero-width characters and soft
// hyphens dropped, every run of white space one space.
std::string fold(std::string_view utf8);

// Finds whole words and phrases (a word ends where no letter, digit or combining mark follows).
// Aho-Corasick over folded UTF-8: the cost is the length of the text, whatever the number of words.
class Matcher {
 public:
  struct Found {
    std::size_t word;      // index into the words given to the constructor
    std::string original;  // the matched words as folded in the text
  };

  explicit Matcher(const std::vector<std::string>& words);

  // Every word that occurs, once each, in order of index. `folded` is a result of fold().
  std::vector<Found> find(std::string_view folded) const;

 private:
  struct Node;
  struct Step {
    unsigned char byte;
    int next;
  };
  struct Output {
    std::size_t word;
    std::size_t length;
  };
  int next_state(int state, unsigned char byte) const;
  void build_links();

  std::vector<std::vector<Step>> steps_;  // sorted by byte
  std::vector<int> fail_;
  std::vector<int> shorter_;              // next shorter match on the fail chain, -1: none
  std::vector<std::vector<Output>> outputs_;
  std::size_t words_ = 0;
};

}  // namespace postroom
