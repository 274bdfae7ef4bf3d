#pragma once
// The parts of loading; private to conf/.

#include <fmt/format.h>

#include "conf/slots.h"
#include "conf/yaml_reader.h"

namespace postroom {

// One load in progress.
struct Loading {
  const YamlReader& yaml;
  Problems& problems;
  Settings& settings;
  Places& places;
  std::string directory;  // of the configuration file
};

// load_parts.cc
std::vector<std::string> texts_of(const std::vector<Word>& words);
void load_sections(Loading& loading);
void load_channels(Loading& loading, const YAML::Node& node);
void load_queues(Loading& loading, const YAML::Node& node);
void load_operators(Loading& loading, const YAML::Node& node);
// load_form.cc
WebForm load_form(Loading& loading, const YAML::Node& node);
// load_customers.cc
void load_customers(Loading& loading, const YAML::Node& node);
// load_rules.cc
void load_languages(Loading& loading, const YAML::Node& node);
void load_rules(Loading& loading, const YAML::Node& node);
// load_texts.cc: the acknowledgement texts of the queues, from all languages that have them.
void load_texts(Loading& loading);

// Values that the table gives to what the admin did not write.
template <class T>
void set_fallbacks(std::span<const SlotRow<T>> slots, T& target) {
  for (const SlotRow<T>& slot : slots) {
    const SettingRow* row = find_setting(slot.key);
    if (!row || row->fallback.empty() || row->fallback.starts_with('(')) continue;
    std::string text{row->fallback};
    if (text.starts_with('"')) text = text.substr(1, text.size() - 2);
    read_value(*row, text, "/", slot.slot(target));
  }
}

// Reads the entry into the member that the table of slots names for prefix.key, if it names one.
template <class T>
bool set_entry(Loading& loading, std::span<const SlotRow<T>> slots, std::string_view prefix,
               std::pair<const Entry&, T&> entry_and_target) {
  const auto& [entry, target] = entry_and_target;
  const std::string key = prefix.empty() ? entry.key : fmt::format("{}.{}", prefix, entry.key);
  for (const SlotRow<T>& slot : slots) {
    if (slot.key != key) continue;
    const auto text = loading.yaml.scalar(entry.value, entry.key);
    if (!text) return true;
    const std::string wrong = read_value(*find_setting(key), *text, loading.directory, slot.slot(target));
    if (!wrong.empty()) loading.yaml.problem(entry.value, fmt::format("{}: {}", entry.key, wrong));
    return true;
  }
  return false;
}

}  // namespace postroom
