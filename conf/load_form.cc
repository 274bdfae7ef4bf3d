// A channel's web form: where each field stands in its mails.

#include <algorithm>

#include "conf/loading.h"
#include "rules/form.h"

namespace postroom {
namespace {

constexpr std::size_t most_fields = 50;

// Names stand in one header line as name=value; and rules ask for them.
bool is_field_name(std::string_view name) {
  constexpr std::size_t longest = 50;
  return !name.empty() && name.size() <= longest && name.find_first_of(" \t=;:,") == std::string_view::npos;
}

// Names of the customer, as the rules know them; "Email" would be a field like any other.
std::string meant_by(std::string_view name) {
  std::string lower{name};
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  const bool person = lower == "name" || lower == "email" || lower == "phone";
  return person && lower != name ? lower : std::string{};
}

void load_field(Loading& loading, const Entry& entry, WebForm& form) {
  const YamlReader& yaml = loading.yaml;
  if (!is_field_name(entry.key))
    return yaml.problem(entry.at,
                        fmt::format("'{}' cannot name a field of a form; write one word", entry.key));
  if (const std::string meant = meant_by(entry.key); !meant.empty())
    return yaml.problem(
        entry.at, fmt::format("'{}' does not name the customer's {}; write '{}'", entry.key, meant, meant));
  for (const Word& word : yaml.words(entry.value, entry.key)) {
    const std::string wrong = form_field_problem(word.text);
    if (!wrong.empty()) loading.problems.add(word.place, fmt::format("{}: {}", entry.key, wrong));
    form.fields.push_back({entry.key, word.text});
  }
}

void load_reply_to(Loading& loading, const Entry& entry, WebForm& form) {
  const auto text = loading.yaml.scalar(entry.value, entry.key);
  if (!text) return;
  const std::string wrong = read_value(*find_setting("channels[].form.reply_to"), *text, "", &form.reply_to);
  if (!wrong.empty()) loading.yaml.problem(entry.value, fmt::format("{}: {}", entry.key, wrong));
}

}  // namespace

WebForm load_form(Loading& loading, const YAML::Node& node) {
  WebForm form;
  for (const Entry& entry : loading.yaml.map(node, "form")) {
    if (entry.key == "reply_to")
      load_reply_to(loading, entry, form);
    else
      load_field(loading, entry, form);
  }
  if (form.fields.size() > most_fields)
    loading.yaml.problem(node, fmt::format("form: more than {} labels and patterns", most_fields));
  return form;
}

}  // namespace postroom
