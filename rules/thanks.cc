// is_thanks(): see content.h. Every word has to be known to say nothing but thanks, or to be a name where
// names stand; what is not known is more than thanks.

#include <unicode/uchar.h>

#include <algorithm>
#include <unordered_set>

#include "rules/content.h"
#include "rules/letters.h"
#include "rules/match.h"
#include "rules/quotes.h"
#include "rules/subject.h"
#include "rules/thanks_words.h"

namespace postroom {
namespace {

constexpr std::size_t longest_text = 600;  // bytes
constexpr std::size_t most_words = 30;
constexpr std::size_t most_names = 3;  // in a row
constexpr std::size_t largest_logo = 40U << 10;
constexpr std::size_t most_logos = 6;

// What stands between a word and the one before.
enum class Gap { none, comma, sentence, line };

struct Word {
  std::string folded;
  Gap gap = Gap::none;
  bool capital = false;
};

struct Mark {
  std::string_view sign;
  Gap gap;
};
// Everything else that is no letter is more than thanks: '?', digits, addresses, ';' which asks in Greek.
constexpr Mark marks[] = {
    {" ", Gap::none},
    {"\t", Gap::none},
    {"\r", Gap::none},
    {"\n", Gap::line},
    {",", Gap::comma},
    {".", Gap::sentence},
    {"!", Gap::sentence},
    {"…", Gap::sentence},
    {"-", Gap::comma},
    {"–", Gap::comma},
    {"—", Gap::comma},
    {":", Gap::comma},
    {"'", Gap::none},
    {"’", Gap::none},
    {"ʼ", Gap::none},
    {"\"", Gap::none},
    {"*", Gap::none},
    {"_", Gap::none},
    {"(", Gap::comma},
    {")", Gap::comma},
    {"«", Gap::none},
    {"»", Gap::none},
    {"“", Gap::none},
    {"”", Gap::none},
    {"。", Gap::sentence},
    {"！", Gap::sentence},
    {"，", Gap::comma},
    {"、", Gap::comma},
    {"～", Gap::none},
    {"~", Gap::none},
    {"¡", Gap::sentence},
    {"·", Gap::none},
    {"،", Gap::comma},
    {"।", Gap::sentence},
    {"．", Gap::sentence},
    {"：", Gap::comma},
    {"\xc2\xa0", Gap::none},
    {"　", Gap::none},
    {"&", Gap::none},
    {"׳", Gap::none},
    {"\xe2\x80\x8b", Gap::none},
    {"\xe2\x80\x8e", Gap::none},
    {"\xe2\x80\x8f", Gap::none},
    {"\xef\xbb\xbf", Gap::none},
};

// Cuts a text into words; false if anything in it is neither word nor allowed between words.
class Cutter {
 public:
  bool cut(std::string_view text) {
    while (!text.empty()) {
      const std::size_t length = take_word(text);
      const std::size_t used = length > 0 ? length : take_mark(text);
      if (used == 0 || words_.size() > most_words) return false;
      text.remove_prefix(used);
    }
    return true;
  }
  std::vector<Word> take() { return std::move(words_); }

 private:
  static bool is_letter(const Character& c) {
    return is_word_character(c) && (U_GET_GC_MASK(c.code) & U_GC_N_MASK) == 0;
  }

  std::size_t take_word(std::string_view text) {
    const Character first = character_at(text, 0);
    if (!is_letter(first)) return 0;
    std::size_t length = first.length;
    for (Character c = character_at(text, length);
         !is_unspaced(first) && length < text.size() && is_letter(c); c = character_at(text, length)) {
      if (is_unspaced(c)) break;
      length += c.length;
    }
    for (std::string& folded : thanks_words(text.substr(0, length))) {
      words_.push_back({std::move(folded), gap_, u_isupper(first.code) || u_istitle(first.code)});
      gap_ = Gap::none;
    }
    return length;
  }

  std::size_t take_mark(std::string_view text) {
    if (text.front() == ' ') return 1;
    if (const std::size_t length = friendly_sign(text)) return widen(Gap::sentence), length;
    for (const Mark& mark : marks) {
      if (text.starts_with(mark.sign)) return widen(mark.gap), mark.sign.size();
    }
    return 0;
  }

  void widen(Gap gap) { gap_ = std::max(gap_, gap); }

