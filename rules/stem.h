#pragma once
// Word forms: Snowball stems, in the languages that a desk knows. Pure.
// Source: https://snowballstem.org, libstemmer.

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/desk.h"

struct sb_stemmer;

namespace postroom {

// ISO 639-1 codes of the languages whose word forms are known, sorted.
std::vector<std::string_view> stemmed_languages();

// What the desk names; else the languages of its texts and queues; else English and Russian. Only languages
// whose word forms are known, sorted.
std::vector<std::string> languages_of(const Desk& desk);

// One language for each script, so that "refund" in a Russian letter gets its English stem. "": words of
// that script stay as they are.
using Tongues = std::array<std::string_view, 9>;

// As few as hold each of the languages once.
std::vector<Tongues> tongues_of(const std::vector<std::string>& languages);

bool has_language(const Tongues& tongues, std::string_view language);

// Finds stems. For one thread; costs less than a microsecond to make.
class Stemmer {
 public:
  explicit Stemmer(const Tongues& tongues) : tongues_{tongues} {}

  // The stem of a folded word; a word longer than `longest_word` is its own stem.
  std::string stem(std::string_view word);

  static constexpr std::size_t longest_word = 100;  // bytes

 private:
  struct Close {
    void operator()(sb_stemmer* stemmer) const;
  };

  Tongues tongues_;
  std::array<std::unique_ptr<sb_stemmer, Close>, std::tuple_size_v<Tongues>> open_;
};

}  // namespace postroom
