#include "rules/form_label.h"

#include <algorithm>
#include <array>
#include <utility>

#include "rules/match.h"
#include "rules/text.h"

namespace postroom {
namespace {

constexpr std::size_t most_lines = 10000;
constexpr std::size_t most_hits = 2000;
constexpr std::size_t most_values = 20;
constexpr std::size_t longest_value = 500;

// Cuts one of these off the front of text; empty if none is there.
template <std::size_t size>
std::string_view cut_one(std::string_view& text, const std::array<std::string_view, size>& known) {
  for (const std::string_view one : known) {
    if (!text.starts_with(one)) continue;
    text.remove_prefix(one.size());
    return one;
  }
  return {};
}

// Space and no-break spaces, stars and underscores of text made bold, zero-width space, byte order mark.
constexpr std::array<std::string_view, 9> decorations{
    " ", "\t", "*", "_", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x8B", "\xEF\xBB\xBF", "\r"};
// What a list or a table puts before a label: bullets and bars.
constexpr std::array<std::string_view, 8> bullets{
    "|", "-", "#", "\xE2\x80\xA2", "\xC2\xB7", "\xE2\x80\x93", "\xE2\x96\xAA", "\xE2\x97\x8F"};
// Between a label and its value, close to the label or not: colons, full-width too, and the bar of a table.
constexpr std::array<std::string_view, 5> separators{":", "\xEF\xBC\x9A", "=>", "=", "|"};
// Between them with space on both sides, for they are parts of words, too.
constexpr std::array<std::string_view, 6> dashes{
    "- ", "\xE2\x80\x93 ", "\xE2\x80\x94 ", "\xE2\x86\x92 ", "=> ", "-> "};

constexpr std::array<std::string_view, 3> openings{"\"", "[", "\xC2\xAB"};
constexpr std::array<std::string_view, 3> closings{"\"", "]", "\xC2\xBB"};

template <std::size_t size>
void skip(std::string_view& text, const std::array<std::string_view, size>& known) {
  while (!cut_one(text, known).empty()) continue;
}

void skip_front(std::string_view& line) {
  skip(line, decorations);
  while (!cut_one(line, bullets).empty()) skip(line, decorations);
}

void trim_end(std::string_view& text) {
  constexpr std::array<std::string_view, 7> endings{" ", "\t", "*", "|", "\r", "\xC2\xA0", "\xE2\x80\xAF"};
  for (bool cut = true; cut;) {
    const auto ending = std::ranges::find_if(endings, [&](auto end) { return text.ends_with(end); });
    cut = ending != endings.end();
    if (cut) text.remove_suffix(ending->size());
  }
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// A character with the combining marks U+0300 to U+036F behind it, which may compose with it: "и" + breve.
std::size_t end_of_character(std::string_view text, std::size_t start) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  std::size_t end = start;
  do {
    ++end;
    while (end < text.size() && end - start < 64 && is_continuation(text[end])) ++end;
  } while (end - start < 64 && (byte(end) == 0xCC || (byte(end) == 0xCD && byte(end + 1) < 0xB0)));
  return end;
}

// The start of a line, folded, and where in the line each piece of it ends.
class FoldedStart {
 public:
  FoldedStart(std::string_view line, std::size_t longest) {
    for (std::size_t i = 0; i < line.size() && folded_.size() <= longest; i = next_) {
      next_ = end_of_character(line, i);
      const std::string piece = fold(line.substr(i, next_ - i));
      if (piece == " " && folded_.ends_with(' ')) continue;
      folded_ += piece;
      ends_.emplace_back(folded_.size(), next_);
    }
  }

  // Bytes of the line that the label takes; 0 if the line does not begin with it.
  std::size_t length_of(std::string_view label) const {
    if (!folded_.starts_with(label)) return 0;
    const auto end = std::ranges::lower_bound(ends_, label.size(), {}, &End::first);
    return end != ends_.end() && end->first == label.size() ? end->second : 0;
  }

 private:
  using End = std::pair<std::size_t, std::size_t>;  // in folded_, in the line
  std::string folded_;
  std::vector<End> ends_;
  std::size_t next_ = 0;
};

enum class Gap { none, space, separator };

// "Имя (обязательно): Анна": what a label says in brackets is no part of it.
void skip_remark(std::string_view& rest) {
  constexpr std::size_t longest = 80;
  if (!rest.starts_with('(')) return;
  const std::size_t end = rest.substr(0, longest).find(')');
  if (end == std::string_view::npos) return;
  std::string_view behind = rest.substr(end + 1);
  skip(behind, decorations);
  if (!std::string_view{behind}.starts_with(':')) return;
  rest = behind;
}

// A dotted line leads from a label to its value.
bool cut_dots(std::string_view& rest) {
  if (!rest.starts_with("..")) return false;
  rest.remove_prefix(std::min(rest.find_first_not_of('.'), rest.size()));
  return true;
}

bool cut_separator(std::string_view& rest, bool spaced) {
  return cut_dots(rest) || !cut_one(rest, separators).empty() || (spaced && !cut_one(rest, dashes).empty());
}

// Takes what stands between a label and its value off the front of rest. none: the label is part of a word.
Gap cut_gap(std::string_view& rest) {
  const std::string_view before = rest;
  skip(rest, decorations);
  skip(rest, closings);
  skip(rest, decorations);
  skip_remark(rest);
  if (rest.empty()) return before.empty() ? Gap::space : Gap::separator;
  const bool wide = before.starts_with('\t') || before.starts_with("  ");
  const bool spaced = rest.size() < before.size();
  if (!cut_separator(rest, spaced)) {
    if (wide) return Gap::separator;
    return spaced ? Gap::space : Gap::none;
  }
  skip(rest, decorations);
  cut_one(rest, separators);  // "Имя: | Анна"
  skip(rest, decorations);
  return Gap::separator;
}

// Without the number of a row, "1." or "2)" or in a column of its own, and without an opening quote.
std::string_view at_label(std::string_view line) {
  std::string_view rest = line;
  std::size_t digits = 0;
  while (digits < 3 && digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9') ++digits;
  if (digits > 0) {
    rest.remove_prefix(digits);
    const bool marked =
        rest.starts_with(". ") || rest.starts_with(") ") || rest.starts_with(' ') || rest.starts_with('\t');
    if (!marked) return line;
    rest.remove_prefix(1);
    skip_front(rest);
  }
  skip(rest, openings);
  return rest;
}

// Where a line has several fields, the place behind the mark that parts them; npos if there is none.
std::size_t next_part(std::string_view text, std::size_t start) {
  const std::size_t mark = text.find_first_of(",;|\t", start);
  return mark == std::string_view::npos ? mark : mark + 1;
}

// "Город: Москва" is a field of its own that nobody asked for, not the value of the empty one above it.
bool looks_labelled(std::string_view line) {
  constexpr std::size_t longest_label = 80;
  const std::size_t colon = line.substr(0, longest_label).find(':');
  if (colon == std::string_view::npos) return false;
  return colon + 1 == line.size() || line[colon + 1] == ' ';
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty() && lines.size() < most_lines) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    skip_front(line);
    trim_end(line);
    lines.push_back(line);
  }
  return lines;
}

}  // namespace

std::string folded_label(std::string_view label) {
  std::string bare{label};
  std::erase(bare, '*');
  std::string folded = fold(bare);
  const auto ends = [&](std::string_view end) { return folded.ends_with(end); };
  while (ends(" ") || ends(":") || ends("=") || ends("|")) folded.pop_back();
  folded.erase(0, std::min(folded.find_first_not_of(" |"), folded.size()));
  return folded;
}

std::size_t Labels::add(std::string_view label) {
  folded_.push_back(folded_label(label));
  longest_ = std::max(longest_, folded_.back().size());
  return folded_.size() - 1;
}

LabelledText::LabelledText(std::string_view text, const Labels& labels)
    : text_{text}, labels_{labels}, lines_{lines_of(text)} {
  for (std::size_t line = 0; line < lines_.size() && hits_.size() < most_hits; ++line) {
    if (!lines_[line].empty()) read_line(line);
  }
}

// Of labels that begin alike ("Телефон", "Телефон рабочий") a place has the longest only.
void LabelledText::find_labels(std::string_view part, std::size_t line, std::vector<Hit>& found) const {
  const FoldedStart start{part, labels_.longest()};
  std::size_t longest = 0;
  for (std::size_t label = 0; label < labels_.folded().size(); ++label) {
    const std::string& folded = labels_.folded()[label];
    const std::size_t length = folded.empty() ? 0 : start.length_of(folded);
    if (length == 0 || length < longest) continue;
    std::string_view rest = part.substr(length);
    const Gap gap = cut_gap(rest);
    if (gap == Gap::none || (gap == Gap::space && looks_labelled(rest))) continue;
    if (length > longest) found.clear();
    longest = length;
    found.push_back({label, line, rest, gap == Gap::separator});
  }
}

// "Имя: Анна, E-mail: anna@home.test": the value of a field ends where the next one begins.
void LabelledText::read_line(std::size_t line) {
  constexpr std::size_t most_parts = 20;
  std::vector<Hit> current;
  find_labels(at_label(lines_[line]), line, current);
  std::size_t start = 0;
  for (std::size_t parts = 0; !current.empty() && parts < most_parts; ++parts) {
    const std::string_view rest = current.front().rest;
    const std::size_t next = next_part(rest, start);
    if (next == std::string_view::npos) break;
    start = next;
    std::string_view part = rest.substr(next);
    skip_front(part);
    std::vector<Hit> found;
    find_labels(at_label(part), line, found);
    if (found.empty() || !found.front().separated) continue;
    for (Hit& hit : current) {
      hit.rest = hit.rest.substr(0, next - 1);
      trim_end(hit.rest);
    }
    hits_.insert(hits_.end(), current.begin(), current.end());
    current = std::move(found);
    start = 0;
  }
  hits_.insert(hits_.end(), current.begin(), current.end());
}

bool LabelledText::has_label(std::size_t line) const {
  const auto hit = std::ranges::lower_bound(hits_, line, {}, &Hit::line);
  return hit != hits_.end() && hit->line == line && (hit->separated || hit->rest.empty());
}

std::string LabelledText::below(std::size_t line, Lines lines) const {
  constexpr std::size_t most_gap = 3, most_below = 40;
  std::size_t first = line + 1;
  while (first < lines_.size() && first - line < most_gap && lines_[first].empty()) ++first;
  if (first < lines_.size() && lines == Lines::one && looks_labelled(lines_[first])) return {};
  std::string text;
  for (std::size_t i = first; i < lines_.size() && i - first < most_below; ++i) {
    if (lines_[i].empty() || has_label(i) || text.size() > longest_value) break;
    text += (text.empty() ? "" : " ") + std::string{lines_[i]};
    if (lines == Lines::one) break;
  }
  return text;
}

std::string LabelledText::value(const Hit& hit, Lines lines) const {
  return hit.rest.empty() ? below(hit.line, lines) : std::string{hit.rest};
}

std::vector<std::string> LabelledText::values(std::size_t label, Lines lines) const {
  std::vector<std::string> found;
  for (const bool separated : {true, false}) {
    for (const Hit& hit : hits_) {
      if (found.size() == most_values) return found;
      if (hit.label == label && hit.separated == separated) found.push_back(value(hit, lines));
    }
  }
  return found;
}

}  // namespace postroom
