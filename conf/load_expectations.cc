#include "conf/load_expectations.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "conf/files.h"
#include "conf/yaml_reader.h"
#include "rules/stored.h"

namespace postroom {
namespace {

// Reads one item.
class ExpectationReader {
 public:
  ExpectationReader(const YamlReader& yaml, std::string directory)
      : yaml_{yaml}, directory_{std::move(directory)} {}

  Expectation read(const YAML::Node& node);

 private:
  using Reader = void (ExpectationReader::*)(const Entry&);
  struct Row {
    std::string_view key;
    Reader read;
  };

  template <std::size_t N>
  void read_entries(const YAML::Node& node, std::string_view what, const Row (&rows)[N]);

  void name(const Entry& entry) { it_.name = text(entry).value_or(""); }
  void file(const Entry& entry);
  void message(const Entry& entry);
  void rcpt(const Entry& entry) { it_.told.recipients = words(entry); }
  void sender(const Entry& entry) { it_.told.sender = normal_address(text(entry).value_or("")); }
  void at(const Entry& entry);
  void expect(const Entry& entry);

  void queue(const Entry& entry) { it_.expected.queue = text(entry); }
  void channel(const Entry& entry) { it_.expected.channel = address(entry); }
  void template_name(const Entry& entry) { it_.expected.template_name = text(entry); }
  void automatic(const Entry& entry);
  void customer(const Entry& entry) { it_.expected.customer = address(entry); }
  void priority(const Entry& entry);
  void spam(const Entry& entry) { it_.expected.spam = yes_or_no(entry); }
  void acknowledge(const Entry& entry) { it_.expected.acknowledge = yes_or_no(entry); }
  void tags(const Entry& entry) { it_.expected.tags = words(entry); }
  void not_tags(const Entry& entry) { it_.expected.not_tags = words(entry); }
  void rule(const Entry& entry) { it_.expected.rules = words(entry); }
  void not_rule(const Entry& entry) { it_.expected.not_rules = words(entry); }

  std::optional<std::string> text(const Entry& entry) const { return yaml_.scalar(entry.value, entry.key); }
  std::optional<std::string> address(const Entry& entry) const {
    return normal_address(text(entry).value_or(""));
  }
  std::optional<bool> yes_or_no(const Entry& entry) const;
  std::vector<std::string> words(const Entry& entry) const;

  static const Row rows[7];
  static const Row expect_rows[12];

  const YamlReader& yaml_;
  std::string directory_;
  Expectation it_;
};

const ExpectationReader::Row ExpectationReader::rows[] = {
    {"name", &ExpectationReader::name},       {"file", &ExpectationReader::file},
    {"message", &ExpectationReader::message}, {"rcpt", &ExpectationReader::rcpt},
    {"sender", &ExpectationReader::sender},   {"at", &ExpectationReader::at},
    {"expect", &ExpectationReader::expect},
};

const ExpectationReader::Row ExpectationReader::expect_rows[] = {
    {"queue", &ExpectationReader::queue},
    {"channel", &ExpectationReader::channel},
    {"template", &ExpectationReader::template_name},
    {"automatic", &ExpectationReader::automatic},
    {"customer", &ExpectationReader::customer},
    {"priority", &ExpectationReader::priority},
    {"spam", &ExpectationReader::spam},
    {"acknowledge", &ExpectationReader::acknowledge},
    {"tags", &ExpectationReader::tags},
    {"not_tags", &ExpectationReader::not_tags},
    {"rule", &ExpectationReader::rule},
    {"not_rule", &ExpectationReader::not_rule},
};

template <std::size_t N>
void ExpectationReader::read_entries(const YAML::Node& node, std::string_view what, const Row (&table)[N]) {
  std::vector<std::string> known;
  for (const Row& row : table) known.emplace_back(row.key);
  for (const Entry& entry : yaml_.map(node, what)) {
    const auto row = std::find_if(std::begin(table), std::end(table),
                                  [&](const Row& one) { return one.key == entry.key; });
    if (row != std::end(table)) {
      (this->*row->read)(entry);
      continue;
    }
    const std::string guess = did_you_mean(entry.key, known);
    yaml_.problem(
        entry.at,
        fmt::format("{}: '{}' is not known{}", what, entry.key,
                    guess.empty() ? fmt::format("; known here: {}", fmt::join(known, ", ")) : guess));
  }
}

Expectation ExpectationReader::read(const YAML::Node& node) {
  it_.line = yaml_.place(node).line;
  read_entries(node, "expectation", rows);
  if (!node.IsMap()) return std::move(it_);
  if (YamlReader::has(node, "file") == YamlReader::has(node, "message"))
    yaml_.problem(node, "an expectation has either a file or a message");
  if (!YamlReader::has(node, "expect")) yaml_.problem(node, "expectation: 'expect' is missing");
  return std::move(it_);
}

void ExpectationReader::file(const Entry& entry) {
  it_.file = (std::filesystem::path{directory_} / text(entry).value_or("")).string();
}

void ExpectationReader::message(const Entry& entry) {
  if (!entry.value.IsScalar()) return yaml_.problem(entry.value, "message: write 'message: |' and the lines");
  it_.message = entry.value.Scalar();
}

void ExpectationReader::at(const Entry& entry) {
  const auto value = text(entry);
  if (!value) return;
  it_.told.arrived = time_in(*value);
  if (!it_.told.arrived) yaml_.problem(entry.value, "at: write the time as 2026-11-22T18:00:00Z");
}

void ExpectationReader::expect(const Entry& entry) { read_entries(entry.value, "expect", expect_rows); }

void ExpectationReader::automatic(const Entry& entry) {
  it_.expected.automatic = text(entry);
  if (it_.expected.automatic && !kind_from(*it_.expected.automatic))
    yaml_.problem(entry.value,
                  fmt::format("automatic: '{}' is not a kind, such as none, auto-reply or bounce",
                              *it_.expected.automatic));
}

void ExpectationReader::priority(const Entry& entry) {
  const auto value = text(entry);
  if (!value) return;
  it_.expected.priority = priority_from(*value);
  if (!it_.expected.priority)
    yaml_.problem(entry.value, fmt::format("priority '{}' is not high, normal or low", *value));
}

std::optional<bool> ExpectationReader::yes_or_no(const Entry& entry) const {
  const auto value = text(entry);
  if (!value) return std::nullopt;
  for (const std::string_view yes : {"yes", "on", "true"})
    if (*value == yes) return true;
  for (const std::string_view no : {"no", "off", "false"})
    if (*value == no) return false;
  yaml_.problem(entry.value, fmt::format("{}: '{}' is not yes or no", entry.key, *value));
  return std::nullopt;
}

std::vector<std::string> ExpectationReader::words(const Entry& entry) const {
  std::vector<std::string> list;
  for (Word& word : yaml_.words(entry.value, entry.key)) list.push_back(std::move(word.text));
  return list;
}

}  // namespace

LoadedExpectations load_expectations(const std::string& path) {
  std::string error;
  const auto text = read_small_file(path, error);
  if (!text) return {{}, {{path, 0, 0, fmt::format("cannot be read: {}", error)}}};

  LoadedExpectations loaded;
  Problems problems{path};
  const YamlReader yaml{*text, problems};
  const std::string directory = std::filesystem::path{path}.parent_path();
  if (problems.sorted().empty()) {
    for (const YAML::Node& node : yaml.list(yaml.root(), "expectations"))
      loaded.expectations.push_back(ExpectationReader{yaml, directory}.read(node));
  }
  loaded.problems = problems.sorted();
  return loaded;
}

}  // namespace postroom
