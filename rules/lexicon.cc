#include "rules/lexicon.h"

#include <mutex>

namespace postroom {
namespace {

std::string_view word_at(std::string_view text, const WordSpan& span) {
  return text.substr(span.begin, span.end - span.begin);
}

}  // namespace

Lexicon::Id Lexicon::add(std::string_view word) {
  const auto next = static_cast<Id>(stems_.size() + 1);
  return stems_.try_emplace(building_.stem(word), next).first->second;
}

Lexicon::Id Lexicon::id_of(std::string_view word, Stemmer& stemmer) const {
  const auto stem = stems_.find(stemmer.stem(word));
  return stem == stems_.end() ? 0 : stem->second;
}

// A stranger who sends nothing but new words cannot keep the common ones out for long. Where others read,
// nobody waits to write: a stream of readers would keep him waiting, and the words come again.
void Lexicon::remember(Words& fresh) const {
  if (fresh.size() > most_seen) return;
  const std::unique_lock guard{lock_, std::try_to_lock};
  if (!guard) return;
  if (seen_.size() + fresh.size() > most_seen) seen_.clear();
  seen_.merge(fresh);
}

std::vector<Lexicon::Id> Lexicon::ids(std::string_view folded, const std::vector<WordSpan>& words) const {
  std::vector<Id> ids(words.size());
  std::vector<std::size_t> missed;
  {
    const std::shared_lock guard{lock_};
    for (std::size_t i = 0; i < words.size(); ++i) {
      const auto known = seen_.find(word_at(folded, words[i]));
      if (known == seen_.end())
        missed.push_back(i);
      else
        ids[i] = known->second;
    }
  }
  if (missed.empty()) return ids;

  Words fresh;
  Stemmer stemmer{tongues_};
  for (const std::size_t i : missed) {
    const std::string_view word = word_at(folded, words[i]);
    auto known = fresh.find(word);
    if (known == fresh.end()) known = fresh.emplace(word, id_of(word, stemmer)).first;
    ids[i] = known->second;
  }
  std::erase_if(fresh, [](const auto& entry) { return entry.first.size() > Stemmer::longest_word; });
  remember(fresh);
  return ids;
}

}  // namespace postroom
