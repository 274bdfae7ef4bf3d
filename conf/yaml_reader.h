#pragma once
// The YAML document with its places: every access checks the shape and notes a problem instead of throwing.

#include <yaml-cpp/yaml.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conf/problems.h"

namespace postroom {

// key: value, where both have a place.
struct Entry {
  std::string key;
  YAML::Node at, value;
};

struct Word {
  std::string text;
  Position place;
};

class YamlReader {
 public:
  // Parses; a mistake of syntax, of characters or a second document becomes a problem, and root() is null.
  YamlReader(const std::string& text, Problems& problems);

  const YAML::Node& root() const { return root_; }

  Position place(const YAML::Node& node) const;
  void problem(const YAML::Node& node, std::string text) const {
    problems_.add(place(node), std::move(text));
  }

  // True for a map in which the key is written, whatever its value.
  static bool has(const YAML::Node& map, std::string_view key);

  // Entries of a map with free keys; a key written twice or without a value is a problem. `what`: "queues",
  // "channel".
  std::vector<Entry> map(const YAML::Node& node, std::string_view what) const;

  // Entries of a map whose keys are in the table below `prefix`; an unknown one is a problem, and so is the
  // absence of a required one.
  std::vector<Entry> settings(const YAML::Node& node, std::string_view prefix, std::string_view what) const;

  // Items of a list that is not empty.
  std::vector<YAML::Node> list(const YAML::Node& node, std::string_view what) const;

  // One value as it is written.
  std::optional<std::string> scalar(const YAML::Node& node, std::string_view what) const;

  // A word, or a list of words that is not empty; none of them is.
  std::vector<Word> words(const YAML::Node& node, std::string_view what) const;

 private:
  void parse(const std::string& text);
  void check_characters();
  Position place(const YAML::Mark& mark) const;

  std::vector<std::string> lines_;
  Problems& problems_;
  YAML::Node root_;
};

}  // namespace postroom
