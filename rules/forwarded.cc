#include <algorithm>
#include <iterator>

#include "rules/header_block.h"
#include "rules/quotes.h"
#include "rules/text.h"

namespace postroom {
namespace {

// Signs that stand around a name in one language or another.
constexpr std::string_view quote_marks[] = {"\"", "'", "„", "“", "”", "«", "»", "‘",
                                            "’",  "<", "(", "[", ",", ";", "*"};

std::string_view without_quotes(std::string_view name) {
  for (bool changed = true; changed;) {
    changed = false;
    name = trim_line(name);
    for (std::string_view mark : quote_marks) {
      if (name.starts_with(mark)) name.remove_prefix(mark.size()), changed = true;
      if (name.ends_with(mark)) name.remove_suffix(mark.size()), changed = true;
    }
  }
  return name;
}

struct Mailbox {
  std::string_view name, address;
};

// "Ivan <ivan@example.org>", "Ivan [mailto:ivan@example.org]", "ivan@example.org<mailto:...>", "Ivan"
Mailbox split_mailbox(std::string_view value) {
  const std::size_t at = value.find('@');
  if (at == value.npos) return {value.substr(0, value.find_first_of("<[")), {}};
  constexpr std::string_view ends = " <>[]():;,\"'\t*";
  const std::size_t before = value.find_last_of(ends, at);
  const std::size_t begin = before == value.npos ? 0 : before + 1;
  const std::size_t end = std::min(value.find_first_of(ends, at), value.size());
  const std::string_view name = value.substr(0, begin);
  return {name.substr(0, std::min(name.find_first_of("<[("), name.size())), value.substr(begin, end - begin)};
}

// "ivan@example.org <ivan@example.org>" names nobody.
Address to_address(const Mailbox& mailbox) {
  const std::string_view name = without_quotes(mailbox.name);
  const bool says_nothing = name == mailbox.address || name.find('@') != name.npos;
  return {says_nothing ? std::string{} : std::string{name}, std::string{mailbox.address}};
}

bool has_digit(std::string_view word) {
  return std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The name in "On 28/10/2021 12:46, Ivan" or "28.10.2021 12:46 пользователь Ivan": behind date and verb.
std::string_view name_behind_date(std::string_view text) {
  constexpr std::string_view opening[] = {"\"", "„", "“", "«"};
  const std::string_view trimmed = trim_line(text);
  for (std::string_view mark : opening) {
    const std::size_t at = trimmed.substr(0, trimmed.empty() ? 0 : trimmed.size() - 1).rfind(mark);
    if (at != trimmed.npos && without_quotes(trimmed.substr(at)).size() + 12 > trimmed.size() - at)
      return trimmed.substr(at);
  }
  std::size_t name = 0;
  for (std::size_t at = 0; at < trimmed.size();) {
    const std::size_t end = std::min(trimmed.find(' ', at), trimmed.size());
    const std::string_view word = trimmed.substr(at, end - at);
    const bool no_name = word.ends_with(',') || is_wrote_word(fold_words(word));
    at = std::min(end + 1, trimmed.size());
    if (has_digit(word) || no_name) name = at;
  }
  return trimmed.substr(name);
}

// Who wrote it, from "On 28/10/2021, Ivan <ivan@example.org> wrote:".
Address attributed_sender(const Lines& lines, std::size_t at, std::size_t count) {
  std::string line;
  for (std::size_t i = at; i < at + count; ++i) line += std::string{bare(lines[i])} + ' ';
  Mailbox mailbox = split_mailbox(line);
  if (mailbox.address.empty()) return {std::string{without_quotes(name_behind_date(line))}, {}};
  mailbox.name = name_behind_date(mailbox.name);
  return to_address(mailbox);
}

// The mail below its headers; where it is marked with "> ", without the marks.
std::string text_below(const Lines& lines, std::size_t at) {
  std::size_t last = lines.size();
  at = next_text(lines, at);
  while (last > at && bare(lines[last - 1]).empty()) --last;
  const bool marked = at < last && is_quoted(lines[at]);
  std::string text;
  for (std::size_t i = at; i < last; ++i) {
    text += marked ? unquoted(lines[i]) : lines[i];
    text += '\n';
  }
  return text;
}

Forwarded from_block(const Lines& lines, const HeaderBlock& block) {
  return {to_address(split_mailbox(block.from)), block.subject, text_below(lines, block.end)};
}

// What stands below a line that announces a mail.
std::optional<Forwarded> announced(const Lines& lines, std::size_t at) {
  const std::string_view line = bare(lines[at]);
  const std::size_t dashes = line.find_last_of("-_*=");
  // Yahoo writes announcement and headers into one line.
  if (line.size() > 60 && line.find('@') != line.npos) {
    const std::size_t words = line.find_first_of("-_*=", line.find_first_not_of("-_*= "));
    const std::size_t behind = line.find_first_not_of("-_*= ", words);
    const HeaderBlock joined = joined_block(behind == line.npos ? line : line.substr(behind));
    if (joined.has_from && joined.has_address && dashes != line.npos)
      return Forwarded{to_address(split_mailbox(joined.from)), joined.subject, text_below(lines, at + 1)};
  }
  const std::size_t first = next_text(lines, at + 1);
  if (first == lines.size()) return std::nullopt;
  // Yandex names the writer in one line: "22.11.2026, 10:00, Clara <clara@client.example>:"
  if (const std::size_t count = attribution(lines, first); count > 0)
    return Forwarded{attributed_sender(lines, first, count), {}, text_below(lines, first + count)};
  const HeaderBlock block = header_block(lines, first);
  if (!block.has_from || block.fields < 2) return std::nullopt;
  return from_block(lines, block);
}

// A line of history ends the search: what stands below belongs to it.
struct Found {
  bool history = false;
  std::optional<Forwarded> forwarded;
};

Found look_at(const Lines& lines, std::size_t at, SubjectKind outer) {
  switch (separator(lines[at])) {
    case Separator::forwarded:
      return {false, announced(lines, at)};
    case Separator::original:
      return {true, outer == SubjectKind::reply ? std::nullopt : announced(lines, at)};
    case Separator::none:
      break;
  }
  const HeaderBlock block = header_block(lines, at);
  if (is_mail(block)) {
    if (outer == SubjectKind::reply) return {true, std::nullopt};
    return {true, from_block(lines, block)};
  }
  const std::size_t count = attribution(lines, at);
  if (count == 0) return {};
  if (outer != SubjectKind::forward) return {true, std::nullopt};
  return {true, Forwarded{attributed_sender(lines, at, count), {}, text_below(lines, at + count)}};
}

}  // namespace

std::optional<Forwarded> forwarded_in(std::string_view text, SubjectKind outer) {
  const Lines lines = split_lines(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (bare(lines[i]).empty()) continue;
    Found found = look_at(lines, i, outer);
    if (found.forwarded) return std::move(found.forwarded);
    if (found.history) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace postroom
