#include <array>

#include "conf/endpoints.h"
#include "conf/loading.h"

namespace postroom {
namespace {

struct Section {
  std::string_view name;
  void (*load)(Loading&, const YAML::Node&);
};
constexpr std::array<Section, 6> sections{{{"channels", load_channels},
                                           {"queues", load_queues},
                                           {"operators", load_operators},
                                           {"languages", load_languages},
                                           {"customers", load_customers},
                                           {"rules", load_rules}}};

// The only list among the scalars.
void load_old_secrets(Loading& loading, const Entry& entry) {
  for (const Word& word : loading.yaml.words(entry.value, entry.key))
    loading.settings.paths.old_secrets.push_back(absolute_path(word.text, loading.directory));
}

void load_scalars(Loading& loading, const Entry& section) {
  for (const Entry& entry : loading.yaml.settings(section.value, section.key, section.key)) {
    loading.places[section.key + "." + entry.key] = loading.yaml.place(entry.value);
    if (set_entry<Settings>(loading, setting_slots(), section.key, {entry, loading.settings})) continue;
    load_old_secrets(loading, entry);
  }
}

void load_section(Loading& loading, const Entry& entry) {
  loading.places[entry.key] = loading.yaml.place(entry.value);
  for (const Section& section : sections)
    if (section.name == entry.key) return section.load(loading, entry.value);
  if (!set_entry<Settings>(loading, setting_slots(), "", {entry, loading.settings}))
    load_scalars(loading, entry);
}

// A queue's name is said in headers, logs and texts, and is the mailbox's name by default.
bool is_queue_name(const YamlReader& yaml, const Entry& entry) {
  if (!entry.key.empty() && entry.key.size() <= 100) return true;
  yaml.problem(entry.at, "the name of a queue has from 1 to 100 bytes");
  return false;
}

void load_queue(Loading& loading, const Entry& written) {
  const YamlReader& yaml = loading.yaml;
  const std::string what = fmt::format("queue '{}'", written.key), path = "queues." + written.key;
  QueueDraft draft;
  set_fallbacks(queue_slots(), draft);
  draft.queue.name = written.key;
  loading.places[path] = yaml.place(written.at);
  for (const Entry& entry : yaml.settings(written.value, "queues.*", what)) {
    loading.places[path + "." + entry.key] = yaml.place(entry.value);
    if (entry.key == "text") draft.text.clear();  // a broken name must not be looked up as the default's
    set_entry<QueueDraft>(loading, queue_slots(), "queues.*", {entry, draft});
  }
  if (draft.queue.mailbox.empty() && !loading.places.contains(path + ".mailbox")) {
    draft.queue.mailbox = written.key;
    if (const auto wrong = folder_name_problem(written.key); !wrong.empty())
      yaml.problem(written.at, fmt::format("{}: {}; give the queue a 'mailbox'", what, wrong));
  }
  loading.settings.text_names[written.key] = draft.text;
  loading.settings.desk.queues.push_back(std::move(draft.queue));
}

}  // namespace

std::vector<std::string> texts_of(const std::vector<Word>& words) {
  std::vector<std::string> texts;
  for (const Word& word : words) texts.push_back(word.text);
  return texts;
}

void load_sections(Loading& loading) {
  const YamlReader& yaml = loading.yaml;
  set_fallbacks(setting_slots(), loading.settings);
  for (const Entry& entry : yaml.settings(yaml.root(), "", "the configuration")) load_section(loading, entry);
  for (const std::string_view needed : {"channels", "queues", "operators"})
    if (!YamlReader::has(yaml.root(), needed))
      yaml.problem(yaml.root(), fmt::format("the configuration: '{}' is missing", needed));
}

void load_channels(Loading& loading, const YAML::Node& node) {
  for (const YAML::Node& item : loading.yaml.list(node, "channels")) {
    const std::string path = fmt::format("channels[{}]", loading.settings.desk.channels.size());
    loading.places[path] = loading.yaml.place(item);
    Channel channel;
    for (const Entry& entry : loading.yaml.settings(item, "channels[]", "channel")) {
      loading.places[path + "." + entry.key] = loading.yaml.place(entry.value);
      if (entry.key == "form") channel.form = load_form(loading, entry.value);
      set_entry<Channel>(loading, channel_slots(), "channels[]", {entry, channel});
    }
    loading.settings.desk.channels.push_back(std::move(channel));
  }
}

void load_queues(Loading& loading, const YAML::Node& node) {
  for (const Entry& entry : loading.yaml.map(node, "queues"))
    if (is_queue_name(loading.yaml, entry)) load_queue(loading, entry);
}

void load_operators(Loading& loading, const YAML::Node& node) {
  for (const YAML::Node& item : loading.yaml.list(node, "operators")) {
    const std::string path = fmt::format("operators[{}]", loading.settings.desk.operators.size());
    loading.places[path] = loading.yaml.place(item);
    Operator person;
    for (const Entry& entry : loading.yaml.settings(item, "operators[]", "operator")) {
      loading.places[path + "." + entry.key] = loading.yaml.place(entry.value);
      if (set_entry<Operator>(loading, operator_slots(), "operators[]", {entry, person})) continue;
      person.groups = texts_of(loading.yaml.words(entry.value, entry.key));
    }
    if (person.name.empty() && !loading.places.contains(path + ".name")) person.name = person.login;
    loading.settings.desk.operators.push_back(std::move(person));
  }
}

}  // namespace postroom
