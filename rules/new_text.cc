#include <algorithm>
#include <iterator>

#include "rules/header_block.h"
#include "rules/quotes.h"
#include "rules/signature.h"
#include "rules/text.h"

namespace postroom {
namespace {

bool is_empty(std::string_view line) { return trim_line(line).empty(); }

// "____________" above an Outlook header block, and "---- words of any language ----".
bool is_rule(std::string_view line) {
  constexpr std::string_view signs = "_-=*";
  line = trim_line(line);
  if (line.size() < 5 || line.size() > 200) return false;
  const std::size_t words = std::min(line.find_first_not_of(signs), line.size());
  return words >= 3 && line.size() - (line.find_last_not_of(signs) + 1) >= 3;
}

// "##- Please type your reply above this line -##" of help desks.
bool is_reply_line(std::string_view line) {
  constexpr std::string_view words[] = {"above this line",
                                        "above the line",
                                        "oberhalb dieser",
                                        "über dieser linie",
                                        "au-dessus de cette ligne",
                                        "por encima de esta línea",
                                        "sopra questa",
                                        "acima desta linha",
                                        "boven deze",
                                        "over denne linje",
                                        "ovanför denna",
                                        "tämän rivin yläpuolelle",
                                        "powyżej tej linii",
                                        "nad tento řádek",
                                        "nad tuto čáru",
                                        "выше этой",
                                        "над этой",
                                        "вище цієї",
                                        "над цією",
                                        "bu satırın üst",
                                        "この行より上",
                                        "이 줄 위",
                                        "在此行上方"};
  line = trim_line(line);
  if (line.size() > 200) return false;
  if (line.starts_with("##-")) return true;
  if (!line.starts_with("--") && !line.starts_with("==") && !line.starts_with("##")) return false;
  const std::string folded = fold_words(line);
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view word) { return folded.find(word) != folded.npos; });
}

// From here on everything is history, whatever stands in it.
bool begins_history(const Lines& lines, std::size_t at) {
  const std::string_view line = trim_line(lines[at]);
  if (line.empty()) return false;
  if (separator(line) != Separator::none || is_reply_line(line)) return true;
  if (is_rule(line)) return is_mail(header_block(lines, next_text(lines, at + 1)));
  return is_mail(header_block(lines, at));
}

std::string join(const Lines& lines, std::size_t end) {
  std::size_t first = 0;
  while (first < end && is_empty(lines[first])) ++first;
  while (end > first && is_empty(lines[end - 1])) --end;
  std::size_t size = 0;
  for (std::size_t i = first; i < end; ++i) size += lines[i].size() + 1;
  std::string text;
  text.reserve(size);
  for (std::size_t i = first; i < end; ++i) {
    text += lines[i];
    text += '\n';
  }
  return text;
}

// A quoted line that a program has wrapped goes on without a mark. An answer stands below a whole sentence.
bool is_wrapped_quote(const Lines& lines, std::size_t at) {
  if (at == 0 || is_empty(lines[at])) return false;
  const std::string_view above = trim_line(lines[at - 1]);
  if (!is_quoted(above) || above.size() < 60) return false;
  constexpr std::string_view sentence_ends = ".?!:;";
  if (sentence_ends.find(above.back()) != sentence_ends.npos) return false;
  return at + 1 == lines.size() || is_quoted(lines[at + 1]);
}

// The lines that are no history.
Lines new_lines(const Lines& lines) {
  Lines kept;
  bool has_text = false;
  for (std::size_t i = 0; i < lines.size();) {
    if (is_quoted(lines[i]) || is_wrapped_quote(lines, i)) {
      ++i;
      continue;
    }
    if (lines[i] == "-----BEGIN PGP SIGNED MESSAGE-----") {  // RFC 4880, section 7; "Hash: ..." follows
      while (i < lines.size() && !is_empty(lines[i])) ++i;
      continue;
    }
    if (has_text && begins_history(lines, i)) break;
    const std::size_t introduction = attribution(lines, i);
    if (introduction == 0) {
      has_text = has_text || !is_empty(lines[i]);
      kept.push_back(lines[i++]);
      continue;
    }
    // With marked lines below, answers may stand between them; without, the rest is the quoted mail.
    i += introduction;
    std::size_t below = i;
    while (below < lines.size() && is_empty(lines[below])) ++below;
    if (below < lines.size() && !is_quoted(lines[below]) && has_text) break;
  }
  if (!has_text) kept.clear();
  return kept;
}

}  // namespace

std::string new_text(std::string_view text) {
  const Lines lines = split_lines(text);
  const Lines kept = new_lines(lines);
  // Nothing but history: a mail forwarded or sent again without a word. Its text is all there is.
  return kept.empty() ? join(lines, lines.size()) : join(kept, lines_above_signature(kept));
}

}  // namespace postroom
