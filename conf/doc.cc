#include "conf/doc.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "conf/settings.h"

namespace postroom {
namespace {

std::string default_of(const SettingRow& row) {
  return row.fallback.empty() ? "required" : fmt::format("default {}", row.fallback);
}

// Words of a text in lines of at most `width` bytes.
std::string wrapped(std::string_view text, std::string_view indent, std::size_t width) {
  std::string lines{indent};
  std::size_t column = indent.size();
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (column > indent.size() && column + 1 + end > width) {
      lines += fmt::format("\n{}", indent);
      column = indent.size();
    }
    if (column > indent.size()) lines += ' ', ++column;
    lines += text.substr(0, end);
    column += end;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// groff: a backslash begins an escape; a dot or an apostrophe at the start of a line begins a request.
std::string mdoc_line(std::string_view text) {
  std::string line = text.starts_with('.') || text.starts_with('\'') ? "\\&" : "";
  for (const char c : text) line += c == '\\' ? std::string{"\\e"} : std::string(1, c);
  return line;
}

// An argument of a macro: one word, quotes as characters.
std::string mdoc_word(std::string_view text) {
  std::string word;
  for (const char c : text) word += c == '"' ? std::string{"\\(dq"} : std::string(1, c);
  return fmt::format("\"{}\"", word);
}

// mdoc wants every sentence on a line of its own.
std::string mdoc_sentences(std::string_view text) {
  std::string lines;
  while (!text.empty()) {
    const std::size_t dot = text.find(". ");
    const std::size_t end = dot == std::string_view::npos ? text.size() : dot + 1;
    lines += mdoc_line(text.substr(0, end)) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string mdoc_default(const SettingRow& row) {
  if (row.fallback.empty()) return "Required.\n";
  if (row.fallback.starts_with('('))
    return fmt::format("Default: {}.\n", row.fallback.substr(1, row.fallback.size() - 2));
  return fmt::format("Default:\n.Li {} .\n", mdoc_word(row.fallback));
}

}  // namespace

std::string doc_text() {
  std::string text;
  for (const SettingRow& row : setting_rows())
    text += fmt::format("{:<38} {:<16} {}\n{}\n", row.key, row.type, default_of(row),
                        wrapped(row.text, "    ", 100));
  return text;
}

std::string doc_json() {
  std::string lines;
  for (const SettingRow& row : setting_rows()) {
    const nlohmann::ordered_json object{{"key", row.key},
                                        {"type", row.type},
                                        {"default", row.fallback},
                                        {"required", row.fallback.empty()},
                                        {"text", row.text}};
    lines += object.dump() + "\n";
  }
  return lines;
}

std::string doc_mdoc() {
  std::string text = ".Bl -tag -width Ds\n";
  for (const SettingRow& row : setting_rows())
    text += fmt::format(".It Ic {} Pq {}\n{}{}", mdoc_word(row.key), row.type, mdoc_sentences(row.text),
                        mdoc_default(row));
  return text + ".El\n";
}

}  // namespace postroom
