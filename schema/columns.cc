#include "schema/columns.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "rules/text.h"

namespace postroom {

using std::chrono::milliseconds;

std::int64_t to_ms(Time time) { return std::chrono::floor<milliseconds>(time.time_since_epoch()).count(); }

Time from_ms(std::int64_t ms) {
  constexpr auto last = std::chrono::duration_cast<milliseconds>(Time::duration::max()).count();
  return Time{milliseconds{std::clamp(ms, -last, last)}};
}

std::string to_list(const std::vector<std::string>& words) {
  if (words.empty()) return "[]";
  return nlohmann::json(words).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::vector<std::string> from_list(std::string_view json) {
  std::vector<std::string> words;
  if (json == "[]") return words;
  const auto list = nlohmann::json::parse(json, nullptr, false);
  if (!list.is_array()) return words;
  for (const auto& word : list)
    if (word.is_string()) words.push_back(word.get<std::string>());
  return words;
}

std::optional<std::int64_t> or_null(std::int64_t number) {
  if (number == 0) return std::nullopt;
  return number;
}

std::string bounded(std::string_view text, std::size_t most) {
  std::string valid = valid_utf8(text.substr(0, most));
  valid.resize(cut_utf8(valid, most).size());
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  std::replace_if(valid.begin(), valid.end(), is_control, ' ');
  return valid;
}

}  // namespace postroom
