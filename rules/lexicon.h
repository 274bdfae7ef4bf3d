#pragma once
// The words of rules as numbers, whatever their form: words of a text are looked up once, all rules compare
// numbers. Pure to its callers: what it remembers of texts only saves finding stems again.

#include <cstdint>
#include <functional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rules/letters.h"
#include "rules/stem.h"

namespace postroom {

class Lexicon {
 public:
  using Id = std::uint32_t;  // 0: a word of no rule

  explicit Lexicon(const Tongues& tongues) : tongues_{tongues}, building_{tongues} {}

  const Tongues& tongues() const { return tongues_; }

  // Takes in a folded word of a rule. Only before the lexicon is shared.
  Id add(std::string_view word);

  // Of each word of a folded text; from any thread. Most words are those of earlier texts: finding a stem
  // costs ten times what looking a word up does, so the first `most_seen` words are kept.
  std::vector<Id> ids(std::string_view folded, const std::vector<WordSpan>& words) const;

  static constexpr std::size_t most_seen = 50'000;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  using Words = std::unordered_map<std::string, Id, Hash, std::equal_to<>>;

  Id id_of(std::string_view word, Stemmer& stemmer) const;
  void remember(Words& fresh) const;

  Tongues tongues_;
  Stemmer building_;
  Words stems_;
  mutable std::shared_mutex lock_;  // guards seen_
  mutable Words seen_;
};

}  // namespace postroom
