#pragma once
// Which words occur in a text: all words of all rules in one pass. Pure, immutable after construction,
// so one Matcher serves all threads.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace postroom {

// The form in which texts are compared: Unicode NFKC case folding, ё = е, ’ and ʼ = ', zero-width characters
// and soft hyphens dropped, Latin look-alikes in Cyrillic words and the other way round replaced, every run
// of white space one space. Ill-formed UTF-8 becomes U+FFFD. Linear.
std::string fold(std::string_view utf8);

// What must stand around a word that is found.
enum class Ends {
  whole,   // no letter, digit or combining mark before and behind it
  prefix,  // none before it; the word may go on
  free,    // anything
};

// Finds whole words and phrases, letter by letter.
// - An end that is no letter or digit needs no boundary ("@shop.test", "*****"), nor does one in a script
//   that is written without spaces (Chinese, Japanese, Thai).
// - A word with '@' is an address: "ivan@a.test" is neither in "not-ivan@a.test" nor in
//   "ivan@a.test.example".
// Aho-Corasick over folded UTF-8: the cost is the length of the text, whatever the number of words.
class Matcher {
 public:
  struct Found {
    std::size_t word;      // index into the words given to the constructor
    std::string original;  // the matched words as folded in the text; of a prefix the whole word
  };

  // Words may be given in any form; an empty one is never found. `ends` of each word; none: all are whole.
  explicit Matcher(const std::vector<std::string>& words, const std::vector<Ends>& ends = {});

  // Every word that occurs, once each, in order of index. `folded` is a result of fold().
  std::vector<Found> find(std::string_view folded) const;

 private:
  using State = std::uint32_t;
  struct Boundaries {
    std::uint32_t length = 0;  // of the word, in bytes; 0: never found
    bool left = false;         // the end needs a boundary
    bool right = false;
    bool address = false;
    bool prefix = false;
  };
  struct Node {
    std::uint32_t first_step = 0, steps = 0;      // in bytes_ and next_, sorted by byte
    std::uint32_t first_output = 0, outputs = 0;  // in outputs_
    State fail = 0;
    State shorter = 0;  // the next shorter match on the fail chain; 0: none
  };
  struct Trie;

  void number_states(const Trie& trie);
  void link_states(const std::vector<State>& parents, const std::vector<unsigned char>& bytes);
  void fill_rows();
  State step(State from, unsigned char byte) const;
  State next(State from, unsigned char byte) const;
  bool stands_alone(const Boundaries& word, std::string_view text, std::size_t end) const;

  std::vector<Boundaries> words_;
  std::vector<Node> nodes_;  // in breadth-first order; 0 is the root
  std::vector<unsigned char> bytes_;
  std::vector<State> next_;
  std::vector<std::uint32_t> outputs_;  // indices of words
  std::vector<State> rows_;             // 256 successors for each of the first states: where texts mostly are
};

}  // namespace postroom
