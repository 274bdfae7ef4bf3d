#include <algorithm>

#include "rules/quotes.h"
#include "rules/text.h"

namespace postroom {
namespace {

std::size_t next_text(const Lines& lines, std::size_t at) {
  while (at < lines.size() && trim_line(lines[at]).empty()) ++at;
  return at;
}

std::string_view without_quotes(std::string_view name) {
  while (!name.empty() && (name.front() == '"' || name.front() == '\'' || name.front() == ' '))
    name.remove_prefix(1);
  while (!name.empty() && (name.back() == '"' || name.back() == '\'' || name.back() == ' '))
    name.remove_suffix(1);
  return name;
}

// "Ivan <ivan@example.org>", "Ivan [mailto:ivan@example.org]", "ivan@example.org", "Ivan"
Address address_of(std::string_view value) {
  const std::size_t at = value.find('@');
  if (at == value.npos) return {std::string{without_quotes(value)}, {}};
  const auto ends = std::string_view{" <>[]():;,\"'\t"};
  const std::size_t before = value.find_last_of(ends, at);
  const std::size_t begin = before == value.npos ? 0 : before + 1;
  const std::size_t end = std::min(value.find_first_of(ends, at), value.size());
  std::string_view name = value.substr(0, begin);
  name = name.substr(0, std::min(name.find_first_of("<[("), name.size()));
  return {std::string{without_quotes(name)}, std::string{value.substr(begin, end - begin)}};
}

std::string text_below(const Lines& lines, std::size_t at) {
  std::size_t last = lines.size();
  at = next_text(lines, at);
  while (last > at && trim_line(lines[last - 1]).empty()) --last;
  std::string text;
  for (std::size_t i = at; i < last; ++i) {
    text += lines[i];
    text += '\n';
  }
  return text;
}

// A forwarded mail that some programs mark with "> " throughout.
Lines without_marks(const Lines& lines, std::size_t at) {
  Lines bare;
  const std::size_t first = next_text(lines, at);
  if (first == lines.size() || !is_quoted(lines[first]))
    return {lines.begin() + static_cast<std::ptrdiff_t>(at), lines.end()};
  for (std::size_t i = at; i < lines.size(); ++i) bare.push_back(unquoted(lines[i]));
  return bare;
}

std::optional<Forwarded> read_forwarded(const Lines& lines, std::size_t at) {
  const Lines rest = without_marks(lines, at);
  const std::size_t first = next_text(rest, 0);
  const HeaderBlock block = header_block(rest, first);
  if (!block.has_from || block.fields < 2) return std::nullopt;
  return Forwarded{address_of(block.from), block.subject, text_below(rest, block.end)};
}

}  // namespace

std::optional<Forwarded> forwarded_in(std::string_view text) {
  const Lines lines = split_lines(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (separator(lines[i]) != Separator::forwarded) continue;
    if (auto forwarded = read_forwarded(lines, i + 1)) return forwarded;
  }
  return std::nullopt;
}

}  // namespace postroom
