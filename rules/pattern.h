#pragma once
// Patterns of rules: RE2, whose time is linear in the text whatever the pattern. Pure.
// Source: https://github.com/google/re2/wiki/Syntax

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/match.h"

namespace re2 {
class RE2;
class FilteredRE2;
}  // namespace re2

namespace postroom {

// What is wrong with a pattern, in RE2's words; empty: nothing is.
std::string pattern_problem(std::string_view pattern);

// Many patterns, of which only those are tried whose necessary letters the text has. They see folded text:
// case does not matter, \w means the letters of all scripts, and \b at either end of a pattern their
// boundaries. Immutable after finish().
class Patterns {
 public:
  struct Found {
    std::size_t pattern;  // in the order of adding
    std::string original;
  };

  Patterns();
  Patterns(Patterns&&) noexcept;
  Patterns& operator=(Patterns&&) noexcept;
  ~Patterns();

  // Answers pattern_problem(); a pattern with a problem is not taken in.
  std::string add(std::string_view pattern);
  void finish();  // after the last pattern

  // Every pattern that occurs, at its first place, in order.
  std::vector<Found> find(std::string_view folded) const;

 private:
  std::unique_ptr<re2::FilteredRE2> filtered_;
  std::unique_ptr<Matcher> atoms_;  // letters of which a pattern needs some
  std::size_t count_ = 0;
};

}  // namespace postroom
