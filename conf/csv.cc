#include "conf/csv.h"

#include <algorithm>
#include <utility>

#include "rules/text.h"

namespace postroom {
namespace {

// "\n", "\r\n", or the "\r" of old spreadsheets. Cuts the line off the front of the text.
std::string_view cut_line(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
  const std::string_view line = text.substr(0, end);
  const std::size_t mark = text.substr(end).starts_with("\r\n") ? 2 : 1;
  text.remove_prefix(std::min(end + mark, text.size()));
  return line;
}

bool is_row(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t");
  return first != std::string_view::npos && line[first] != '#';
}

char separator_of(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = cut_line(text);
    bool quoted = false;
    for (const char c : is_row(line) ? line : std::string_view{}) {
      if (c == '"') quoted = !quoted;
      if (!quoted && (c == ',' || c == ';')) return c;
    }
  }
  return ',';
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r";
  const std::size_t first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return std::string{text.substr(first, text.find_last_not_of(space) - first + 1)};
}

// One field off the front of the line, with the separator behind it. False: its quotes are wrong.
bool cut_field(std::string_view& line, char separator, std::string& field) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  if (!line.starts_with('"')) {
    const std::size_t end = std::min(line.find(separator), line.size());
    field = trimmed(line.substr(0, end));
    line.remove_prefix(end);
    return true;
  }
  field.clear();
  std::size_t i = 1;
  for (; i < line.size(); ++i) {
    if (line[i] == '"' && (i + 1 == line.size() || line[i + 1] != '"')) break;
    if (line[i] == '"') ++i;
    field += line[i];
  }
  if (i >= line.size()) return false;
  line.remove_prefix(i + 1);
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  return line.empty() || line.front() == separator;
}

CsvRow read_row(std::string_view line, char separator, int number) {
  CsvRow row{number, {}, ""};
  if (valid_utf8(line) != line) return {number, {}, "this line is not UTF-8 text; convert the file to UTF-8"};
  while (true) {
    std::string field;
    if (!cut_field(line, separator, field)) return {number, {}, "the quotes of this line do not fit"};
    row.fields.push_back(std::move(field));
    if (line.empty()) return row;
    line.remove_prefix(1);
  }
}

}  // namespace

std::vector<CsvRow> read_csv(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const char separator = separator_of(text);
  std::vector<CsvRow> rows;
  for (int number = 1; !text.empty(); ++number) {
    const std::string_view line = cut_line(text);
    if (is_row(line)) rows.push_back(read_row(line, separator, number));
  }
  return rows;
}

}  // namespace postroom
