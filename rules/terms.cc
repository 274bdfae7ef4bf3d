#include "rules/terms.h"

#include <algorithm>

#include "rules/letters.h"
#include "rules/match.h"

namespace postroom {
namespace {

constexpr std::size_t longest_word = 60;
constexpr std::ptrdiff_t most_digits = 4;

bool is_term(std::string_view word) {
  return word.size() <= longest_word &&
         std::ranges::count_if(word, [](char c) { return c >= '0' && c <= '9'; }) <= most_digits;
}

}  // namespace

TermReader::TermReader(const std::vector<std::string>& languages) : tongues_{tongues_of(languages)} {
  for (const Tongues& tongues : tongues_) stemmers_.emplace_back(tongues);
}

Stemmer& TermReader::stemmer_for(std::string_view language) {
  const auto known =
      std::ranges::find_if(tongues_, [&](const Tongues& tongues) { return has_language(tongues, language); });
  return stemmers_[known == tongues_.end() ? 0 : static_cast<std::size_t>(known - tongues_.begin())];
}

std::vector<Term> TermReader::read(std::string_view text, std::string_view language, std::size_t most) {
  Stemmer& stemmer = stemmer_for(language);
  const std::string folded = fold(text);
  std::vector<Term> terms;
  bool joined = false;
  for (const WordSpan& span : words_in(folded)) {
    if (terms.size() == most) break;
    std::string word = folded.substr(span.begin, span.end - span.begin);
    const bool is_one = is_term(word);
    if (is_one) {
      std::string stem = stemmer.stem(word);
      terms.push_back({std::move(stem), std::move(word), joined});
    }
    joined = is_one;
  }
  return terms;
}

}  // namespace postroom
