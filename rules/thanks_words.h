#pragma once
// The words of short thanks in many languages. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postroom {

// What a phrase is in a mail that does nothing but thank.
enum class ThanksPart {
  thanks,    // "thank you very much": without one it is no thanks
  company,   // "everything works now", "have a nice day": says nothing that waits for anybody
  greeting,  // "dear": a name may follow
  refusal,   // "but", "how": whoever says it, says more than thanks
};

// The longest phrase that begins at word `at`; the words are folded (rules/match.h), and those of scripts
// without spaces are single characters. nullopt: the word is none of ours.
struct ThanksPhrase {
  ThanksPart part = ThanksPart::company;
  std::size_t words = 0;
};
std::optional<ThanksPhrase> thanks_phrase(const std::vector<std::string>& words, std::size_t at);

// The words of a text as thanks_phrase() takes them.
std::vector<std::string> thanks_words(std::string_view text);

// Symbols that people write instead of words, one at the front of the text: its bytes, 0 if there is none.
std::size_t friendly_sign(std::string_view text);

}  // namespace postroom