  std::vector<Word> words_;
  Gap gap_ = Gap::line;
};

std::unordered_set<std::string> names_in(const Message& message) {
  std::unordered_set<std::string> names;
  const auto add = [&](const std::vector<Address>& list, std::size_t most) {
    for (std::size_t i = 0; i < list.size() && i < most; ++i) {
      const std::string local = list[i].address.substr(0, list[i].address.find('@'));
      for (const std::string& text : {list[i].name.substr(0, 200), local.substr(0, 64)}) {
        for (std::string& word : thanks_words(text)) names.insert(std::move(word));
      }
    }
  };
  add(message.from, 1);
  add(message.to, 3);
  return names;
}

// Reads words as phrases and names.
class Reader {
 public:
  Reader(std::vector<Word> words, std::unordered_set<std::string> names)
      : words_{std::move(words)}, names_{std::move(names)} {
    for (const Word& word : words_) folded_.push_back(word.folded);
  }

  bool says_thanks_only() {
    for (at_ = 0; at_ < words_.size();) {
      if (!take_phrase() && !take_names()) return false;
    }
    return thanked_;
  }

 private:
  bool take_phrase() {
    const std::optional<ThanksPhrase> phrase = thanks_phrase(folded_, at_);
    if (!phrase || phrase->part == ThanksPart::refusal) return false;
    for (std::size_t i = 1; i < phrase->words; ++i) {
      if (words_[at_ + i].gap == Gap::sentence) return false;
    }
    thanked_ = thanked_ || phrase->part == ThanksPart::thanks;
    names_may_follow_ = true;
    at_ += phrase->words;
    return true;
  }

  // "Anna," at the front, "thank you, Anna", and a line of its own.
  bool take_names() {
    std::size_t end = at_;
    bool known = true;
    while (end < words_.size() && end - at_ < most_names && is_name(end)) {
      if (end > at_ && words_[end].gap >= Gap::comma) break;
      known = known && names_.count(words_[end].folded) > 0;
      ++end;
    }
    if (end == at_) return false;
    const Gap before = words_[at_].gap, behind = end < words_.size() ? words_[end].gap : Gap::line;
    const bool called = before <= Gap::comma && names_may_follow_ && behind != Gap::none;
    const bool calls = before >= Gap::sentence && behind == Gap::comma;
    const bool signs = before == Gap::line && end == words_.size() && thanked_;
    if (!known && !called && !calls && !signs) return false;
    at_ = end;
    names_may_follow_ = false;
    return true;
  }

  bool is_name(std::size_t i) const {
    if (thanks_phrase(folded_, i)) return false;
    return words_[i].capital || names_.count(words_[i].folded) > 0;
  }

  std::vector<Word> words_;
  std::vector<std::string> folded_;
  std::unordered_set<std::string> names_;
  std::size_t at_ = 0;
  bool thanked_ = false, names_may_follow_ = false;
};

bool says_thanks_only(std::string_view text, const Message& message) {
  Cutter cutter;
  if (text.size() > longest_text || !cutter.cut(text)) return false;
  return Reader{cutter.take(), names_in(message)}.says_thanks_only();
}

// Pictures that a signature brings along: mail programs number them, or call them logo.
bool is_logo(const Attachment& attachment, const Message& message) {
  if (!attachment.type.starts_with("image/") || attachment.size > largest_logo) return false;
  if (message.content_type != "multipart/related" && message.content_type != "multipart/alternative")
    return false;
  const std::string name = fold(attachment.name);
  return name.empty() || name.starts_with("image0") || name.find("logo") != name.npos ||
         name.starts_with("outlook-") || name.find("signature") != name.npos ||
         name.find("icon") != name.npos;
}

// A mail that begins something new says with its subject what it is about.
bool has_new_subject(const Message& message) {
  if (!message.in_reply_to.empty() || !message.references.empty() || is_reply_subject(message.subject))
    return false;
  const std::string subject = base_subject(message.subject);
  return !subject.empty() && !says_thanks_only(subject, message);
}

}  // namespace

bool is_thanks(const Message& message) {
  if (message.text.empty() || message.forwarded) return false;
  if (message.attachments.size() > most_logos) return false;
  const bool logos = std::all_of(message.attachments.begin(), message.attachments.end(),
                                 [&](const Attachment& one) { return is_logo(one, message); });
  return logos && says_thanks_only(message.new_text, message) && !has_new_subject(message);
}

}  // namespace postroom
