#pragma once
// Which phrases occur in a text, as sequences of a Lexicon's numbers. Aho-Corasick over words: the cost is
// that of the words which occur in rules. Immutable after construction.

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "rules/lexicon.h"

namespace postroom {

// The most words between two parts of a phrase with a gap.
inline constexpr std::size_t longest_gap = 5;

// The longest part between gaps, in words.
inline constexpr std::size_t longest_part = 32;

class Phrases {
 public:
  using Part = std::vector<Lexicon::Id>;
  struct Found {
    std::size_t phrase;       // in the order of adding
    std::size_t first, last;  // words of the text
  };

  // A phrase is one part or several with gaps between them, in this order. None of them is empty.
  void add(const std::vector<Part>& parts);
  void finish();  // after the last phrase

  // Every phrase that occurs, at its first place, once each.
  std::vector<Found> find(const std::vector<Lexicon::Id>& text) const;

 private:
  using State = std::uint32_t;
  struct PartRow {
    std::size_t phrase = 0, length = 0;
    bool starts = false, ends = false;  // the first, the last part of its phrase
  };
  struct Node {
    State fail = 0, shorter = 0;       // shorter: the next node on the fail chain where a part ends
    std::vector<std::uint32_t> parts;  // numbers of the parts that end here
    State parent = 0;
    Lexicon::Id step = 0;
  };
  class Run;

  State next(State from, Lexicon::Id id) const;

  std::vector<PartRow> parts_;
  std::vector<Node> nodes_ = std::vector<Node>(1);
  std::unordered_map<std::uint64_t, State> steps_;  // (state, id) -> state
  std::size_t phrases_ = 0;
};

}  // namespace postroom
