#include "rules/form.h"

#include <fmt/format.h>
#include <re2/re2.h>
#include <unicode/uchar.h>

#include <algorithm>

#include "rules/address.h"
#include "rules/encode.h"
#include "rules/text.h"
#include "rules/utf8.h"

namespace postroom {
namespace {

constexpr std::size_t most_text = 64U << 10;
constexpr std::size_t most_values = 20;
constexpr std::size_t longest_value = 500;
constexpr std::size_t longest_pattern = 500;

bool is_pattern(std::string_view text) {
  return text.size() > 2 && text.starts_with('/') && text.ends_with('/');
}

// ^ and $ stand at the lines' ends; the memory bounds what a pattern can cost.
std::shared_ptr<const re2::RE2> compiled(std::string_view text) {
  constexpr int most_memory = 1 << 20;
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(false);
  options.set_max_mem(most_memory);
  text = text.substr(1, text.size() - 2);
  return std::make_shared<const re2::RE2>("(?m)" + std::string{text}, options);
}

// Patterns and values see lines that end with LF, and plain spaces.
std::string prepared(std::string_view text) {
  const std::string valid = valid_utf8(cut_utf8(text, most_text));
  std::string out;
  out.reserve(valid.size());
  for (std::size_t i = 0; i < valid.size();) {
    const Character c = character_at(valid, i);
    if (c.code == 0xA0 || c.code == 0x202F || c.code == 0x2007) {
      out += ' ';
    } else if (c.code != '\r') {
      out.append(valid, i, c.length);
    }
    i += c.length;
  }
  return out;
}

// A form that got nothing often writes a dash.
bool says_something(std::string_view value) {
  for (std::size_t i = 0; i < value.size(); i += character_at(value, i).length) {
    if (u_isalnum(character_at(value, i).code)) return true;
  }
  return false;
}

bool is_one_of(std::int32_t code, std::string_view others) {
  return code > 0 && code < 0x80 && others.find(static_cast<char>(code)) != std::string_view::npos;
}

bool is_local(std::int32_t code) { return u_isalnum(code) || is_one_of(code, "!#$%&'*+-/=?^_`{|}~."); }

bool is_domain(std::int32_t code) { return u_isalnum(code) || is_one_of(code, "-."); }

// Around the '@' at this place; empty if that makes no address. Marks of emphasis and quotes are no part of
// it.
std::string_view address_around(std::string_view text, std::size_t at) {
  constexpr std::size_t longest_local = 64, longest_domain = 255;  // RFC 5321, 4.5.3.1
  std::size_t start = at, end = at + 1;
  while (start > 0 && at - start <= longest_local && is_local(character_before(text, start).code))
    start -= character_before(text, start).length;
  while (end < text.size() && end - at <= longest_domain && is_domain(character_at(text, end).code))
    end += character_at(text, end).length;
  while (start < at && is_one_of(text[start], "*'`|/=.&?")) ++start;
  while (end > at + 1 && is_one_of(text[end - 1], ".-")) --end;
  const std::string_view found = text.substr(start, end - start);
  const std::string_view domain = text.substr(at + 1, end - at - 1);
  const bool whole = domain.find('.') != std::string_view::npos && !domain.starts_with('.') &&
                     at - start <= longest_local && domain.find("..") == std::string_view::npos;
  return whole && is_deliverable(found) ? found : std::string_view{};
}

// Who fills the form in writes one line; a question may have more.
LabelledText::Lines lines_for(std::string_view name) {
  const bool person = name == "name" || name == "email" || name == "phone";
  return person ? LabelledText::Lines::one : LabelledText::Lines::paragraph;
}

// "Имя": "Анна", as programs print what they have got.
std::string unquoted(std::string value) {
  const bool quoted = value.size() > 2 && value.front() == '"' && value.back() == '"';
  if (!quoted || value.find('"', 1) + 1 != value.size()) return value;
  return value.substr(1, value.size() - 2);
}

// The value of a row: its first that says something and, for an address, names one.
std::string first_good(const std::string& name, const std::vector<std::string>& values) {
  for (const std::string& value : values) {
    if (name == "email" ? !address_in(value).empty() : says_something(value)) return value;
  }
  return {};
}

}  // namespace

std::string FormRead::value_of(std::string_view name) const {
  const auto found = std::ranges::find(values, name, &FormValue::name);
  return found == values.end() ? std::string{} : found->value;
}

FormReader::FormReader(const WebForm& form) : form_{form} {
  for (const FormField& field : form_.fields) {
    Row row{field.name, 0, nullptr};
    if (is_pattern(field.pattern)) {
      row.pattern = compiled(field.pattern);
    } else {
      row.label = labels_.add(field.pattern);
    }
    rows_.push_back(std::move(row));
  }
}

std::vector<std::string> FormReader::values(const Row& row, const LabelledText& text) const {
  if (!row.pattern) return text.values(row.label, lines_for(row.name));
  std::vector<std::string> found;
  if (!row.pattern->ok() || row.pattern->NumberOfCapturingGroups() != 1) return found;
  re2::StringPiece rest{text.text().data(), text.text().size()}, group;
  const char* last = nullptr;
  while (found.size() < most_values && re2::RE2::FindAndConsume(&rest, *row.pattern, &group)) {
    if (rest.data() == last) break;  // an empty match does not move on
    last = rest.data();
    found.emplace_back(group.data() == nullptr ? "" : group.as_string());
  }
  return found;
}

FormRead FormReader::read(std::string_view whole) const {
  const std::string bytes = prepared(whole);
  const LabelledText text{bytes, labels_};
  FormRead read;
  std::vector<std::string> seen, present, settled;
  const auto add_once = [](std::vector<std::string>& names, const std::string& name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  for (const Row& row : rows_) {
    add_once(seen, row.name);
    if (std::ranges::find(settled, row.name) != settled.end()) continue;
    const std::vector<std::string> found = values(row, text);
    if (!found.empty()) add_once(present, row.name);
    const std::string value = unquoted(one_line(first_good(row.name, found), longest_value));
    if (value.empty()) continue;
    if (row.name == "email") read.address = address_in(value);
    read.values.push_back({row.name, value});
    settled.push_back(row.name);
  }
  read.fields = seen.size();
  read.present = present.size();
  return read;
}

std::string form_field_problem(std::string_view pattern) {
  if (pattern.size() > longest_pattern) return "it is longer than 500 bytes";
  if (!is_pattern(pattern)) {
    const std::size_t star = pattern.rfind(" *");
    if (star != std::string_view::npos && star + 2 != pattern.size()) {
      return fmt::format("what follows the * in '{}' would not be looked for; write a /pattern/", pattern);
    }
    if (folded_label(pattern).empty()) return fmt::format("'{}' holds no label, as 'Name: *' does", pattern);
    return "";
  }
  const auto regex = compiled(pattern);
  if (!regex->ok()) return fmt::format("'{}' is no pattern: {}", pattern, regex->error());
  if (regex->NumberOfCapturingGroups() != 1) {
    return fmt::format("pattern '{}' has {} groups; it needs one, around the value", pattern,
                       regex->NumberOfCapturingGroups());
  }
  return "";
}

std::string address_in(std::string_view text) {
  std::size_t at = text.find('@');
  for (int tries = 0; at != std::string_view::npos && tries < 20; ++tries) {
    if (const std::string_view found = address_around(text, at); !found.empty()) return std::string{found};
    at = text.find('@', at + 1);
  }
  return {};
}

}  // namespace postroom
