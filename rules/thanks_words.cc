#include "rules/thanks_words.h"

#include <algorithm>
#include <unordered_map>

#include "rules/letters.h"
#include "rules/match.h"
#include "rules/quote_words.h"
#include "rules/thanks_table.h"

namespace postroom {
namespace {

// Written in text or as pictures. Skin tones, variants and joiners may follow; none of them asks or
// complains.
constexpr std::string_view friendly_signs[] = {"👍",
                                               "🙏",
                                               "😊",
                                               "🙂",
                                               "😀",
                                               "😃",
                                               "😄",
                                               "😁",
                                               "😉",
                                               "😍",
                                               "🥰",
                                               "😘",
                                               "😎",
                                               "☺",
                                               "🤗",
                                               "😇",
                                               "😌",
                                               "🤩",
                                               "❤",
                                               "♥",
                                               "💙",
                                               "💚",
                                               "💛",
                                               "🧡",
                                               "💜",
                                               "🖤",
                                               "💖",
                                               "💕",
                                               "💗",
                                               "💓",
                                               "💞",
                                               "💐",
                                               "🌹",
                                               "🌷",
                                               "🌸",
                                               "🌺",
                                               "🌻",
                                               "🍀",
                                               "✌",
                                               "👌",
                                               "👏",
                                               "🙌",
                                               "🤝",
                                               "🤟",
                                               "💪",
                                               "🔥",
                                               "💯",
                                               "⭐",
                                               "🌟",
                                               "✨",
                                               "🎉",
                                               "🥳",
                                               "🎊",
                                               "🎁",
                                               "✅",
                                               "✔",
                                               "☑",
                                               "🌞",
                                               "☀",
                                               "🏻",
                                               "🏼",
                                               "🏽",
                                               "🏾",
                                               "🏿",
                                               "\xef\xb8\x8f",
                                               "\xe2\x80\x8d",
                                               "♀",
                                               "♂",
                                               ":-)",
                                               ":)",
                                               ":-D",
                                               ":D",
                                               ";-)",
                                               ";)",
                                               "=)",
                                               "=D",
                                               "^_^",
                                               "^^",
                                               "<3",
                                               ":-]",
                                               ":]",
                                               ":-*",
                                               ":*",
                                               "(:",
                                               "))",
                                               "8-)",
                                               "(y)",
                                               "(Y)",
                                               "\\o/"};

struct Phrase {
  std::vector<std::string> words;
  ThanksPart part;
};
using PhraseMap =
    std::unordered_map<std::string, std::vector<Phrase>>;  // by the first word, the longest first

void add_rows(std::span<const ThanksRow> rows, PhraseMap& map) {
  for (const ThanksRow& row : rows) {
    any_word(row.phrases, [&](std::string_view phrase) {
      std::vector<std::string> words = thanks_words(phrase);
      if (words.empty()) return false;
      std::string first = words.front();
      map[std::move(first)].push_back({std::move(words), row.part});
      return false;
    });
  }
}

// Of phrases of the same length thanks come first: "gracias" is no mere company in any language.
const PhraseMap& phrases() {
  static const PhraseMap map = [] {
    PhraseMap made;
    add_rows(english_and_german_thanks(), made);
    add_rows(slavic_thanks(), made);
    add_rows(romance_thanks(), made);
    add_rows(other_thanks(), made);
    for (auto& [word, list] : made) {
      std::sort(list.begin(), list.end(), [](const Phrase& a, const Phrase& b) {
        return a.words.size() != b.words.size() ? a.words.size() > b.words.size() : a.part < b.part;
      });
    }
    return made;
  }();
  return map;
}

void add_words(std::string_view run, std::vector<std::string>& words) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < run.size();) {
    const Character c = character_at(run, i);
    const std::size_t end = std::min(i + c.length, run.size());
    if (is_unspaced(c)) {
      if (i > begin) words.emplace_back(run.substr(begin, i - begin));
      words.emplace_back(run.substr(i, end - i));
      begin = end;
    }
    i = end;
  }
  if (begin < run.size()) words.emplace_back(run.substr(begin));
}

}  // namespace

std::optional<ThanksPhrase> thanks_phrase(const std::vector<std::string>& words, std::size_t at) {
  const auto found = phrases().find(words[at]);
  if (found == phrases().end()) return std::nullopt;
  for (const Phrase& phrase : found->second) {
    const std::size_t size = phrase.words.size();
    if (at + size > words.size()) continue;
    if (std::equal(phrase.words.begin(), phrase.words.end(), words.begin() + static_cast<std::ptrdiff_t>(at)))
      return ThanksPhrase{phrase.part, size};
  }
  return std::nullopt;
}

std::vector<std::string> thanks_words(std::string_view text) {
  const std::string folded = fold(text);
  std::vector<std::string> words;
  for (const WordSpan& span : words_in(folded)) {
    add_words(std::string_view{folded}.substr(span.begin, span.end - span.begin), words);
  }
  return words;
}

std::size_t friendly_sign(std::string_view text) {
  for (const std::string_view sign : friendly_signs) {
    if (text.starts_with(sign)) return sign.size();
  }
  return 0;
}

}  // namespace postroom
