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

// A forwarded mail may be marked with "> " throughout.
enum class Marks { none, quoted };

std::string text_below(const Lines& lines, std::size_t at, Marks marks) {
  std::size_t last = lines.size();
  at = next_text(lines, at);
  while (last > at && trim_line(lines[last - 1]).empty()) --last;
  std::string text;
  for (std::size_t i = at; i < last; ++i) {
    text += marks == Marks::quoted ? unquoted(lines[i]) : lines[i];
    text += '\n';
  }
  return text;
}

constexpr std::size_t header_lines = 40;  // what is searched for the headers of the forwarded mail

std::optional<Forwarded> read_forwarded(const Lines& lines, std::size_t at) {
  const std::size_t first = next_text(lines, at);
  if (first == lines.size()) return std::nullopt;
  const Marks marks = is_quoted(lines[first]) ? Marks::quoted : Marks::none;
  Lines top;
  for (std::size_t i = first; i < std::min(lines.size(), first + header_lines); ++i) {
    top.push_back(marks == Marks::quoted ? unquoted(lines[i]) : lines[i]);
  }
  // Yandex names the writer in one line: "22.11.2026, 10:00, Clara <clara@client.example>:"
  if (attribution(top, 0) == 1) {
    const std::string_view named = top[0].substr(top[0].find_last_of(',') + 1);
    return Forwarded{address_of(trim_line(named)), {}, text_below(lines, first + 1, marks)};
  }
  const HeaderBlock block = header_block(top, 0);
  if (!block.has_from || block.fields < 2) return std::nullopt;
  return Forwarded{address_of(block.from), block.subject, text_below(lines, first + block.end, marks)};
}

}  // namespace

std::optional<Forwarded> forwarded_in(std::string_view text) {
  const Lines lines = split_lines(text);
  int tries = 0;
  for (std::size_t i = 0; i < lines.size() && tries < 50; ++i) {
    if (separator(lines[i]) != Separator::forwarded) continue;
    ++tries;
    if (auto forwarded = read_forwarded(lines, i + 1)) return forwarded;
  }
  return std::nullopt;
}

}  // namespace postroom
