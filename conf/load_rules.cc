#include <algorithm>
#include <charconv>
#include <optional>

#include "conf/loading.h"
#include "rules/sought.h"
#include "rules/stem.h"

namespace postroom {
namespace {

struct GroupRow {
  std::string_view name;
  std::vector<Condition> Rule::*conditions;
};
constexpr GroupRow groups[] = {{"all", &Rule::all}, {"any", &Rule::any}, {"none", &Rule::none}};

template <std::size_t N, class Row>
const Row* row_named(const Row (&rows)[N], std::string_view name) {
  const auto row =
      std::find_if(std::begin(rows), std::end(rows), [&](const Row& r) { return r.name == name; });
  return row == std::end(rows) ? nullptr : row;
}

constexpr double most_weight = 1000;

std::optional<double> read_weight(const std::string& text) {
  double weight = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, weight, std::chars_format::fixed);
  if (error != std::errc{} || stop != end || !(weight > 0) || weight > most_weight) return std::nullopt;
  return weight;
}

// RFC 5322, section 3.6.8.
bool is_header_name(std::string_view name) {
  return !name.empty() && name.size() <= 100 &&
         std::all_of(name.begin(), name.end(), [](char c) { return c > 32 && c < 127 && c != ':'; });
}

// Tags stand in one header line, separated by commas.
bool is_tag(std::string_view tag) {
  return tag.size() <= 100 && tag.find_first_of(" ,;") == std::string_view::npos;
}

// Reads one rule; `path` is "rules[3]".
class RuleReader {
 public:
  RuleReader(Loading& loading, std::string path)
      : loading_{loading}, yaml_{loading.yaml}, path_{std::move(path)} {}

  Rule read(const YAML::Node& node);

 private:
  void when(const YAML::Node& node);
  void then(const YAML::Node& node);
  void then_entry(const Entry& entry);
  void weight(const Entry& entry, const std::string& text);
  void group(const GroupRow& row, const YAML::Node& node);
  void condition(const Entry& entry, std::vector<Condition>& into);
  void named(const Entry& entry, Field field, std::vector<Condition>& into);
  void words(const Entry& entry, Condition& condition);
  void note(const std::string& key, Position place) { loading_.places[path_ + "." + key] = place; }

  Loading& loading_;
  const YamlReader& yaml_;
  std::string path_;
  std::string what_ = "rule";
  Rule rule_;
};

Rule RuleReader::read(const YAML::Node& node) {
  loading_.places[path_] = yaml_.place(node);
  const std::vector<Entry> entries = yaml_.settings(node, "rules[]", what_);
  const auto find = [&](std::string_view key) -> const Entry* {
    const auto entry =
        std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.key == key; });
    return entry == entries.end() ? nullptr : &*entry;
  };
  if (const Entry* name = find("name")) {
    note("name", yaml_.place(name->value));
    rule_.name = yaml_.scalar(name->value, "name").value_or("");
    what_ = fmt::format("rule '{}'", rule_.name);
    const std::string wrong = read_value(*find_setting("rules[].name"), rule_.name, "", &rule_.name);
    if (!wrong.empty()) yaml_.problem(name->value, fmt::format("name: {}", wrong));
  }
  for (const auto& [key, read] :
       {std::pair{"when", &RuleReader::when}, std::pair{"then", &RuleReader::then}}) {
    if (const Entry* entry = find(key))
      (this->*read)(entry->value);
    else if (node.IsMap() && !YamlReader::has(node, key))
      yaml_.problem(node, fmt::format("{}: '{}' is missing", what_, key));
  }
  return std::move(rule_);
}

void RuleReader::when(const YAML::Node& node) {
  for (const Entry& entry : yaml_.settings(node, "rules[].when", what_ + ", when")) {
    if (const GroupRow* row = row_named(groups, entry.key))
      group(*row, entry.value);
    else
      condition(entry, rule_.all);
  }
}

// A map gives one condition a key; a list gives one condition an item, since two keys in an item of `any`
// would read as "both" to one admin and as "either" to another.
void RuleReader::group(const GroupRow& row, const YAML::Node& node) {
  const std::string what = fmt::format("{}, {}", what_, row.name);
  std::vector<YAML::Node> maps{node};
  if (!node.IsMap()) maps = yaml_.list(node, what);
  for (const YAML::Node& item : maps) {
    if (node.IsSequence() && item.IsMap() && item.size() > 1)
      yaml_.problem(item, fmt::format("{}: write each condition as an item of its own", what));
    for (const Entry& entry : yaml_.settings(item, "rules[].when", what)) {
      if (row_named(groups, entry.key))
        yaml_.problem(entry.at, fmt::format("{}: '{}' cannot stand inside another group", what, entry.key));
      else
        condition(entry, rule_.*row.conditions);
    }
  }
}

