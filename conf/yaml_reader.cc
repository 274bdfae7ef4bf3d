#include "conf/yaml_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "conf/settings.h"
#include "rules/text.h"

namespace postroom {
namespace {

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t start = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
  while (start <= text.size()) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

// Places count characters, as editors do; yaml-cpp counts bytes.
int character_column(std::string_view line, std::size_t byte) {
  const std::string_view before = line.substr(0, byte);
  return static_cast<int>(std::count_if(
      before.begin(), before.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; }));
}

std::string list_of(const std::vector<std::string>& names) {
  return fmt::format("; known here: {}", fmt::join(names, ", "));
}

}  // namespace

YamlReader::YamlReader(const std::string& text, Problems& problems)
    : lines_{split_lines(text)}, problems_{problems} {
  check_characters();
  parse(text);
}

// yaml-cpp would replace such bytes silently, and a rule would never match.
void YamlReader::check_characters() {
  for (std::size_t i = 0; i < lines_.size(); ++i)
    if (valid_utf8(lines_[i]) != lines_[i])
      problems_.add({static_cast<int>(i) + 1, 1}, "this line is not UTF-8 text; convert the file to UTF-8");
}

void YamlReader::parse(const std::string& text) {
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(text);
    if (documents.size() > 1) problem(documents[1], "a second YAML document begins here; one is expected");
    if (!documents.empty()) root_ = documents.front();
  } catch (const YAML::Exception& error) {
    problems_.add(place(error.mark), fmt::format("not YAML: {}", error.msg));
  }
}

Position YamlReader::place(const YAML::Node& node) const { return place(node.Mark()); }

Position YamlReader::place(const YAML::Mark& mark) const {
  if (mark.line < 0 || mark.column < 0) return {1, 1};
  const auto line = static_cast<std::size_t>(mark.line), column = static_cast<std::size_t>(mark.column);
  const std::string_view text = line < lines_.size() ? std::string_view{lines_[line]} : std::string_view{};
  return {mark.line + 1, character_column(text, column) + 1};
}

bool YamlReader::has(const YAML::Node& map, std::string_view key) {
  return map.IsMap() && std::any_of(map.begin(), map.end(), [&](const auto& pair) {
           return pair.first.IsScalar() && pair.first.Scalar() == key;
         });
}

std::vector<Entry> YamlReader::map(const YAML::Node& node, std::string_view what) const {
  if (!node.IsMap() || node.size() == 0) {
    problem(node, fmt::format("{}: 'name: value' lines are expected here", what));
    return {};
  }
  std::vector<Entry> entries;
  std::map<std::string, Position> seen;
  for (const auto& pair : node) {
    const auto key = scalar(pair.first, what);
    if (!key) continue;
    const auto [first, fresh] = seen.emplace(*key, place(pair.first));
    if (!fresh)
      problem(pair.first,
              fmt::format("'{}' is written twice; it is also in line {}", *key, first->second.line));
    else if (pair.second.IsNull())  // yaml-cpp would place it at the next key
      problem(pair.first, fmt::format("{}: the value is missing; write one or leave the line out", *key));
    else
      entries.push_back({*key, pair.first, pair.second});
  }
  return entries;
}

std::vector<Entry> YamlReader::settings(const YAML::Node& node, std::string_view prefix,
                                        std::string_view what) const {
  const auto below = settings_below(prefix);
  const std::vector<std::string> known{below.begin(), below.end()};
  const auto is_known = [&](const std::string& key) {
    return std::find(known.begin(), known.end(), key) != known.end();
  };
  std::vector<Entry> good;
  for (Entry& entry : map(node, what)) {
    if (is_known(entry.key)) {
      good.push_back(std::move(entry));
      continue;
    }
    const std::string guess = did_you_mean(entry.key, known);
    problem(entry.at, fmt::format("{}: '{}' is not a setting{}", what, entry.key,
                                  guess.empty() ? list_of(known) : guess));
  }
  if (!node.IsMap()) return good;
  for (const std::string& name : known) {
    const SettingRow* row = find_setting(fmt::format("{}.{}", prefix, name));
    if (row && row->fallback.empty() && !has(node, name))
      problem(node, fmt::format("{}: '{}' is missing", what, name));
  }
  return good;
}

std::vector<YAML::Node> YamlReader::list(const YAML::Node& node, std::string_view what) const {
  if (!node.IsSequence()) {
    problem(node, fmt::format("{}: a list is expected here", what));
    return {};
  }
  if (node.size() == 0) problem(node, fmt::format("{}: the list is empty", what));
  return {node.begin(), node.end()};
}

std::optional<std::string> YamlReader::scalar(const YAML::Node& node, std::string_view what) const {
  if (node.IsNull()) {
    problem(node, fmt::format("{}: the value is missing; write one or leave the line out", what));
    return std::nullopt;
  }
  if (!node.IsScalar()) {
    problem(node, fmt::format("{}: one value is expected here", what));
    return std::nullopt;
  }
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  const std::string& text = node.Scalar();
  if (std::any_of(text.begin(), text.end(), is_control)) {
    problem(node, fmt::format("{}: the value contains a line break or another control character", what));
    return std::nullopt;
  }
  return text;
}

std::vector<Word> YamlReader::words(const YAML::Node& node, std::string_view what) const {
  std::vector<YAML::Node> nodes{node};
  if (node.IsSequence()) nodes = list(node, what);
  std::vector<Word> words;
  for (const YAML::Node& item : nodes) {
    const auto text = scalar(item, what);
    if (!text) continue;
    if (text->find_first_not_of(' ') == std::string::npos)
      problem(item, fmt::format("{}: the word is empty", what));
    else
      words.push_back({*text, place(item)});
  }
  return words;
}

}  // namespace postroom
