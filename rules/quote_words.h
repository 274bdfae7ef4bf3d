#pragma once
// The words by which mail programs of many languages mark quoted and forwarded mail. Pure.
// Sources: the texts of Outlook, Gmail, Apple Mail, Thunderbird, Yahoo, mail.ru, Yandex and others.

#include <algorithm>
#include <string>
#include <string_view>

namespace postroom {

// Letters in lower case, white space of any kind and length as one blank, none at the ends; characters
// without width and the marks of bold text ("*From:*") left out. The words of this file are in this form.
std::string fold_words(std::string_view text);

// The word with its first letter as a capital.
std::string in_capital(std::string_view word);

// Whether `is` holds for one of the words of a list, which '|' separates.
template <class Is>
bool any_word(std::string_view list, Is is) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find('|'), list.size());
    if (is(list.substr(0, end))) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

// What a line "Label: value" above a quoted mail tells.
enum class Label { none, from, to, cc, subject, date, reply_to, other };
Label label_of(std::string_view folded);

// The words of a label, separated by '|', in all languages together: for programs that join the lines.
std::string_view words_of(Label label);

// "-----Original Message-----", "---------- Forwarded message ----------", "Begin forwarded message:".
enum class Separator { none, original, forwarded };

// What a line of dashes and words announces.
Separator separator_in(std::string_view folded);

// "begin forwarded message:" of Apple Mail and others, which write no dashes.
bool is_forward_intro(std::string_view folded);

// "wrote", "schrieb", "написал", ...: the verb of "On ... wrote:".
bool has_wrote(std::string_view folded);

// The same words, for one word of a line; and what stands between date and name: "user", "пользователь".
bool is_wrote_word(std::string_view folded);

}  // namespace postroom