void RuleReader::condition(const Entry& entry, std::vector<Condition>& into) {
  const Field field = *field_from(entry.key);  // a key that is none was complained of
  if (field == Field::header || field == Field::form) return named(entry, field, into);
  into.push_back({field, "", {}});
  words(entry, into.back());
}

// {X-Spam-Level: "*****"}: a condition for each name.
void RuleReader::named(const Entry& entry, Field field, std::vector<Condition>& into) {
  for (const Entry& one : yaml_.map(entry.value, fmt::format("{}, {}", what_, entry.key))) {
    if (field == Field::header && !is_header_name(one.key))
      yaml_.problem(one.at, fmt::format("'{}' is not the name of a header", one.key));
    if (field == Field::form) note("when.form." + one.key, yaml_.place(one.at));
    into.push_back({field, one.key, {}});
    words(one, into.back());
  }
}

void RuleReader::words(const Entry& entry, Condition& condition) {
  const std::string what =
      condition.name.empty() ? entry.key : fmt::format("{} {}", field_name(condition.field), condition.name);
  for (const Word& word : yaml_.words(entry.value, fmt::format("{}, {}", what_, what))) {
    const Sought sought = read_word(condition.field, word.text);
    if (!sought.problem.empty())
      loading_.problems.add(word.place,
                            fmt::format("{}, {} '{}': {}", what_, what, word.text, sought.problem));
    if (condition.field == Field::queue) note("when.queue." + word.text, word.place);
    condition.words.push_back(word.text);
  }
}

void RuleReader::then(const YAML::Node& node) {
  for (const Entry& entry : yaml_.settings(node, "rules[].then", what_ + ", then")) {
    note("then." + entry.key, yaml_.place(entry.value));
    then_entry(entry);
  }
  if (rule_.weight && !rule_.queue && !rule_.priority)
    yaml_.problem(node, fmt::format("{}: a weight needs a queue or a priority to speak for", what_));
}

void RuleReader::then_entry(const Entry& entry) {
  const std::string what = fmt::format("{}, {}", what_, entry.key);
  if (entry.key == "tags") {
    for (const Word& word : yaml_.words(entry.value, what)) {
      if (!is_tag(word.text))
        loading_.problems.add(word.place,
                              fmt::format("tag '{}' contains a space, comma or semicolon", word.text));
      rule_.tags.push_back(word.text);
    }
    return;
  }
  const auto text = yaml_.scalar(entry.value, what);
  if (!text) return;
  if (text->empty()) return yaml_.problem(entry.value, fmt::format("{}: the value is empty", what));
  if (entry.key == "weight") return weight(entry, *text);
  if (entry.key == "queue") rule_.queue = *text;
  if (entry.key == "template") rule_.template_name = *text;
  if (entry.key == "priority") {
    rule_.priority = priority_from(*text);
    if (!rule_.priority)
      yaml_.problem(entry.value, fmt::format("priority '{}' is not high, normal or low", *text));
  }
  if (entry.key != "spam") return;
  const std::string wrong = read_value(*find_setting("rules[].then.spam"), *text, "", &rule_.spam);
  if (!wrong.empty()) yaml_.problem(entry.value, fmt::format("{}: {}", what, wrong));
}

void RuleReader::weight(const Entry& entry, const std::string& text) {
  rule_.weight = read_weight(text);
  if (!rule_.weight)
    yaml_.problem(entry.value,
                  fmt::format("weight '{}' is not a number above 0 and up to {}", text, most_weight));
}

}  // namespace

void load_languages(Loading& loading, const YAML::Node& node) {
  std::vector<std::string_view> known = stemmed_languages();
  for (const Word& word : loading.yaml.words(node, "languages")) {
    if (std::find(known.begin(), known.end(), word.text) == known.end())
      loading.problems.add(
          word.place, fmt::format("no word forms for '{}'; known: {}", word.text, fmt::join(known, ", ")));
    loading.settings.desk.languages.push_back(word.text);
  }
}

void load_rules(Loading& loading, const YAML::Node& node) {
  if (node.IsSequence() && node.size() == 0) return;  // "rules: []" says what its absence says
  for (const YAML::Node& item : loading.yaml.list(node, "rules")) {
    const std::string path = fmt::format("rules[{}]", loading.settings.desk.rules.size());
    loading.settings.desk.rules.push_back(RuleReader{loading, path}.read(item));
  }
}

}  // namespace postroom
